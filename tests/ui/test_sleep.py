#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer goes to sleep: the window locks before, and lets it sleep only then. Where nobody tells of sleep the
preferences say so. And whoever is away for as long as they have set comes back to a locked window."""

import os
import shutil
import sys
import tempfile

from accessible import CHECKED, SENSITIVE
from logind import Logind
from person import Person, check, finish, screenshot, wait
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

WORDS = 'correct horse'
MINUTES = 30
SUSPEND = 'Lock When the Computer Sleeps'
BACKUP = 'old backup words'
RESTORE = 'Restore from a Backup'


def unlock(ann):
    ann.sees('Kith Is Locked')
    ann.focus()
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    check('the passphrase opens it', ann.port() > 0, ann.everything)


def show_preferences(ann):
    return Preferences(ann).open('Security') and ann.find('check box', SUSPEND)


def suspend_switch(ann):
    return ann.find('check box', SUSPEND)


folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
restored = os.path.join(folder, 'restored')
backup = os.path.join(folder, 'ann.kith-backup')
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
    show_preferences(ann)
    check('and she may wish that it does not', suspend_switch(ann).has(CHECKED)
          and ann.find('list item', contains=SUSPEND).has(SENSITIVE)
          and not ann.look_for('label', contains='does not tell Kith'), ann.everything)
    ann.close('Preferences', 'check box', SUSPEND)

    logind.announce(True)
    check('before it sleeps it is locked', wait(lambda: not logind.is_held())
          and ann.find('text', 'Passphrase'), ann.everything())
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
          and ann.find('text', 'Passphrase'), ann.everything())
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

    owner = kith_cli.Person('Ann', profile=profile, passphrase=WORDS, listen=None)
    owner.ok('export', path=backup, passphrase=BACKUP)
    owner.ok('auto-lock', minutes=MINUTES)
    owner.quit()

    # Whoever has a backup restored may walk away meanwhile.
    ann = Person('--listen', '127.0.0.1:0', profile=restored, environment=logind.environment)
    people.append(ann)
    ann.press('Restore from a Backup…')
    check('a backup is chosen', ann.choose('Backup File', RESTORE, lambda: ann.look_for('push button', 'Open'))
          and ann.choose_file('Choose a Backup', backup, 'Open') and ann.sees(os.path.basename(backup)), ann.everything)
    ann.focus(RESTORE)
    for name, text in (('Passphrase of the Backup', BACKUP), ('New Passphrase', WORDS), ('Once More', WORDS)):
        ann.enter(name, text)
        ann.key('Return')
    check('the computer waits for what is being restored', wait(logind.is_held)
          and not os.path.exists(os.path.join(restored, 'vault')), ann.everything)
    logind.announce(True)
    check('asleep meanwhile, it is locked when it is open', ann.sees('Kith Is Locked', timeout_s=40)
          and wait(lambda: not logind.is_held()), ann.everything)
    check('and nothing of it is left to see', ann.look_for('push button', contains='Reachable at ') is None)
    logind.announce(False)
    unlock(ann)
    check('Ann ends in order after that, too', ann.leave() == 0)

    # Nobody to ask, as in a sandbox that may not; and a minute is a second.
    ann = Person('--listen', '127.0.0.1:0', profile=profile, environment={
        'DBUS_SYSTEM_BUS_ADDRESS': 'unix:path=/nonexistent', 'LD_PRELOAD': os.environ['KITH_FAST_CLOCK']})
    people.append(ann)
    unlock(ann)
    show_preferences(ann)
    check('where nobody tells of sleep that is said',
          ann.sees('the system does not tell Kith when it goes to sleep'), ann.everything)
    check('and the switch does not say that it is on', not ann.find('list item', contains=SUSPEND).has(SENSITIVE)
          and not suspend_switch(ann).has(CHECKED))
    screenshot('no-word-of-sleep')
    ann.close('Preferences', 'check box', SUSPEND)
    check('who is away for as long as that is locked out, and nothing is left to see', wait(
        lambda: ann.look_for('push button', contains='Reachable at ') is None and ann.look_for('text', 'Passphrase'),
        3 * MINUTES), ann.everything)
    check('Ann ends in order at last', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
