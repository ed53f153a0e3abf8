#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another day begins while nobody does anything: what was today is yesterday, in the list of conversations and above the
messages."""

import os
import re
import sys
import tempfile

from person import Person, check, finish, let_in, wait

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402
from clocks import library  # noqa: E402

TIME = r'^[0-2][0-9]:[0-5][0-9]$'


def labels(person, where, contains=''):
    """What stands in the rows of a list."""
    return [node.name for row in person.look_for('list', where).children if contains in row.name
            for node in row.walk() if node.role == 'label']


def sets_clock(path, when):
    """At once, for whoever has that file."""
    with open(path + '.new', 'w', encoding='utf-8') as file:
        file.write(when)
    os.rename(path + '.new', path)


people = []
with tempfile.TemporaryDirectory() as folder:
    clock = os.path.join(folder, 'clock')
    sets_clock(clock, '+0s')
    environment = {'LD_PRELOAD': library(), 'FAKETIME_TIMESTAMP_FILE': clock, 'FAKETIME_NO_CACHE': '1'}
    try:
        ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', environment=environment)
        people.append(ann)
        ben = let_in(ann, kith_cli.Person('Ben'))
        ben.ok('send', to=ben.other, text='Good night')
        check('what Ben says is shown', ann.has_message('Good night'), ann.everything)
        ben.quit()
        check('Ben goes', wait(lambda: any(
            ann.look_for('list item', contains=words) for words in ('Ben, Offline', 'Ben, Last seen'))), ann.everything)
        # Of who is no contact nothing is heard meanwhile.
        cid = kith_cli.Person('Cid')
        cid.begin('connect', address='127.0.0.1', port=ann.port())
        check('Cid asks', ann.row('Request from Cid'), ann.everything)
        cid.quit()
        check('the list says when', wait(lambda: any(re.match(TIME, name) for name in labels(ann, 'Conversations', 'Cid'))),
              ann.everything)
        sets_clock(clock, '+1d')
        check('the list says that it was yesterday', wait(lambda: all(
            'Yesterday' in labels(ann, 'Conversations', name) for name in ('Ben', 'Cid'))), ann.everything)
        check('and so does the line above the messages', wait(lambda: 'Yesterday' in labels(ann, 'Messages')),
              ann.everything)
        check('it ends in order', ann.leave() == 0)
    finally:
        for person in people:
            person.leave()
finish()
