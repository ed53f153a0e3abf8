#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files in a sandbox: what is sent comes from the desktop's dialog, and what is saved goes where that says. Of each there
is one name in a folder of its own, where nothing else stays."""

import os
import shutil
import sys
import tempfile

from person import Person, check, finish, let_in, wait
from portals import Portals, Sandboxed
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

WORDS = 'backup words'
GONE = 'The system does not allow it'

folder = tempfile.mkdtemp(prefix='kith-ui-')
portals = Portals(folder + '/portals')
people = []


def press(name, button):
    """That of the message with the file of this name."""
    def look():
        rows = [row for row in ann.look_for('list', 'Messages').children if name in row.name]
        return next(node for node in rows[-1].walk() if node.role == 'push button' and node.name == button
                    and node.is_shown()).act()
    return wait(look)


def is_whole(document, content):
    """It has that in it, and nothing lies beside it."""
    return wait(lambda: document.read_bytes() == content) and os.listdir(document.parent) == [document.name]


def accept_as():
    """What came last, with the keyboard."""
    ann.focus()
    item = 'Accept and Save As…'
    return ann.key_until(lambda: ann.look_for('menu item', item), 'shift+Tab', 'Menu') \
        and wait(lambda: ann.look_for('menu item', item).act())


def offer(name, content):
    path = os.path.join(folder, name)
    with open(path, 'wb') as file:
        file.write(content)
    ben.ok('send-file', to=ben.other, path=path)


def choose_folder(button, effect):
    """With that button, where the preferences say where files go."""
    Preferences(ann).open('Storage')
    return ann.press(contains=button) and wait(effect)


def back_up(document):
    portals.choose(document)
    Preferences(ann).back_up(WORDS)
    return portals.await_dialog('Save a Backup')


try:
    kith_cli.Person('Ann', profile=folder + '/ann').quit()
    ann = Sandboxed(portals, '--listen', '127.0.0.1:0', profile=folder + '/ann')
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    people.append(ben)
    ann.select('Ben')

    # Into the sandbox
    letter = os.urandom(3000)
    portals.choose(portals.grant(letter, 'letter.txt'))
    ann.focus()
    check('the dialog of the desktop comes up', ann.key_until(lambda: portals.dialogs, 'ctrl+o'))
    check('for several files', portals.dialogs and portals.dialogs[0][0] == 'Send Files'
          and portals.dialogs[0][1].get('multiple'), portals.dialogs)
    check('what is chosen there is asked about', ann.sees('letter.txt') and ann.sees('to Ben?'), ann.everything())
    check('and goes', ann.press('Send'))
    offered = ben.event('file-offer', name='letter.txt')
    ben.ok('accept-file', transfer=offered['transfer'])
    done = ben.event('file-done', state='done')
    with open(done['path'], 'rb') as file:
        check('as it is', file.read() == letter)

    # Out of it: while it comes
    paper, accepted = os.urandom(200000), portals.grant(name='paper.bin')
    portals.choose(accepted)
    offer('paper.bin', paper)
    ann.has_message('File paper.bin')
    check('what comes can be saved where one likes', accept_as(), ann.everything())
    options = portals.await_dialog('Save As')
    check('under its name', options and options.get('current_name') == 'paper.bin', portals.dialogs)
    check('it is there, and nothing beside it', is_whole(accepted, paper), os.listdir(accepted.parent))

    # ... when it is here, with and without something in its place
    for what, document in ('saved elsewhere', portals.grant(name='copy.bin')), \
            ('put in the place of another', portals.grant(b'older', 'older.bin')):
        portals.choose(document)
        check(f'it can be {what}', press('paper.bin', 'Save As…') and is_whole(document, paper),
              os.listdir(document.parent))
    check('which is said', ann.sees('Saved'), ann.everything())

    # A folder, which has no place that a file could have
    os.mkdir(os.path.join(folder, 'trip'))
    os.mkdir(os.path.join(folder, 'trip', 'day one'))
    with open(os.path.join(folder, 'trip', 'day one', 'note.txt'), 'wb') as file:
        file.write(b'Rain')
    ben.ok('send-file', to=ben.other, path=os.path.join(folder, 'trip'))
    check('a folder comes', press('trip', 'Accept') and wait(lambda: press('trip', 'Save As…')), ann.everything())
    check('and nothing is chosen for it', wait(lambda: portals.dialogs[-1][1].get('directory')), portals.dialogs)
    elsewhere = portals.grant_folder('elsewhere')
    portals.choose(elsewhere)
    check('it goes into a folder', press('trip', 'Save As…') and wait(
        lambda: (elsewhere / 'trip' / 'day one' / 'note.txt').read_bytes() == b'Rain'), list(elsewhere.rglob('*')))
    check('with nothing beside it', os.listdir(elsewhere) == ['trip'], os.listdir(elsewhere))
    shown = len(portals.dialogs)
    check('who thinks better of it saves nothing', press('paper.bin', 'Save As…')
          and wait(lambda: len(portals.dialogs) > shown))

    # Where all that comes is put: a folder of which the desktop gives the way
    inbox = portals.grant_folder('inbox')
    (inbox / 'paper.txt').write_bytes(b'older')
    portals.choose(inbox)
    check('a folder for what comes is chosen', choose_folder(
        'Choose Folder…', lambda: ann.look_for('label', contains=str(inbox))), lambda: ann.everything()[-600:])
    ann.close('Preferences', 'list item', None, 'Folder for Received Files')
    for number, content in (2, b'first'), (3, b'second'):
        offer('paper.txt', content)
        check('what is called like something there gets a number', press('paper.txt', 'Accept')
              and wait(lambda: (inbox / f'paper ({number}).txt').read_bytes() == content), os.listdir(inbox))
    check('and nothing is overwritten, nor lies beside it', (inbox / 'paper.txt').read_bytes() == b'older'
          and len(os.listdir(inbox)) == 3, os.listdir(inbox))
    ben.ok('send-file', to=ben.other, path=os.path.join(folder, 'trip'))
    check('a folder goes there', press('trip', 'Accept') and wait(
        lambda: (inbox / 'trip' / 'day one' / 'note.txt').read_bytes() == b'Rain'), os.listdir(inbox))
    shutil.rmtree(inbox.parent)
    offer('late.txt', b'Late')
    check('when that is gone it is said', press('late.txt', 'Accept') and ann.sees(GONE), lambda: ann.everything()[-900:])
    check('another can be chosen', choose_folder(
        'Use the folder that Kith chose', lambda: ann.look_for('label', contains=str(inbox)) is None),
        lambda: ann.everything()[-600:])
    ann.close('Preferences', 'list item', None, 'Folder for Received Files')
    check('and what was offered comes', press('late.txt', 'Accept') and press('late.txt', 'Open')
          and wait(lambda: portals.opened), lambda: ann.everything()[-900:])

    # A conversation that everybody can read
    ben.ok('send', to=ben.other, text='Hello from Ben')
    check('Ben writes', ann.has_message('Hello from Ben'), ann.messages())
    for what, document in ('new', portals.grant(name='ben.txt')), ('older', portals.grant(b'older', 'older.txt')):
        portals.choose(document)
        ann.pick('Conversation menu', 'Save as a Readable File…')
        ann.press('Choose a File and Save…')
        check(f'a readable copy is written into a file that is {what}', wait(
            lambda: b'Hello from Ben' in document.read_bytes()) and ann.sees('Saved, not encrypted'), ann.everything())
        check('with nothing beside it', os.listdir(document.parent) == [document.name], os.listdir(document.parent))
        ann.is_gone('label', contains='Saved, not encrypted')

    # A backup
    for what, document in ('new', portals.grant(name='ann.kith-backup')), \
            ('older', portals.grant(b'older', 'older.kith-backup')):
        check('the place for a backup is chosen', back_up(document), lambda: ann.everything()[-600:])
        check(f'it is written into a file that is {what}, and read again', ann.sees('Backup saved and checked'),
              lambda: ann.everything()[-600:])
        check('with nothing beside it', os.listdir(document.parent) == [document.name]
              and document.stat().st_size > 1000, os.listdir(document.parent))
        ann.is_gone('label', contains='Backup saved and checked')
        ann.close('Preferences', 'list item', 'Save a Backup…')
        portals.dialogs = [dialog for dialog in portals.dialogs if dialog[0] != 'Save a Backup']

    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave() if isinstance(person, Person) else person.kill()
    shutil.rmtree(folder, ignore_errors=True)
finish()
