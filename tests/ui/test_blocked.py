#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody is blocked, stands in the list of those who are, and is let in again."""

import os
import sys

from person import Person, check, finish, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben'))
    ann.select('Ben')

    ann.pick('Conversation menu', 'Block…')
    check('she is asked', ann.sees('Block Ben?'), ann.everything())
    screenshot('block')
    check('and blocks him', ann.press('Block'))
    check('he sees her leave', ben.event('peer-offline'))
    ben.ok('send', to=ben.other, text='can you hear me')
    ben.ok('reconnect', who=ben.other)

    check('the menu has the one, and not the other', wait(
        lambda: ann.click_at(ann.find('push button', 'Conversation menu')) or wait(
            lambda: ann.look_for('menu item', 'Unblock'), 3)) and not ann.look_for('menu item', 'Block…'), ann.everything)
    ann.key_until(lambda: not ann.look_for('menu item', 'Unblock'), 'Escape')
    ann.pick('Main menu', 'Blocked People')
    check('he is in the list', ann.find('push button', contains='Unblock'), ann.everything())
    screenshot('blocked')
    ann.place(0, (360, 640))
    screenshot('blocked-narrow')
    ann.place(0, (960, 640))
    check('nothing of his came', not ann.has_message('can you hear me', timeout_s=.5), ann.messages())
    check('she lets him in', ann.press(contains='Unblock')
          and ann.is_gone('push button', contains='Unblock'), ann.everything())
    screenshot('blocked-nobody')
    check('the list is empty', ann.close('Blocked People', 'label', 'Nobody Is Blocked'), ann.everything())
    check('what he wrote comes', ann.has_message('can you hear me'), ann.messages())

    ann.select('Ben')
    check('she thinks of blocking him again', ann.pick('Conversation menu', 'Block…'), ann.everything)
    check('and does', ann.sees('Block Ben?') and ann.press('Block'), ann.everything)
    ben.event('peer-offline')
    ann.pick('Conversation menu', 'Remove Contact…')
    check('and removes him', ann.sees('Remove Ben?') and ann.press('Remove'), ann.everything)
    ann.pick('Sort and filter', 'Former Contacts')
    ann.select('Ben')
    check('what they wrote is where it was said to be', ann.has_message('can you hear me'), ann.messages())
    screenshot('blocked-former')
    ann.pick('Conversation menu', 'Remove Contact…')
    check('it can be deleted', ann.sees('Delete the Messages with Ben?') and ann.press('Delete'), ann.everything)
    check('and is gone', wait(lambda: not ann.messages()), ann.messages())
    screenshot('blocked-deleted')
    ann.pick('Main menu', 'Blocked People')
    check('he is blocked as before', ann.find('push button', contains='Unblock'), ann.everything())
    check('until she lets him in', ann.press(contains='Unblock')
          and ann.sees('Nobody Is Blocked'), ann.everything)
    check('and nobody is left', ann.close('Blocked People', 'label', 'Nobody Is Blocked'), ann.everything())
    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    kith_cli.end_processes()
finish()
