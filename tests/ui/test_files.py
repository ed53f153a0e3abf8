#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files in the window: what is pasted is asked about and sent, what is offered is accepted by hand, is
seen to come, pauses, goes on, is shown in its folder; nothing opens by itself."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from file_manager import FileManager
from person import Person, check, finish, insist, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

MIB = 1 << 20
folder = tempfile.mkdtemp()
manager = FileManager()
people = []


def make(name, size):
    path = pathlib.Path(folder) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(os.urandom(size))
    return str(path)


def copy(*paths):
    """As a file manager does."""
    uris = '\r\n'.join(pathlib.Path(path).as_uri() for path in paths) + '\r\n'
    subprocess.run(['xclip', '-selection', 'clipboard', '-t', 'text/uri-list', '-i'], input=uris.encode(),
                   check=True, stdout=subprocess.DEVNULL)


def paste(ann):
    def press():
        ann.focus()
        ann.key('ctrl+v')
    return insist(press, lambda: ann.look_for('label', contains='to Ben?'))


def press(ann, name, button):
    """That of the message with the file of this name."""
    def look():
        rows = [row for row in ann.look_for('list', 'Messages').children if name in row.name]
        return next(node for node in rows[-1].walk() if node.role == 'push button' and node.name == button
                    and node.is_shown()).act()
    return wait(look)


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=folder + '/ann')
    people.append(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    ann.select('Ben')

    # Sending
    first, second = make('letter.txt', 3000), make('many/one.bin', 100)
    copy(first, folder + '/many')
    check('what is pasted is asked about, with who gets it', paste(ann), ann.everything())
    check('all of it is named', ann.sees('letter.txt') and ann.sees('many') and ann.sees('Folder, with all'))
    screenshot('files-confirm')
    check('nothing is sent before', not ben.ok('transfers')['transfers'])
    check('one can be left out', insist(
        lambda: ann.look_for('push button', 'Do not send many').act(),
        lambda: ann.look_for('push button', 'Do not send many') is None))
    check('it is sent', ann.press('Send'))
    offered = ben.event('file-offer')
    check('and offered', offered['name'] == 'letter.txt' and offered['size'] == 3000, offered)
    check('its row says what is going on', ann.has_message('File letter.txt', 'Ben has not accepted it yet'),
          ann.messages())
    ben.ok('accept-file', transfer=offered['transfer'])
    check('it arrives', ben.event('file-done')['state'] == 'done')
    check('and the row says no more than that', wait(lambda: any(
        'letter.txt' in row and 'accepted' not in row for row in ann.messages())), ann.messages())
    check('the composer is as it was', ann.text('Message text') == '')

    # Receiving
    paper = make('a paper.pdf', 300000)
    transfer = ben.ok('send-file', to=ben.other, path=paper)['transfer']
    check('what is offered waits for the user', ann.has_message('Ben', 'File a paper.pdf', 'Not accepted yet'),
          ann.messages())
    screenshot('files-offered')
    check('nothing is on the disk', not os.path.exists(folder + '/ann/files'))
    check('it is accepted', press(ann, 'a paper.pdf', 'Accept'))
    check('and arrives', ben.event('file-done', transfer=transfer)['state'] == 'done')
    check('the row can open it now', ann.find('push button', 'Open'), ann.everything())
    got = folder + '/ann/files/a paper.pdf'
    check('with the same bytes', pathlib.Path(got).read_bytes() == pathlib.Path(paper).read_bytes())
    check('the folder shows it', press(ann, 'a paper.pdf', 'Show in Folder')
          and wait(lambda: manager.shown == [pathlib.Path(got).as_uri()]), manager.shown)
    screenshot('files-done')

    other = make('other.txt', 10)
    check('another is not wanted', ben.ok('send-file', to=ben.other, path=other) and press(ann, 'other.txt', 'Decline'))
    check('and they are told', ben.event('file-done')['state'] == 'declined')
    check('so is the user', ann.has_message('other.txt', 'You declined it'), ann.messages())

    # On its way
    large = make('large.bin', 400 * MIB)
    transfer = ben.ok('send-file', to=ben.other, path=large)['transfer']
    check('a large one', press(ann, 'large.bin', 'Accept') and press(ann, 'large.bin', 'Pause'), ann.everything())
    check('pauses', ann.sees('Paused') and ben.event('file-progress', transfer=transfer, paused_by_them=True))
    screenshot('files-paused')
    check('and goes on', press(ann, 'large.bin', 'Go On') and ben.event('file-progress', transfer=transfer,
                                                            paused_by_them=False))
    check('it is cancelled in the middle', press(ann, 'large.bin', 'Cancel') and ann.has_message('large.bin', 'Canceled'),
          ann.messages())
    check('they are told', ben.event('file-done', transfer=transfer)['state'] == 'cancelled')
    check('nothing of it is left', wait(lambda: os.listdir(folder + '/ann/files') == ['a paper.pdf']),
          os.listdir(folder + '/ann/files'))

    # What could be a program
    ben.ok('send-file', to=ben.other, path=make('install.sh', 20))
    check('a script arrives', press(ann, 'install.sh', 'Accept') and wait(lambda: os.path.exists(
        folder + '/ann/files/install.sh')))
    check('it is asked about before it is opened', press(ann, 'install.sh', 'Open')
          and ann.sees('may be a program'), ann.everything())
    screenshot('files-program')
    check('and is not', ann.press('Cancel') and ann.is_gone('label', contains='may be a program'))

    ann.place(0, (360, 640))
    ann.focus()
    screenshot('files-narrow')
    # 360, and the frame around it.
    check('it fits a telephone', ann.geometry(ann.window)['WIDTH'] <= 370, ann.geometry(ann.window))
    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
