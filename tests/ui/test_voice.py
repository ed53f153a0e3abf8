#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Voice messages: recorded from a tone in place of a microphone, sent, played to nobody; and words where
there is no microphone."""

import os
import pathlib
import shutil
import sys
import tempfile

from accessible import FOCUSED
from person import Person, check, finish, insist, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

folder = tempfile.mkdtemp()
people = []
POSITION = 'Position in the voice message'
TONE = {'KITH_VOICE_SOURCE': 'audiotestsrc is-live=true freq=300', 'KITH_VOICE_SINK': 'fakesink sync=true'}
DEAF = {'KITH_VOICE_SOURCE': 'filesrc location=/nonexistent'}


def position():
    """What a screen reader says of it."""
    return ann.look_for('slider', POSITION).property('Accessible', 'Description')


def moved(key, is_there):
    """A few steps at a time."""
    def press():
        ann.focus()
        ann.key(*[key] * (1 if key == 'Home' else 3))
    return insist(press, lambda: is_there(position()), again_s=.5)


def record(ann):
    return insist(lambda: ann.look_for('push button', 'Record a voice message').act(),
                  lambda: ann.look_for('push button', 'Send voice message'))


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=folder + '/ann', environment=TONE)
    people.append(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    ann.select('Ben')

    check('it records', record(ann), ann.everything())
    check('and says for how long', ann.find('label', '0:01'), ann.everything())
    screenshot('voice-recording')
    check('Escape leaves it', ann.key_until(lambda: ann.look_for('push button', 'Send voice message') is None,
                                            'Escape'))
    check('nothing was sent', not ben.ok('transfers')['transfers'])

    check('it records again', record(ann) and ann.find('label', '0:01'))
    check('and is sent', ann.press('Send voice message'))
    offered = ben.event('file-offer')
    check('as what it is', offered['name'].startswith('voice-') and offered['name'].endswith('.ogg'), offered)
    check('its row says so', ann.has_message('Voice message, ', 'Ben has not accepted it yet'), ann.messages())
    ben.ok('accept-file', transfer=offered['transfer'])
    path = ben.event('file-done')['path']
    check('Opus in Ogg arrives', pathlib.Path(path).read_bytes()[:4] == b'OggS'
          and b'OpusHead' in pathlib.Path(path).read_bytes()[:100])

    check('it plays', insist(lambda: ann.look_for('push button', 'Play voice message').act(),
                             lambda: ann.look_for('push button', 'Pause voice message')), ann.everything())
    screenshot('voice-playing')
    check('faster', ann.press('Speed 1×') and ann.find('push button', 'Speed 1.5×'))
    check('to its end', ann.find('push button', 'Play voice message'))
    check('there is a place to move in it', ann.find('slider', POSITION), ann.everything())
    check('with the keyboard', ann.key_until(lambda: ann.look_for('slider', POSITION).has(FOCUSED), 'shift+Tab'),
          ann.everything)
    check('to the end', moved('Right', lambda words: not words.startswith('0:00')), position)
    check('and back', moved('Left', lambda words: words.startswith('0:00')), position)
    check('to the beginning at once', moved('Right', lambda words: not words.startswith('0:00'))
          and moved('Home', lambda words: words.startswith('0:00')), position)
    check('all leave in order', all(person.leave() == 0 for person in people))

    deaf = Person('--name', 'Cy', '--listen', '127.0.0.1:0', environment=DEAF)
    people.append(deaf)
    dee = let_in(deaf, kith_cli.Person('Dee'))
    deaf.select('Dee')
    check('without a microphone it says so', insist(
        lambda: deaf.look_for('push button', 'Record a voice message').act(),
        lambda: deaf.look_for('label', contains='no microphone')), deaf.everything())
    check('and one can go on writing', deaf.write('Then like this') and dee.event('message'))
    check('it ends in order', deaf.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
