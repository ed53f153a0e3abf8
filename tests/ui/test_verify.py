#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making sure of a friend: four words, the number, and somebody with the same name."""

import os
import shutil
import subprocess
import sys
import tempfile

from accessible import Ear
from person import BUS, Person, check, finish, hears, let_in, screenshot

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402


def see_words():
    """What Ann is shown, when Ben has agreed."""
    words = ben.event('words', state='words')['words']
    check('the same words are on both sides', ann.sees(words), ann.everything())
    check('they are said with the question', hears(ear, 'exactly these words?\n' + words), ear.heard)
    return words


def paste(code, effect):
    """A picture of a QR code that was copied somewhere."""
    picture = os.path.join(folder, 'code.png')
    subprocess.run(['qrencode', '-s', '6', '-o', picture, code], check=True)
    clipboard = subprocess.Popen(['xclip', '-quiet', '-selection', 'clipboard', '-t', 'image/png', picture],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pasted = ann.key_until(effect, 'ctrl+v', title='Verify')
    clipboard.terminate()
    clipboard.wait()
    return pasted


ear = Ear(BUS)
folder = tempfile.mkdtemp(prefix='kith-ui-')
people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben'))

    check('Ben asks to compare words', ben.ok('words', who='Ann')['state'] == 'waiting')
    check('Ann is told', ann.sees('Ben would like to compare words'), ann.everything())
    check('nothing has opened by itself', not ann.look_for('label', 'With Four Words'))
    screenshot('verify-asked')
    check('she can do it another time', ann.press('Not Now') and ann.is_gone('push button', 'Not Now')
          and ben.event('words', state='ended'), ann.everything())
    ben.ok('words', who='Ann')
    ann.place(0, (360, 700))
    check('it stands there in a narrow window as well', ann.find('push button', 'Not Now'), ann.everything())
    screenshot('verify-asked-narrow')
    ann.place(0, (960, 640))
    check('she agrees', ann.press('Accept') and ann.sees('With Four Words'), ann.everything())
    first = see_words()
    screenshot('verify-words')
    check('they are different', ann.press('They Are Different'), ann.everything())
    check('she is warned', ann.sees('Somebody may be between you'), ann.everything())
    check('and hears all of it', hears(ear, 'The words were different.\nSomebody may be between you'), ear.heard)
    ben.event('words', state='different')
    screenshot('verify-different')
    check('nobody is verified', ann.sees('Not verified'))

    check('once more', ann.press('Compare Words'), ann.everything())
    ben.event('words', state='asked')
    ben.ok('words', who='Ann', answer='yes')
    check('with other words', see_words() != first)
    ben.ok('words', who='Ann', answer='no')
    check('she is warned of what Ben says as well', ann.sees('Somebody may be between you'), ann.everything())

    check('Ben asks again', ben.ok('words', who='Ann')['state'] == 'waiting'
          and ann.find('push button', 'Compare Now'), ann.everything())
    check('which takes no warning away', ann.look_for('label', contains='Somebody may be between you'),
          ann.everything())
    check('she agrees again', ann.press('Compare Now'), ann.everything())
    see_words()
    check('the warning was of the words before', ann.is_gone('label', contains='Somebody may be between you'),
          ann.everything())
    check('they are the same', ann.press('They Are the Same'), ann.everything())
    ben.ok('words', who='Ann', answer='yes')
    check('Ben is verified', ann.sees('Verified by words'), ann.everything())
    check('Ann hears that as well', hears(ear, 'Verified by words'), ear.heard)
    screenshot('verified')

    eve = kith_cli.Person('Eve')
    eve_code = eve.ok('status')['id']
    check('the code of somebody else is seen',
          paste('KITH:V/' + eve_code.upper(), lambda: ann.look_for('label', contains='code of somebody else')),
          ann.everything())
    screenshot('verify-somebody-else')
    check('and changes nothing', ann.sees('Verified by words'), ann.everything())
    code = ben.ok('safety', who='Ann')['code']
    check('his own code is taken',
          paste(code, lambda: ann.look_for('label', contains='Verified by the QR code')), ann.everything())

    ann.press('Take Back…')
    check('it can be taken back', ann.press('Take Back') and ann.sees('Not verified'), ann.everything())
    check('and be done again by the number', ann.press('All Digits Are the Same')
          and ann.sees('Verified by the number'), ann.everything())
    check('the dialog closes', ann.close('Verify', 'label', 'With Four Words'))
    ann.press(contains='Ben, ')
    check('the details say so', ann.sees('Verified by the number'), ann.everything())
    screenshot('contact-verified')
    ann.close('Contact Details', 'text', 'Note')
    check('the list says so', ann.row('Online, Verified'), ann.everything())
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
