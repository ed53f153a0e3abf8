#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A conversation for somebody who hears it and has no mouse: what comes is announced, what has come is not; rows
say all that they show; the keyboard goes everywhere and comes back."""

import os
import sys

from accessible import FOCUSED, Ear
from person import BUS, Person, check, finish, let_in, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

FIRST, LAST = 'An old message', 'See https://example.org/page'
LINKS = 'Two: https://example.org/one and https://example.org/two'


def hears(words):
    """By itself, or as a line of what came together."""
    return wait(lambda: any(words in said.split('\n') for said in ear.heard()))


def row(contains):
    return next(node for node in ann.look_for('list', 'Messages').children if contains in node.name)


def is_writing():
    return ann.look_for('text', 'Message text').has(FOCUSED)


def goes_to(contains, *keys):
    return ann.key_until(lambda: row(contains).has(FOCUSED), *keys)


def comes_back(*keys):
    return ann.key_until(is_writing, *keys)


def send(friend, text, **more):
    return friend.ok('send', to=friend.other, text=text, **more)['message']


ear = Ear(BUS)
ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    carl = let_in(ann, kith_cli.Person('Carl', '--ephemeral'))
    send(ben, FIRST)
    check('what comes elsewhere is in the list', ann.row('1 unread message'), ann.everything)
    ann.select('Ben')
    check('what has come is read', ann.has_message('Ben', FIRST), ann.messages)
    own = ann.write('My answer') and ann.has_message('You', 'My answer', 'Delivered')
    check('after sending, one goes on writing', own and is_writing(), ann.messages)
    send(ben, 'Something *new*')
    check('what comes is announced', hears('Ben: Something new'), ear.heard)
    check('what had come was not', not any(FIRST in words for words in ear.heard()), ear.heard())
    check('it is said where one is', is_writing())

    answered = send(ben, 'I mean this', reply_to=ben.event('message', text='My answer')['message'])
    check('a row says what it answers', ann.has_message('Ben', 'I mean this. Answers You: My answer'), ann.messages)
    ben.ok('react', message=answered, emoji='👍')
    check('and the reactions', ann.has_message('I mean this', '👍 from Ben'), ann.messages)
    own = ben.ok('history', **{'with': ben.other})['messages'][1]['message']
    ben.ok('react', message=own, emoji='🎉')
    check('what one has written oneself gets one', ann.has_message('My answer', '🎉 from Ben'), ann.messages)
    check('of which one hears', hears('Ben reacted with 🎉 to: My answer'), ear.heard)
    check('and not of others', not any('👍' in words for words in ear.heard()), ear.heard())
    ben.ok('edit', message=answered, text='I mean *that*')
    check('who changes their words is heard', hears('Ben edited: I mean that'), ear.heard)
    ben.ok('react', message=own, emoji='')
    ben.ok('edit', message=answered, text='I mean this')
    check('who takes a reaction back is not', hears('Ben edited: I mean this')
          and sum('reacted' in words for words in ear.heard()) == 1, ear.heard())
    send(ben, LAST)
    check('the last one is there', ann.has_message(LAST))

    ann.focus()
    check('Tab leaves the composer', ann.key_until(lambda: not is_writing(), 'Tab') and comes_back('shift+Tab'))
    check('Shift and Tab to the last message', goes_to(LAST, 'shift+Tab'), ann.everything)
    check('Home to the first', goes_to('Today', 'Home'), ann.messages)
    check('arrows to the next', goes_to(FIRST, 'Down'), ann.messages)
    check('End to the last', goes_to(LAST, 'End'), ann.messages)
    check('Enter asks about the only link', ann.key_until(lambda: ann.look_for('label', 'Open This Link?'), 'Return')
          and len(ann.tree().windows) == 2, ann.everything)
    ann.key_until(lambda: len(ann.tree().windows) == 1, 'Escape', title='')
    check('and then one is back', wait(lambda: row(LAST).has(FOCUSED)), ann.everything)
    check('Enter shows the menu of a text', goes_to('I mean this', 'Up') and ann.key_until(
        lambda: ann.look_for('menu item', 'Answer'), 'Return'), ann.everything)
    ann.key_until(lambda: ann.look_for('menu item', 'Answer') is None, 'Escape')
    check('Delete asks', ann.key_until(lambda: ann.look_for('label', 'Delete This Message?'), 'Delete'), ann.everything)
    ann.key_until(lambda: len(ann.tree().windows) == 1, 'Escape', title='')
    check('who does not delete is back', wait(lambda: row('I mean this').has(FOCUSED)), ann.everything)
    ann.key('Caps_Lock')
    check('what is copied is said, with Caps Lock as well', ann.key_until(lambda: 'Copied' in ear.heard(), 'ctrl+c'),
          ear.heard)
    ann.key('Caps_Lock')
    check('Escape leads to the composer', comes_back('Escape'))
    send(ben, LINKS)
    check('all links are in the menu', ann.has_message(LINKS) and goes_to(LINKS, 'shift+Tab') and ann.key_until(
        lambda: ann.look_for('menu item', contains='example.org/two'), 'Menu'), ann.everything)
    check('and one is back', ann.key_until(lambda: ann.look_for('menu item', 'Answer') is None, 'Escape')
          and comes_back('Escape'), ann.everything)
    ann.type('@B')
    check('who is chosen behind an @ is said', hears('People to write to in private: Ben'), ear.heard)
    check('Escape takes that away, and Tab leads on', ann.key_until(
        lambda: not is_writing(), 'Escape', 'Tab') and comes_back('shift+Tab'), ann.everything)

    check('another conversation is written to', ann.key_until(lambda: ann.look_for('push button', contains='Carl, '), 'alt+Down')
          and wait(is_writing), ann.everything)
    check('a dialog gives the focus back', ann.key_until(lambda: len(ann.tree().windows) > 1, 'ctrl+comma')
          and ann.key_until(lambda: len(ann.tree().windows) == 1, 'Escape', title='') and wait(is_writing),
          ann.everything)
    check('all leave in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    ann.leave()
finish()
