#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was written becomes a file that everybody can read, after a warning, and is deleted."""

import os
import shutil
import sys
import tempfile

from accessible import CHECKED
from person import Person, check, finish, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
people = []


def start(*arguments, **keywords):
    person = Person(*arguments, profile=profile, **keywords)
    people.append(person)
    return person


def is_chosen(kind):
    row = ann.look_for('list item', contains=kind)
    return any(node.has(CHECKED) for node in row.walk())


def say(friend, text):
    friend.ok('send', to=friend.other, text=text)


try:
    ann = start('--name', 'Ann', '--listen', '127.0.0.1:0')
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben'))
    say(ben, 'Hello from Ben')
    check('Ben writes', ann.has_message('Hello from Ben'), ann.messages())
    ann.write('An answer to Ben')
    check('Ann answers', ann.has_message('An answer to Ben'), ann.messages())
    for kind, name in (('Text', 'ben.txt'), ('Web Page (HTML)', 'ben.html')):
        ann.pick('Conversation menu', 'Save as a Readable File…')
        check('there is a warning before a readable file', ann.sees('is not encrypted'), ann.everything())
        check('its kind is chosen', ann.choose(kind, 'Save as a Readable File', lambda: is_chosen(kind)),
              ann.everything())
        screenshot(f'transcript-{name[4:]}')
        ann.press('Choose a File and Save…')
        path = os.path.join(folder, name)
        # The words are gone after some seconds, and may be those of the file before.
        check('a file is chosen and written', ann.choose_file(
            'Save, Not Encrypted', path, 'Save',
            lambda: os.path.exists(path) and ann.look_for('label', contains='Saved, not encrypted')), ann.everything())
        with open(path, encoding='utf-8') as file:
            text = file.read()
        check(f'{name} has both messages', 'Hello from Ben' in text and 'An answer to Ben' in text, text)
        check(f'{name} is {kind}', ('<html' in text.lower()) == ('HTML' in kind), text)

    ann.pick('Conversation menu', 'Delete All Messages…')
    check('deleting is asked about', ann.sees('Delete All Messages with Ben?'), ann.everything())
    screenshot('clear')
    ann.press('Delete')
    check('and done', ann.sees('Messages deleted') and wait(lambda: not any(
        'Hello' in row or 'answer' in row for row in ann.messages())), ann.messages())
    say(ben, 'Once again from Ben')
    check('new ones come', ann.has_message('Once again'), ann.messages())

    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
