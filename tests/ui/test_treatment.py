#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a conversation is treated: pinned, muted, archived, marked as unread."""

import os
import sys

from person import Person, check, finish, let_in, screenshot, wait, xdotool
from sidebar import Sidebar

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402


def title(start):
    return wait(lambda: xdotool('getwindowname', ann.window).startswith(start))


ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
sidebar = Sidebar(ann)
try:
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    carl = let_in(ann, kith_cli.Person('Carl', '--ephemeral'))
    dora = let_in(ann, kith_cli.Person('Dora', '--ephemeral'))
    check('the last one is first', sidebar.order('Dora', 'Carl', 'Ben'), sidebar.rows())

    sidebar.show_menu('Ben', 'Pin')
    screenshot('conversation-menu')
    check('one is pinned', sidebar.choose('Ben', 'Pin') and sidebar.order('Ben', 'Dora', 'Carl')
          and sidebar.says('Ben', 'Pinned'), sidebar.rows())
    ann.select('Ben')
    check('the menu of the conversation has that as well', ann.pick('Conversation menu', 'Pin, Mute, Archive')
          and ann.find('menu item', 'Unpin') and ann.look_for('menu item', 'Archive'), ann.everything)
    screenshot('conversation-menu-treatment')
    ann.key_until(lambda: not ann.look_for('menu item', 'Unpin'), 'Escape')
    carl.ok('send', to=carl.other, text='Nobody gets before Ben')
    check('and stays first', sidebar.order('Ben', 'Carl', 'Dora'), sidebar.rows())
    check('the title counts what is new', title('(1) '))

    check('what is new is read from the list', sidebar.choose('Carl', 'Mark as Read')
          and sidebar.lacks('Carl', 'unread message') and title('Ann'), sidebar.rows())
    check('and marked for later', sidebar.choose('Carl', 'Mark as Unread')
          and sidebar.says('Carl', 'Marked as Unread'), sidebar.rows())
    screenshot('marked-unread')
    check('until it is opened', ann.select('Carl') and sidebar.lacks('Carl', 'Marked as Unread'), sidebar.rows())
    check('what is open is left to be marked', sidebar.choose('Carl', 'Mark as Unread')
          and sidebar.says('Carl', 'Marked as Unread') and ann.sees('No Conversation Open'), ann.everything())

    ann.select('Dora')
    check('one is muted', sidebar.choose('Carl', 'Mute for 1 Hour') and sidebar.says('Carl', 'Muted'), sidebar.rows())
    carl.ok('send', to=carl.other, text='Does anybody hear me?')
    check('its messages are counted in the list', sidebar.says('Carl', '1 unread message'), sidebar.rows())
    check('and not in the title', title('Ann'))
    screenshot('treated')
    check('until it is heard again', sidebar.choose('Carl', 'Unmute') and sidebar.lacks('Carl', 'Muted')
          and title('(1) '), sidebar.rows())

    check('what is archived leaves the list', sidebar.choose('Carl', 'Archive') and sidebar.order('Ben', 'Dora'), sidebar.rows())
    screenshot('archived')
    check('which can be taken back', ann.press('Undo') and sidebar.order('Ben', 'Carl', 'Dora'), ann.everything())
    sidebar.choose('Carl', 'Archive')
    check('is listed by itself', sidebar.order('Ben', 'Dora') and ann.pick('Sort and filter', 'Archived')
          and sidebar.order('Carl', 'Dora'), sidebar.rows())
    ann.pick('Sort and filter', 'Everybody')
    carl.ok('send', to=carl.other, text='Back again')
    check('and comes back with a message', sidebar.order('Ben', 'Carl', 'Dora'), sidebar.rows())

    check('muted for good', sidebar.choose('Carl', 'Mute until I Turn It On') and sidebar.says('Carl', 'Muted'), sidebar.rows())
    sidebar.choose('Carl', 'Archive')
    check('it is gone', sidebar.order('Ben', 'Dora'), sidebar.rows())
    carl.ok('send', to=carl.other, text='And again')
    ann.pick('Sort and filter', 'Archived')
    check('and stays where it is', sidebar.says('Carl', 'And again'), sidebar.rows())
    ann.pick('Sort and filter', 'Everybody')
    check('out of the list', sidebar.order('Ben', 'Dora'), sidebar.rows())

    check('she leaves in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    ann.leave()
finish()
