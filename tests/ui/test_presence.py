#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who writes, who is there, who wants to be shown as absent."""

import os
import sys

from person import Person, check, finish, insist, let_in, screenshot, wait
from accessible import CHECKED

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PREFERENCES = 'Preferences'
people = []


def names():
    rows = ann.look_for('list', 'Conversations')
    return [row.name.split(',')[0] for row in rows.children if row.name] if rows else []


def switch(name, on):
    def switched():
        return ann.look_for('check box', contains=name).has(CHECKED) == on
    return insist(lambda: ann.find('check box', contains=name).act(), switched)


def open_preferences():
    ann.key_until(lambda: ann.look_for('list item', 'Privacy'), 'ctrl+comma')

    def click():
        ann.focus(PREFERENCES)
        ann.click_at(ann.look_for('list item', 'Privacy'), ann.x_window(PREFERENCES))
    return insist(click, lambda: ann.look_for('list item', 'Appear Offline'))


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything())
    ben, cy = (let_in(ann, kith_cli.Person(name)) for name in ('Ben', 'Cy'))
    for friend in cy, ben:
        friend.ok('send', to=friend.other, text=f'Hello from {friend.name}')
        ann.row(f'Hello from {friend.name}')

    ben.ok('typing', to=ben.other)
    check('the list tells who writes', ann.row('Ben, Writing…'), ann.everything())
    screenshot('typing')
    ben.ok('typing', to=ben.other, on='off')
    check('and that it is over', ann.row('Ben, Online'), ann.everything())
    ann.select('Ben')
    ben.ok('typing', to=ben.other)
    check('the open conversation tells it too', ann.find('push button', contains='Ben, Writing…'), ann.everything())
    check('for six seconds', ann.find('push button', contains='Ben, Online'), ann.everything())
    ann.find('text', 'Message text')
    ann.focus()
    ann.type('Hel')
    check('the other side sees Ann write', ben.event('typing', on=True))
    ann.write('Hello Ben')
    check('and gets it', ben.event('message', text='Hello Ben'))

    ann.pick('Sort and filter', 'Online')
    check('who is online is listed', wait(lambda: sorted(names()) == ['Ben', 'Cy']), names())
    cy.quit()
    check('and no longer who went', wait(lambda: names() == ['Ben']), names())
    screenshot('online')
    ann.pick('Sort and filter', 'Last Hour')
    check('who was here within the hour is', wait(lambda: sorted(names()) == ['Ben', 'Cy']), names())
    ann.pick('Sort and filter', 'Everybody')

    check('there are preferences for it', open_preferences(), ann.everything())
    check('Ann appears offline', switch('Appear Offline', True), ann.everything())
    screenshot('privacy')
    check('to Ben', ben.event('peer-offline', id=ben.other) and ben.ok('online')['contacts'] == [])
    check('receipts are turned off', switch('Read Receipts', False), ann.everything())
    ann.close(PREFERENCES, 'list item', 'Appear Offline')
    check('Ann is reminded of it', ann.find('push button', contains='appearing offline'), ann.everything())
    message = ben.ok('send', to=ben.other, text='I know you are there')['message']
    check('messages come all the same', ann.has_message('I know you are there'), ann.messages())
    ann.click_at(ann.find('text', 'Message text'))
    ann.write('No')
    ben.event('message', text='No')
    check('but nothing says that they were read', ben.state_of(message) == 'delivered', ben.state_of(message))
    open_preferences()
    check('Ann is back', switch('Appear Offline', False), ann.everything())
    check('for Ben', ben.event('peer-online', id=ben.other))
finally:
    for person in people:
        person.leave()
finish()
