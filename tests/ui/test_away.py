#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a profile that is away for a moment, as on a stick that was pulled: it is said in words, no
new profile is offered in its place, and when it is back all is there. And one that may not be written, and
one whose database is damaged."""

import os
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, screenshot, skip

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PAGE_BYTES = 4096
WORDS = 'correct horse'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
away = os.path.join(folder, 'away')
database = os.path.join(profile, 'kith.db')
people = []


def start(*arguments, **fields):
    person = Person(*arguments, '--listen', '127.0.0.1:0', profile=profile, **fields)
    people.append(person)
    return person


def is_new(person):
    return person.look_for('push button', 'Get Started')


def forbid(path):
    for name in os.listdir(path):
        os.chmod(os.path.join(path, name), 0o400)
    os.chmod(path, 0o500)


def allow(path):
    os.chmod(path, 0o700)
    for name in os.listdir(path):
        os.chmod(os.path.join(path, name), 0o600)


def mount_read_only():
    """Whether that is possible, beyond taking the right away: only to root, and not in every container."""
    return os.geteuid() == 0 and all(
        subprocess.run(['mount', *words], check=False, capture_output=True).returncode == 0
        for words in (['--bind', profile, profile], ['-o', 'remount,bind,ro', profile]))


def unlock(person):
    person.focus()
    person.enter('Passphrase', WORDS)
    person.key('Return')


try:
    ann = start('--name', 'Ann')
    ann.find('push button', 'Use This Passphrase')
    ann.enter('New Passphrase', WORDS)
    ann.key('Return')
    ann.enter('Once More', WORDS)
    ann.key('Return')
    check('Ann is there', ann.port() > 0, ann.everything())

    os.rename(profile, away)
    check('the folder goes, and locking says so',
          ann.key_until(lambda: ann.look_for('push button', 'Try Again'), 'ctrl+l')
          and ann.sees('unplugged'), ann.everything())
    check('no new profile is offered', not is_new(ann), ann.everything())
    screenshot('away')
    ann.place(0, (360, 640))
    screenshot('away-narrow')
    ann.place(0, (960, 640))
    ann.press('Try Again')
    check('nor after another try', ann.sees('unplugged') and not is_new(ann) and not os.path.exists(profile),
          ann.everything())
    os.rename(away, profile)
    ann.press('Try Again')
    check('when it is back it is locked', ann.sees('Kith Is Locked'), ann.everything())
    unlock(ann)
    check('and opens', ann.port() > 0, ann.everything())

    check('it is locked once more', ann.key_until(lambda: ann.look_for('text', 'Passphrase'), 'ctrl+l'),
          ann.everything())
    os.rename(profile, away)
    unlock(ann)
    check('what goes then is told when it is unlocked', ann.sees('unplugged') and not is_new(ann),
          ann.everything())
    os.rename(away, profile)
    ann.press('Try Again')
    check('and asks again', ann.sees('Kith Is Locked'), ann.everything())
    check('Ann ends in order', ann.leave() == 0)

    forbid(profile)
    ann = start(is_bound=True)
    check('a folder that may not be written is told', ann.find('push button', 'Try Again')
          and ann.look_for('label', contains='read-only'), ann.everything())
    screenshot('read-only')
    allow(profile)
    ann.press('Try Again')
    check('and opens when it may', ann.sees('Kith Is Locked'), ann.everything())
    check('Ann ends in order again', ann.leave() == 0)

    if mount_read_only():
        ann = start()
        check('so is a disk that is read-only', ann.find('push button', 'Try Again')
              and ann.look_for('label', contains='read-only'), ann.everything())
        subprocess.run(['umount', profile], check=True)
        ann.press('Try Again')
        check('and it opens as well', ann.sees('Kith Is Locked'), ann.everything())
        check('Ann ends in order once more', ann.leave() == 0)
    else:
        skip('so is a disk that is read-only', 'mounting it so takes root, and a system that lets it')

    with open(database, 'rb') as file:
        data = bytearray(file.read())
    for place in range(PAGE_BYTES + 100, len(data), PAGE_BYTES):
        data[place] ^= 1
    with open(database, 'wb') as file:
        file.write(data)
    ann = start()
    ann.sees('Kith Is Locked')
    unlock(ann)
    check('a database that was tampered with is told', ann.sees('The Profile Is Damaged'), ann.everything())
    screenshot('damaged')
    check('Ann ends in order at last', ann.leave() == 0)
    with open(database, 'rb') as file:
        check('and the file is as it was', file.read() == data)

    # That of somebody else.
    other = os.path.join(folder, 'ben')
    kith_cli.Person('Ben', profile=other, passphrase=WORDS).quit()
    shutil.copy(os.path.join(other, 'kith.db'), database)
    ann = start()
    ann.sees('Kith Is Locked')
    unlock(ann)
    check('a database of another vault is told', ann.sees('The Files Do Not Belong Together'), ann.everything())
    screenshot('wrong-vault')
    check('Ann ends in order with it', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    subprocess.run(['umount', profile], check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)
finish()
