#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a conversation is treated: pinned, muted, archived, marked as unread; messages that disappear."""

import os
import sys

from accessible import CHECKED, FOCUSED, SELECTED
from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402


def rows():
    """What a screen reader says for each row of the sidebar."""
    found = ann.look_for('list', 'Conversations')
    return [row.name for row in found.children] if found is not None else []


def row(name):
    return next(row for row in ann.look_for('list', 'Conversations').children
                if row.name.startswith(f'{name}, '))


def says(name, *words):
    return wait(lambda: all(word in row(name).name for word in words))


def lacks(name, *words):
    return wait(lambda: not any(word in row(name).name for word in words))


def order(*names):
    return wait(lambda: [name.split(',')[0] for name in rows()] == list(names))


def show_menu(name, item):
    """With the right button of the mouse on the row."""
    def click():
        ann.focus()
        ann.key('Escape')
        x, y, width, height = row(name).box()
        xdotool('mousemove', '--window', ann.window, x + width // 2, y + height // 2, 'click', 3)
    return insist(click, lambda: ann.look_for('menu item', item))


def choose(name, item):
    found = show_menu(name, item)
    return found and found.act()


def by_keyboard(name, item):
    """The row has the focus."""
    found = ann.key_until(lambda: ann.look_for('menu item', item), 'shift+F10')
    return found and found.act()


def is_focused(name):
    return wait(lambda: row(name).has(FOCUSED))


def set_timer(choice, says):
    def click():
        ann.click_at(ann.look_for('check box', choice), ann.x_window('Disappearing Messages'))
    return insist(click, lambda: ann.look_for('check box', choice).has(CHECKED)) \
        and ann.press('Set') and ann.sees(says)


def title(start):
    return wait(lambda: xdotool('getwindowname', ann.window).startswith(start))


ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    carl = let_in(ann, kith_cli.Person('Carl', '--ephemeral'))
    dora = let_in(ann, kith_cli.Person('Dora', '--ephemeral'))
    check('the last one is first', order('Dora', 'Carl', 'Ben'), rows())

    show_menu('Ben', 'Pin')
    screenshot('conversation-menu')
    check('one is pinned', choose('Ben', 'Pin') and order('Ben', 'Dora', 'Carl')
          and says('Ben', 'Pinned'), rows())
    carl.ok('send', to=carl.other, text='Nobody gets before Ben')
    check('and stays first', order('Ben', 'Carl', 'Dora'), rows())
    check('the title counts what is new', title('(1) '))

    check('what is new is read from the list', choose('Carl', 'Mark as Read')
          and lacks('Carl', 'unread message') and title('Ann'), rows())
    check('and marked for later', choose('Carl', 'Mark as Unread')
          and says('Carl', 'Marked as Unread'), rows())
    screenshot('marked-unread')
    check('until it is opened', ann.select('Carl') and lacks('Carl', 'Marked as Unread'), rows())
    check('what is open is left to be marked', choose('Carl', 'Mark as Unread')
          and says('Carl', 'Marked as Unread') and ann.sees('No Conversation Open'), ann.everything())

    ann.select('Dora')
    check('one is muted', choose('Carl', 'Mute for 1 Hour') and says('Carl', 'Muted'), rows())
    carl.ok('send', to=carl.other, text='Does anybody hear me?')
    check('its messages are counted in the list', says('Carl', '1 unread message'), rows())
    check('and not in the title', title('Ann'))
    screenshot('treated')
    check('until it is heard again', choose('Carl', 'Unmute') and lacks('Carl', 'Muted')
          and title('(1) '), rows())

    check('what is archived leaves the list', choose('Carl', 'Archive') and order('Ben', 'Dora'), rows())
    screenshot('archived')
    check('which can be taken back', ann.press('Undo Undo') and order('Ben', 'Carl', 'Dora'), ann.everything())
    choose('Carl', 'Archive')
    check('is listed by itself', order('Ben', 'Dora') and ann.pick('Sort and filter', 'Archived')
          and order('Carl', 'Dora'), rows())
    ann.pick('Sort and filter', 'Everybody')
    carl.ok('send', to=carl.other, text='Back again')
    check('and comes back with a message', order('Ben', 'Carl', 'Dora'), rows())

    check('muted for good', choose('Carl', 'Mute until I Turn It On') and says('Carl', 'Muted'), rows())
    choose('Carl', 'Archive')
    check('it is gone', order('Ben', 'Dora'), rows())
    carl.ok('send', to=carl.other, text='And again')
    ann.pick('Sort and filter', 'Archived')
    check('and stays where it is', says('Carl', 'And again'), rows())
    ann.pick('Sort and filter', 'Everybody')
    check('out of the list', order('Ben', 'Dora'), rows())

    # With the keyboard.
    check('a row has its menu by keyboard', ann.select('Ben') and ann.key_until(
        lambda: row('Ben').has(FOCUSED), 'shift+Tab') and ann.key_until(
            lambda: ann.look_for('menu item', 'Unpin'), 'shift+F10'), ann.everything())
    ann.key('Escape')
    check('and keeps the focus', wait(lambda: row('Ben').has(FOCUSED)), ann.everything())
    check('it is not pinned any more', by_keyboard('Ben', 'Unpin') and lacks('Ben', 'Pinned'), rows())
    check('the focus goes with it where it moves', order('Dora', 'Ben') and is_focused('Ben'), rows())
    dora.ok('send', to=dora.other, text='Not so loud')
    ben.ok('send', to=ben.other, text='I come first')
    check('also when it moves by itself', order('Ben', 'Dora') and is_focused('Ben'), rows())
    check('what is open can be archived by keyboard', by_keyboard('Ben', 'Archive') and order('Dora'), rows())
    check('the next one has the focus', is_focused('Dora'), ann.everything())
    check('and opens', ann.key_until(lambda: row('Dora').has(SELECTED), 'Return'), rows())
    check('it is written to', wait(lambda: ann.look_for('text', 'Message text').has(FOCUSED)))
    choose('Dora', 'Mark as Unread')
    check('what closes under the cursor hands it to its row', wait(lambda: row('Dora').has(FOCUSED)), ann.everything())
    ann.pick('Sort and filter', 'Archived')
    check('Ben comes back', order('Ben', 'Carl') and choose('Ben', 'Unarchive'), rows())
    ann.pick('Sort and filter', 'Everybody')
    check('to the list', order('Ben', 'Dora'), rows())

    # Messages that disappear.
    ann.select('Dora')
    check('messages can disappear', ann.pick('Conversation menu', 'Disappearing Messages…')
          and ann.sees('Both programs delete'), ann.everything())
    screenshot('timer')
    check('after some time', set_timer('1 hour', 'You let new messages disappear 1 hour'), ann.everything())
    check('the header says so', ann.find('push button', contains='disappear 1 hour after'),
          ann.everything())
    screenshot('timer-on')
    check('the other side knows', dora.event('timer', ttl_s=3600))
    ann.pick('Conversation menu', 'Disappearing Messages…')
    check('or stay', set_timer('Off', 'You let new messages stay')
          and ann.find('push button', contains='Dora, Online. Contact details'), ann.everything())
    check('she leaves in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    ann.leave()
finish()
