#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""@name and /words in the composer: what is meant for one person reaches nobody else."""

import os
import sys

from person import Person, check, finish, insist, let_in, screenshot, wait
from accessible import SELECTED

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

COMPOSER = 'Message text'
OFFER = 'People to write to in private'
people = []


def offered():
    """Names, the chosen one in brackets."""
    box = ann.look_for('list', OFFER)
    return [f'[{row.name}]' if row.has(SELECTED) else row.name for row in box.children] if box else []


def start(text):
    """Types, from nothing."""
    def type_it():
        ann.focus()
        ann.click_at(ann.find('text', COMPOSER))
        ann.find('text', COMPOSER).set_text('')
        ann.type(text)
    return insist(type_it, lambda: ann.text(COMPOSER) == text)


def press_until(effect, *keys):
    return ann.key_until(effect, *keys)


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything())
    ben, box, cy = (let_in(ann, kith_cli.Person(name)) for name in ('Ben', 'Bea Box', 'Cy'))
    ann.select('Cy')

    start('@b')
    check('names are offered', wait(lambda: offered() == ['[Bea Box]', 'Ben']), offered())
    screenshot('mention')
    ann.key('Down')
    check('the next is chosen with a key', wait(lambda: offered() == ['Bea Box', '[Ben]']), offered())
    ann.key('Return')
    check('and taken', wait(lambda: ann.text(COMPOSER) == '@Ben '), ann.text(COMPOSER))
    check('then nothing is offered', wait(lambda: not offered()), offered())
    ann.type('for you')
    check('it is sent', press_until(lambda: not ann.text(COMPOSER), 'Return'), ann.text(COMPOSER))
    check('to Ben, in private', ben.event('message', text='for you') and ann.sees('Sent to Ben in private'),
          ann.everything())
    check('and is not shown to Cy', not any('for you' in row for row in ann.messages()), ann.messages())

    start('@bo')
    check('a later word counts as well', wait(lambda: offered() == ['[Bea Box]']), offered())
    ann.key('Tab')
    check('a name with a blank is put in quotes', wait(lambda: ann.text(COMPOSER) == '@"Bea Box" '), ann.text(COMPOSER))
    ann.type('and you')
    press_until(lambda: not ann.text(COMPOSER), 'Return')
    check('it goes there', box.event('message', text='and you'))

    start('@be')
    wait(offered)
    ann.key('Escape')
    check('the offer can be refused', wait(lambda: not offered()) and ann.text(COMPOSER) == '@be', offered())

    start('@nobody a secret')
    check('an unknown name is asked about', press_until(lambda: ann.look_for('label', 'Nobody Is Called “nobody”'), 'Return'),
          ann.everything())
    screenshot('mention-unknown')
    ann.press('Cancel')
    check('and nothing is lost', wait(lambda: ann.text(COMPOSER) == '@nobody a secret'), ann.text(COMPOSER))
    start('/block cy')
    check('so is an unknown word', press_until(
        lambda: ann.look_for('label', 'This Window Does Not Know “/block”'), 'Return'), ann.everything())
    ann.press('Send to Cy as It Is')
    check('which can be sent as it is', cy.event('message', text='/block cy'))
    ann.write('@@all')
    check('a doubled sign is one', cy.event('message', text='@all'))
    ann.write('/chat bea box')
    check('a word opens a conversation', ann.find('push button', contains='Bea Box, Online. Contact details'),
          ann.everything())
    ann.write('/online')
    check('or lists who is online', ann.find('list item', contains='Ben, Online'), ann.everything())
    start('/broadcast Hello all')
    check('or prepares a text for several', press_until(lambda: ann.look_for('text', 'Message to all of them'), 'Return')
          and ann.sees('3 of 3 chosen') and ann.text('Message to all of them') == 'Hello all', ann.everything())
    ann.close('Message Several People', 'text', 'Message to all of them')
    start('/help')
    check('or tells which there are', press_until(lambda: ann.look_for('label', 'Words in the Composer'), 'Return'),
          ann.everything())
    screenshot('words')
    check('only what was meant for Cy came to Cy',
          [m['text'] for m in cy.ok('history', **{'with': cy.other})['messages']] == ['/block cy', '@all'])
finally:
    for person in people:
        person.leave()
finish()
