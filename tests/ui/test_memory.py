#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left in the memory of the window after it was locked: its memory is read as a debugger would, before,
to know that the search finds what is there, and afterwards."""

import contextlib
import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile

from person import KITH, Person, check, finish, skip, wait

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / 'cli'), str(TESTS / 'peer')]
import at_rest  # noqa: E402
import kith_cli  # noqa: E402
from primitives import derive  # noqa: E402

SANITIZED = b'__asan_init' in pathlib.Path(KITH).read_bytes()
LARGEST_MAPPING = 1 << 30  # what is larger is a sanitizer's own
NOTHING_MORE_S = 2

PASSPHRASE = 'quokkavole merganser'
TEXTS = {
    'the text of theirs': 'lammergeier',
    'the text of ours': 'tragelaphus',
    'the text before': 'archaeopteryx',
    'the alias': 'Zwischenzug',
    'the draft': 'hippocampelephant',
    'what was typed and taken away': 'paradoxurus',
    'the search': 'xylocopa',
    'the search everywhere': 'wobbegong',
    'the note': 'gobemouche',
    'the introduction': 'kakapodium',
}


def keys_of(profile):
    """All that is secret in a profile that nobody has open, taken out with the passphrase."""
    master = at_rest.unwrapped((profile / 'vault').read_bytes(), at_rest.VAULT, PASSPHRASE)
    with tempfile.NamedTemporaryFile(suffix='.db') as plain:
        plain.write(at_rest.plain_database((profile / 'kith.db').read_bytes(), master))
        plain.flush()
        with contextlib.closing(sqlite3.connect(plain.name)) as database:
            seed, device_key = database.execute('SELECT identity_seed, device_key FROM profile').fetchone()
            root, = database.execute('SELECT pair_root FROM contact').fetchone()
    return {'the master key': master, 'the key of the database': derive(master, 'kith1 database'),
            'the identity': seed, 'the key of the device': device_key, 'the pair root': root}


def mappings(process):
    """From, to and the name of what it may read and write, as root may read it."""
    with open(f'/proc/{process.pid}/maps', encoding='utf-8') as maps:
        for line in maps:
            span, mode, _, _, _, *name = line.split(maxsplit=5)
            start, end = (int(number, 16) for number in span.split('-'))
            if mode.startswith('rw') and end - start < LARGEST_MAPPING:
                yield start, end, name[0].strip() if name else 'no name'


def find_in_memory(process, needles):
    """Which of them are there, with the names of the mappings; None if nobody may look."""
    found = {}
    try:
        with open(f'/proc/{process.pid}/mem', 'rb', 0) as memory:
            for start, end, name in mappings(process):
                try:
                    memory.seek(start)
                    data = memory.read(end - start)
                except OSError:
                    continue  # what nobody may read, as around secrets
                for what, needle in needles.items():
                    forms = [needle] if isinstance(needle, bytes) else [
                        needle.encode(code) for code in ('utf-8', 'utf-16-le', 'utf-32-le')]
                    n = sum(data.count(form) for form in forms)
                    if n > 0:
                        found.setdefault(what, []).append(f'{n} in {name}')
    except PermissionError:
        return None
    return found


def unlock(person):
    person.focus()
    person.enter('Passphrase', PASSPHRASE)
    person.key('Return')


folder = pathlib.Path(tempfile.mkdtemp(prefix='kith-ui-'))
profile = folder / 'ann'
people = []
try:
    ann = kith_cli.Person('Ann', profile=str(profile), passphrase=PASSPHRASE)
    ben = kith_cli.Person('Ben', '--ephemeral')
    kith_cli.befriend(ben, ann)
    ann.ok('alias', who=ben.id, alias=TEXTS['the alias'])
    ben.ok('send', to=ann.id, text=f'an {TEXTS["the text before"]} flew')
    ann.event('message')
    ann.quit()
    ben.event('peer-offline')
    needles = {'the passphrase': PASSPHRASE, **keys_of(profile), **TEXTS}

    window = Person('--listen', '127.0.0.1:0', profile=str(profile))
    people.append(window)
    check('the window is locked', window.sees('Kith Is Locked'), window.everything())
    unlock(window)
    check('it opens', window.row(TEXTS['the alias']), window.everything())
    window.select(TEXTS['the alias'])
    check('what was said before is shown', window.has_message(TEXTS['the text before']), window.messages())
    ben.event('peer-online')
    ben.ok('send', to=ann.id, text=f'the {TEXTS["the text of theirs"]} flies')
    check('a message comes', window.has_message(TEXTS['the text of theirs']), window.messages())
    window.write(f'a {TEXTS["the text of ours"]} runs')
    check('another goes', window.has_message(TEXTS['the text of ours'], 'Delivered'), window.messages())
    window.focus()
    window.type(TEXTS['what was typed and taken away'])
    check('something is typed', wait(lambda: window.text('Message text') == TEXTS['what was typed and taken away']),
          window.everything())
    check('and taken away', window.key_until(lambda: window.text('Message text') == '', 'ctrl+a', 'BackSpace'))
    window.type(f'perhaps a {TEXTS["the draft"]}')
    check('a draft is begun', wait(lambda: TEXTS['the draft'] in window.text('Message text')), window.everything())
    check('something is searched for', window.key_until(
        lambda: window.look_for('entry', 'Search this conversation'), 'ctrl+f'), window.everything())
    window.type(TEXTS['the search'])
    check('which is not there', window.sees('No message found'), window.everything())
    check('and everywhere', window.key_until(
        lambda: window.look_for('entry', 'Search people and messages'), 'ctrl+shift+f'), window.everything())
    window.type(TEXTS['the search everywhere'])
    check('where it is not either', window.sees('Nothing Found'), window.everything())
    check('a note is begun', window.press(contains='. Contact details')
          and window.fill('Note', f'a {TEXTS["the note"]}'), window.everything())
    check('and left so', window.close('Contact Details', 'text', 'Note'), window.everything())

    check('one begins to introduce oneself', window.key_until(
        lambda: window.look_for('text', 'IP Address'), 'ctrl+shift+n')
        and window.fill('Introduce Yourself (Optional)', f'the {TEXTS["the introduction"]}'), window.everything())
    check('and leaves it', window.close('Add by IP Address', 'text', 'IP Address'), window.everything())

    found = find_in_memory(window.process, needles)
    if found is None:
        check('only root reads the memory of another process', os.geteuid() != 0)
        skip('what is left after locking', 'the memory of another process cannot be read by this user')
    else:
        unlocked = {*TEXTS, 'the identity'} - {'the introduction'}
        check('what is open is in the memory', unlocked <= {*found}, found)
        check('but no longer what opened it', not {'the passphrase', 'the master key'} & {*found}, found)
        check('nor what was typed in a dialog that has gone', SANITIZED or 'the introduction' not in found, found)
        check('Ctrl+L locks', window.key_until(lambda: not window.look_for('text', 'Message text'), 'ctrl+l')
              and window.sees('Kith Is Locked') and ben.event('peer-offline'), window.everything())
        left = wait(lambda: not find_in_memory(window.process, needles), NOTHING_MORE_S)
        if SANITIZED:
            skip('nothing of it is left', 'a sanitizer keeps what was given back')
        else:
            check('nothing of it is left', left, lambda: find_in_memory(window.process, needles))
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
