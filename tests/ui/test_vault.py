#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile on disk: the first run with a passphrase, a restart with a wrong and the right one,
locking, another passphrase, and somebody who comes second."""

import os
import shutil
import tempfile

from accessible import DESCRIBED_BY, FOCUSED, Ear
from person import BUS, Person, befriend, check, finish, hears, screenshot, wait
from preferences import Preferences

FIRST = 'correct horse'
SECOND = 'battery staple'
NOTE = 'Likes tea'

ear = Ear(BUS)
folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
people = []


def start(*arguments, **keywords):
    person = Person(*arguments, **keywords)
    people.append(person)
    return person


def unlock(person, passphrase):
    person.focus()
    person.enter('Passphrase', passphrase)
    person.key('Return')


try:
    ann = start('--listen', '127.0.0.1:0', profile=profile)
    check('the first run says what Kith is', ann.find('push button', 'Get Started'), ann.everything())
    check('and offers to restore', ann.find('push button', 'Restore from a Backup…'))
    screenshot('first-run')
    ann.place(0, (360, 640))
    screenshot('first-run-narrow')
    ann.place(0, (960, 640))
    check('then asks for a name', ann.key_until(lambda: ann.look_for('text', 'Your Name'), 'Return'),
          ann.everything())
    screenshot('first-run-name')
    check('Escape leads back', ann.key_until(lambda: ann.look_for('push button', 'Get Started'), 'Escape'))
    ann.key_until(lambda: ann.look_for('text', 'Your Name'), 'Return')
    ann.enter('Your Name', 'Ann')
    check('then for a passphrase', ann.key_until(lambda: ann.look_for('push button', 'Use This Passphrase'),
                                                 'Return') and ann.sees('Nobody can recover it'),
          ann.everything())
    check('Back keeps the name', ann.key_until(lambda: ann.look_for('text', 'Your Name'), 'alt+Left')
          and ann.text('Your Name') == 'Ann', ann.everything())
    ann.key_until(lambda: ann.look_for('push button', 'Use This Passphrase'), 'Return')
    check('not without one', not ann.is_sensitive('push button', 'Use This Passphrase'))
    ann.enter('New Passphrase', FIRST)
    ann.key('Return')
    ann.enter('Once More', 'correct house')
    check('the two have to be the same', ann.sees('The two are not the same'), ann.everything())
    check('which is said while one types', hears(ear, 'The two are not the same'), ear.heard)
    n_said = sum('The two are not the same' in heard for heard in ear.heard())
    ann.key('Return')
    check('and again with Enter', wait(lambda: sum('The two are not the same' in heard for heard in ear.heard()) > n_said),
          ear.heard)
    screenshot('setup')
    ann.place(0, (360, 640))
    screenshot('setup-narrow')
    ann.place(0, (960, 640))
    ann.enter('Once More', FIRST)
    ann.key('Return')
    check('Ann is there', ann.port() > 0, ann.everything())
    check('and sees what to do next', ann.find('push button', 'Invite a Friend')
          and ann.find('push button', 'Add a Friend'), ann.everything())
    screenshot('first-run-end')

    ben = start('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    check('Ben and Ann become contacts', befriend(ben, ann) and ben.sees('Online'), ben.everything())
    ben.write('Keep this')
    check('she gets a message', ann.has_message('Keep this'), ann.messages())
    ann.write('I will')
    check('he gets an answer', ben.has_message('I will'), ben.messages())
    ann.focus()
    ann.type('begun and not sent')

    second = start(profile=profile, environment={'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})
    second.place(0, (360, 640))
    check('a second one says who has it', second.sees(str(ann.process.pid)), second.everything())
    screenshot('in-use')
    check('and can be closed', second.press('Quit') is not None and second.process.wait(5) == 0)

    check('a note is begun', ann.press(contains='. Contact details') and ann.fill('Note', NOTE), ann.everything())
    check('and a name, which is not applied', ann.fill('Name Only You See', 'Benny'), ann.everything())
    check('Ann ends in order', ann.leave() == 0)
    ann = start('--listen', '127.0.0.1:0', profile=profile)
    check('a restart asks for the passphrase', ann.sees('Kith Is Locked'), ann.everything())
    check('and shows nobody', ann.look_for('list item', contains='Ben') is None)
    screenshot('locked')
    unlock(ann, 'wrong')
    check('a wrong one is told', ann.sees('2 tries left'), ann.everything())
    check('which is said', hears(ear, '2 tries left'), ear.heard)
    check('the passphrase leads to these words', wait(
        lambda: ann.look_for('text', 'Passphrase').related(DESCRIBED_BY)), ann.everything)
    screenshot('wrong-passphrase')
    ann.place(0, (360, 640))
    screenshot('locked-narrow')
    ann.place(0, (960, 640))
    unlock(ann, FIRST)
    check('the right one opens', ann.row('Ben'), ann.everything())
    check('where she was', ann.has_message('Keep this'), ann.everything())
    check('with all of it', ann.has_message('I will'), ann.messages())
    check('and the draft', wait(lambda: ann.text('Message text') == 'begun and not sent'))
    check('at its cursor', wait(lambda: ann.look_for('text', 'Message text').has(FOCUSED)), ann.everything)
    screenshot('unlocked')
    check('and the note', ann.press(contains='. Contact details')
          and wait(lambda: ann.text('Note') == NOTE), ann.everything())
    check('and the name', wait(lambda: ann.text('Name Only You See') == 'Benny'), ann.everything)
    check('which is nobody’s yet', not ann.look_for('list item', contains='Benny'), ann.everything)
    check('which can still be', wait(lambda: ann.look_for('push button', 'Apply')) is not None, ann.everything)
    screenshot('typed-before')
    ann.close('Contact Details', 'text', 'Note')

    check('the preferences open', Preferences(ann).open('Security')
          and ann.find('list item', 'Change the Passphrase…'), ann.everything())
    screenshot('preferences')
    check('the current passphrase is asked for', ann.choose(
        'Change the Passphrase…', 'Preferences', lambda: ann.look_for('text', 'Current Passphrase')),
        ann.everything())
    ann.focus('Change the Passphrase')
    for name, text in (('Current Passphrase', FIRST), ('New Passphrase', SECOND),
                       ('Once More', SECOND)):
        ann.enter(name, text)
        if name == 'Once More':
            screenshot('change-passphrase')
        ann.key('Return')
    check('the passphrase is changed', ann.sees('Passphrase changed'), ann.everything())
    check('and that is said', hears(ear, 'Passphrase changed'), ear.heard)
    ann.close('Preferences', 'list item', 'Change the Passphrase…')

    ann.press(contains='. Contact details')
    check('before a dialog', ann.find('text', 'Note'), ann.everything)
    gone = ann.key_until(lambda: ann.look_for('list item', contains='Ben') is None, 'ctrl+l', title='Contact Details')
    check('Ctrl+L locks', ann.sees('Kith Is Locked'), ann.everything())
    check('and nothing is left to see', gone
          and ann.look_for('label', contains='Keep this') is None, ann.everything())
    check('Ben sees her leave', ben.sees('Last seen today'), ben.everything())
    unlock(ann, FIRST)
    check('the old one opens nothing', ann.sees('not the passphrase'), ann.everything())
    unlock(ann, 'x' * 1100)
    check('nor does what is no passphrase', wait(lambda: ann.text('Passphrase') == '')
          and ann.sees('not the passphrase'), ann.everything())
    unlock(ann, SECOND)
    check('the new one does', ann.row('Ben'), ann.everything())
    check('and Ben is online again', ann.sees('Online', timeout_s=20), ann.everything())

    ann.find('text', 'Message text').set_text('')
    ann.focus()
    check('a message is edited', ann.key_until(lambda: ann.look_for('label', 'Editing'), 'Up'), ann.everything())
    ann.type(' and more')
    check('and Kith locked before it is saved', wait(lambda: ann.text('Message text') == 'I will and more')
          and ann.key_until(lambda: ann.look_for('list item', contains='Ben') is None, 'ctrl+l')
          and ann.sees('Kith Is Locked'), ann.everything())
    unlock(ann, SECOND)
    check('the edit is there again', ann.row('Ben') and ann.find('label', 'Editing')
          and wait(lambda: ann.text('Message text') == 'I will and more'), ann.everything())
    screenshot('edited-before')
    ann.focus()
    ann.key('Return')
    check('and can be saved', ben.has_message('I will and more'), ben.messages())
    check('Ann ends in order again', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
