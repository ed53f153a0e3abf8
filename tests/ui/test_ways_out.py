#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile that asks for its passphrase, and one that is damaged, hold nobody: what the window says can be followed
to its end, to other profiles and back, into a new one from a backup, and to nothing at all."""

import os
import pathlib
import shutil
import sys
import tempfile

from accessible import FOCUSED
from person import Person, check, finish, screenshot, wait
from processes import Started, find_process

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
DATA = os.environ['XDG_DATA_HOME']  # kith_cli takes another
import kith_cli  # noqa: E402

ROOT = os.path.join(DATA, 'kith')
WORDS = 'correct horse'
ERASE, TITLE = 'Erase This Profile…', 'Erase Everything'
RESTORE = 'Restore from a Backup'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'carried')
vault, database = os.path.join(profile, 'vault'), os.path.join(profile, 'kith.db')
backup = os.path.join(folder, 'ann.kith-backup')
people = []


def make(path, name, passphrase=None, export=False):
    made = kith_cli.Person(name, profile=path, passphrase=passphrase)
    made.ok('network', setting='dht', value='off')
    if export:
        made.ok('export', path=backup, passphrase=WORDS)
    made.quit()


def start():
    person = Person('--listen', '127.0.0.1:0', profile=profile, environment={'XDG_DATA_HOME': DATA})
    people.append(person)
    return person


def await_window(label):
    process = wait(lambda: find_process(os.path.join(ROOT, label)))
    return process and Started(process, people)


def other_profiles(what):
    check(what, ann.press('Other Profiles…') and wait(lambda: is_at('list item', 'carried'))
          and ann.sees('Which Profile?'), ann.everything())


def erase():
    ann.press(ERASE)
    ann.find('text', 'Confirmation')
    ann.focus(TITLE)
    ann.type('erase')
    wait(lambda: ann.text('Confirmation') == 'erase')
    ann.key('Return')


def is_at(role, name):
    """Where the focus is says which page is shown: what was seen stays among what can be found."""
    node = ann.look_for(role, contains=name)
    return node is not None and node.has(FOCUSED)


def is_left():
    return not is_at('list item', 'carried')


def is_in_trouble():
    return is_at('push button', 'Try Again')


try:
    make(os.path.join(ROOT, 'work'), 'Ann at work')
    make(profile, 'Ann', WORDS, export=True)

    # Somebody who only looked.
    ann = start()
    check('a profile that is carried about is locked', ann.find('push button', 'Unlock'), ann.everything())
    other_profiles('it leads to the others')
    check('where it is itself, and said to be', ann.find('list item', contains='carried')
          and ann.find('list item', contains='work') and ann.find('image', 'The one you come from'), ann.everything())
    screenshot('ways-out')
    check('Escape leads back', ann.key_until(is_left, 'Escape')
          and ann.enter('Passphrase', 'a'), ann.everything())
    other_profiles('they are there once more')
    check('and so does the button', ann.press('Back') and wait(is_left)
          and ann.enter('Passphrase', 'ab'), ann.everything())
    other_profiles('and again')
    check('and so does the profile itself', ann.choose('carried', 'Kith', is_left)
          and ann.enter('Passphrase', WORDS), ann.everything())
    ann.key('Return')
    check('which still opens', ann.find('push button', 'Invite a Friend'), ann.everything())
    check('Ann ends in order', ann.leave() == 0)

    # A vault that is none.
    pathlib.Path(vault).write_bytes(b'not a vault at all')
    ann = start()
    check('a vault that is damaged is told', ann.sees('The Profile Is Damaged')
          and ann.sees('restore it into a new profile'), ann.everything())
    screenshot('ways-out-damaged')
    ann.place(0, (360, 640))
    screenshot('ways-out-damaged-narrow')
    ann.place(0, (960, 640))
    other_profiles('there are others')
    check('one can come back', ann.key_until(is_in_trouble, 'Escape'), ann.everything())
    ann.press(ERASE)
    check('erasing can be left', ann.find('text', 'Confirmation') and ann.close(TITLE, 'text', 'Confirmation')
          and os.path.exists(vault), ann.everything())
    check('and the rest goes on after it', ann.press('Try Again') and ann.find('push button', ERASE)
          and not ann.sees('open in another Kith', timeout_s=1), ann.everything())

    # What it says of a backup.
    other_profiles('there is a way to a new one')
    ann.choose('Restore from a Backup…', 'Kith', lambda: ann.look_for('text', 'Name of the Profile'))
    ann.fill('Name of the Profile', 'again')
    ann.press('Continue')
    again = await_window('again')
    check('which asks for the backup', again and again.sees('None chosen yet'), again and again.everything())
    check('and the damaged one goes', wait(lambda: ann.process.poll() is not None))
    check('the file is chosen', again.choose('Backup File', RESTORE, lambda: again.look_for('push button', 'Open'))
          and again.choose_file('Choose a Backup', backup, 'Open')
          and again.sees(os.path.basename(backup)), again.everything())
    again.focus(RESTORE)
    for name in ('Passphrase of the Backup', 'New Passphrase', 'Once More'):
        again.enter(name, WORDS)
        again.key('Return')
    check('and all is there', again.find('push button', 'Invite a Friend', timeout_s=20), again.everything())
    check('it ends in order', again.leave() == 0)

    ann = start()
    ann.sees('The Profile Is Damaged')
    erase()
    check('what is damaged can go', ann.find('push button', 'Get Started'), ann.everything())
    check('all of it', set(os.listdir(profile)) <= {'lock'}, os.listdir(profile))
    check('Ann ends in order without it', ann.leave() == 0)

    # A database that is none, behind a vault that nobody is asked for.
    make(profile, 'Ann')
    pathlib.Path(database).write_bytes(b'not a database at all' * 1000)
    ann = start()
    check('a database that is damaged is told', ann.sees('The Files Do Not Belong Together')
          and ann.sees('restore a backup into a new profile'), ann.everything())
    erase()
    check('it can go as well', ann.find('push button', 'Get Started'), ann.everything())
    check('with all that was there', set(os.listdir(profile)) <= {'lock'}, os.listdir(profile))
    check('Ann ends in order at last', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    kith_cli.end_processes()
    shutil.rmtree(folder, ignore_errors=True)
finish()
