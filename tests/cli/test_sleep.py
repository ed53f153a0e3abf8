#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer goes to sleep: kith-cli locks before, and lets it sleep only then."""
import os
import pathlib
import shutil
import sys

from kith_cli import DEADLINE_S, Person, befriend, in_folder, preloading, run

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


def start(folder, *options, environment=None, **fields):
    return Person('Ann', *options, profile=f'{folder}/ann', environment={**logind.environment, **(environment or {})},
                  **fields)


def settle(person):
    """Until nothing comes any more because of what it was told until now."""
    logind.settle(person.process.pid, lambda: person.ok('help'), DEADLINE_S)


def assert_never_held(person):
    settle(person)
    await_held(False)


def sleeps_and_stays_open(person):
    logind.announce(True)
    settle(person)
    person.ok('contacts')
    logind.announce(False)
    settle(person)
    assert not [line for line in person.seen if line.get('event') == 'locked'], person.seen


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
    assert_never_held(ann)
    ann.ok('unlock', passphrase=WORDS)
    ann.await_ready()
    assert [contact['name'] for contact in ann.ok('contacts')['contacts']] == ['Ben']
    settle(ann)
    assert not [line for line in ann.seen if line.get('event') == 'locked'], ann.seen
    await_held(True)
    ann.quit()
    await_held(False)


@in_folder
def test_not_without_a_passphrase(folder):
    ann = start(folder, passphrase='')
    assert ann.ok('auto-lock')['sleep'] is True
    assert_never_held(ann)
    sleeps_and_stays_open(ann)

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
    assert_never_held(ann)
    sleeps_and_stays_open(ann)
    assert ann.ok('auto-lock', sleep='on')['sleep'] is True
    await_held(True)
    logind.announce(True)
    ann.event('locked')
    assert logind.may_sleep.wait(DEADLINE_S)


def lock(person):
    person.ok('lock')
    person.event('locked')
    await_held(False)


def fall_asleep_while_unlocking(person, hold, passphrase):
    """Returns the reply to the unlocking, which has ended after that."""
    hold.touch()
    number = person.begin('unlock', passphrase=passphrase)
    await_held(True)
    logind.announce(True)
    settle(person)
    assert logind.is_held(), 'the computer has to wait'
    hold.unlink()
    return person.reply(number)


@in_folder
def test_falls_asleep_while_it_is_unlocked(folder):
    hold = pathlib.Path(folder, 'hold')
    ann = start(folder, passphrase=WORDS,
                environment=preloading(os.environ['KITH_SLOW_KEY'], KITH_TEST_SLOW_KEY=str(hold)))
    await_held(True)
    lock(ann)
    assert fall_asleep_while_unlocking(ann, hold, WORDS)['ok']
    ann.event('locked')
    assert logind.may_sleep.wait(DEADLINE_S)
    ann.fails('locked', 'contacts')
    logind.announce(False)

    # What did not open is no matter for the next time.
    assert fall_asleep_while_unlocking(ann, hold, 'battery staple')['error'] == 'wrong-passphrase'
    assert logind.may_sleep.wait(DEADLINE_S)
    logind.announce(False)
    ann.ok('unlock', passphrase=WORDS)
    ann.await_ready()
    settle(ann)
    ann.ok('contacts')

    # Whether they want it is known when it is open.
    ann.ok('auto-lock', sleep='off')
    lock(ann)
    assert fall_asleep_while_unlocking(ann, hold, WORDS)['ok']
    ann.await_ready()
    settle(ann)
    ann.ok('contacts')
    await_held(False)


@in_folder
def test_falls_asleep_while_the_passphrase_changes(folder):
    """The change has the key and both passphrases at hand: nobody sleeps with these."""
    hold = pathlib.Path(folder, 'hold')
    ann = start(folder, passphrase=WORDS,
                environment=preloading(os.environ['KITH_SLOW_KEY'], KITH_TEST_SLOW_KEY=str(hold)))
    await_held(True)
    hold.touch()
    number = ann.begin('change-passphrase', current=WORDS, passphrase='battery staple')
    settle(ann)
    logind.announce(True)
    settle(ann)
    assert logind.is_held(), 'the computer has to wait'
    hold.unlink()
    ann.event('locked')
    assert [line for line in ann.seen if line.get('reply') == number], 'it was locked before that ended'
    assert ann.reply(number)['ok']
    assert logind.may_sleep.wait(DEADLINE_S)


if __name__ == '__main__':
    bus = Gio.TestDBus.new(Gio.TestDBusFlags.NONE)
    bus.up()
    os.environ['DBUS_SESSION_BUS_ADDRESS'] = bus.get_bus_address()
    logind = Logind()
    run([test_locks_before_it_sleeps, test_not_without_a_passphrase, test_only_if_they_want_it,
         test_falls_asleep_while_it_is_unlocked, test_falls_asleep_while_the_passphrase_changes])
