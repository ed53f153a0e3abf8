#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row of a file that is on its way out has a button that cancels this one and no other: while it is read, while it
waits for an answer, and while it is sent."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, insist, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

LARGE_BYTES = 40 << 20

folder = tempfile.mkdtemp(prefix='kith-ui-')
slow = pathlib.Path(folder, 'hold')
people = []


def make(name, size):
    path = pathlib.Path(folder, name)
    path.write_bytes(os.urandom(size))
    return path


def send(*paths):
    """As from a file manager."""
    uris = ''.join(path.as_uri() + '\r\n' for path in paths)
    subprocess.run(['xclip', '-selection', 'clipboard', '-t', 'text/uri-list', '-i'], input=uris.encode(),
                   check=True, stdout=subprocess.DEVNULL)

    def paste():
        ann.focus()
        ann.key('ctrl+v')
    return insist(paste, lambda: ann.look_for('label', contains='to Ben?')) and ann.press('Send')


def cancel(name):
    """With the button of that row."""
    def look():
        row = [row for row in ann.look_for('list', 'Messages').children if name in row.name][-1]
        return next(node for node in row.walk() if node.role == 'push button' and node.name == 'Cancel'
                    and node.is_shown()).act()
    return wait(look)


def rows_being_read():
    """Above the composer."""
    return [node for node in ann.tree().walk() if node.role == 'push button' and node.name == 'Cancel' and node.is_shown()]


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', environment={
        'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_SLOW_SEND': str(slow)})
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything)
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    ann.select('Ben')

    slow.touch()
    check('two files are sent', send(make('thesis.slow', LARGE_BYTES), make('notes.slow', LARGE_BYTES)), ann.everything)
    check('while they are read each has a row with a button', wait(lambda: len(rows_being_read()) == 2), ann.everything)
    screenshot('cancel-rows-reading')
    check('which takes away that one', rows_being_read()[0].act() and wait(lambda: len(rows_being_read()) == 1),
          ann.everything)
    slow.unlink()
    offer = ben.event('file-offer')
    check('and no other', offer['name'] == 'notes.slow' and ann.has_message('notes.slow', 'Ben has not accepted it yet'),
          ann.messages())
    check('which is nothing to be cancelled there any more', wait(lambda: ann.look_for('label', contains='It is being read')
                                                                  is None), ann.everything)

    check('another is sent', send(make('letter.slow', LARGE_BYTES)), ann.everything)
    large = ben.event('file-offer', name='letter.slow')
    check('that waits', ann.has_message('letter.slow', 'Ben has not accepted it yet'), ann.messages())
    check('what waits for an answer is cancelled', cancel('notes.slow') and ann.has_message('notes.slow', 'You took it back'),
          ann.messages())
    check('they are told', ben.event('file-done', transfer=offer['transfer'])['state'] == 'cancelled')
    check('the other waits on', ann.has_message('letter.slow', 'Ben has not accepted it yet'), ann.messages())

    slow.touch()
    ben.ok('accept-file', transfer=large['transfer'])
    check('it is being sent', wait(lambda: any('letter.slow' in row and 'accepted' not in row for row in ann.messages())),
          ann.messages())
    screenshot('cancel-rows-sending')
    ann.place(0, (360, 640))
    screenshot('cancel-rows-sending-narrow')
    check('it is cancelled in the middle', cancel('letter.slow') and ann.has_message('letter.slow', 'You took it back'),
          ann.messages())
    slow.unlink()
    check('they are told of that, too', ben.event('file-done', transfer=large['transfer'])['state'] == 'cancelled')
    check('they have nothing of it', [line['state'] for line in ben.ok('transfers')['transfers']] == ['cancelled'] * 2,
          ben.ok('transfers'))
    check('Ann ends in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
