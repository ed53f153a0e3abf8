#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the admin decides, in words and in the details: what the group is called, what it is about, what newcomers
get to read, who gets in and who does not; and what a member sees of it who was removed."""

from group_people import kith_cli, make_group
from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool

people = []


def details():
    return insist(lambda: ann.press(contains='Group details'), lambda: ann.look_for('list', 'Members'))


def enter(name, text, effect):
    """An entry of the details, at their end, which wants an Enter."""
    def act():
        window = ann.x_window('Group Details')
        ann.focus('Group Details')
        xdotool('mousemove', '--window', window, 230, 300, 'click', '--repeat', 20, 5)
        ann.click_at(ann.look_for('text', name), window)
        ann.enter(name, text)
        ann.key('Return')
    return insist(act, effect)


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    (ben, cara), ace = make_group(ann, 'Ace', 'Ben', 'Cara')
    check('the group is made with words', ann.find('push button', 'Ace, 3 members, 3 online. Group details')
          and ann.has_message('Cara joined'), ann.everything)

    ann.write('/group rename Deuce')
    check('it has another name', ann.has_message('You named the group “Deuce”')
          and ann.find('push button', contains='Deuce, 3 members') and ben.event('group', change='name'),
          ann.everything)
    ann.write('/group topic All about cards')
    check('and a topic', ann.has_message('You set the topic: All about cards')
          and ben.event('group', change='topic'), ann.messages)
    ann.write('/group history all')
    check('newcomers may read all', ann.has_message('You changed what newcomers get to read')
          and ben.event('group', change='policy') and ben.ok('groups')['groups'][0]['history_days'] is None, ann.messages)

    details()
    check('the details say so', ann.text('Name') == 'Deuce' and ann.text('Topic') == 'All about cards'
          and ann.sees('Everything'), ann.everything)
    check('it can be changed there', enter('Topic', 'Games of cards',
                                           lambda: ann.look_for('label', 'Games of cards')) and ben.event('group', change='topic')
          and ben.ok('groups')['groups'][0]['topic'] == 'Games of cards', ann.everything)
    screenshot('group-admin-details')
    ann.close('Group Details', 'list', 'Members')

    ann.write('Nothing for strangers')
    ben.event('message', text='Nothing for strangers')
    emil = let_in(ann, kith_cli.Person('Emil'))
    kith_cli.befriend(emil, ben)
    ann.select('Deuce, Group')
    ben.ok('group-invite', group=ace, who='Emil')
    emil.event('group', change='added', state='invited')
    emil.ok('group-join', group='Deuce', text='Let me in')
    check('Ann hears who asks', ann.sees('Emil asks to join'), ann.everything)
    ann.write('/deny emil')
    check('who is denied hears it', emil.event('group', change='state', state='refused'))
    check('and is asked about no more', wait(lambda: not ann.look_for('label', 'Emil asks to join')), ann.everything)

    ann.write('/invite @Emil ')
    check('the admin can invite them after all', emil.event('group', change='state', state='invited'))
    emil.ok('group-join', group='Deuce')
    emil.event('group', change='state', state='member')
    check('who then reads what was written before', ann.has_message('Emil joined')
          and wait(lambda: 'Nothing for strangers' in [m.get('text') for m in emil.ok(
              'history', **{'with': 'Deuce'})['messages']]), ann.messages)
finally:
    for person in people:
        person.leave()
finish()
