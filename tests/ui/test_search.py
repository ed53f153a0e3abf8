#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a message again: in a conversation and everywhere, by keyboard, with a jump to it."""

from person import Person, befriend, check, finish, screenshot, wait

N_LINES = 130

people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    ben = Person('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    people.append(ben)
    check('Ben and Ann become contacts', befriend(ben, ann) and ben.sees('Online'), ben.everything())

    ben.write('The *needle* is <b>here</b>')
    check('the first message arrives', ann.has_message('The needle is'), ann.messages())
    ben.write_lines([f'straw {i}' for i in range(N_LINES)])
    check('many more arrive', ann.has_message(f'straw {N_LINES - 1}', timeout_s=30),
          ann.messages()[-3:])

    check('Ctrl+F searches the conversation', ann.key_until(
        lambda: ann.look_for('entry', 'Search this conversation'), 'ctrl+f'), ann.everything())
    ann.type('nothing like it')
    check('nothing found is said', ann.sees('No message found'), ann.everything())
    ann.key('ctrl+a')
    ann.type('needl')
    check('the beginning of a word finds it', ann.row('The needle is <b>here</b>'), ann.everything())
    screenshot('search-conversation')
    ann.key('Down', 'Return')
    check('the list goes away', ann.is_gone('list', 'Messages found'))
    check('and the message is in view', ann.is_in_view('The needle is'), ann.messages()[:3])
    screenshot('search-jump')
    check('there is a way back to the newest', ann.press('Go to the newest message'))
    check('which works', ann.is_in_view(f'straw {N_LINES - 1}'), ann.messages()[-3:])

    ann.key('Escape')
    check('Ctrl+Shift+F searches everywhere', ann.key_until(
        lambda: ann.look_for('entry', 'Search people and messages'), 'ctrl+shift+f'), ann.everything())
    ann.type('straw 1')
    check('messages are found', ann.row('straw 1'), ann.everything())
    screenshot('search-everywhere')
    ann.place(0, (360, 640))
    screenshot('search-narrow')
    ann.place(0, (960, 640))
    ann.key('ctrl+a')
    ann.type('needle')
    hit = ann.row('The needle is')
    check('and the other one', hit and ann.is_gone('list item', contains='Ben, Online'),
          ann.everything())
    ann.key('Down', 'Return')
    check('Enter opens it', ann.is_in_view('The needle is'), ann.messages()[:3])
    ann.key('ctrl+shift+f', 'ctrl+a')
    ann.type('xyzzy')
    check('nothing at all is said as well', ann.find('panel', 'Nothing Found'), ann.everything())
    ann.key('Escape')
finally:
    for person in people:
        person.leave()
finish()
