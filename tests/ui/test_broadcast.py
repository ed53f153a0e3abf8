#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One text to several people, each in private."""

import os
import sys

from person import Person, check, finish, insist, let_in, screenshot, wait
from accessible import CHECKED

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

SEVERAL = 'Message Several People'
SENT = 'Sent to Several People'
people = []


def open_dialog():
    ann.pick('Main menu', 'Message Several People…')
    return ann.find('text', 'Message to all of them')


def tick(name, on=True):
    def ticked():
        box = ann.look_for('check box', name)
        return box is not None and box.has(CHECKED) == on
    return insist(lambda: ann.click_at(ann.look_for('check box', name), ann.x_window(SEVERAL)), ticked)


def open_first():
    """The message has the same words."""
    ann.click_at(ann.look_for('list', 'Broadcasts').children[0], ann.x_window(SENT))


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything())
    ben, cy, dora = (let_in(ann, kith_cli.Person(name)) for name in ('Ben', 'Cy', 'Dora'))
    dora.quit()
    ann.row('Dora, ')

    check('the dialog opens', open_dialog(), ann.everything())
    check('nobody is chosen', ann.sees('0 of 3 chosen'), ann.everything())
    ann.press('All')
    check('all are', ann.sees('3 of 3 chosen'), ann.everything())
    ann.press('Online')
    check('or who is online', ann.sees('2 of 3 chosen'), ann.everything())
    ann.press('None')
    check('or nobody again', ann.sees('0 of 3 chosen'), ann.everything())
    check('without a text nothing is sent', not ann.is_sensitive('push button', 'Send to Each'))
    check('Ben is chosen', tick('Ben') and ann.sees('1 of 3 chosen'), ann.everything())
    ann.find('entry', 'Search people').set_text('cy')
    check('who is looked for is found', ann.is_gone('check box', 'Ben') and ann.find('check box', 'Cy'), ann.everything())
    check('and chosen as well', tick('Cy') and ann.sees('2 of 3 chosen'), ann.everything())
    ann.fill('Message to all of them', 'Dinner at eight?')
    screenshot('broadcast')
    check('it goes out', ann.press('Send to Each') and ann.sees('Sent to 2 people'), ann.everything())
    for friend in ben, cy:
        message = friend.event('message', text='Dinner at eight?')
        check(f'{friend.name} gets it as one of several', message['broadcast'])
    ann.select('Ben')
    check('it stands in the conversation', ann.has_message('Dinner at eight?', 'to several people'), ann.messages())
    cy.ok('send', to=cy.other, text='Yes')
    check('an answer comes in private', ann.row('Cy, Online, 1 unread message, Yes'), ann.everything())
    screenshot('broadcast-bubble')

    ben.ok('read', **{'with': ben.other})
    ann.pick('Main menu', 'Sent to Several')
    check('there is one line for all', ann.find('list item', contains='Dinner at eight?'), ann.everything())
    check('with how far it has come', ann.sees('Delivered to 2 of 2, read by 1'), ann.everything())
    screenshot('broadcasts')
    check('and who', insist(open_first, lambda: ann.look_for('list', 'Who got it')), ann.everything())
    check('has read it', ann.find('label', 'Read') and ann.find('label', 'Delivered'), ann.everything())
    screenshot('broadcast-recipients')
    cy.ok('read', **{'with': cy.other})
    check('it follows what happens', ann.sees('Delivered to 2 of 2, read by 2'), ann.everything())
    ann.press('Take off this list')
    check('it can be taken off the list', ann.sees('Nothing Sent to Several Yet'), ann.everything())
    ann.close(SENT, 'label', 'Nothing Sent to Several Yet')
    check('and stays in the conversation', ann.has_message('Dinner at eight?'), ann.messages())
finally:
    for person in people:
        person.leave()
finish()
