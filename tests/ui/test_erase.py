#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything is erased: what fails is said and can be tried again, and what is erased is not there."""

import os
import pathlib
import shutil
import sys
import tempfile

from accessible import CHECKED
from person import Person, check, finish, insist, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

TITLE = 'Erase Everything'
PAGE = 'Storage'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
vault = os.path.join(profile, 'vault')
stuck = os.path.join(profile, 'kith.db.stuck')
aside = os.path.join(profile, 'kith.db.without-vault')
slow = os.path.join(folder, 'slow')
refused = os.path.join(folder, 'refused')
HELD_BACK = {'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_SLOW_ERASE': slow, 'KITH_TEST_NO_ERASE': refused}
FILES = 'Also Delete the Files You Received'
people = []


def has_files_on():
    row = ann.look_for('list item', contains=FILES)
    return row is not None and any(node.has(CHECKED) for node in row.walk())


def erase(with_files=False):
    ann.key_until(lambda: ann.look_for('list item', PAGE), 'ctrl+comma')
    insist(lambda: ann.click_at(ann.look_for('list item', PAGE), ann.x_window('Preferences')),
           lambda: ann.look_for('list item', 'Erase Everything…'))
    ann.choose('Erase Everything…', 'Preferences', lambda: ann.look_for('text', 'Confirmation'))
    ann.fill('Confirmation', 'eras')
    check('not by accident', not ann.is_sensitive('push button', TITLE))
    check('the files are kept unless one says so', not has_files_on(), ann.everything())
    check('what stays is told', bool(ann.look_for('label', contains='kith.db.without-vault')) == os.path.exists(aside),
          ann.everything())
    if with_files:
        check('they can go, too', ann.choose(FILES, TITLE, has_files_on), ann.everything())
    ann.fill('Confirmation', 'Erase ')
    screenshot('erase-with-files' if with_files else 'erase')
    ann.press(TITLE)


def receive(name):
    path = pathlib.Path(folder) / name
    path.write_text('Dear Ann')
    offered = ben.ok('send-file', to=ben.other, path=str(path))['transfer']
    ann.press('Accept')
    ben.event('file-done', transfer=offered)
    return pathlib.Path(profile) / 'files' / name


def start(*arguments, **keywords):
    person = Person(*arguments, '--listen', '127.0.0.1:0', profile=profile, **keywords)
    people.append(person)
    person.press('Without a Passphrase…')
    check('Ann is there', person.press('Without a Passphrase') and person.port() > 0, person.everything())
    return person


try:
    ann = start('--name', 'Annmarieke')
    # Something is in the way of the key.
    os.rename(vault, vault + '.kept')
    os.mkdir(vault)
    erase()
    check('what cannot be erased is told', ann.sees('Not Everything Was Erased')
          and ann.sees('Nothing was erased') and ann.sees(profile), ann.everything())
    check('and does not look as if it had worked', not ann.look_for('push button', 'Get Started')
          and not ann.look_for('text', 'Message text'), ann.everything())
    screenshot('erase-failed')
    os.rmdir(vault)
    os.rename(vault + '.kept', vault)

    # The key can go now, and something else cannot.
    os.makedirs(os.path.join(stuck, 'inside'))
    ann.press('Try Again')
    check('what is left is told', ann.sees('The key is gone') and not os.path.exists(vault), ann.everything())
    ann.place(0, (360, 640))
    screenshot('erase-left-narrow')
    ann.place(0, (960, 640))
    shutil.rmtree(stuck)
    ann.press('Try Again')
    check('another try erases all', ann.find('push button', 'Get Started'), ann.everything())
    check('nothing of it is left', set(os.listdir(profile)) <= {'lock'}, os.listdir(profile))
    check('Ann ends in order', ann.leave() == 0)
    check('with her folder', wait(lambda: not os.path.exists(profile)))

    ann = start('--name', 'Annmarieke')
    erase()
    check('erasing ends with the first page', ann.find('push button', 'Get Started'), ann.everything())
    screenshot('erased')
    left = [name for name in os.listdir(profile) if name != 'lock']
    check('and leaves nothing', not left, left)
    check('Ann ends in order again', ann.leave() == 0)
    check('with her folder', wait(lambda: not os.path.exists(profile)))

    # With what others sent, which takes its time, and then cannot be deleted. A lost profile was there before.
    os.makedirs(profile)
    pathlib.Path(aside).write_text('for who finds the vault')
    ann = start('--name', 'Annmarieke', environment=HELD_BACK)
    ben = let_in(ann, kith_cli.Person('Ben'))
    letter = receive('letter.txt')
    check('a file has come', wait(letter.exists), ann.everything())
    hers = letter.with_name('hers.txt')
    hers.write_text('not from anybody')
    pathlib.Path(slow).touch()
    pathlib.Path(refused).touch()
    erase(with_files=True)
    check('the key goes first', wait(lambda: not os.path.exists(vault)) and letter.exists(), ann.everything())
    ann.key('Escape')
    ann.key('Escape')
    check('and as long as it takes it does not look as if it were done', not ann.look_for('push button', 'Get Started')
          and not ann.look_for('push button', contains='Reachable at ') and letter.exists(), ann.everything())
    os.unlink(slow)
    check('what others sent and is left is told, and where', ann.sees('The key is gone')
          and ann.sees('some files that others sent you') and ann.sees(str(letter.parent)), ann.everything())
    ann.place(0, (360, 640))
    screenshot('erase-files-left-narrow')
    ann.place(0, (960, 640))
    os.unlink(refused)
    ann.press('Try Again')
    check('it ends as the other', ann.find('push button', 'Get Started'), ann.everything())
    check('the file has gone', not letter.exists() and not os.path.exists(vault))
    check('what is hers has not', hers.read_text() == 'not from anybody' and os.path.exists(aside))
    check('Ann ends in order once more', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
