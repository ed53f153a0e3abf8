#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a group in the window: sent to all, got from whoever has them, and passed on when the sender has
left."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, insist, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

folder = tempfile.mkdtemp()
people = []


def make(name, size):
    path = pathlib.Path(folder) / name
    path.write_bytes(os.urandom(size))
    return str(path)


def paste(path):
    subprocess.run(['xclip', '-selection', 'clipboard', '-t', 'text/uri-list', '-i'],
                   input=(pathlib.Path(path).as_uri() + '\r\n').encode(), check=True, stdout=subprocess.DEVNULL)

    def press():
        ann.focus()
        ann.key('ctrl+v')
    return insist(press, lambda: ann.look_for('label', contains='to Ace?'))


def press(name, button):
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
    ben, cara = (let_in(ann, kith_cli.Person(name, profile=f'{folder}/{name}')) for name in ('Ben', 'Cara'))
    kith_cli.befriend(cara, ben)
    ben.ok('group-new', name='Ace', members='Ann Cara')
    cara.event('group', change='added', state='invited')
    cara.ok('group-join', group='Ace')
    ann.select('Ace, Group')
    check('all are in it', ann.press('Join') and ann.find('push button', contains='Ace, 3 members, 3 online'),
          ann.everything())

    plan = make('plan.txt', 3000)
    check('what is pasted is asked about', paste(plan), ann.everything())
    check('and goes to all', ann.press('Send'))
    offers = [friend.event('file-offer') for friend in (ben, cara)]
    check('with the group and who offers it', all(
        offer['name'] == 'plan.txt' and offer['group'] and offer['with'] == 'Ace' and offer['sender'] == 'Ann'
        for offer in offers), offers)
    check('her row waits for nobody', ann.row('File plan.txt') and not ann.look_for('label', contains='not accepted'),
          ann.messages())
    ben.ok('accept-file', transfer=offers[0]['transfer'])
    got = ben.event('file-done', state='done')
    check('who accepts gets it', pathlib.Path(got['path']).read_bytes() == pathlib.Path(plan).read_bytes())

    film = make('film.bin', 2 << 20)
    sent = cara.ok('send-file', to='Ace', path=film)
    check('what a member offers waits for the user', ann.has_message('Cara', 'File film.bin', 'Not accepted yet'),
          ann.messages())
    screenshot('group-files-offered')
    check('she gets it', press('film.bin', 'Accept') and wait(lambda: os.path.exists(folder + '/ann/files/film.bin')),
          ann.everything())
    check('her row shows it', ann.find('push button', 'Show in Folder'), ann.everything())
    check('Cara leaves', cara.quit() is None)
    ben.ok('accept-file', transfer=sent['transfer'])
    passed = ben.event('file-done', state='done', transfer=sent['transfer'])
    check('and Ben gets it from Ann', pathlib.Path(passed['path']).read_bytes() == pathlib.Path(film).read_bytes())

    lost = make('lost.bin', 5000)
    offer = ben.ok('send-file', to='Ace', path=lost)
    check('another one', ann.has_message('File lost.bin', 'Not accepted yet'), ann.messages())
    os.remove(lost)
    check('that nobody has any more', press('lost.bin', 'Accept') and ann.sees('Waiting for a member who has it'),
          ann.everything())
    check('is missed by who sent it', ben.event('file-done', transfer=offer['transfer'], state='failed'))
    screenshot('group-files-waiting')
    check('and can be given up', press('lost.bin', 'Cancel') and ann.has_message('lost.bin', 'Canceled'), ann.messages())
    ann.place(0, (360, 640))
    ann.focus()
    screenshot('group-files-narrow')
    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
