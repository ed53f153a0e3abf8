#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who can reach me: choosing it, and dialling somebody who asks for a passphrase."""

from accessible import DESCRIBED_BY, LABELLED_BY, Ear
from person import BUS, Person, check, finish, hears, insist, screenshot, wait

TITLE = 'Preferences'
ROW = 'Passphrase for Friends'
THEIRS = 'Their Passphrase (Optional)'


def show_preferences(person):
    def act():
        person.focus(TITLE)
        person.click_at(person.look_for('list item', 'Privacy'), person.x_window(TITLE))
    person.key_until(lambda: person.look_for('list item', 'Privacy'), 'ctrl+comma')
    return insist(act, lambda: person.look_for('label', 'Who Can Reach Me'))


def choose(person, name, effect):
    def act():
        person.focus(TITLE)
        person.click_at(person.look_for('check box', name), person.x_window(TITLE))
    return insist(act, effect)


def apply_passphrase(person, text, effect):
    def act():
        person.focus(TITLE)
        person.click_at(person.look_for('text', ROW), person.x_window(TITLE))
        person.enter(ROW, text)
        person.key('Return')
    return insist(act, effect)


def shown(person):
    """The passphrase, as the preferences have it now; '' when they have none."""
    row = person.look_for('text', ROW)
    return row.text() if row else ''


def is_gone(person):
    return not person.look_for('text', ROW)


ear = Ear(BUS)
people = []
try:
    ben = Person('--name', 'Ben', '--listen', '127.0.0.1:0')
    people.append(ben)
    port = ben.port()
    check('the preferences say who can reach me', show_preferences(ben), ben.everything())
    check('everyone, and no passphrase is shown', is_gone(ben))
    check('a passphrase is made', choose(ben, 'Only With the Passphrase',
                                         lambda: len(shown(ben).split()) == 4), ben.everything())
    made = ben.text(ROW)
    screenshot('reach')
    check('it is copied', ben.press('Copy the Passphrase') and ben.sees('Passphrase copied'), ben.everything())
    check('which is said', hears(ear, 'Passphrase copied'), ear.heard)
    check('it is renewed', ben.press('Make a New Passphrase')
          and wait(lambda: shown(ben) != made and len(shown(ben).split()) == 4), ben.everything())
    check('a short one is answered', apply_passphrase(
        ben, 'short', lambda: ben.look_for('label', contains='A passphrase has at least 8 characters')))
    check('in words as well, to which the entry leads', hears(ear, 'A passphrase has at least 8 characters')
          and wait(lambda: ben.look_for('text', ROW).related(DESCRIBED_BY)), ear.heard)
    check('a switch has the title of its row for a label', wait(
        lambda: ben.look_for('check box', 'Appear Offline').related(LABELLED_BY)), ben.everything)
    check('one of my own is taken', apply_passphrase(
        ben, 'correct horse', lambda: ben.look_for('label', 'Passphrase changed')), ben.everything())
    check('contacts only hides it', choose(ben, 'Contacts and Invites Only', lambda: is_gone(ben)))
    check('and it is still there', choose(ben, 'Only With the Passphrase',
                                          lambda: shown(ben) == 'correct horse'), ben.everything())
    ben.close(TITLE, 'list item', 'Privacy')

    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', x=700)
    people.append(ann)
    ann.port()
    ann.connect('127.0.0.1', port)
    check('without it there is silence, and why that may be',
          ann.sees('They may ask for a passphrase'), ann.everything())
    screenshot('reach-silence')
    ann.fill(THEIRS, 'something else')
    ann.press('Connect')
    check('a wrong one does not let in', ann.sees('You were not let in with this passphrase'), ann.everything())
    ann.fill(THEIRS, 'correct horse')
    ann.press('Connect')
    check('the right one does', ben.row('Request from Ann'), ben.everything())
    check('all leave in order', ann.leave() == 0 and ben.leave() == 0)
finally:
    for person in people:
        person.leave()
finish()
