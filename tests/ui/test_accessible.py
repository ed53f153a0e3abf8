#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and dialog for somebody who hears it: all that can be met with the keyboard has a name."""

import sys

from audit import nameless
from person import Person, check, finish, wait

which = sys.argv[1]
DIALOGS = {'invite': 'ctrl+i', 'join': 'ctrl+n', 'connect': 'ctrl+shift+n', 'address': 'ctrl+shift+i',
           'preferences': 'ctrl+comma', 'shortcuts': 'ctrl+question'}
LAST = 'And the little ticks'
MENU = ('Conversation menu', 'Disappearing Messages…')


def n_windows(person):
    return len(person.tree().windows)


def check_names(person, where):
    """What was just opened may still be filled."""
    check(f'{where}: all has a name', wait(lambda: not nameless(person), 3), lambda: ' | '.join(nameless(person)))


def close(person, n=1):
    return person.key_until(lambda: n_windows(person) == n, 'Escape', title='')


def look_at_dialogs(ann):
    check_names(ann, 'welcome')
    ann.fill('Your Name', 'Ann')
    ann.press('Start')
    check('the window opens', ann.find('push button', 'Main menu'), ann.everything)
    check_names(ann, 'empty')
    for where, keys in DIALOGS.items():
        check(f'{where} opens', ann.key_until(lambda: n_windows(ann) > 1, keys), ann.everything)
        check_names(ann, where)
        close(ann)
    check('the menu opens', ann.key_until(lambda: ann.look_for('menu item', contains='Preferences'), 'F10'))
    check_names(ann, 'main menu')
    # GTK 4.8 asks where the pointer is in a menu that goes with its window.
    ann.key_until(lambda: ann.look_for('menu item', contains='Preferences') is None, 'Escape')


def look_at_talk(demo):
    check('two windows open', wait(lambda: n_windows(demo) == 2))
    demo.window = demo.x_window('Ann – Kith')
    check('they have greeted each other', demo.has_message('Ben', LAST), demo.everything)
    check_names(demo, 'conversation')
    demo.focus('Ann – Kith')
    check('a message has a menu', demo.key_until(lambda: demo.look_for('menu item', 'Answer'), 'shift+Tab', 'Menu',
                                                 title='Ann – Kith'), demo.everything)
    check_names(demo, 'menu of a message')
    check('and details', demo.look_for('menu item', 'Details').act() and wait(lambda: n_windows(demo) == 3))
    check_names(demo, 'message details')
    close(demo, 2)
    check('the contact has details', demo.press(contains='Ben, Online') and wait(lambda: n_windows(demo) == 3),
          demo.everything)
    check_names(demo, 'contact details')
    close(demo, 2)


def look_at_groups(dora):
    for name in 'Invited', 'Vanished', 'Ace':
        check(f'{name} opens', dora.open_group(name), dora.everything)
        check_names(dora, name)
    check('the details open', dora.open_details(), dora.everything)
    check_names(dora, 'details of a group, with who asks to join')
    dora.click_at(dora.find('push button', 'Change the picture'), dora.x_window('Group Details'))
    check('the picture has a menu', dora.find('menu item', 'Choose a Picture…'), dora.everything)
    check_names(dora, 'picture of a group')
    dora.close('Group Details', 'menu item', 'Choose a Picture…')
    dora.close_details()
    check('a large group has details', dora.open_group('Village Choir') and dora.open_details(), dora.everything)
    check_names(dora, 'details of a large group')
    dora.close_details()
    dora.pick('Invite or add a friend', 'New Group…')
    check('a new group is made', dora.find('text', 'Name of the Group'), dora.everything)
    check_names(dora, 'new group')
    dora.close('New Group', 'text', 'Name of the Group')


if which == 'dialogs':
    person, look_at = Person(), look_at_dialogs
elif which == 'groups':
    from group_stage import Spectator
    person, look_at = Spectator(), look_at_groups
else:
    person, look_at = Person('--demo'), look_at_talk
try:
    look_at(person)
    check('it ends in order', person.leave() == 0)
finally:
    person.leave()
finish()
