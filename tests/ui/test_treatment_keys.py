#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a conversation is treated with the keyboard, which keeps its place in the list; messages that
disappear."""

import os
import sys

from accessible import CHECKED, FOCUSED, SELECTED, Ear
from person import BUS, Person, check, finish, hears, insist, let_in, screenshot, wait
from sidebar import Sidebar

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402


def set_timer(choice, says):
    def click():
        ann.click_at(ann.look_for('check box', choice), ann.x_window('Disappearing Messages'))
    return insist(click, lambda: ann.look_for('check box', choice).has(CHECKED)) \
        and ann.press('Set') and ann.sees(says)


def undo_is_focused():
    button = ann.look_for('push button', contains='Undo')
    return button and button.has(FOCUSED)


ear = Ear(BUS)
ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
sidebar = Sidebar(ann)
try:
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    carl = let_in(ann, kith_cli.Person('Carl', '--ephemeral'))
    dora = let_in(ann, kith_cli.Person('Dora', '--ephemeral'))
    sidebar.choose('Ben', 'Pin')
    sidebar.choose('Carl', 'Archive')
    check('one is pinned, and one archived', sidebar.order('Ben', 'Dora'), sidebar.rows())

    check('a row has its menu by keyboard', ann.select('Ben') and ann.key_until(
        lambda: sidebar.row('Ben').has(FOCUSED), 'shift+F6') and ann.key_until(
            lambda: ann.look_for('menu item', 'Unpin'), 'shift+F10'), ann.everything())
    ann.key('Escape')
    check('and keeps the focus', wait(lambda: sidebar.row('Ben').has(FOCUSED)), ann.everything())
    check('it is not pinned any more', sidebar.by_keyboard('Unpin') and sidebar.lacks('Ben', 'Pinned'), sidebar.rows())
    check('the focus goes with it where it moves', sidebar.order('Dora', 'Ben') and sidebar.is_focused('Ben'), sidebar.rows())
    dora.ok('send', to=dora.other, text='Not so loud')
    ann.row('Not so loud')
    ben.ok('send', to=ben.other, text='I come first')
    check('also when it moves by itself', sidebar.order('Ben', 'Dora') and sidebar.is_focused('Ben'), sidebar.rows())
    check('what is open can be archived by keyboard', sidebar.by_keyboard('Archive') and sidebar.order('Dora'), sidebar.rows())
    check('the next one has the focus', sidebar.is_focused('Dora'), ann.everything())
    check('one hears how it is taken back', hears(ear, 'Archived\nUndo: F6'), ear.heard)
    check('F6 leads there', ann.key_until(undo_is_focused, 'F6'), ann.everything())
    check('Enter does it', ann.key_until(lambda: not undo_is_focused(), 'Return') and sidebar.order('Ben', 'Dora'),
          sidebar.rows())
    check('and one is where one was', sidebar.is_focused('Dora'), ann.everything())
    check('it is archived again', sidebar.choose('Ben', 'Archive') and sidebar.order('Dora'), sidebar.rows())
    check('F6 leads to it first, and then on', ann.key_until(undo_is_focused, 'F6')
          and ann.key_until(lambda: not undo_is_focused(), 'F6'), ann.everything())
    check('to the row again', ann.key_until(lambda: sidebar.row('Dora').has(FOCUSED), 'F6'), ann.everything())
    check('and opens', ann.key_until(lambda: sidebar.row('Dora').has(SELECTED), 'Return'), sidebar.rows())
    check('it is written to', wait(lambda: ann.look_for('text', 'Message text').has(FOCUSED)))
    sidebar.choose('Dora', 'Mark as Unread')
    check('what closes under the cursor hands it to its row', wait(lambda: sidebar.row('Dora').has(FOCUSED)), ann.everything())
    ann.pick('Sort and filter', 'Archived')
    check('Ben comes back', sidebar.order('Ben', 'Carl') and sidebar.choose('Ben', 'Unarchive'), sidebar.rows())
    ann.pick('Sort and filter', 'Everybody')
    check('to the list', sidebar.order('Ben', 'Dora'), sidebar.rows())

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
