#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""In another language nothing is left in English, and from right to left all is mirrored.

usage: test_languages.py left-to-right | right-to-left | CODE
The first two show the window in a language made from the sources; a code, one of po/, to look at the pictures."""

import os
import subprocess
import sys
import tempfile

from languages import MadeUp, Real, find_english
from person import KITH, Person, check, finish, screenshot, wait

which = sys.argv[1]
SIZE, NARROW = (980, 700), (370, 640)  # 360, and what the shadow takes
DIALOGS = {'invite': 'ctrl+i', 'join': 'ctrl+n', 'connect': 'ctrl+shift+n', 'address': 'ctrl+shift+i',
           'jump': 'ctrl+k', 'preferences': 'ctrl+comma', 'help': 'F1', 'shortcuts': 'ctrl+question'}
LAST = 'And the little ticks tell me whether you have read this. Nice!'


def check_words(person, where):
    # What was just opened may still be filled.
    check(f'{where}: all of it is translated', wait(lambda: not find_english(language, person), 2),
          lambda: find_english(language, person))
    screenshot(f'language-{which}-{where}')


def n_windows(person):
    return len(person.tree().windows)


def visit(person, where, keys):
    """A dialog behind keys."""
    check(f'{where} opens', person.key_until(lambda: n_windows(person) > 1, keys))
    check_words(person, where)
    person.key_until(lambda: n_windows(person) == 1, 'Escape', title='')


def middle_of(person, role, name):
    x, _, width, _ = person.find(role, name).box()
    return x + width // 2


def tell_everything(ann):
    ann.place(0, SIZE)
    check_words(ann, 'welcome')
    ann.fill(language.say('Your Name'), 'Ann')
    ann.press(language.say('Start'))
    check('the window opens', ann.find('push button', language.say('Main menu')), ann.everything())
    check_words(ann, 'empty')
    for where, keys in DIALOGS.items():
        # What is made up has the same words in both directions.
        if where == 'preferences' or which != 'right-to-left':
            visit(ann, where, keys)


def talk(demo):
    check('two windows open', wait(lambda: n_windows(demo) == 2))
    # From right to left there may be characters around a name that keep it in its place.
    demo.window = demo.x_window('Ben.* – Kith')
    demo.place(SIZE[0])
    demo.window = demo.x_window('Ann.* – Kith')
    demo.place(0, SIZE)
    check('they have greeted each other', demo.row(language.say(LAST)), demo.everything())
    check_words(demo, 'conversation')
    sidebar, composer = (middle_of(demo, 'list', language.say('Conversations')),
                         middle_of(demo, 'text', language.say('Message text')))
    check('the list is where one begins to read', (sidebar > composer) == language.is_rtl, (sidebar, composer))
    demo.place(0, NARROW)
    check_words(demo, 'narrow')
    # A window that cannot be so narrow grows back.
    check('it fits a narrow screen', demo.geometry(demo.window)['WIDTH'] == NARROW[0], demo.geometry(demo.window))


with tempfile.TemporaryDirectory() as folder:
    language = Real(which) if '-' not in which else MadeUp(folder, which == 'right-to-left')
    told = subprocess.run([KITH, '--help'], env={**os.environ, **language.environment}, capture_output=True, text=True,
                          check=False).stdout
    check('the options are translated', language.say('Show the version and exit') in told, told)
    for do, arguments in ((tell_everything, ()), (talk, ('--demo',))):
        person = Person(*arguments, environment=language.environment)
        try:
            do(person)
        finally:
            person.leave()
finish()
