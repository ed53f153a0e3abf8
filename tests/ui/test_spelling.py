#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misspelt words: underlined after a pause, corrected from the menu, taught, or left alone."""

import os
import subprocess
import sys

from accessible import CHECKED
from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

people = []


def underlined():
    """The words with a wavy line, as a screen reader is told."""
    view = ann.look_for('text', 'Message text')
    text, words, offset = view.text(), [], 0
    while offset < len(text):
        attributes, start, end = view.call('Text.GetAttributeRun', '(ib)', offset, True)
        if attributes.get('underline') == 'error':
            words.append(text[start:end])
        offset = max(end, offset + 1)
    return words


def menu_at(word, item):
    """With the right button of the mouse on the first character."""
    def click():
        ann.focus()
        ann.key('Escape')
        view = ann.look_for('text', 'Message text')
        left, top, _, height = view.box()
        offset = view.text().index(word)
        # All stands in one line, of letters about as wide as each other.
        xdotool('mousemove', '--window', ann.window, left + 18 + offset * 8, top + height // 2, 'click', 3)
    return insist(click, lambda: ann.look_for('menu item', item))


if not os.path.exists('/usr/share/hunspell/en_US.dic'):
    print('1..0 # SKIP hunspell-en-us is not installed')
    sys.exit(0)

try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', environment={'LANGUAGE': 'en_US'})
    people.append(ann)
    ben = let_in(ann, kith_cli.Person('Bennfred', '--ephemeral'))
    ann.focus()
    ann.type('freind ')
    check('a misspelt word is underlined', wait(lambda: underlined() == ['freind']), underlined())
    ann.type('of Bennfred, `wrogn` ysterday')
    check('a name and code are not', wait(lambda: ann.text('Message text').endswith('ysterday')))
    check('nor what is still written', wait(lambda: underlined() == ['freind']), underlined())
    ann.type(' ')
    check('until it is done', wait(lambda: underlined() == ['freind', 'ysterday']), underlined())
    check('the menu has what is meant', menu_at('freind', 'friend'), ann.everything())
    screenshot('spelling')
    check('also where the cursor is', ann.key_until(lambda: ann.look_for('menu item', 'friend') is None, 'Escape')
          and ann.key_until(lambda: ann.look_for('menu item', 'friend'), 'Home', 'shift+F10'), ann.everything)
    check('and puts it there', ann.look_for('menu item', 'friend').act()
          and wait(lambda: ann.text('Message text').startswith('friend of')), ann.everything())
    check('that one is right', wait(lambda: underlined() == ['ysterday']), underlined())
    ann.find('text', 'Message text').set_text('so freind is')
    check('what is put there is checked as well', wait(lambda: underlined() == ['freind']), underlined())
    check('a word can be taught', menu_at('freind', 'Add to Dictionary')
          and ann.look_for('menu item', 'Add to Dictionary').act() and wait(lambda: underlined() == []), underlined())
    found = subprocess.run(['grep', '-rl', 'freind', os.environ['HOME']], capture_output=True, text=True, check=False)
    check('no file on the disk has it', not found.stdout, found.stdout)
    ann.find('text', 'Message text').set_text('a freind frend too')
    check('it is known', wait(lambda: underlined() == ['frend']), underlined())

    check('the preferences open', Preferences(ann).open('Appearance'), ann.everything())
    check('there is a switch', ann.find('check box', contains='Check Spelling'), ann.everything())
    screenshot('spelling-preferences')
    check('what was added is shown', ann.sees('freind'), ann.everything())
    check('and forgotten', ann.choose('Forget the Words', 'Preferences', lambda: not ann.look_for(
        'list item', contains='Forget the Words')), ann.everything())
    check('it can be switched off', ann.choose('Check Spelling', 'Preferences', lambda: not ann.look_for(
        'check box', contains='Check Spelling').has(CHECKED)), ann.everything())
    ann.close('Preferences', 'check box', None, 'Check Spelling')
    ann.find('text', 'Message text').set_text('a freind frend again')
    check('nothing is underlined then', wait(lambda: underlined() == []), underlined())
    check('she leaves in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
finish()
