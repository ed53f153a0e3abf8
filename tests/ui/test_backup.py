#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup from the window: written and checked; and what becomes of it when the user quits, locks, or the
computer goes to sleep meanwhile."""

import fnmatch
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

from logind import Logind
from person import Person, check, finish, screenshot, wait
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PASSPHRASE = 'correct horse'
WORDS = 'backup words'
TITLE = 'Save a Backup'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
target = os.path.join(folder, 'ann.kith-backup')
slow = os.path.join(folder, 'slow')
logind = Logind()
people = []


def unlock():
    ann.focus()
    ann.enter('Passphrase', PASSPHRASE)
    ann.key('Return')
    return ann.port() > 0


def start_backup():
    return Preferences(ann).back_up(WORDS) and ann.choose_file(TITLE, target, 'Save')


def is_written():
    """It waits for the disk: without a name, where there are such files."""
    names = leftovers()
    return os.path.getsize(slow) > 0 and names.pop() == 'slow' and (
        not names or len(names) == 1 and fnmatch.fnmatch(names[0], 'ann.kith-backup.??????.part'))


def begin_slowly(what):
    with open(slow, 'wb'):
        pass
    check(what, start_backup() and ann.find('push button', 'Cancel')
          and wait(is_written), lambda: ann.everything()[-600:])


def ask_to_quit():
    """As the desktop does: a dialog keeps the keys from the window."""
    name = 'chat.kith.Kith.P' + hashlib.sha256(os.path.realpath(profile).encode()).hexdigest()[:16]
    subprocess.run(['gdbus', 'call', '--session', '--dest', name, '--object-path', '/' + name.replace('.', '/'),
                    '--method', 'org.gtk.Actions.Activate', 'quit', '[]', '{}'], check=True,
                   stdout=subprocess.DEVNULL)
    return ann.sees('Quit and Stop the Backup?')


def go_on():
    os.unlink(slow)


def leftovers():
    return sorted(name for name in os.listdir(folder) if name != 'ann')


try:
    kith_cli.Person('Ann', profile=profile, passphrase=PASSPHRASE).quit()
    ann = Person('--listen', '127.0.0.1:0', profile=profile, shared=True, environment={
        **logind.environment, 'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_SLOW_DISK': slow})
    people.append(ann)
    check('Ann is there', unlock(), lambda: ann.everything()[-600:])
    check('the computer waits for her', logind.is_asked.wait(10))

    begin_slowly('a backup is begun')
    check('it can be cancelled', ann.press('Cancel'), lambda: ann.everything()[-600:])
    go_on()
    check('and nothing is left of it', wait(lambda: leftovers() == []), leftovers())
    check('another can be begun', ann.find('text', 'New Passphrase')
          and ann.close(TITLE, 'text', 'New Passphrase'), lambda: ann.everything()[-600:])
    ann.close('Preferences', 'list item', 'Save a Backup…')

    begin_slowly('a backup is being written')
    screenshot('backup-running')
    check('before she quits she is asked', ask_to_quit(), lambda: ann.everything()[-600:])
    screenshot('backup-quit')
    check('and can go on', ann.press('Go On Writing'), lambda: ann.everything()[-600:])
    go_on()
    check('it is written, and was read again', ann.sees('Backup saved and checked'), lambda: ann.everything()[-600:])
    screenshot('backup-saved')
    check('there is the file, and nothing beside it', leftovers() == ['ann.kith-backup'], leftovers())
    ann.close('Preferences', 'list item', 'Save a Backup…')

    os.unlink(target)
    begin_slowly('another one is being written')
    logind.announce(True)
    check('the computer goes to sleep: it is locked', ann.sees('Kith Is Locked'), lambda: ann.everything()[-600:])
    go_on()
    check('it sleeps when all is done', logind.may_sleep.wait(10))
    check('and nothing is left of the backup', wait(lambda: leftovers() == []), leftovers())
    logind.announce(False)
    check('whoever comes back is told', unlock() and ann.sees('The backup was not finished'), lambda: ann.everything()[-600:])
    screenshot('backup-stopped')
    ann.place(0, (360, 640))
    screenshot('backup-stopped-narrow')
    ann.place(0, (960, 640))
    check('until it was read', ann.press('Dismiss') and ann.is_gone('push button', 'Dismiss'))

    check('the computer waits for her again', logind.await_held(True, 10))
    begin_slowly('the disk of one more hangs')
    logind.announce(True)
    check('it is locked all the same', ann.sees('Kith Is Locked'), lambda: ann.everything()[-600:])
    check('and the computer sleeps while it hangs', logind.may_sleep.wait(10) and 'slow' in leftovers(), leftovers())
    logind.announce(False)
    check('she is told, while it hangs', unlock() and ann.sees('The backup was not finished'),
          lambda: ann.everything()[-600:])
    check('and has read it', ann.press('Dismiss') and ann.is_gone('push button', 'Dismiss'))
    go_on()
    check('nothing is left when the disk answers', wait(lambda: leftovers() == []), leftovers())

    begin_slowly('a third one is being written')
    check('who is asked may stop it', ask_to_quit() and ann.press('Quit'), lambda: ann.everything()[-600:])
    go_on()
    check('Kith ends', wait(lambda: ann.process.poll() is not None) and ann.process.returncode == 0,
          ann.process.returncode)
    check('and nothing is left', leftovers() == [], leftovers())
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
