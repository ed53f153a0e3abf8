#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the keys write Greek or Arabic letters, all that is done with Ctrl and a letter is done as well. Keys are
pressed by their place on the keyboard, as by a hand: xdotool would change the layout for a letter of another one.

usage: test_layouts.py gr | ara"""

import os
import shutil
import subprocess
import sys

from person import Person, check, finish, insist, let_in, screenshot, skip, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

COMPOSER = 'Message text'
# The place of each key, named as on an American keyboard.
CODES = {'a': 38, 's': 39, 'd': 40, 'x': 53, 'c': 54, 'v': 55, 'z': 52, 'n': 57, 'k': 45, 'f': 41, 'i': 31,
         'comma': 59, 'Escape': 9, 'End': 115}
LETTERS = {'gr': 'ασδ', 'ara': 'شسي'}
DIALOGS = {'jump': 'ctrl+k', 'join': 'ctrl+n', 'connect': 'ctrl+shift+n', 'address': 'ctrl+shift+i', 'invite': 'ctrl+i'}
# A layout with a comma has it in a place of its own.
COMMA = {'gr': 'ctrl+comma', 'ara': 'ctrl+shift+comma'}


def press(keys):
    """By their places: what holds another key down is where it is in every layout."""
    *held, key = keys.split('+')
    ann.key('+'.join([*held, str(CODES[key])]))


def do(keys, effect):
    """In the window, until the effect is seen."""
    def act():
        ann.focus()
        press(keys)
    return insist(act, effect)


def copied():
    return subprocess.run(['xclip', '-o', '-selection', 'clipboard'], capture_output=True, text=True, check=False,
                          timeout=5).stdout


def n_windows():
    return len(ann.tree().windows)


def start(letters):
    """Writes them, from nothing."""
    def write():
        ann.focus()
        ann.click_at(ann.find('text', COMPOSER))
        ann.find('text', COMPOSER).set_text('')
        for key in 'asd':
            press(key)
    return insist(write, lambda: ann.text(COMPOSER) == letters)


def edit(layout, letters):
    check(f'{layout}: keys write its letters', start(letters), ann.text(COMPOSER))
    press('ctrl+a')
    check(f'{layout}: they are copied', do('ctrl+c', lambda: copied() == letters), copied())
    check(f'{layout}: they are cut', do('ctrl+x', lambda: not ann.text(COMPOSER)), ann.text(COMPOSER))
    press('ctrl+v')
    check(f'{layout}: they are pasted', wait(lambda: ann.text(COMPOSER) == letters), ann.text(COMPOSER))
    press('ctrl+a')
    press('ctrl+x')
    check(f'{layout}: they are gone', wait(lambda: not ann.text(COMPOSER)), ann.text(COMPOSER))
    press('ctrl+z')
    check(f'{layout}: and come back', wait(lambda: ann.text(COMPOSER) == letters), ann.text(COMPOSER))
    screenshot(f'layout-{layout}')


def send(layout, letters):
    ann.key('Return')
    check(f'{layout}: they arrive', ben.event('message', text=letters), ann.everything())
    subprocess.run(['xclip', '-selection', 'clipboard', '-i'], input=b'something else', check=True,
                   stdout=subprocess.DEVNULL)

    def copy_message():
        ann.focus()
        ann.click_at(ann.find('text', COMPOSER))
        ann.key('shift+Tab')
        press('ctrl+c')
    check(f'{layout}: a message is copied', insist(copy_message, lambda: letters in copied()), copied())


def open_all(layout):
    for where, keys in {**DIALOGS, 'preferences': COMMA[layout]}.items():
        check(f'{layout}: {where} opens', do(keys, lambda: n_windows() > 1), ann.everything())
        ann.key_until(lambda: n_windows() == 1, 'Escape', title='')
    check(f'{layout}: one searches the conversation',
          do('ctrl+f', lambda: ann.look_for('entry', 'Search this conversation')), ann.everything())
    ann.key_until(lambda: not ann.look_for('entry', 'Search this conversation'), 'Escape')


if not shutil.which('setxkbmap'):
    skip('other layouts', 'setxkbmap is not installed')
    finish()
people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    ben = let_in(ann, kith_cli.Person('Ben'))
    ann.select('Ben')
    layout = sys.argv[1]
    # As one has it who writes two languages; the first is the one in use.
    subprocess.run(['setxkbmap', '-layout', f'{layout},us'], check=True)
    edit(layout, LETTERS[layout])
    send(layout, LETTERS[layout])
    open_all(layout)
finally:
    for person in people:
        person.leave()
finish()
