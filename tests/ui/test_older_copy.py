#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An older copy of the database was put back while Kith was closed: that is told until it was read, and all goes on."""

import os
import shutil
import sys
import tempfile

from person import Person, check, finish, screenshot

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

WORDS = 'An older copy of this profile was put back'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
database = os.path.join(profile, 'kith.db')
older = os.path.join(folder, 'older')
people = []


def start():
    person = Person('--listen', '127.0.0.1:0', profile=profile)
    people.append(person)
    return person


try:
    kith_cli.Person('Ann', profile=profile, listen=None).quit()
    shutil.copy(database, older)
    kith_cli.Person('Ann', profile=profile, listen=None).quit()
    shutil.copy(older, database)

    ann = start()
    check('it is told', ann.port() > 0 and ann.sees(WORDS), ann.everything())
    screenshot('older-copy')
    ann.place(0, (360, 640))
    screenshot('older-copy-narrow')
    ann.place(0, (960, 640))
    check('Ann ends in order', ann.leave() == 0)

    ann = start()
    check('and again', ann.port() > 0 and ann.sees(WORDS), ann.everything())
    check('until it was read', ann.press('Dismiss') and ann.is_gone('push button', 'Dismiss'), ann.everything())
    check('Ann ends in order again', ann.leave() == 0)

    ann = start()
    check('then no more', ann.port() > 0 and ann.look_for('label', contains=WORDS) is None, ann.everything())
    check('Ann ends in order at last', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
