#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""About the window with the keyboard: to people, groups and actions by their name, and from one part of it to
the next."""

from accessible import FOCUSED, SELECTED
from group_stage import COMPOSER, Spectator
from person import check, finish, screenshot, wait

ENTRY = 'Go to people, groups, actions'
HEADINGS = ('People', 'Groups', 'Actions')


def is_open():
    return dora.look_for('entry', ENTRY) or dora.look_for('text', ENTRY)


def open_jump():
    return dora.key_until(is_open, 'ctrl+k') and dora.focus('Go To')


def rows():
    return [row for row in dora.look_for('list', 'Go To').children if row.role == 'list item']


def heading(row):
    """What stands above it in its row; a screen reader has it first. One of the actions is called “Groups”."""
    first = next((node for node in row.walk() if node.role in ('label', 'image')), None)
    if first is None or first.role != 'label' or first.name not in HEADINGS:
        return None
    return first.name if row.name.startswith(first.name + ', ') else None


def bare(row):
    above = heading(row)
    return row.name[len(above) + 2:] if above is not None else row.name


def offered():
    return [bare(row) for row in rows()]


def headings():
    return [heading(row) for row in rows() if heading(row) is not None]


def at():
    """What Return would choose, as the list and as a screen reader has it."""
    row = next(row for row in rows() if row.has(SELECTED))
    return bare(row) if is_open().property('Accessible', 'Description') == row.name else None


def shown():
    return next((row.name.split(',')[0] for row in dora.rows() if row.has(SELECTED)), None)


def focused():
    """Which part has the focus."""
    for node in dora.tree().walk():
        if node.role in ('list item', 'text', 'push button', 'toggle button') and node.has(FOCUSED):
            where = node
            while where is not None and where.name not in ('Conversations', 'Messages', COMPOSER):
                where = where.parent
            return where.name if where is not None else node.name
    return None


dora = Spectator()
try:
    check('there are groups', wait(lambda: len(dora.rows()) > 3), dora.everything())

    # To a group.
    check('the keys open it', open_jump(), dora.everything())
    check('what was active last comes first', wait(lambda: offered()[0].startswith('Ace, ')), offered())
    check('actions are below', 'New Group' in offered() and 'Preferences' in offered(), offered())
    check('each kind has its heading', headings() == ['Groups', 'Actions'], [row.name for row in rows()])
    check('the first of its kind has it', heading(rows()[0]) == 'Groups'
          and heading(rows()[offered().index('New Group')]) == 'Actions', [row.name for row in rows()])
    check('the first is ready to be chosen', wait(lambda: at() == offered()[0]), offered())
    screenshot('jump')
    dora.type('choir')
    check('typing finds a group', wait(lambda: offered()[0].startswith('Village Choir, ')), offered())
    screenshot('jump-found')
    dora.key('Return')
    check('Return opens it', wait(lambda: shown() == 'Village Choir' and not is_open()), dora.everything())

    # With the arrows, and back.
    open_jump()
    check('what is open is not offered again',
          wait(lambda: offered() and not any(name.startswith('Village Choir') for name in offered())), offered())
    first, second, last = offered()[0], offered()[1], offered()[-1]
    dora.key('Down')
    check('down goes on', wait(lambda: at() == second), offered())
    dora.key('Up', 'Up')
    check('up goes around the end', wait(lambda: at() == last), offered())
    dora.key('Down')
    check('and back', wait(lambda: at() == first), offered())
    check('Escape closes it', dora.key_until(lambda: not is_open(), 'Escape', title='Go To')
          and shown() == 'Village Choir')

    # What is not there, and an action.
    open_jump()
    dora.type('zzz')
    check('what is not there is said', dora.sees('Nothing Found'), dora.everything())
    dora.key('Return')
    dora.key('ctrl+a')
    dora.type('prefer')
    check('an action is found', wait(lambda: at() == 'Preferences'), dora.everything())
    dora.key('Return')
    check('and done', dora.find('list item', 'Profile'), dora.everything())
    dora.close('Preferences', 'list item', 'Profile')

    # What stands in a menu, and what can be done with the open conversation.
    for typed, name in (('help', 'Help'), ('by ip', 'Add by IP Address'), ('message sev', 'Message Several People'),
                        ('group li', 'Group Link'), ('jump to', 'Jump to Date'), ('mute for 8', 'Mute for 8 Hours')):
        open_jump()
        dora.type(typed)
        check(f'{name} is found', wait(lambda name=name: at() == name), offered)
        dora.key_until(lambda: not is_open(), 'Escape', title='Go To')
    open_jump()
    dora.type('block')
    check('not what is for people only', wait(lambda: at() == 'Blocked People') and len(offered()) == 1, offered)
    dora.key_until(lambda: not is_open(), 'Escape', title='Go To')
    open_jump()
    dora.type('group details')
    wait(lambda: at() == 'Group Details')
    dora.key('Return')
    check('that of the conversation is done', dora.x_window('Group Details'), dora.everything)
    dora.key_until(lambda: len(dora.tree().windows) == 1, 'Escape', title='Group Details')
    open_jump()
    dora.type('help')
    wait(lambda: at() == 'Help')
    dora.key('Return')
    check('and that with a target', dora.find('label', 'Reach a Friend'), dora.everything)
    dora.key_until(lambda: len(dora.tree().windows) == 1, 'Escape', title='Help')

    # What the list shows, and in which order.
    n_rows = len(dora.rows())
    open_jump()
    dora.type('favor')
    check('a filter of the list is found', wait(lambda: at() == 'Favorites, Show'), offered)
    screenshot('jump-filter')
    dora.key('Return')
    check('and done', wait(lambda: not dora.look_for('list', 'Conversations') or len(dora.rows()) < n_rows), dora.everything)
    open_jump()
    dora.type('show')
    check('all that it can show are found by that', wait(lambda: {'Everybody, Show', 'Groups, Show'} <= set(offered())), offered)
    dora.key('ctrl+a')
    dora.type('everyb')
    wait(lambda: at() == 'Everybody, Show')
    dora.key('Return')
    check('all are back', wait(lambda: len(dora.rows()) == n_rows), dora.everything)
    open_jump()
    dora.type('sort')
    check('the order, too', wait(lambda: offered()[:2] == ['By Activity, Sort', 'By Name, Sort']), offered)
    dora.key_until(lambda: not is_open(), 'Escape', title='Go To')

    # Not the first.
    open_jump()
    second = offered()[1]
    dora.key('Down')
    check('the arrows mark another', wait(lambda: at() == second), (at(), offered()))
    dora.key('Return')
    check('which Return takes', wait(lambda: not is_open() and second.startswith(shown() or '-')), (second, shown()))

    # Narrow.
    dora.place(0, (370, 640))
    open_jump()
    check('it fits a narrow screen', dora.geometry(dora.x_window('Go To'))['WIDTH'] <= 480)
    screenshot('jump-narrow')
    dora.type('ace')
    dora.key('Return')
    check('and leads to the conversation', dora.find('push button', 'Back') and wait(lambda: not is_open()))
    dora.place(0, (980, 700))

    # Parts of the window.
    dora.focus()
    check('writing comes first', dora.key_until(lambda: focused() == COMPOSER, 'F6'), focused)
    for keys, part in (('F6', 'Invite or add a friend'), ('F6', 'Conversations'), ('F6', 'My address: '), ('F6', 'Ace, '),
                       ('F6', 'Show'), ('F6', 'Messages'), ('F6', COMPOSER), ('shift+F6', 'Messages'), ('shift+F6', 'Show'),
                       ('shift+F6', 'Ace, '), ('shift+F6', 'My address: '), ('shift+F6', 'Conversations'),
                       ('shift+F6', 'Invite or add a friend'), ('shift+F6', COMPOSER)):
        dora.key(keys)
        check(f'{keys} leads to {part}', wait(lambda part=part: focused().startswith(part)), focused)

    # A search is a part as well, while it is there.
    check('a search comes up', dora.key_until(lambda: dora.look_for('entry', 'Search this conversation'), 'ctrl+f'),
          dora.everything)
    check('F6 leads on to the messages', dora.key_until(lambda: focused() == 'Messages', 'F6'), focused)
    dora.key('shift+F6')
    check('and back', wait(lambda: dora.look_for('entry', 'Search this conversation').has(FOCUSED)), focused)
    dora.key('shift+F6')
    check('and to the bar above', wait(lambda: focused() == 'Show'), focused)
    check('it ends in order', dora.leave() == 0)
finally:
    dora.leave()
finish()
