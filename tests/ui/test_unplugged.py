#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stick with the profile is pulled while Kith runs: reading and writing fail from one moment to the next. It is
said until one has seen it, what cannot be kept is neither taken nor called delivered, and all that was is there when
the stick is back. And one that does not answer while the profile is locked: that it takes long is said."""

import os
import shutil
import sys
import tempfile

from person import Person, check, finish, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

WORDS = 'correct horse'
N_BEFORE = 20

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
pulled = os.path.join(folder, 'pulled')
hung = os.path.join(folder, 'hung')
people = []


def start(*arguments):
    person = Person(*arguments, '--listen', '127.0.0.1:0', profile=profile, environment={
        'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_NO_DISK': pulled, 'KITH_TEST_HUNG_DISK': hung})
    people.append(person)
    return person


def touch(path):
    with open(path, 'w', encoding='utf-8'):
        pass


try:
    ann = start('--name', 'Ann')
    ann.find('push button', 'Use This Passphrase')
    ann.enter('New Passphrase', WORDS)
    ann.key('Return')
    ann.enter('Once More', WORDS)
    ann.key('Return')
    check('Ann is there', ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben'))
    ann.select('Ben')
    for i in range(N_BEFORE):
        ben.ok('send', to=ben.other, text=f'before {i}')
    last = ben.ok('send', to=ben.other, text='the last one before')['message']
    check('what arrives is delivered', ben.event('receipt', message=last, state='delivered'))
    ann.write('an answer of before')
    check('and she answers', ben.event('message', text='an answer of before'))

    touch(pulled)
    lost = ben.ok('send', to=ben.other, text='into the void')['message']
    check('that it is gone is said', ann.sees('unplugged'), ann.everything())
    screenshot('unplugged')
    ann.focus()
    ann.type('this has to wait')
    check('she types on', wait(lambda: ann.text('Message text') == 'this has to wait'), ann.text('Message text'))
    ann.key('Return')
    check('what cannot be stored stays where it was written', ann.text('Message text') == 'this has to wait'
          and not ann.has_message('this has to wait', timeout_s=1), ann.messages()[-2:])
    check('it is still said', ann.sees('unplugged'), ann.everything())
    check('what was shown is shown', ann.has_message('the last one before'), ann.messages()[-2:])
    ben.ok('status')  # whatever came before is read
    check('and nothing is called delivered that is not', not any(
        item.get('event') == 'receipt' and item['message'] == lost and item['state'] in ('delivered', 'read')
        for item in ben.seen), ben.seen)
    check('Ann ends in order', ann.leave() == 0)
    ben.kill()

    os.unlink(pulled)
    ann = start()
    check('back in its place it is locked', ann.sees('Kith Is Locked'), ann.everything())
    ann.focus()
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    check('and opens', ann.port() > 0, ann.everything())
    ann.select('Ben')
    check('all is there that was delivered', ann.has_message('the last one before') and all(
        any(f'before {i}' in row for row in ann.messages()) for i in range(N_BEFORE)), ann.messages())
    check('and all that was sent', ann.has_message('an answer of before'), ann.messages()[-2:])
    check('nothing that was not', not ann.has_message('into the void', timeout_s=1)
          and not ann.has_message('this has to wait', timeout_s=1), ann.messages()[-2:])
    touch(hung)
    check('Ctrl+L begins to lock', ann.key_until(lambda: ann.look_for('list item', contains='Ben') is None, 'ctrl+l'))
    check('that the disk does not answer is said', ann.sees('Still locking'), ann.everything())
    screenshot('locking')
    os.unlink(hung)
    check('until it is locked', wait(lambda: not ann.look_for('label', contains='Still locking')), ann.everything())
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    check('and opens again', ann.port() > 0, ann.everything())
    check('Ann ends in order again', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
