#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a key of a passphrase takes its time and cannot be cancelled. When the computer goes to sleep while a profile is
made, the profile is locked and whole; who closes the window while one is unlocked does not wait, and it is not opened.
Where there is too little memory for it, nothing else is blamed."""

import os
import shutil
import signal
import sys
import tempfile

from accessible import Ear
from logind import Logind
from person import BUS, Person, check, finish, hears, screenshot, wait, xdotool

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PASSPHRASE = 'correct horse'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
slow = os.path.join(folder, 'slow')
hungry = os.path.join(folder, 'hungry')
logind = Logind()
ear = Ear(BUS)
people = []


def start(*arguments):
    person = Person('--listen', '127.0.0.1:0', *arguments, profile=profile, environment={
        **logind.environment, 'LD_PRELOAD': os.environ['KITH_SLOW_KEY'], 'KITH_TEST_SLOW_KEY': slow,
        'KITH_TEST_NO_KEY': hungry})
    people.append(person)
    return person


def hold_back():
    with open(slow, 'wb'):
        pass


def go_on():
    os.unlink(slow)


def is_open():
    return ann.look_for('push button', contains='Reachable at ')


def try_passphrase():
    ann.sees('Kith Is Locked')
    ann.focus()
    ann.enter('Passphrase', PASSPHRASE)
    ann.key('Return')


def is_trying():
    return wait(lambda: ann.look_for('text', 'Passphrase') and ann.is_sensitive('push button', 'Unlock') is False
                and ann.text('Passphrase') == '')


def ends_unseen(end):
    """A window that is closed by what end does is gone before the key is made."""
    hold_back()
    try_passphrase()
    check('a passphrase is tried', is_trying(), ann.everything)
    check('that it takes a moment is said', hears(ear, 'Checking the passphrase'), ear.heard)
    end()
    check('the window is gone at once', wait(lambda: not xdotool(
        'search', '--all', '--onlyvisible', '--pid', ann.process.pid, '--name', 'Kith').split()))
    check('though the key is still being made', ann.process.poll() is None)
    go_on()
    check('then the process ends, too', wait(lambda: ann.process.poll() is not None) and ann.process.returncode == 0,
          ann.process.returncode)
    check('nothing was wrong', not os.path.exists(os.path.join(profile, 'attempts')))


try:
    ann = start('--name', 'Ann')
    ann.find('push button', 'Use This Passphrase')
    hold_back()
    for name in ('New Passphrase', 'Once More'):
        ann.enter(name, PASSPHRASE)
        ann.key('Return')
    check('the computer waits while a profile is made', wait(logind.is_held) and not os.path.exists(
        os.path.join(profile, 'vault')), ann.everything)
    screenshot('slow-key-new')
    logind.announce(True)
    logind.settle(ann.process.pid, ann.everything, 10)
    check('also when it is to sleep', logind.is_held())
    go_on()
    check('it is locked as soon as it is there', ann.sees('Kith Is Locked') and wait(lambda: not logind.is_held()),
          ann.everything)
    screenshot('slow-key-locked')
    check('nothing of it is left to see', is_open() is None and os.path.exists(os.path.join(profile, 'vault')))
    logind.announce(False)
    try_passphrase()
    check('the passphrase opens it', wait(is_open), ann.everything)
    screenshot('slow-key-open')
    check('it is whole', ann.is_gone('text', 'Your Name'), ann.everything)
    check('Ann ends in order', ann.leave() == 0)
    owner = kith_cli.Person('Nobody', profile=profile, passphrase=PASSPHRASE, listen=None)
    check('and is who she wanted to be', owner.ok('status')['name'] == 'Ann')
    name = owner.id
    owner.quit()

    ann = start()
    ends_unseen(lambda: ann.key('ctrl+w'))
    ann = start()
    ends_unseen(lambda: ann.process.send_signal(signal.SIGTERM))
    ann = start()
    with open(hungry, 'wb'):
        pass
    try_passphrase()
    check('too little memory is told where the passphrase was', ann.sees('not enough memory')
          and ann.sees('Kith Is Locked') and ann.look_for('text', 'Passphrase'), ann.everything)
    screenshot('slow-key-memory')
    check('and is no wrong passphrase', not os.path.exists(os.path.join(profile, 'attempts')))
    os.unlink(hungry)
    try_passphrase()
    check('the next time it opens', wait(is_open), ann.everything)
    check('Ann ends in order again', ann.leave() == 0)
    owner = kith_cli.Person('Nobody', profile=profile, passphrase=PASSPHRASE, listen=None)
    check('with the same identity', owner.id == name)
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
