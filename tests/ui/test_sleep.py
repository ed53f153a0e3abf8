#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer goes to sleep: the window locks before, and lets it sleep only then."""

import os
import shutil
import tempfile

from logind import Logind
from person import Person, check, finish, screenshot, wait

WORDS = 'correct horse'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
logind = Logind()
people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=profile,
                 environment=logind.environment)
    people.append(ann)
    ann.find('push button', 'Use This Passphrase')
    ann.enter('New Passphrase', WORDS)
    ann.key('Return')
    ann.enter('Once More', WORDS)
    ann.key('Return')
    check('Ann is there', ann.port() > 0, ann.everything())
    check('the computer would wait for her', wait(logind.is_held))

    logind.announce(True)
    check('before it sleeps it is locked', wait(lambda: not logind.is_held())
          and ann.look_for('text', 'Passphrase'), ann.everything())
    check('and nothing of her is left to see', ann.is_gone('push button', contains='Reachable at '))
    screenshot('asleep')
    logind.announce(False)
    ann.focus()
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    check('it wakes up, and she unlocks it', ann.port() > 0, ann.everything())
    check('it would wait again', wait(logind.is_held))

    logind.announce(True)
    check('it is locked once more', wait(lambda: not logind.is_held())
          and ann.look_for('text', 'Passphrase'), ann.everything())
    ann.focus()
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    wait(lambda: ann.is_sensitive('push button', 'Unlock') is False)
    logind.announce(True)
    check('asleep while it is being unlocked, it is locked when it is open', wait(
        lambda: ann.is_sensitive('text', 'Passphrase') and not logind.is_held(), 20), ann.everything())
    check('and nothing of her is left to see then', ann.look_for('push button', contains='Reachable at ') is None
          and not wait(lambda: ann.look_for('text', 'Passphrase') is None, 6), ann.everything())
    logind.announce(False)
    ann.focus()
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    check('she unlocks it again', ann.port() > 0, ann.everything())
    check('and it would wait once more', wait(logind.is_held))
    check('Ann ends in order', ann.leave() == 0)
    check('and holds nobody up', wait(lambda: not logind.is_held()))
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
