#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five hundred contacts: the list, looking for one of them, a message to all. Only in a long run: to read
so much from the accessibility bus takes a minute."""

import os
import shutil
import subprocess
import sys
import tempfile

from accessible import SELECTED
from person import Person, check, finish, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

N_CONTACTS = 500

if 'KITH_TEST_LONG' not in os.environ:
    print('1..0 # SKIP takes a minute: set KITH_TEST_LONG=1')
    sys.exit(0)

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
ann = None


def rows():
    return ann.look_for('list', 'Conversations').children


def is_open(name):
    return wait(lambda: next(row for row in rows() if row.name.startswith(f'{name}, ')).has(SELECTED))


try:
    kith_cli.Person('Ann', profile=profile, listen=None).quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], profile, '10', str(N_CONTACTS)], check=True)

    ann = Person('--listen', '127.0.0.1:0', profile=profile)
    check('they are listed', wait(lambda: len(rows()) > 100), len(rows()))

    # The list.
    ann.focus()
    ann.key_until(lambda: ann.look_for('entry', 'Search people and messages'), 'ctrl+shift+f')
    ann.type('friend 499')
    check('one of many is found', wait(lambda: [row.name.split(',')[0] for row in rows()] == ['Friend 499']), rows()[:5])
    ann.key('Return')
    check('and opened', is_open('Friend 499'), rows()[:5])
    check('in a list of all again', wait(lambda: len(rows()) > 100), len(rows()))
    screenshot('many')

    # A message to all of them.
    ann.pick('Main menu', 'Message Several People…')
    check('all are offered', ann.sees(f'0 of {N_CONTACTS} chosen'), rows()[:5])
    ann.press('All')
    check('and chosen', ann.sees(f'{N_CONTACTS} of {N_CONTACTS} chosen'), rows()[:5])
    ann.fill('Message to all of them', 'A happy new year!')
    screenshot('many-chosen')
    check('one message goes to all', ann.press('Send to Each') and ann.sees(f'Sent to {N_CONTACTS} people'),
          ann.everything())
    check('it waits for each', ann.has_message('A happy new year!', 'to several people'), ann.messages())
    ann.pick('Main menu', 'Sent to Several')
    check('there is one line for all', ann.find('list item', contains='A happy new year!')
          and ann.sees(f'Delivered to 0 of {N_CONTACTS}'), rows()[:5])
    screenshot('many-sent')
    ann.close('Sent to Several People', 'label', None, 'Delivered to 0')
    check('Ann leaves in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    if ann:
        ann.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
