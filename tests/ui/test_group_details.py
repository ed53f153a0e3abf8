#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The details of a group: its members, few or many, who asks to join, and what asks before it is done."""

from group_stage import Spectator
from person import check, finish, insist, screenshot, wait


def open_menu(name, presence):
    """Of a member, with the mouse."""
    def click():
        window = dora.x_window('Group Details')
        dora.focus('Group Details')
        dora.scroll_to(f'{name}, {presence}', window)
        dora.click_at(dora.look_for('push button', f'What to do with {name}'), window)
    return insist(click, lambda: dora.look_for('menu item', 'Remove from the Group…'))


def choose(name, effect):
    """In a question that has a list of members."""
    def click():
        row = next(row for row in dora.look_for('list', 'Members').children
                   if any(node.name == name for node in row.walk()))
        dora.click_at(row, dora.newest_window())
    return insist(click, effect)


def asks(*words):
    """Somebody wants to join, and the name of the row has these words."""
    return any(row.role == 'list item' and all(part in row.name for part in words) for row in dora.tree().walk())


dora = Spectator()
try:
    dora.open_group('Ace')
    dora.press('Show')
    check('the details open', dora.find('list', 'Members'), dora.everything)
    check('who asks can be let in', dora.find('push button', 'Approve Emil') and dora.find('push button', 'Deny Fay')
          and dora.sees('Came with the group’s link'), dora.everything)
    check('a row says how they come, who they are, and what they write', asks('Emil, Invited by Ann', 'Not a contact of yours: ',
          '“It is me, from the choir”') and asks('Fay, Came with the group’s link. '), dora.everything)
    check('the admin may change it', dora.find('text', 'Name') and dora.find('text', 'Topic'), dora.everything)
    check('members have a presence', dora.members()[0].startswith('You, Admin')
          and dora.members()[1].startswith('Ann, Online'), dora.members())
    screenshot('group-details')
    check('a member has a menu', open_menu('Ben', 'Last seen') and dora.look_for('menu item', 'Make Admin…')
          and dora.look_for('menu item', 'Message Privately'), dora.everything)
    screenshot('group-member-menu')
    check('which asks first', dora.look_for('menu item', 'Remove from the Group…').act()
          and dora.sees('Nothing that is written from now on reaches them') and dora.question('Remove Ben?'),
          dora.everything)
    check('leaving needs another admin', dora.press('Leave Group…')
          and dora.question('Make Somebody Else Admin First', 'Close'), dora.everything)

    dora.open_group('Village Choir')
    dora.open_details()
    check('of many some are shown', dora.find('push button', 'Show 50 More') and len(dora.members()) == 8,
          dora.everything)
    check('the others may look', dora.sees('Only the admin can change this.') and not dora.look_for('text', 'Topic'),
          dora.everything)
    dora.press('Show 50 More')
    check('then more', wait(lambda: len(dora.members()) == 58), len(dora.members()))
    dora.find('entry', 'Search members').set_text('singer 129')
    check('and each is found', wait(lambda: len(dora.members()) == 1 and 'Singer 129' in dora.members()[0]),
          dora.everything)
    screenshot('group-members')
    dora.close_details()

    dora.open_group('Left')
    dora.open_details()
    check('after leaving, nobody is invited any more', not dora.look_for('push button', 'Invite people')
          and dora.find('push button', 'Delete Group…') and dora.sees('You have left'), dora.everything)
    dora.close_details()
    check('deleting asks', dora.press('Delete…') and dora.question('Delete “Left”?'), dora.everything)

    dora.open_group('Vanished')
    dora.press('Propose…')
    check('who should follow is chosen', dora.find('label', 'Who Should Become Admin?')
          and dora.find('list', 'Members'), dora.everything)
    screenshot('group-propose')
    check('and asked about', choose('Carol', lambda: dora.look_for('label', 'Propose Carol as Admin?'))
          and dora.question('Propose Carol as Admin?'), dora.everything)
    dora.open_group('Offered')
    check('who is asked thinks twice', dora.press('Become Admin') and dora.question('Become the Admin?'),
          dora.everything)

    dora.pick('Invite or add a friend', 'New Group…')
    check('a new group needs a name', dora.find('text', 'Name of the Group')
          and not dora.is_sensitive('push button', 'Make Group'), dora.everything)
    dora.fill('Name of the Group', 'Bee ' * 100)
    check('and not any', dora.sees('This name is too long'), dora.everything)
    dora.fill('Name of the Group', 'Bee Keepers')
    dora.press('Online')
    check('and then can be made', wait(lambda: dora.is_sensitive('push button', 'Make Group')), dora.everything)
    dora.press('All')
    check('who is absent is invited later', dora.sees('cannot be reached now'), dora.everything)
    screenshot('group-new')
    dora.close('New Group', 'text', 'Name of the Group')
    check('it ends in order', dora.leave() == 0)
finally:
    dora.leave()
finish()
