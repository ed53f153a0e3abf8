#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much room is taken on the disk, and making some: only what was received, and is as it came, is deleted."""

import os
import pathlib
import shutil
import sys
import tempfile

from person import Person, check, finish, let_in, screenshot, wait
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

folder = tempfile.mkdtemp()
profile = folder + '/ann'
people = []


def start(*arguments):
    person = Person('--listen', '127.0.0.1:0', *arguments, profile=profile)
    people.append(person)
    return person


def send(name, size):
    path = pathlib.Path(folder) / name
    path.write_bytes(os.urandom(size))
    offered = ben.ok('send-file', to=ben.other, path=str(path))['transfer']
    ann.press('Accept')
    ben.event('file-done', transfer=offered)
    return pathlib.Path(profile) / 'files' / name


try:
    ann = start('--name', 'Ann')
    preferences = Preferences(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    ann.select('Ben')
    kept, gone = send('kept.bin', 20000), send('gone.bin', 30000)
    check('two files have come', wait(lambda: kept.exists() and gone.exists()), ann.messages())
    kept.write_bytes(b'changed by Ann')
    check('the preferences say how much that is', preferences.open('Storage') and ann.sees('1 file, '), ann.everything())
    screenshot('preferences-storage')
    ann.press('Delete…')
    check('none is old', ann.sees('No received file is that old'), ann.everything())
    preferences.pick('Delete Received Files', 'All of Them', 'Down')
    ann.press('Delete…')
    check('it is asked about', ann.sees('1 file, '), ann.everything())
    screenshot('storage-question')
    check('nothing is gone before', gone.exists())
    ann.press('Delete')
    check('then it is', wait(lambda: not gone.exists()), ann.everything())
    check('and said', ann.find('label', 'None'), ann.everything())
    check('what was changed stays', kept.read_bytes() == b'changed by Ann')
    ann.close('Preferences', 'list item', 'Storage')
    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
