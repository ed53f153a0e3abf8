#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Light or dark and larger text as the user chose, also the next time."""

import shutil
import subprocess
import tempfile

from person import Person, check, finish, insist, screenshot, wait, xdotool

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


def is_dark():
    return wait(lambda: brightness() < 90)


def scroll_to(row):
    """Turns the wheel until the row is clear of the bar at the bottom."""
    window = ann.x_window('Preferences')
    area = ann.geometry(window)

    def is_there():
        _, y, _, height = ann.look_for('combo box', row).box()
        return y + height < area['HEIGHT'] - 60
    for _ in range(20):
        if wait(is_there, .3):
            return
        xdotool('mousemove', '--window', window, area['WIDTH'] // 2, area['HEIGHT'] // 2, 'click', 5)


def pick(row, item, key):
    """The first or the last of the choices of a row: as often as one likes."""
    def choose():
        scroll_to(row)
        ann.focus('Preferences')
        ann.click_at(ann.look_for('combo box', row), ann.x_window('Preferences'))
        ann.key(key, key, key, key, 'Return')
    return insist(choose, lambda: any(label.role == 'label' and label.name == item and label.is_shown()
                                      for label in ann.look_for('combo box', row).walk()))


def page(name):
    def act():
        ann.focus('Preferences')
        ann.click_at(ann.look_for('page tab', name), ann.x_window('Preferences'))
    return insist(act, lambda: ann.look_for('label', 'Appearance'))


def open_preferences(name):
    return ann.key_until(lambda: ann.look_for('page tab', name), 'ctrl+comma') and page(name)


try:
    ann = start('--name', 'Ann')
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ann.place(0, (900, 600))
    row = ann.find('push button', contains='Reachable at ')
    height = row.box()[3]

    # Appearance
    check('the window is light', brightness() > 150, brightness)
    check('appearance is in the preferences', open_preferences('General'), ann.everything())
    screenshot('preferences-general')
    check('dark can be chosen', pick('Colors', 'Dark', 'Down'), ann.everything())
    check('text can be larger', pick('Text Size', 'Twice as Large', 'Down'), ann.everything())
    check('it grows at once', wait(lambda: ann.look_for('push button', contains='Reachable at ').box()[3] > height))
    ann.close('Preferences', 'page tab', 'General')
    check('and is dark', is_dark(), brightness)
    check('Ann ends in order', ann.leave() == 0)

    ann = start()
    check('the next time as well', is_dark(), brightness)
    check('with larger text', wait(lambda: ann.look_for('push button', contains='Reachable at ').box()[3] > height))
    check('the way back', open_preferences('General') and pick('Colors', 'Like the System', 'Up')
          and pick('Text Size', 'Small', 'Up'), ann.everything())
    ann.close('Preferences', 'page tab', 'General')
    check('is light', wait(lambda: brightness() > 150), brightness)
    check('Ann ends in order again', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
