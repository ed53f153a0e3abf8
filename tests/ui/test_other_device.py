#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile that was restored elsewhere and is used in both places: who is not talked to any more is told, in a bar that
stays until it was read."""

import os
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

WORDS = 'This profile is also used in another place.'
PASSPHRASE = 'for the backup'

folder = tempfile.mkdtemp(prefix='kith-ui-')
home, second = os.path.join(folder, 'ann'), os.path.join(folder, 'second')
backup = os.path.join(folder, 'ann.kith-backup')
people = []


def restore():
    source, sink = os.pipe()
    os.write(sink, f'{PASSPHRASE}\n\n'.encode())
    os.close(sink)
    done = subprocess.run([*kith_cli.COMMAND, '--no-listen', '--quiet', '--passphrase-fd', str(source), '--profile', second,
                           'import', backup], pass_fds=[source], check=False, capture_output=True,
                          timeout=kith_cli.DEADLINE_S)
    os.close(source)
    return done.returncode == 0


def tells():
    return ann.look_for('label', contains=WORDS)


try:
    ben = kith_cli.Person('Ben', profile=os.path.join(folder, 'ben'))
    owner = kith_cli.Person('Ann', profile=home)
    kith_cli.befriend(owner, ben)
    name = owner.id
    owner.ok('export', path=backup, passphrase=PASSPHRASE)
    owner.quit()
    ben.event('peer-offline', id=name)
    check('the profile is restored elsewhere', restore())

    ann = Person('--listen', '127.0.0.1:0', profile=home)
    people.append(ann)
    check('Ben sees her', ann.port() > 0 and ben.event('peer-online', id=name), ann.everything)
    ann.select('Ben')
    ben.ok('send', to=name, text='To the first place')
    check('and writes to her', ann.has_message('To the first place'), ann.messages())
    check('nothing is said of another place', tells() is None)

    elsewhere = kith_cli.Person('Ann', profile=second)
    elsewhere.ok('connect', address='127.0.0.1', port=ben.port)
    elsewhere.event('peer-online', id=ben.id)
    check('who is not talked to any more is told', ann.sees(WORDS) and ann.sees('close Kith in one of them'),
          ann.everything)
    screenshot('other-device')
    ann.place(0, (360, 640))
    screenshot('other-device-narrow')
    check('all of it', wait(lambda: tells().box()[2] <= 360), tells())
    ann.place(0, (960, 640))
    check('until it was read', ann.press('Dismiss') and ann.is_gone('label', contains=WORDS), ann.everything)
    ann.focus()
    check('and she can go on', ann.write('Still here') and ann.has_message('Still here'), ann.messages())
    check('Ann ends in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
