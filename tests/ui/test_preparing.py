#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile of an earlier version of Kith, whose database takes its time to be brought to this one: the window says what
it does, with a passphrase and without one, and then shows the conversation. What takes no time is not told of."""

import os
import shutil
import sys
import tempfile

from accessible import Ear
from person import BUS, Person, check, finish, hears, screenshot

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PASSPHRASE = 'correct horse'
WORDS = 'Preparing your history…'
SHIM = os.environ['KITH_SLOW_SCHEMA']

folder = tempfile.mkdtemp(prefix='kith-ui-')
slow = os.path.join(folder, 'slow')
ear = Ear(BUS)
people = []


def make_old(name, passphrase=None):
    """Of somebody with a message."""
    profile = os.path.join(folder, name)
    ann = kith_cli.Person('Ann', profile=profile, passphrase=passphrase,
                          environment={'LD_PRELOAD': SHIM, 'KITH_TEST_OLD_SCHEMA': '1'})
    ben = kith_cli.Person('Ben', '--ephemeral')
    kith_cli.befriend(ben, ann)
    ben.ok('send', to=ann.id, text='from before')
    ann.event('message')
    ann.quit()
    ben.quit()
    return profile


def start(profile):
    person = Person('--listen', '127.0.0.1:0', profile=profile,
                    environment={'LD_PRELOAD': SHIM, 'KITH_TEST_SLOW_SCHEMA': slow})
    people.append(person)
    return person


def hold_back():
    with open(slow, 'wb'):
        pass


try:
    profile = make_old('open')
    hold_back()
    ann = start(profile)
    check('without a passphrase the window says what it does', ann.sees(WORDS), ann.everything())
    bar = ann.find('progress bar', WORDS)
    check('and shows that it goes on', bar is not None, ann.everything())
    screenshot('preparing')
    ann.place(0, (360, 640))
    screenshot('preparing-narrow')
    ann.place(0, (960, 640))
    os.unlink(slow)
    check('then it shows who is there', ann.row('Ben'), ann.everything())
    ann.select('Ben')
    check('and what was said', ann.has_message('from before'), ann.messages())
    check('Ann ends in order', ann.leave() == 0)

    profile = make_old('locked', PASSPHRASE)
    hold_back()
    ann = start(profile)
    ann.sees('Kith Is Locked')
    check('a locked one waits for the passphrase', not ann.sees(WORDS, timeout_s=2), ann.everything())
    ann.focus()
    ann.enter('Passphrase', PASSPHRASE)
    ann.key('Return')
    check('and says it then', ann.sees(WORDS), ann.everything())
    check('aloud, too', hears(ear, WORDS), ear.heard)
    os.unlink(slow)
    check('the conversation comes', ann.row('Ben'), ann.everything())
    check('Ann ends in order once more', ann.leave() == 0)
    n_heard = sum(WORDS in heard for heard in ear.heard())
    hold_back()
    ann = start(profile)
    ann.sees('Kith Is Locked')
    ann.focus()
    ann.enter('Passphrase', PASSPHRASE)
    ann.key('Return')
    check('the next time there is nothing to prepare', ann.row('Ben')
          and sum(WORDS in heard for heard in ear.heard()) == n_heard, ear.heard)
    check('she leaves', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
