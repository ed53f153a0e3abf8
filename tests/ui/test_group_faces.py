#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who in a group: a few words with the answer to an invitation, a contact request to a member who is no
contact, and the picture of a group."""

import os

from group_people import kith_cli, make_group
from person import Person, check, finish, insist, let_in, screenshot, wait

PICTURE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'picture', 'data', 'two.png')
WORDS = 'A Few Words for the Admin (Optional)'
people = []


def details():
    return insist(lambda: ann.press(contains='Group details'), lambda: ann.look_for('list', 'Members'))


def choose_in_menu(button, item, before=None):
    """In the details, with the mouse."""
    def click():
        window = ann.x_window('Group Details')
        ann.focus('Group Details')
        if before:
            ann.scroll_to(before, window)
        ann.click_at(ann.look_for('push button', button), window)
    return insist(click, lambda: ann.look_for('menu item', item)) and ann.look_for('menu item', item).act()


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    cara = let_in(ann, kith_cli.Person('Cara'))
    ben = kith_cli.Person('Ben')
    kith_cli.befriend(cara, ben)
    bees = ben.ok('group-new', name='Bees', members='Cara')['group']
    cara.event('group', change='added', state='invited')
    cara.ok('group-join', group='Bees')
    cara.event('group', change='state', state='member')

    cara.ok('group-invite', group=bees, who='Ann')
    check('an invitation comes', ann.row('Bees, Group, Cara invites you'), ann.everything)
    ann.select('Bees, Group')
    check('a few words can go with the answer', ann.fill(WORDS, 'It is me'), ann.everything)
    screenshot('group-words')
    ann.press('Join')
    check('the admin reads them', ben.event('group-request')
          and ben.ok('group-requests', group=bees)['requests'][0]['text'] == 'It is me')
    ben.ok('approve', group=bees, who='Ann')
    check('and lets her in', ben.event('member', change='joined', name='Ann')
          and ann.find('push button', contains='Bees, 3 members'), ann.everything)

    details()
    check('who is no contact can be asked to be one',
          choose_in_menu('What to do with Ben', 'Send Contact Request…', 'Ben, Admin'), ann.everything)
    check('with a few words', ann.find('label', 'Ask Ben to Be Your Contact?')
          and ann.fill('Introduce Yourself (Optional)', 'From the bees'), ann.everything)
    screenshot('group-contact-request')
    check('which reach them', ann.press('Send Request') and ben.event('request', text='From the bees'),
          ann.everything)
    ben.ok('accept', who='Ann')
    check('who says yes', ben.event('peer-online') and wait(lambda: any(
        row.name.startswith('Ben') for row in ann.look_for('list', 'Conversations').children)), ann.everything)

    (dora,), _ = make_group(ann, 'Ace', 'Dora')
    details()
    choose_in_menu('Change the picture', 'Choose a Picture…')
    check('a picture is chosen', ann.choose_file('Picture of the Group', PICTURE, 'Choose'), ann.everything)
    check('all get it', dora.event('group', change='picture') and dora.ok('groups')['groups'][0]['picture'])
    check('and see who did it', ann.has_message('You changed the picture'), ann.messages)
    screenshot('group-picture')
    check('it can be removed', choose_in_menu('Change the picture', 'Remove the Picture')
          and dora.event('group', change='picture') and not dora.ok('groups')['groups'][0]['picture'],
          ann.everything)
    choose_in_menu('Change the picture', 'Choose a Picture…')
    check('what is no picture is none', ann.choose_file('Picture of the Group', __file__, 'Choose')
          and ann.sees('no picture'), ann.everything)
    ann.close('Group Details', 'list', 'Members')
    check('the lines say so', wait(lambda: ann.has_message('You removed the picture')), ann.messages)
    check('it ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
finish()
