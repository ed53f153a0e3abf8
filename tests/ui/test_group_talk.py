#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation of a group: who is there, who says what, names of members, and the words that groups
have."""

from group_stage import COMPOSER, Spectator
from person import check, finish, insist, screenshot, wait


def offered(box):
    return [row.name for row in dora.look_for('list', box).children]


def start(text):
    """Types, from nothing."""
    def type_it():
        dora.focus()
        dora.click_at(dora.find('text', COMPOSER))
        dora.find('text', COMPOSER).set_text('')
        dora.type(text)
    return insist(type_it, lambda: dora.text(COMPOSER) == text)


dora = Spectator()
try:
    dora.open_group('Ace')
    check('who is there', dora.find('push button', 'Ace, 4 members, 3 online. Group details'), dora.everything)
    check('who asks', dora.sees('2 people ask to join'), dora.everything)
    check('what happened is a line', dora.has_message('You made the group “Ace”') and dora.has_message('Ann joined')
          and dora.has_message('You named the group “Ace”'), dora.messages)
    check('a message says who', dora.has_message('Carol', 'I can bring the boat'), dora.messages)
    check('whom it names', dora.has_message('Ann, mentions you', '@Dora can you bring the tent?'), dora.messages)
    check('and that it came late', dora.has_message('Carol', 'arrived late', 'The lake is closed'), dora.messages)
    screenshot('group-conversation')

    start('Hello @b')
    check('members are offered behind an @', wait(lambda: offered('Members to mention') == ['Ben']),
          dora.everything)
    screenshot('group-mention')
    dora.key('Return')
    check('and put there', wait(lambda: dora.text(COMPOSER) == 'Hello @Ben '), dora.text(COMPOSER))
    start('/group new Lake People @ca')
    check('contacts are offered for a new group', wait(lambda: offered('People to invite') == ['Carol']),
          dora.everything)
    screenshot('group-new-words')
    dora.key('Tab')
    check('and put there as well', wait(lambda: dora.text(COMPOSER) == '/group new Lake People @Carol '),
          dora.text(COMPOSER))

    check('/kick asks first', dora.says('/kick ben', 'Remove Ben?'), dora.everything)
    check('/admin too', dora.says('/admin carol', 'Make Carol the Admin?'), dora.everything)
    dora.write('/whoadmin')
    check('a word tells who decides', dora.sees('You are the admin of this group'), dora.everything)
    dora.write('/group new Hive')
    check('a new group is made in a dialog', wait(lambda: dora.text('Name of the Group') == 'Hive'), dora.everything)
    dora.close('New Group', 'text', 'Name of the Group')

    dora.open_group('Vanished')
    check('/endorse asks too', dora.says('/endorse carol', 'Propose Carol as Admin?'), dora.everything)
    start('/kick ben')
    check('what only the admin can do is not done',
          dora.key_until(lambda: dora.look_for('label', 'Only the admin can do that'), 'Return'), dora.everything)
    check('nor lost', dora.text(COMPOSER) == '/kick ben', dora.text(COMPOSER))
    check('it ends in order', dora.leave() == 0)
finally:
    dora.leave()
finish()
