#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restoring a profile shows how far it is and can be cancelled, but not by mistake. Nothing is left of it, and it can be begun again."""

import os
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

N_MESSAGES = 8000  # more than is done between two words of it
BACKUP_WORDS = 'old backup words'
OWN_WORDS = 'new window words'
RESTORE = 'Restore from a Backup'

folder = tempfile.mkdtemp(prefix='kith-ui-')
backup = os.path.join(folder, 'ann.kith-backup')
profile = os.path.join(folder, 'ann')
slow = os.path.join(folder, 'slow')
people = []


def make_backup():
    old = os.path.join(folder, 'old')
    kith_cli.Person('Ann', profile=old, listen=None).quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], old, str(N_MESSAGES), '1'], check=True)
    writer = kith_cli.Person('Ann', profile=old, listen=None)
    writer.ok('export', path=backup, passphrase=BACKUP_WORDS)
    writer.quit()


def hold_back():
    with open(slow, 'wb'):
        pass


def go_on():
    os.unlink(slow)


def is_under_way():
    """Some of it is done, and that is shown."""
    bar = ann.look_for('progress bar', 'Progress')
    return bar is not None and 0 < bar.property('Value', 'CurrentValue') < 1


def is_ready_again(button):
    return wait(lambda: ann.is_sensitive('push button', button) and ann.look_for('push button', 'Cancel') is None)


try:
    make_backup()
    ann = Person('--listen', '127.0.0.1:0', profile=profile, environment={
        'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_SLOW_READ': slow})
    people.append(ann)

    check('the first run offers to restore', ann.press('Restore from a Backup…'), ann.everything())
    before = sorted(os.listdir(profile))
    check('a backup is chosen', ann.choose('Backup File', RESTORE, lambda: ann.look_for('push button', 'Open'))
          and ann.choose_file('Choose a Backup', backup, 'Open') and ann.sees(os.path.basename(backup)), ann.everything())
    hold_back()
    ann.focus(RESTORE)
    for name, text in (('Passphrase of the Backup', BACKUP_WORDS), ('New Passphrase', OWN_WORDS),
                       ('Once More', OWN_WORDS)):
        ann.enter(name, text)
        ann.key('Return')
    check('it shows how far it is', wait(is_under_way), ann.everything)
    screenshot('cancel-restore')
    check('something of it is there', sorted(os.listdir(profile)) != before, os.listdir(profile))
    ann.focus(RESTORE)
    ann.key('Escape')
    check('a key that is pressed by mistake does not end it', not wait(
        lambda: ann.look_for('text', 'Passphrase of the Backup') is None, 2)
          and ann.is_sensitive('push button', 'Cancel'), ann.everything)
    # A button that is pressed from outside is so a moment later.
    check('it can be cancelled', ann.press('Cancel') and wait(lambda: not ann.is_sensitive('push button', 'Cancel')),
          ann.everything)
    go_on()
    check('and begun again', is_ready_again('Restore'), ann.everything)
    check('nothing is left of it', sorted(os.listdir(profile)) == before, os.listdir(profile))
    ann.press('Restore')
    check('then all is there', ann.row('Friend 1'), ann.everything)
    check('Ann ends in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
