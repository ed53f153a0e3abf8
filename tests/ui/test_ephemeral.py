#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A window that keeps nothing: no folder that it may write to has a word of it afterwards, whatever the
toolkit keeps there."""

import os
import pathlib
import sys

from person import Person, check, finish, let_in, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

SECRET = 'zebrafinch'
WORDS = [word.encode() for word in (SECRET, 'Annmarieke', 'Benvolio')]
PLACES = [os.environ[name] for name in ('HOME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME',
                                        'XDG_CACHE_HOME')] + ['/dev/shm']


def holds(path, words):
    try:
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b''
    except OSError:  # it went meanwhile
        return False
    # Texts may be stored as UTF-16, too.
    return any(word in data or word.decode().encode('utf-16-le') in data for word in words)


def find(words):
    return sorted({str(path) for place in PLACES for path in pathlib.Path(place).rglob('*') if holds(path, words)})


people = []
temporary = pathlib.Path(os.environ['HOME'], 'temporary')
temporary.mkdir()
try:
    ann = Person('--name', 'Annmarieke', '--listen', '127.0.0.1:0', environment={'TMPDIR': str(temporary)})
    people.append(ann)
    check('Ann is there', ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Benvolio'))
    ben.ok('send', to=ben.other, text=f'the {SECRET} sings')
    ann.select('Benvolio')
    check('a message is shown', ann.has_message(SECRET), ann.messages())
    ann.write(f'a {SECRET} it is')
    ben.event('message', text=f'a {SECRET} it is')
    identity = ben.ok('status')['id']
    ben.kill()
    check('something is typed and not sent', ann.focus() and ann.type(f'more of the {SECRET}') is None)
    window = ann.process
    ann.leave()
    check('the window is gone', wait(lambda: window.poll() is not None))
    check('nothing of it is on the disk', find([*WORDS, identity.encode()]) == [], find([*WORDS, identity.encode()]))
    check('the search does find what is there', (temporary / 'probe').write_text(f'the {SECRET}')
          and find(WORDS) == [str(temporary / 'probe')], find(WORDS))
finally:
    for person in people:
        person.leave()
finish()
