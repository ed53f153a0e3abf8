#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people, two processes: one enters the other's IP address and port, the other accepts, and
they write to each other."""

from accessible import Ear
from person import BUS, Person, check, finish, hears, screenshot, wait

ear = Ear(BUS)
people = []
try:
    ann = Person('--listen', '127.0.0.1:0')
    people.append(ann)
    check('the first start asks for a name', ann.find('text', 'Your Name'), ann.everything())
    check('without a name there is no start', not ann.is_sensitive('push button', 'Start'))
    screenshot('welcome')
    ann.focus()
    ann.type('Ann')
    ann.key('Return')
    check('Ann listens', ann.port() > 0, ann.everything())
    check('Ann is told how to begin', ann.find('push button', 'Invite a Friend'))
    screenshot('empty')

    ben = Person('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    people.append(ben)
    check('Ben listens', ben.port() > 0, ben.everything())

    endpoint = f'127.0.0.1:{ann.port()}'
    ann.key_until(lambda: ann.look_for('push button', f'Copy {endpoint}'), 'ctrl+shift+i')
    check('My Address shows what Ben has to enter', ann.sees(endpoint), ann.everything())
    ann.focus('My Address')
    check('it can be copied', ann.press(f'Copy {endpoint}'))
    check('and says so', ann.sees('Address copied') and hears(ear, 'Address copied'), ear.heard)
    screenshot('my-address')
    check('the dialog closes', ann.close('My Address', 'label', endpoint))  # after the toast

    check('Ben asks Ann', ben.connect('127.0.0.1', ann.port(), 'It is Ben from <b>school</b>'))
    check('his dialog closes', ben.is_gone('text', 'IP Address'), ben.everything())
    check('his conversation waits for an answer', ben.sees('Waiting for an answer'),
          ben.everything())
    ben.write('Written while waiting')
    check('what he writes now waits as well', ben.has_message('Written while waiting',
                                                              'Waiting to be sent'), ben.messages())

    check('Ann sees the request', ann.row('Request from Ben'), ann.everything())
    ann.select('Request from Ben')
    check('his words are text, not markup', ann.sees('It is Ben from <b>school</b>'),
          ann.everything())
    screenshot('request')
    check('Ann accepts', ann.press('Accept'))
    check('her conversation opens', ann.sees('Online'), ann.everything())
    check('Ben is told', ben.sees('Online'), ben.everything())

    check('what waited arrives', ann.has_message('Ben', 'Written while waiting'), ann.messages())
    check('and Ben sees that Ann read it', ben.has_message('Written while waiting', 'Read'),
          ben.messages())

    ann.write('Hello Ben')
    check('the composer is empty after Enter', wait(lambda: ann.text('Message text') == ''))
    check('Ben has it', ben.has_message('Ann', 'Hello Ben'), ben.messages())
    check('Ann sees that it was delivered', ann.has_message('Hello Ben', 'Delivered'),
          ann.messages())
    check('Ben, who looks elsewhere, has one unread', ben.row('1 unread message'), ben.everything())
    ben.focus()
    check('when he looks it is read', ann.has_message('Hello Ben', 'Read'), ann.messages())
    check('and nothing is unread', ben.is_gone('list item', contains='unread message'))

    ben.type('first line')
    ben.key('shift+Return')
    ben.type('second line')
    check('Shift+Enter breaks the line',
          wait(lambda: ben.text('Message text') == 'first line\nsecond line'))
    ben.key('Return')
    check('both lines arrive', ann.has_message('first line\nsecond line'), ann.messages())
    ben.write('<b>bold</b> & <a href="x">y</a>')
    check('markup arrives as text', ann.has_message('<b>bold</b> & <a href="x">y</a>'),
          ann.messages())
    ben.fill('Message text', 'Grüße 👋 שלום')
    ben.key('Return')
    check('any script arrives', ann.has_message('Grüße 👋 שלום'), ann.messages())

    for i in range(12):
        ben.write(f'line {i}')
    check('twelve lines arrive in order',
          wait(lambda: [row.split(', ')[2] for row in ann.messages() if 'line ' in row][-2:]
               == ['line 10', 'line 11']), ann.messages())
    ann.focus()
    ann.write('That is a lot')
    check('and an answer to them is read', ben.has_message('That is a lot')
          and wait(lambda: ben.focus() or ann.has_message('That is a lot', 'Read', timeout_s=1)))
    screenshot('two-people')

    check('Ben ends in order', ben.leave() == 0)
    check('Ann sees that he left', ann.sees('Last seen today'), ann.everything())
    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
finish()
