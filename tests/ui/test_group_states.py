#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups in every state, from a stage that has them in its model: what is said of each, what is offered,
and what asks before it is done. What happens between real groups is in test_groups.py."""

import os

import person
from accessible import SELECTED
from person import Person, check, finish, insist, screenshot, wait

person.KITH = os.environ['KITH_GROUP_STAGE']
COMPOSER = 'Message text'
BARS = {
    'Asking': ('The admin has not let you in yet', 'Take Back'),
    'Left': ('You have left this group', 'Delete…'),
    'Kicked': ('You were removed from this group', 'Delete…'),
    'Refused': ('The admin did not let you in.', 'Delete…'),
    'Split': ('This group has split', None),
    'Frozen': ('decisions contradict each other', None),
    'Offered': ('Ann asks you to become the admin of this group.', 'Become Admin'),
    'Vanished': ('There was no sign of Ann for 30 days', 'Propose…'),
    'Proposed': ('You proposed Ben as admin', None),
    'Claim': ('Enough members want you to be the admin.', 'Become Admin…'),
    'Missing': ('2 messages from Ann are missing. Carol has them.', None),
    'Restored': ('This profile was restored from a backup', None),
}
WRITABLE = {'Split', 'Frozen', 'Offered', 'Vanished', 'Proposed', 'Claim', 'Missing', 'Restored'}


def rows():
    return dora.look_for('list', 'Conversations').children


def open_group(name):
    """With the keyboard: not all of them are in view."""
    def find():
        return next(i for i, row in enumerate(rows()) if row.name.startswith(f'{name}, Group'))

    def step():
        here = next((i for i, row in enumerate(rows()) if row.has(SELECTED)), -1)
        there = find()
        dora.focus()
        dora.key(*['alt+Down' if there > here else 'alt+Up'] * abs(there - here))
    return insist(step, lambda: rows()[find()].has(SELECTED))


def question(heading, answer='Cancel'):
    """A question comes up, and is answered."""
    return dora.find('label', heading) and dora.press(answer) and dora.is_gone('label', heading)


dora = Person()
try:
    check('an invitation says whose it is', dora.row('Invited, Group, Ann invites you'), dora.everything())
    check('a mention has a mark', dora.row('Village Choir, Group, 32 members'), dora.everything())
    check('the last words have a name before them', dora.row('Ben: @Ann Lee said she has one as well'))
    screenshot('group-list')

    for name, (words, button) in BARS.items():
        open_group(name)
        check(f'{name}: it is said', dora.sees(words), dora.everything())
        check(f'{name}: and what can be done', button is None or dora.find('push button', button), dora.everything())
        check(f'{name}: it can be written in or not', bool(dora.look_for('text', COMPOSER)) == (name in WRITABLE),
              dora.everything())
        screenshot(f'group-{name.lower()}')

    open_group('Invited')
    check('the invitation has a page', dora.find('push button', 'Join') and dora.find('push button', 'Decline')
          and dora.sees('Ann invites you to this group') and dora.sees('All about bees'), dora.everything())
    screenshot('group-invited')

    open_group('Ace')
    check('who is there', dora.find('push button', 'Ace, 4 members, 3 online. Group details'), dora.everything())
    check('who asks', dora.sees('2 people ask to join'), dora.everything())
    check('what happened is a line', dora.row('You made the group “Ace”') and dora.row('Ann joined')
          and dora.row('Ann named the group “Ace”'), dora.messages())
    check('a message says who', dora.has_message('Carol', 'I can bring the boat'), dora.messages())
    check('and whom it names', dora.has_message('Ann, mentions you', '@Dora can you bring the tent?'), dora.messages())
    screenshot('group-conversation')

    dora.focus()
    dora.click_at(dora.find('text', COMPOSER))
    dora.type('Hello @b')
    offer = wait(lambda: [row.name for row in dora.look_for('list', 'Members to mention').children] == ['Ben'])
    check('members are offered behind an @', offer, dora.everything())
    screenshot('group-mention')
    dora.key('Return')
    check('and put there', wait(lambda: dora.text(COMPOSER) == 'Hello @Ben '), dora.text(COMPOSER))
    dora.find('text', COMPOSER).set_text('')
    dora.type('/kick ben')
    check('a word asks first', insist(lambda: dora.key('Return'), lambda: dora.look_for('label', 'Remove Ben?'))
          and question('Remove Ben?'), dora.everything())
    dora.write('/whoadmin')
    check('a word tells who decides', dora.sees('You are the admin of this group'), dora.everything())

    dora.press('Show')
    check('the details open', dora.find('list', 'Members'), dora.everything())
    check('who asks can be let in', dora.find('push button', 'Approve Emil') and dora.find('push button', 'Deny Fay')
          and dora.sees('Came with the group’s link'), dora.everything())
    check('the admin may change it', dora.find('text', 'Name') and dora.find('text', 'Topic'), dora.everything())
    dora.focus('Group Details')
    screenshot('group-details')
    check('leaving needs another admin', dora.press('Leave Group…')
          and question('Make Somebody Else Admin First', 'Close'), dora.everything())

    open_group('Village Choir')
    dora.press(contains='Group details')
    check('of many some are shown', dora.find('push button', 'Show All 32 Members')
          and len(dora.look_for('list', 'Members').children) == 8, dora.everything())
    dora.find('entry', 'Search members').set_text('singer 29')
    check('and the others found', wait(lambda: [row.name for row in dora.look_for('list', 'Members').children
                                                if 'Singer 29' in row.name]
                                       and len(dora.look_for('list', 'Members').children) == 1), dora.everything())
    screenshot('group-members')
    dora.close('Group Details', 'list', 'Members')

    open_group('Vanished')
    dora.press('Propose…')
    check('who should follow is chosen', dora.find('label', 'Who Should Become Admin?'), dora.everything())
    screenshot('group-propose')
    dora.press('Cancel')
    dora.is_gone('label', 'Who Should Become Admin?')
    open_group('Offered')
    check('who is asked thinks twice', dora.press('Become Admin') and question('Become the Admin?'), dora.everything())
    open_group('Left')
    check('deleting asks', dora.press('Delete…') and question('Delete “Left”?'), dora.everything())

    dora.pick('Invite or add a friend', 'New Group…')
    check('a new group needs a name', dora.find('text', 'Name of the Group')
          and not dora.is_sensitive('push button', 'Make Group'), dora.everything())
    dora.fill('Name of the Group', 'Bee Keepers')
    dora.press('Online')
    check('and then can be made', wait(lambda: dora.is_sensitive('push button', 'Make Group')), dora.everything())
    dora.press('All')
    check('who is absent is invited later', dora.sees('cannot be reached now'), dora.everything())
    screenshot('group-new')
    dora.close('New Group', 'text', 'Name of the Group')
    check('it ends in order', dora.leave() == 0)
finally:
    dora.leave()
finish()
