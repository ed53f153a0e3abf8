#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A notification leads to the window that has shown it, whatever else runs, or has run; and goes when what it tells of
was read. On GNOME, through a portal from a sandbox, and on any other desktop."""

import own_network  # noqa: F401  # pylint: disable=unused-import

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import gi

gi.require_version('Gio', '2.0')
from gi.repository import GLib  # noqa: E402

from accessible import SELECTED
from notifications import Notifications
from person import BUS, KITH, Person, check, finish, let_in, screenshot, wait
from portals import Portals, Sandboxed

DATA = os.environ['XDG_DATA_HOME']  # kith_cli takes another
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

NAME = 'chat.kith.Kith'
USUAL, WORK = (os.path.join(DATA, 'kith', name) for name in ('default', 'work'))
HOME = {'XDG_DATA_HOME': DATA}
QUIET = '--no-dht', '--no-lan', '--no-port-map', '--listen', '127.0.0.1:0'
TAGS, ESCAPED = '<b>a</b> & b', '&lt;b&gt;a&lt;/b&gt; &amp; b'

folder = tempfile.mkdtemp(prefix='kith-ui-')
people = []


class Launched(Sandboxed):
    """The window of a process that Kith has started."""

    def __init__(self, pid):
        self.pid = pid
        self._name = wait(lambda: BUS.find_process(pid))
        wait(lambda: self.tree().windows)
        self.window = self.x_window()
        self.place(0)

    def leave(self):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def make(profile):
    """With no passphrase, so that it opens at once."""
    kith_cli.Person('Ann', profile=profile, environment=HOME).quit()


def start(kind, *arguments, **keywords):
    person = kind(*arguments, '--listen', '127.0.0.1:0', **keywords)
    people.append(person)
    return person


def look_elsewhere(person):
    return person.key_until(lambda: person.look_for('list item', 'Profile'), 'ctrl+comma')


def look_back(person):
    return person.close('Preferences', 'list item', 'Profile') and person.focus()


def say(friend, text):
    return friend.ok('send', to=friend.other, text=text)['message']


def is_open(person, name):
    return wait(lambda: any(row.has(SELECTED) and name in row.name
                            for row in person.look_for('list', 'Conversations').children))


def kill(person):
    """As a crash does it, or somebody who pulls the plug."""
    person.process.kill()
    return person.process.wait(20) is not None


def kill_launched(pid):
    """Until nobody has its name on the bus."""
    os.kill(pid, signal.SIGKILL)
    return wait(lambda: not any(name.startswith(NAME + '.P') for name in desktop.ask(
        'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'ListNames')[0]))


def find_process(path):
    """(nullable): the one that has the profile there."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as file:
                words = file.read().split(b'\0')
            with open(f'/proc/{pid}/stat', encoding='utf-8') as file:
                is_dead = file.read().rpartition(')')[2].split()[0] == 'Z'
        except OSError:
            continue
        if path.encode() in words and words[0].endswith(b'kith') and not is_dead:
            return int(pid)
    return None


def has_owner(name):
    return desktop.ask('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner',
                       GLib.Variant('(s)', (name,)))[0]


def click_in_portal():
    """All that the desktop knows is the name of the application, which the bus starts when it does not run."""
    if not has_owner(NAME):
        people.append(Service())
    portals.click()


class Service:
    """The application as the bus starts it, of which nobody has the window."""

    def __init__(self):
        self.process = kith_cli.keep_until_the_end(subprocess.Popen(
            [KITH, '--gapplication-service', *QUIET], env={**os.environ, **HOME, **portals.environment}))
        wait(lambda: has_owner(NAME))

    def leave(self):
        self.process.kill()


try:
    # GNOME, which keeps on the disk what an application brings that it knows by its desktop file.
    desktop = Notifications('body-markup', gnome=True)
    make(USUAL)
    ann = start(Person, profile=USUAL, shared=True, environment=HOME)
    ben = let_in(ann, kith_cli.Person('Ben'))
    check('Ann looks elsewhere', look_elsewhere(ann), ann.everything())
    say(ben, TAGS)
    check('GNOME shows what comes, as it is', desktop.sees('Ben', ESCAPED), desktop.shown)
    check('and takes it back when it was read', look_back(ann) and ann.has_message(TAGS) and desktop.is_empty(),
          desktop.shown)
    check('nothing went where it is kept', not desktop.n_by_name, desktop.n_by_name)

    # Beside it one that keeps nothing.
    cleo = start(Person, '--name', 'Cleo', x=980)
    dan = let_in(cleo, kith_cli.Person('Dan'))
    check('somebody else looks elsewhere', look_elsewhere(cleo), cleo.everything())
    say(dan, TAGS)
    check('theirs is shown in their own name', desktop.sees('Dan', ESCAPED) and not desktop.n_by_name, (desktop.shown, desktop.n_by_name))
    look_back(cleo)
    check('it goes when it was read', desktop.is_empty(), desktop.shown)
    check('both end', ann.leave() == 0 and cleo.leave() == 0)

    # A sandbox: its portal knows the application and nothing else.
    make(WORK)
    portals = Portals(folder + '/portals')
    ann = start(Sandboxed, portals, profile=WORK, shared=True)
    eve = let_in(ann, kith_cli.Person('Eve'))
    eve.ok('send', to=eve.other, text='Are you there?')
    check('Eve is there', ann.has_message('Are you there?'), ann.everything())
    look_elsewhere(ann)
    message = say(eve, TAGS)
    check('the portal shows what comes, as it is', wait(
        lambda: [(words['title'], words['body']) for words in portals.notifications.values()] == [('Eve', TAGS)]),
        portals.notifications)
    check('and hears of no ID', not [word for word in (eve.id, eve.other, message) if word in repr(portals.notifications)],
          portals.notifications)
    look_back(ann)
    check('and takes it back when it was read', wait(lambda: not portals.notifications), portals.notifications)
    check('no window is left', ann.key_until(lambda: ann.look_for('label', contains='Keep Kith Running?'), 'ctrl+w')
          and ann.press('Keep Running') and wait(lambda: not ann.windows('Kith')), ann.everything())
    say(eve, 'Come back')
    check('what comes then is shown', wait(lambda: portals.notifications))
    click_in_portal()
    check('a click opens the window that it is of', wait(lambda: ann.windows('Kith')) and is_open(ann, 'Eve')
          and ann.is_in_view('Come back'), ann.everything())
    check('and no other', len(ann.windows('Kith')) == 1, ann.windows('Kith'))
    screenshot('notified')

    look_elsewhere(ann)
    say(eve, 'Are you still there?')
    check('one stays when that is killed', wait(lambda: portals.notifications) and kill(ann) and portals.notifications)
    click_in_portal()
    pid = wait(lambda: find_process(WORK))
    ann = Launched(pid) if pid else ann
    people.append(ann)
    check('a click starts Kith with the profile that it is of', pid and is_open(ann, 'Eve')
          and ann.is_in_view('Are you still there?'), ann.everything())
    check('and no other window', len(ann.windows('Kith')) == 1, ann.windows('Kith'))
    look_elsewhere(ann)
    say(eve, 'One more')
    check('another stays when that is killed', wait(lambda: portals.notifications) and kill_launched(pid)
          and portals.notifications)
    ann = start(Sandboxed, portals, profile=WORK, shared=True)
    ann.select('Eve')
    check('until it is read', ann.has_message('One more') and wait(lambda: not portals.notifications),
          portals.notifications)
finally:
    for person in people:
        person.leave()
    kith_cli.end_processes()
    shutil.rmtree(folder, ignore_errors=True)
finish()
