#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with a message: its menu by mouse and by keyboard, details, forwarding."""

import os
import sys

from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

people = []


def row(person, contains):
    return next(node for node in person.look_for('list', 'Messages').children if contains in node.name)


def show_menu(person, contains, item):
    """With the right button of the mouse on the message."""
    def click():
        person.focus()
        person.key('Escape')
        x, y, width, height = row(person, contains).box()
        xdotool('mousemove', '--window', person.window, x + width // 2, y + height // 2, 'click', 3)
    return insist(click, lambda: person.look_for('menu item', item))


def choose(person, contains, item):
    found = show_menu(person, contains, item)
    return found and found.act()


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    carl = let_in(ann, kith_cli.Person('Carl', '--ephemeral'))
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    ben.ok('send', to=ben.other, text='A message that makes the rounds')
    ann.write('An answer')
    check('both talk', ann.has_message('the rounds') and ann.has_message('An answer', 'Delivered'),
          ann.messages())

    check('the keyboard has the menu', insist(
        lambda: (ann.focus(), ann.key('shift+Tab', 'End', 'shift+F10')),
        lambda: ann.look_for('menu item', 'Forward…')), ann.everything())
    screenshot('message-menu')
    ann.key('Escape')

    check('details', choose(ann, 'An answer', 'Details') and ann.find('list item', 'Written')
          and ann.find('list item', 'Delivered'), ann.everything())
    screenshot('message-details')
    ann.close('Message Details', 'list item', 'Delivered')

    check('it can be forwarded', choose(ann, 'the rounds', 'Forward…')
          and ann.find('entry', 'Search people'), ann.everything())
    screenshot('forward')
    check('to somebody else', ann.choose('Carl', 'Forward To', lambda: ann.look_for(
        'entry', 'Search people') is None), ann.everything())
    check('who gets it', carl.event('message', text='A message that makes the rounds'))
    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
finish()
