#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A database that is damaged while it is used: what that means and what to do stays to be read."""

import os
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, screenshot, wait
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PAGE_BYTES = 4096
FIRST_PAGE = 100

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
people = []


def damage(every=1):
    """Pages but the first, which have the people, as they lie on the disk: those that were read before are still
    in the memory. A second time it takes that back."""
    path = os.path.join(profile, 'kith.db')
    with open(path, 'r+b') as file:
        data = bytearray(file.read())
        for place in range(FIRST_PAGE * PAGE_BYTES, len(data), every * PAGE_BYTES):
            data[place] ^= 1
        file.seek(0)
        file.write(data)


try:
    kith_cli.Person('Ann', profile=profile, listen=None).quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], profile, '3000', '3'], check=True,
                   stdout=subprocess.DEVNULL)
    ann = Person('--listen', '127.0.0.1:0', profile=profile)
    people.append(ann)
    check('the profile opens', ann.row('Friend 2'), ann.everything())
    damage()
    check('everything is read', ann.key_until(
        lambda: ann.look_for('entry', 'Search people and messages'), 'ctrl+shift+f'), ann.everything())
    ann.type('xyzzy')
    check('and the damage is found', wait(lambda: 'The file is damaged' in ann.everything()), ann.everything())
    ann.key('Escape')
    ann.select('Friend 2')
    ann.focus()
    ann.find('text', 'Message text')
    ann.type('half a sentence')
    check('what cannot be kept is told', ann.sees('Nothing new can be kept'), ann.everything())
    words = ann.look_for('label', contains='Nothing new can be kept').name
    check('with what to do', 'restore it into a new profile' in words, words)
    screenshot('damage')
    ann.place(0, (360, 640))
    screenshot('damage-narrow')
    ann.place(0, (960, 640))
    check('it stays longer than a toast', not wait(
        lambda: ann.look_for('label', contains='Nothing new can be kept') is None, 8), ann.everything())
    check('until it was read', ann.press('Dismiss') and ann.is_gone('push button', 'Dismiss'), ann.everything())
    check('what can be read can be saved', Preferences(ann).back_up('backup words')
          and ann.choose_file('Save a Backup', os.path.join(folder, 'ann.kith-backup'), 'Save'), ann.everything())
    check('and what is missing is told', ann.sees('but without some of the history'), ann.everything())
    check('it is there', os.path.exists(os.path.join(folder, 'ann.kith-backup')), os.listdir(folder))
    screenshot('damage-backup')
    check('that is read', ann.close('Save a Backup', 'label', None, 'but without some')
          and ann.close('Preferences', 'list item', 'Profile'), ann.everything())
    damage()
    damage(every=9)
    ann.pick('Conversation menu', 'Save as a Readable File…')
    ann.press('Choose a File and Save…')
    path = os.path.join(folder, 'friend.txt')
    check('a conversation is written as far as it can be read', ann.choose_file(
        'Save, Not Encrypted', path, 'Save', lambda: ann.look_for('label', contains='but not all of it')),
          ann.everything())
    screenshot('damage-transcript')
    with open(path, encoding='utf-8') as file:
        check('and says where something is missing', 'Something is missing here' in file.read())
    ann.key('Escape')
    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
