#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer goes to sleep: kith-cli locks before, and lets it sleep only then."""
import os
import shutil
import sys

from kith_cli import DEADLINE_S, Person, befriend, in_folder, run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'ui'))

try:
    import gi
    gi.require_version('Gio', '2.0')
    from gi.repository import Gio
    if shutil.which('dbus-daemon') is None:
        raise ImportError
except (ImportError, ValueError):
    print('1..0 # SKIP python3-gi and dbus-daemon are not installed')
    sys.exit(0)

from logind import Logind  # noqa: E402

WORDS = 'correct horse'
logind = None


def await_held(held):
    assert logind.await_held(held, DEADLINE_S)


def start(folder, *options, **fields):
    return Person('Ann', *options, profile=f'{folder}/ann', environment=logind.environment, **fields)


@in_folder
def test_locks_before_it_sleeps(folder):
    ann, ben = start(folder, passphrase=WORDS), Person('Ben')
    befriend(ann, ben)
    await_held(True)

    logind.announce(True)
    ann.event('locked')
    assert logind.may_sleep.wait(DEADLINE_S)
    ben.event('peer-offline', id=ann.id)
    ann.fails('locked', 'contacts')

    # It wakes up; nobody waits for one that is locked.
    logind.announce(False)
    logind.announce(True)
    logind.announce(False)
    ann.ok('unlock', passphrase=WORDS)
    ann.await_ready()
    assert [contact['name'] for contact in ann.ok('contacts')['contacts']] == ['Ben']
    assert not [line for line in ann.seen if line.get('event') == 'locked'], ann.seen
    await_held(True)
    ann.quit()
    await_held(False)


@in_folder
def test_not_without_a_passphrase(folder):
    ann = start(folder, passphrase='')
    assert ann.ok('auto-lock')['sleep'] is True
    assert not logind.is_held()

    ann.ok('change-passphrase', passphrase=WORDS)
    await_held(True)
    ann.ok('change-passphrase', current=WORDS, passphrase='')
    await_held(False)
    ann.quit()


@in_folder
def test_only_if_they_want_it(folder):
    ann = start(folder, passphrase=WORDS)
    await_held(True)
    ann.fails('invalid', 'auto-lock', sleep='perhaps')
    assert ann.ok('auto-lock', sleep='off')['sleep'] is False
    await_held(False)
    ann.quit()

    ann = start(folder, passphrase=WORDS)
    assert ann.ok('auto-lock')['sleep'] is False
    assert not logind.is_held()
    assert ann.ok('auto-lock', sleep='on')['sleep'] is True
    await_held(True)
    logind.announce(True)
    ann.event('locked')
    assert logind.may_sleep.wait(DEADLINE_S)


if __name__ == '__main__':
    bus = Gio.TestDBus.new(Gio.TestDBusFlags.NONE)
    bus.up()
    os.environ['DBUS_SESSION_BUS_ADDRESS'] = bus.get_bus_address()
    logind = Logind()
    run([test_locks_before_it_sleeps, test_not_without_a_passphrase, test_only_if_they_want_it])
