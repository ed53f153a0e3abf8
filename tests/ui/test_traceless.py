#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile that is carried about, and one that is kept nowhere, leave a home as it was: whatever is done, and
whatever the libraries below the window like to keep. And no profile tells the desktop which files it had."""

import hashlib
import os
import pathlib
import shutil
import sys
import tempfile

from person import Person, check, finish, insist, let_in, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

TONE = {'KITH_VOICE_SOURCE': 'audiotestsrc is-live=true freq=300', 'KITH_VOICE_SINK': 'fakesink sync=true'}
# As on a desktop, and not as in the other tests: settings are stored, and the GPU (or what stands for it) draws.
DESKTOP = {'GSK_RENDERER': 'gl', 'LIBGL_ALWAYS_SOFTWARE': '1', 'LANGUAGE': 'en_US'}
SIZE = (930, 650)  # which is kept of the window
# What the user opened with other programs.
RECENT = '''<?xml version="1.0" encoding="UTF-8"?>
<xbel version="1.0" xmlns:bookmark="http://www.freedesktop.org/standards/desktop-bookmarks"
      xmlns:mime="http://www.freedesktop.org/standards/shared-mime-info">
  <bookmark href="file:///letters/aunt.odt" added="2026-01-01T00:00:00.000000Z"
            modified="2026-01-01T00:00:00.000000Z" visited="2026-01-01T00:00:00.000000Z">
    <info><metadata owner="http://freedesktop.org">
      <mime:mime-type type="application/vnd.oasis.opendocument.text"/>
      <bookmark:applications><bookmark:application name="Writer" exec="&apos;writer %u&apos;"
        modified="2026-01-01T00:00:00.000000Z" count="1"/></bookmark:applications>
    </metadata></info>
  </bookmark>
</xbel>
'''

folder = pathlib.Path(tempfile.mkdtemp(prefix='kith-ui-'))
people = []


def make_home(name):
    """Returns it, and what a process that lives there is told."""
    home = folder / name
    names = {'HOME': '', 'XDG_CONFIG_HOME': '.config', 'XDG_DATA_HOME': '.local/share', 'XDG_CACHE_HOME': '.cache',
             'XDG_STATE_HOME': '.local/state', 'TMPDIR': 'tmp'}
    for part in names.values():
        (home / part).mkdir(parents=True, exist_ok=True)
    (home / '.local/share/recently-used.xbel').write_text(RECENT)
    return home, {variable: str(home / part) for variable, part in names.items()}


def listing(home):
    """Everything in it, with what is in the files."""
    return {str(path.relative_to(home)):
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else path.is_dir()
            for path in home.rglob('*')}


def changes(before, after):
    """Which files and folders came, went or changed."""
    return sorted(path for path in {**before, **after} if before.get(path) != after.get(path))


def live(ann, mode, voice=True):
    """What makes libraries keep something: a file is chosen, a voice is recorded, words are spelt."""
    check(f'{mode}: Ann is there', ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben'))
    people.append(ben)
    ann.write('hello Ben')
    check(f'{mode}: she writes', ben.event('message', text='hello Ben') and ann.has_message('hello Ben'))
    check(f'{mode}: and records', not voice or insist(
        lambda: ann.look_for('push button', 'Record a voice message').act(),
        lambda: ann.look_for('push button', 'Send voice message')) and ann.find('label', '0:01')
        and ann.press('Send voice message') and ben.event('file-offer'), ann.everything())
    ann.pick('Conversation menu', 'Save as a Readable File…')
    ann.press('Choose a File and Save…')
    check(f'{mode}: a file is chosen and written', ann.choose_file(
        'Save, Not Encrypted', str(folder / f'{mode}.txt'), 'Save',
        lambda: ann.look_for('label', contains='Saved, not encrypted')), ann.everything())
    check(f'{mode}: the window is made smaller', ann.place(0, SIZE), ann.everything())
    check(f'{mode}: she ends in order', ann.leave() == 0)
    ben.kill()


def enter_without_passphrase(ann):
    ann.press('Without a Passphrase…')
    return ann.press('Without a Passphrase')


def start(environment, settings, **keywords):
    person = Person('--name', 'Ann', '--listen', '127.0.0.1:0', environment={
        **environment, **TONE, **DESKTOP, 'GSETTINGS_BACKEND': settings}, **keywords)
    people.append(person)
    return person


try:
    for settings in 'keyfile', 'dconf':
        home, environment = make_home(f'of-a-guest-{settings}')
        stick = folder / f'stick-{settings}'
        session = pathlib.Path(os.environ['HOME'])  # what serves the settings of the desktop lives there
        before, before_session = listing(home), listing(session / 'config')
        ann = start(environment, settings, profile=str(stick))
        enter_without_passphrase(ann)
        live(ann, f'carried about, {settings}', voice=settings == 'keyfile')
        check('all is on the stick', (stick / 'kith.db').exists())
        check(f'and the home is as it was ({settings})', changes(before, listing(home)) == [],
              changes(before, listing(home))[-9:])
        check(f'as are the settings of the desktop ({settings})',
              changes(before_session, listing(session / 'config')) == [],
              changes(before_session, listing(session / 'config'))[-9:])

    home, environment = make_home('of-nobody')
    before = listing(home)
    ann = start(environment, 'keyfile')
    live(ann, 'kept nowhere')
    check('the home knows nothing', changes(before, listing(home)) == [], changes(before, listing(home))[-9:])

    home, environment = make_home('of-Ann')
    before = listing(home)
    ann = start(environment, 'keyfile', profile=str(home / '.local/share/kith/ann'))
    enter_without_passphrase(ann)
    live(ann, 'at home')
    there = changes(before, listing(home))
    check('the list of recent files is as it was', '.local/share/recently-used.xbel' not in there)
    check('what others keep is kept', '.config/glib-2.0/settings/keyfile' in there and '.cache/gstreamer-1.0' in there,
          there[-9:])
    keyfile = home / '.config/glib-2.0/settings/keyfile'
    check('and so is what belongs to the computer', f'window-width={SIZE[0]}\n' in keyfile.read_text(), keyfile.read_text())

    # And the settings of the desktop are where they are looked for: of somebody at home they change.
    home, environment = make_home('of-Ann-dconf')
    before = listing(session / 'config')
    ann = start(environment, 'dconf', profile=str(home / '.local/share/kith/ann'))
    enter_without_passphrase(ann)
    live(ann, 'at home, dconf', voice=False)
    check('they are kept as well', wait(lambda: changes(before, listing(session / 'config')) != []),
          sorted(before)[-9:])
finally:
    for person in people:
        person.leave() if isinstance(person, Person) else person.kill()
    shutil.rmtree(folder, ignore_errors=True)
finish()
