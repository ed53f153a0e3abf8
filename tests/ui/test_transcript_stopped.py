#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A conversation that is being saved as a readable file: what becomes of it when the user closes the dialog, or the
computer goes to sleep meanwhile. Nothing of it is left, and who locked it without wanting that is told."""

import os
import shutil
import sys
import tempfile

from logind import Logind
from person import Person, check, finish, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PASSPHRASE = 'correct horse'
TITLE = 'Save as a Readable File'
CHOOSE = 'Choose a File and Save…'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
where = os.path.join(folder, 'where')
target = os.path.join(where, 'ben.txt')
slow = os.path.join(folder, 'slow')
logind = Logind()
people = []


def unlock():
    ann.focus()
    ann.enter('Passphrase', PASSPHRASE)
    ann.key('Return')
    return ann.port() > 0


def start():
    ann.pick('Conversation menu', 'Save as a Readable File…')
    return ann.press(CHOOSE) and ann.choose_file('Save, Not Encrypted', target, 'Save')


def begin_slowly(what):
    with open(slow, 'wb'):
        pass
    check(what, start() and ann.find('push button', 'Cancel') and wait(lambda: os.path.getsize(slow) > 0),
          lambda: ann.everything()[-600:])


def go_on():
    os.unlink(slow)


try:
    os.mkdir(where)
    kith_cli.Person('Ann', profile=profile, passphrase=PASSPHRASE).quit()
    ann = Person('--listen', '127.0.0.1:0', profile=profile, environment={
        **logind.environment, 'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_SLOW_WRITE': slow})
    people.append(ann)
    check('Ann is there', unlock(), lambda: ann.everything()[-600:])
    check('the computer waits for her', logind.is_asked.wait(10))
    ben = let_in(ann, kith_cli.Person('Ben'))
    ben.ok('send', to=ben.other, text='Hello from Ben')
    check('Ben writes', ann.has_message('Hello from Ben'), ann.messages())

    begin_slowly('a file is being written')
    screenshot('transcript-running')
    check('Escape cancels it', ann.key_until(lambda: not ann.is_sensitive('push button', 'Cancel'), 'Escape', title=TITLE),
          lambda: ann.everything()[-600:])
    go_on()
    check('and closes the dialog', ann.is_gone('push button', CHOOSE), lambda: ann.everything()[-600:])
    check('nothing is left of the file', os.listdir(where) == [], os.listdir(where))

    begin_slowly('another one is being written')
    check('it can be cancelled', ann.press('Cancel') and wait(lambda: not ann.is_sensitive('push button', 'Cancel')),
          lambda: ann.everything()[-600:])
    go_on()
    check('and begun again', wait(lambda: ann.is_sensitive('push button', CHOOSE)), lambda: ann.everything()[-600:])
    check('nothing is left of that one', os.listdir(where) == [], os.listdir(where))
    ann.close(TITLE, 'push button', CHOOSE)

    begin_slowly('a third one is being written')
    logind.announce(True)
    check('the computer goes to sleep: it is locked', ann.sees('Kith Is Locked'), lambda: ann.everything()[-600:])
    check('it waits for what was being written', logind.is_held())
    go_on()
    check('it sleeps when nothing is left of that', logind.may_sleep.wait(10) and os.listdir(where) == [],
          os.listdir(where))
    logind.announce(False)
    check('whoever comes back is told', unlock() and ann.sees('The conversation was not saved as a file'),
          lambda: ann.everything()[-600:])
    screenshot('transcript-stopped')
    ann.place(0, (360, 640))
    screenshot('transcript-stopped-narrow')
    ann.place(0, (960, 640))
    check('until it was read', ann.press('Dismiss') and ann.is_gone('push button', 'Dismiss'))

    ann.select('Ben')
    check('then it can be saved', start() and wait(lambda: os.listdir(where) == ['ben.txt']), os.listdir(where))
    with open(target, encoding='utf-8') as file:
        check('and has all in it', 'Hello from Ben' in file.read())
    check('Ann ends in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
