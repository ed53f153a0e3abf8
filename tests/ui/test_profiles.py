#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several profiles: a start asks which one, opens the one that is chosen, and makes another."""

import own_network  # noqa: F401  # pylint: disable=unused-import

import os
import socket
import subprocess
import sys

from person import KITH, check, finish, screenshot, wait
from preferences import Preferences
from processes import Started, find_process

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
DATA = os.environ['XDG_DATA_HOME']  # kith_cli takes another
import kith_cli  # noqa: E402

ROOT = os.path.join(DATA, 'kith')
PROXY = 'socks5://127.0.0.1:9'  # where nobody is
NETWORK = ['--no-dht', '--no-lan', '--no-port-map', '--bootstrap', '127.0.0.1:9', '--dht-network', '7', '--proxy', PROXY]
people = []


def ask(*arguments):
    """A start that says nothing of a profile."""
    return Started(subprocess.Popen([KITH, *arguments], env={**os.environ, 'XDG_DATA_HOME': DATA}), people)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def told(person):
    """The options that a process got, but for which profile it is."""
    with open(f'/proc/{person.process.pid}/cmdline', encoding='utf-8') as file:
        return file.read().split('\0')[3:-1]


def await_window(label):
    process = wait(lambda: find_process(os.path.join(ROOT, label)))
    return process and Started(process, people)


try:
    for label in ('home', 'work'):
        person = kith_cli.Person(f'Ann at {label}', profile=os.path.join(ROOT, label))
        person.ok('network', setting='dht', value='off')
        person.quit()

    ann = ask()
    check('it asks which one', ann.sees('Which Profile?') and ann.find('list item', contains='home')
          and ann.find('list item', contains='work'), ann.everything())
    screenshot('profiles')
    ann.choose('work', 'Kith', lambda: find_process(os.path.join(ROOT, 'work')))
    work = await_window('work')
    check('the one that is chosen opens', work and work.find('push button', contains='Reachable at '),
          work and work.everything())
    check('and the question goes', wait(lambda: ann.process.poll() is not None))
    check('it ends in order', work.leave() == 0)

    # What was said of the network holds for the profile that is chosen, too: it is in place of the one that asked.
    port = free_port()
    ann = ask(*NETWORK, '--listen', f'127.0.0.1:{port}', '--name', 'Ann')
    ann.sees('Which Profile?')
    ann.choose('work', 'Kith', lambda: find_process(os.path.join(ROOT, 'work')))
    work = await_window('work')
    check('it is behind the same proxy, at the same port', work and told(work) == [
        *NETWORK, '--listen', f'127.0.0.1:{port}', '--name', 'Ann'], work and told(work))
    check('and opens', work.find('push button', 'Invite a Friend'), work.everything())
    # One beside it is behind the proxy as well, but cannot have the port.
    Preferences(work).open('Profile')
    check('another is opened beside it', work.choose(
        'home', 'Preferences', lambda: find_process(os.path.join(ROOT, 'home'))), work.everything())
    home = await_window('home')
    check('behind the proxy, at any port of that address', home and told(home) == [
        *NETWORK, '--listen', '127.0.0.1:0'], home and told(home))
    check('which opens, too', home.find('push button', 'Invite a Friend'), home.everything())
    check('both end in order', home.leave() == 0 and work.leave() == 0)

    # A link that was opened before it is known with which profile.
    link = kith_cli.Person('Ben').ok('invite')['invite']
    ann = ask(link)
    ann.sees('Which Profile?')
    ann.choose('work', 'Kith', lambda: find_process(os.path.join(ROOT, 'work')))
    work = await_window('work')
    check('a link goes along', work and told(work) == ['--', link], work and told(work))
    check('and is shown there', work.x_window('Add a Friend')
          and work.sees('Somebody invites you with this link'), work.everything())
    check('it ends in order once more', work.leave() == 0)

    ann = ask()
    ann.sees('Which Profile?')
    check('another can be made', ann.choose('New Profile…', 'Kith',
                                            lambda: ann.look_for('text', 'Name of the Profile')), ann.everything())
    ann.fill('Name of the Profile', 'work')
    check('not with a name that there is', ann.find('push button', 'Continue')
          and not ann.is_sensitive('push button', 'Continue'), ann.everything())
    check('which it says', ann.sees('There is something of that name already'), ann.everything())
    ann.fill('Name of the Profile', 'garden')
    screenshot('new-profile')
    ann.press('Continue')
    garden = await_window('garden')
    check('which begins anew', garden and garden.find('push button', 'Get Started'), garden and garden.everything())
    check('it ends, and leaves nothing', garden.leave() == 0
          and wait(lambda: not os.path.exists(os.path.join(ROOT, 'garden'))))

    # A home that is reached by a link: the usual profile is no other one than itself.
    elsewhere = os.path.join(DATA, 'elsewhere')
    link = os.path.join(DATA, 'link')
    person = kith_cli.Person('Ann', profile=os.path.join(elsewhere, 'kith', 'default'))
    person.ok('network', setting='dht', value='off')
    person.quit()
    os.symlink(elsewhere, link)
    DATA = link
    ann = ask()
    check('the only profile opens, and nothing is asked', ann.find('push button', contains='Reachable at ')
          and ann.look_for('label', contains='Which Profile?') is None, ann.everything())
    check('it ends in order as well', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    kith_cli.end_processes()
finish()
