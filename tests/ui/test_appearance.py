#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Light or dark and larger text as the user chose, also the next time."""

import shutil
import subprocess
import tempfile

from accessible import FOCUSED, SELECTED
from person import Person, check, finish, screenshot, wait
from preferences import Preferences

folder = tempfile.mkdtemp()
profile = folder + '/ann'
people = []


def start(*arguments):
    person = Person('--listen', '127.0.0.1:0', *arguments, profile=profile)
    people.append(person)
    return person


def brightness():
    """0 to 255, of the whole window."""
    window = ann.x_window('Ann – Kith')
    grey = subprocess.run(['import', '-silent', '-window', window, '-colorspace', 'gray', '-resize', '1x1!', '-depth', '8',
                           'gray:-'], capture_output=True, check=False).stdout
    return grey[0] if grey else None


def is_on_row():
    return ann.look_for('list item', 'Appearance').has(FOCUSED)


def is_dark():
    return wait(lambda: brightness() < 90)


try:
    ann = start('--name', 'Ann')
    preferences = Preferences(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ann.place(0, (900, 600))
    row = ann.find('push button', contains='Reachable at ')
    height = row.box()[3]

    # Appearance
    check('the window is light', brightness() > 150, brightness)
    check('appearance is in the preferences', preferences.open('Appearance'), ann.everything())
    check('Tab leads from the list into the page, and chooses no other', ann.key_until(is_on_row, 'shift+Tab', title='Preferences')
          and ann.key_until(lambda: not is_on_row(), 'Tab', title='Preferences')
          and ann.look_for('list item', 'Appearance').has(SELECTED), ann.everything())
    check('and back to it', ann.key_until(is_on_row, 'shift+Tab', title='Preferences')
          and ann.key_until(lambda: not is_on_row(), 'shift+Tab', title='Preferences')
          and ann.look_for('list item', 'Appearance').has(SELECTED), ann.everything())
    screenshot('preferences-appearance')
    check('dark can be chosen', preferences.pick('Colors', 'Dark', 'Down'), ann.everything())
    check('text can be larger', preferences.pick('Text Size', 'Twice as Large', 'Down'), ann.everything())
    check('it grows at once', wait(lambda: ann.look_for('push button', contains='Reachable at ').box()[3] > height))
    ann.close('Preferences', 'list item', 'Appearance')
    check('and is dark', is_dark(), brightness)
    check('Ann ends in order', ann.leave() == 0)

    ann = start()
    preferences = Preferences(ann)
    check('the next time as well', is_dark(), brightness)
    check('with larger text', wait(lambda: ann.look_for('push button', contains='Reachable at ').box()[3] > height))
    check('the way back', preferences.open('Appearance') and preferences.pick('Colors', 'Like the System', 'Up')
          and preferences.pick('Text Size', 'Small', 'Up'), ann.everything())
    ann.close('Preferences', 'list item', 'Appearance')
    check('is light', wait(lambda: brightness() > 150), brightness)
    check('Ann ends in order again', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
