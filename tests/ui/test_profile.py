#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile over several starts: the pause after wrong passphrases, a second start that brings the
first window to the front, what was open, and a jump to a day."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

from person import KITH, Person, check, finish, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PASSPHRASE = 'correct horse'
PAUSE_S = 3

folder = tempfile.mkdtemp(prefix='kith-ui-')
people = []


def start(*arguments, **keywords):
    person = Person('--listen', '127.0.0.1:0', *arguments, **keywords)
    people.append(person)
    return person


def try_wrong(person, words):
    wait(lambda: person.is_sensitive('text', 'Passphrase'))
    person.focus()
    person.enter('Passphrase', words)
    person.key('Return')


def three_wrong(locked):
    """Typed, one after the other; and what is said of the pause: what it protects, and what not."""
    ann = start(profile=locked)
    for left in ('2 tries left', '1 try left'):
        try_wrong(ann, f'wrong horse {left}')
        check(f'a wrong passphrase is told, with {left}', ann.sees(f'{left} before a pause')
              and ann.sees('That is not the passphrase'), ann.everything())
    try_wrong(ann, 'wrong horse at last')
    words = ann.sees('Too many wrong passphrases. Try again in ')
    check('after the third there is a pause', words, ann.everything())
    words = words.name if words else ''
    check('it is said what it protects from', 'stops somebody at this keyboard' in words, words)
    check('and what not', 'does not protect a copy of the files: only the passphrase does' in words, words)
    check('nothing can be tried', not ann.is_sensitive('push button', 'Unlock'), ann.everything())
    screenshot('three-wrong')
    check('Ann ends in order in it', ann.leave() == 0)
    ann = start(profile=locked)
    check('a new start does not end it', ann.sees('Too many wrong passphrases. Try again in ')
          and not ann.is_sensitive('push button', 'Unlock'), ann.everything())
    check('Ann ends in order once more', ann.leave() == 0)


def pause():
    locked = os.path.join(folder, 'locked')
    kith_cli.Person('Ann', profile=locked, passphrase=PASSPHRASE).quit()
    three_wrong(locked)
    with open(os.path.join(locked, 'attempts'), 'w', encoding='ascii') as file:
        file.write(f'3 {int(time.time()) + 40}\n')
    ann = start(profile=locked)
    check('the pause is told', ann.sees('Too many wrong passphrases. Try again in '), ann.everything())
    check('while nothing can be tried', not ann.is_sensitive('push button', 'Unlock'))
    screenshot('pause')
    ann.place(0, (360, 640))
    screenshot('pause-narrow')
    seconds = ann.look_for('label', contains='Try again in ').name
    check('the seconds are counted', wait(
        lambda: ann.look_for('label', contains='Try again in ').name != seconds), seconds)
    check('Ann ends in order', ann.leave() == 0)

    with open(os.path.join(locked, 'attempts'), 'w', encoding='ascii') as file:
        file.write(f'3 {int(time.time()) + PAUSE_S}\n')
    ann = start(profile=locked)
    check('the pause ends', ann.is_gone('label', contains='Too many wrong'), ann.everything())
    ann.focus()
    ann.enter('Passphrase', PASSPHRASE)
    ann.key('Return')
    check('then the passphrase opens', ann.port() > 0, ann.everything())
    check('Ann ends in order after it', ann.leave() == 0)


def make_days(profile):
    kith_cli.Person('Ann', profile=profile, listen=None).quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], profile, '3000', '3'], check=True,
                   stdout=subprocess.DEVNULL)


def come_twice(profile):
    first = start(profile=profile, shared=True)
    check('the first one opens', first.row('Friend 2'), first.everything())
    other = start('--name', 'Ben', '--ephemeral')
    other.focus()
    second = subprocess.run([KITH, '--profile', profile], timeout=10, check=False)
    check('a second start ends at once', second.returncode == 0, second.returncode)
    active = wait(lambda: subprocess.run(['xdotool', 'getwindowfocus'], capture_output=True, text=True,
                                         check=False).stdout.strip() == first.window)
    check('and the first window has the focus', active)
    check('Ben ends in order', other.leave() == 0)
    return first


def come_back(first, profile):
    first.select('Friend 2')
    check('a conversation is open', first.find('push button', contains='Friend 2, '), first.everything())
    check('the first one ends in order', first.leave() == 0)
    again = start(profile=profile)
    check('it is open again', again.find('push button', contains='Friend 2, '), again.everything())
    return again


def jump(ann):
    check('the menu has a jump to a date', ann.pick('Conversation menu', 'Jump to Date…'),
          ann.everything())
    check('it begins with the last day', ann.sees('2023'), ann.everything())
    screenshot('jump-to-date')
    ann.click_in_popover(ann.find('label', '15'))
    screenshot('jump-chosen')
    ann.press('Jump to This Date')
    check('it leads to the first message of the day', ann.is_in_view('November 15, 2023')
          and not ann.is_in_view('November 16, 2023', timeout_s=0), ann.messages()[:3])
    screenshot('jumped')
    check('there is a way back', ann.press('Go to the newest message')
          and ann.is_in_view('00:12, toto'), ann.messages()[-2:])


try:
    pause()
    make_days(os.path.join(folder, 'days'))
    ann = come_twice(os.path.join(folder, 'days'))
    ann = come_back(ann, os.path.join(folder, 'days'))
    jump(ann)
    check('all ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
