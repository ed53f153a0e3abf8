#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a message again: in a conversation and everywhere, by keyboard, with a jump to it."""

from person import Person, befriend, check, finish, screenshot, wait

N_LINES = 130

people = []


def look_up(person, text):
    """Also what the keyboard has no key for."""
    entry = person.find('entry', 'Search this conversation')
    return wait(lambda: entry.text() == text or entry.set_text(text) and False)


def hits(person):
    found = person.look_for('list', 'Messages found')
    return [row.name for row in found.children] if found is not None else []


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

    ben.write('incomprehensible')
    ben.write('hens')
    ben.find('text', 'Message text').set_text('我们在北京见面')
    ben.focus()
    ben.key('Return')
    check('Chinese arrives', ann.has_message('我们在北京见面'), ann.messages()[-3:])
    check('the conversation is searched again', ann.key_until(
        lambda: ann.look_for('entry', 'Search this conversation'), 'ctrl+f'), ann.everything())
    check('a piece of it is found', look_up(ann, '京见') and wait(lambda: '我们在北京见面' in str(hits(ann))), hits(ann))
    screenshot('search-chinese')
    look_up(ann, 'hens')
    check('a word is found, and then what has it inside of another', wait(
        lambda: [name.count('incomprehensible') for name in hits(ann)] == [0, 1]), hits(ann))
    look_up(ann, 'needle')
    check('a hit is there to be clicked', wait(lambda: 'The needle is' in str(hits(ann))), hits(ann))
    ann.click_at(ann.look_for('list', 'Messages found').children[0])
    check('and a click opens it', ann.is_in_view('The needle is'), ann.messages()[:3])

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
