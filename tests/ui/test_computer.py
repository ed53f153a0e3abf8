#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to the computer: the window that comes up before a profile is open looks like the last one, and there is
nothing else to be learnt from what is kept for that. A profile that is carried about, or nowhere, changes nothing of it."""

import configparser
import os
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, screenshot, wait
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PASSPHRASE = 'correct horse'
SIZE = (900, 620)

folder = tempfile.mkdtemp(prefix='kith-ui-')
home = os.path.join(os.environ['XDG_DATA_HOME'], 'kith', 'ann')
kept = os.path.join(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings', 'keyfile')
people = []


def start(*arguments, environment=None, **keywords):
    person = Person('--listen', '127.0.0.1:0', *arguments, environment={
        'GSETTINGS_BACKEND': 'keyfile', **(environment or {})}, **keywords)
    people.append(person)
    return person


def brightness():
    """0 to 255, of the whole window."""
    grey = subprocess.run(['import', '-silent', '-window', ann.x_window(), '-colorspace', 'gray', '-resize', '1x1!',
                           '-depth', '8', 'gray:-'], capture_output=True, check=False).stdout
    return grey[0] if grey else None


def is_dark():
    return wait(lambda: brightness() < 90)


def size():
    area = ann.geometry(ann.window)
    return area['WIDTH'], area['HEIGHT']


def text_height():
    return ann.find('label', 'Kith Is Locked').box()[3]


def read_kept():
    with open(kept, 'rb') as file:
        return file.read()


def enter():
    ann.focus()
    ann.enter('Passphrase', PASSPHRASE)
    ann.key('Return')
    return ann.port() > 0


try:
    kith_cli.Person('Ann', profile=home, passphrase=PASSPHRASE).quit()
    ann = start(profile=home)
    check('on the first day the window is light', wait(lambda: brightness() > 150), brightness)
    check('of the usual size', size() == (960, 640), size())
    usual = text_height()
    check('and nothing is kept', not os.path.exists(kept))
    check('Ann unlocks it', enter(), ann.everything())
    preferences = Preferences(ann)
    check('she likes it dark', preferences.open('Appearance') and preferences.pick('Colors', 'Dark', 'Down'), ann.everything())
    check('with larger text', preferences.pick('Text Size', 'Twice as Large', 'Down'), ann.everything())
    ann.close('Preferences', 'list item', 'Appearance')
    check('and the window smaller', ann.place(0, SIZE), size())
    check('she ends in order', ann.leave() == 0)

    settings = configparser.ConfigParser()
    settings.read(kept)
    check('what is kept says that', dict(settings['chat/kith/Kith']) == {
        'colors': "'dark'", 'text-size': '200', 'window-width': str(SIZE[0]), 'window-height': str(SIZE[1])},
        read_kept() if os.path.exists(kept) else 'nothing')

    ann = start(profile=home)
    check('the next time it is dark before it is unlocked', is_dark(), brightness)
    check('with larger text', wait(lambda: text_height() > usual), ann.everything())
    check('of that size', wait(lambda: size() == SIZE), size())
    screenshot('computer-locked')
    check('and after it', enter() and is_dark() and wait(lambda: size() == SIZE), size())
    check('she ends in order again', ann.leave() == 0)

    # Who has nothing of their own yet, and who has it elsewhere
    before = read_kept()
    ann = start('--name', 'Ann')
    check('somebody who keeps nothing has it as the system does', wait(lambda: brightness() > 150), brightness)
    ann.place(0, (700, 560))
    check('they end in order', ann.leave() == 0)
    check('and change nothing', read_kept() == before)

    ann = start('--name', 'Ann', profile=os.path.join(folder, 'stick'))
    check('a first run on a stick is dark', is_dark(), brightness)
    ann.press('Without a Passphrase…')
    check('it opens', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    check('and is as the system is, since nothing else was chosen there', wait(lambda: brightness() > 150), brightness)
    ann.place(0, (700, 560))
    check('it ends in order', ann.leave() == 0)
    check('and the computer knows nothing of it', read_kept() == before)

    # A program on a stick, on a computer without a Kith: GLib would end one that asks for its schema.
    empty = os.path.join(folder, 'empty')
    os.mkdir(empty)
    ann = start(profile=home, environment={'GSETTINGS_SCHEMA_DIR': empty})
    check('where there is no schema it comes up, and can be unlocked', enter(), ann.everything())
    check('it is dark from then on', is_dark(), brightness)
    check('and ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
