#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup that was made in a terminal becomes a profile with a passphrase of its own at the first
start of a window: contacts and messages are there. A wrong passphrase, a backup that is damaged, away or on a
disk that is failing, and a change of mind on the way cost nothing."""

import os
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, screenshot

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

BACKUP = 'old backup words'
OWN = 'new window words'
TITLE = 'Restore from a Backup'

folder = tempfile.mkdtemp(prefix='kith-ui-')
backup = os.path.join(folder, 'ann.kith-backup')
profile = os.path.join(folder, 'ann')
failing = os.path.join(folder, 'failing')
people = []


def make_backup():
    old = kith_cli.Person('Ann', profile=os.path.join(folder, 'old'))
    ben = kith_cli.Person('Ben', profile=os.path.join(folder, 'ben'))
    kith_cli.befriend(ben, old)
    ben.ok('send', to=old.id, text='Hello from before')
    old.event('message', text='Hello from before')
    sent = old.ok('send', to=ben.id, text='An answer from before')
    ben.event('message', text='An answer from before')
    old.ok('export', path=backup, passphrase=BACKUP)
    old.quit()
    ben.quit()
    return sent


def write(path, content):
    with open(path, 'wb') as file:
        file.write(content)


def restore_says(words):
    return ann.press('Restore') and ann.sees(words, timeout_s=20)


def choose_backup(what):
    opened = ann.choose('Backup File', TITLE, lambda: ann.look_for('push button', 'Open'))
    check(what, opened and ann.choose_file('Choose a Backup', backup, 'Open')
          and ann.sees(os.path.basename(backup)), ann.everything())


try:
    make_backup()
    check('a backup is there', os.path.getsize(backup) > 0)

    ann = Person('--listen', '127.0.0.1:0', profile=profile, environment={
        'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_NO_READ': failing})
    people.append(ann)
    check('the first run offers to restore', ann.press('Restore from a Backup…'), ann.everything())
    check('which asks for a file', ann.sees('None chosen yet'), ann.everything())
    ann.window = ann.x_window(TITLE)
    ann.place(0, (360, 640))
    screenshot('restore')
    x, _, width, _ = ann.find('push button', 'Restore').box()
    check('which is good for a narrow screen', x + width < 360, (x, width))
    ann.window = ann.x_window('Kith')
    choose_backup('the file is chosen')
    ann.focus(TITLE)
    ann.enter('Passphrase of the Backup', 'no such words')
    ann.key('Return')
    check('a passphrase of its own is needed', not ann.is_sensitive('push button', 'Restore'))
    ann.enter('New Passphrase', OWN)
    ann.key('Return')
    ann.enter('Once More', OWN)
    screenshot('restore-filled')
    ann.key('Return')
    check('a wrong passphrase is told', ann.sees('not the passphrase', timeout_s=20), ann.everything())
    screenshot('restore-wrong')
    ann.enter('Passphrase of the Backup', BACKUP)
    with open(backup, 'rb') as file:
        whole = file.read()
    write(backup, whole[:-30])
    check('a damaged backup is told, and not a profile', restore_says('The backup is damaged or incomplete'),
          ann.everything())
    screenshot('restore-damaged')
    os.unlink(backup)
    check('one that is away, too', restore_says('There is no such file'), ann.everything())
    write(backup, whole)
    write(failing, b'')
    check('and a disk that is failing', restore_says('The disk of the backup'), ann.everything())
    os.unlink(failing)
    check('one can still begin anew', ann.close(TITLE, 'text', 'Passphrase of the Backup')
          and ann.find('push button', 'Get Started'), ann.everything())
    check('nothing was opened', 'vault' not in ' '.join(os.listdir(profile)), os.listdir(profile))

    ann.press('Restore from a Backup…')
    choose_backup('the file is chosen again')
    ann.focus(TITLE)
    for name, text in (('Passphrase of the Backup', BACKUP), ('New Passphrase', OWN),
                       ('Once More', OWN)):
        ann.enter(name, text)
        ann.key('Return')
    check('the contact is there', ann.row('Ben', timeout_s=20), ann.everything())
    ann.select('Ben')
    check('and both messages', ann.has_message('Hello from before')
          and ann.has_message('An answer from before'), ann.messages())
    screenshot('restored')
    check('Ann ends in order', ann.leave() == 0)

    ann = Person('--listen', '127.0.0.1:0', profile=profile)
    people.append(ann)
    check('a restart asks for the new passphrase', ann.sees('Kith Is Locked'), ann.everything())
    ann.focus()
    ann.enter('Passphrase', OWN)
    ann.key('Return')
    check('which opens it', ann.row('Ben'), ann.everything())
    check('Ann ends in order again', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
