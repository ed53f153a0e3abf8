#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of real processes: made and led in the window, joined by friends in terminals; then the window is
invited to one of theirs."""

import os
import sys

from person import Person, check, finish, insist, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

COMPOSER = 'Message text'
people = []


def say(text):
    ann.write(text)
    return ann.has_message(text)


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything)
    ben, cara = (let_in(ann, kith_cli.Person(name)) for name in ('Ben', 'Cara'))
    kith_cli.befriend(cara, ben)

    ann.pick('Invite or add a friend', 'New Group…')
    ann.fill('Name of the Group', 'Ace')
    ann.press('All')
    check('all are chosen', ann.sees('2 of 2 chosen'), ann.everything)
    check('the group is made', ann.press('Make Group') and ann.is_gone('push button', 'Make Group'), ann.everything)
    check('and opens', ann.find('push button', contains='Ace, ') and ann.row('You made the group “Ace”'),
          ann.everything)
    for friend in ben, cara:
        friend.event('group', change='added', state='invited')
        friend.ok('group-join', group='Ace')
        friend.event('group', change='state', state='member')
    ace = ben.ok('groups')['groups'][0]['group']
    check('who joins is a line', ann.row('Ben joined') and ann.row('Cara joined'), ann.messages)
    check('and is counted', ann.find('push button', 'Ace, 3 members, 3 online. Group details'), ann.everything)

    say('Hello all')
    check('all get what Ann writes', ben.event('message', text='Hello all') and cara.event('message', text='Hello all'))
    check('she sees that it was delivered', ann.has_message('Hello all', 'Delivered'), ann.messages)
    ben.ok('send', to=ace, text='Hello @Ann')
    check('and she gets what they write', ann.has_message('Ben, mentions you', 'Hello @Ann'), ann.messages)
    screenshot('groups-talk')

    emil = let_in(ann, kith_cli.Person('Emil'))
    kith_cli.befriend(emil, ben)
    ann.select('Emil')
    cara.ok('send', to=ace, text='Are you there, @Ann?')
    check('a mention elsewhere is seen', ann.row('1 unread message, mentions you'), ann.everything)
    ann.select('Ace, Group')
    ben.ok('group-invite', group=ace, who='Emil')
    emil.event('group', change='added', state='invited')
    emil.ok('group-join', group='Ace', text='It is me')
    check('Ann hears who asks', ann.sees('Emil asks to join'), ann.everything)
    ann.press('Show')
    # He may reach her himself, or be brought by Ben.
    check('and sees their wish', ann.sees('“It is me”'), ann.everything)
    screenshot('groups-request')
    check('she lets him in', ann.press('Approve Emil') and emil.event('group', change='state', state='member'),
          ann.everything)
    ann.close('Group Details', 'list', 'Members')
    check('all see it', ann.row('Emil joined'), ann.messages)

    ann.write('/kick emil')
    ann.find('label', 'Remove Emil?')
    ann.press('Remove')
    check('he has to go', emil.event('group', change='state', state='kicked') and ann.row('You removed Emil'),
          ann.messages)

    ann.write('/admin ben')
    ann.find('label', 'Make Ben the Admin?')
    ann.press('Ask Them')
    ben.event('group', change='transfer')
    ben.ok('accept-admin', group=ace)
    check('who decides changes', ann.row('Ben is admin now'), ann.messages)
    # What was asked before is still going away.
    check('and Ann can change nothing any more',
          insist(lambda: ann.press(contains='Group details'), lambda: ann.look_for('label', 'Admin, Online'))
          and ann.sees('Only the admin can change this.'),
          [node.name for node in ann.tree().walk() if 'dmin' in node.name])
    screenshot('groups-details')
    ann.press('Leave Group…')
    ann.find('label', 'Leave “Ace”?')
    ann.press('Leave')
    check('she leaves', ann.sees('You have left this group') and ben.event('member', change='left'), ann.everything)
    ann.press('Delete…')
    ann.find('label', 'Delete “Ace”?')
    ann.press('Delete')
    check('and nothing is left of it', ann.is_gone('list item', contains='Ace, Group'), ann.everything)

    ben.ok('group-new', name='Bees', members='Ann')
    check('an invitation comes', ann.row('Bees, Group, Ben invites you'), ann.everything)
    ann.select('Bees, Group')
    screenshot('groups-invited')
    check('she joins', ann.press('Join') and ann.find('text', COMPOSER) and ben.event('member', change='joined'),
          ann.everything)
    say('Thank you')
    check('and is one of them', ben.event('message', text='Thank you'))
finally:
    for person in people:
        person.leave()
finish()
