#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Started through the bus, as a desktop does it for an icon, a link, or a notification that was clicked."""

import os
import signal
import subprocess
import sys

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

from accessible import FOCUSED, SELECTED, Ear  # noqa: E402
from notifications import Notifications  # noqa: E402
from person import KITH, Person, check, finish, hears, screenshot, wait, xdotool  # noqa: E402

NAME, PATH = 'chat.kith.Kith', '/chat/kith/Kith'
DATA = os.environ['XDG_DATA_HOME']  # that of the bus
PROFILE = os.path.join(DATA, 'kith', 'default')
SECRET = 'correct horse'
NEWS, LATER = 'The boat is here', 'It sails at noon'
QUIET = '--no-dht --no-lan --no-port-map --listen 127.0.0.1:0'

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

bus = Gio.bus_get_sync(Gio.BusType.SESSION)


def call(name, path, method, parameters=None):
    interface, _, member = method.rpartition('.')
    return bus.call_sync(name, path, interface, member, parameters, None, Gio.DBusCallFlags.NONE, 20000)


def ask_bus(method, parameters=None):
    return call('org.freedesktop.DBus', '/org/freedesktop/DBus', f'org.freedesktop.DBus.{method}', parameters)


def is_running():
    return ask_bus('NameHasOwner', GLib.Variant('(s)', (NAME,))).unpack()[0]


def tell(method, signature, *arguments):
    """As a desktop does, which starts what does not run."""
    return call(NAME, PATH, f'org.freedesktop.Application.{method}', GLib.Variant(signature, arguments))


class Process:
    """One that the bus has started."""

    def __init__(self):
        self.pid = ask_bus('GetConnectionUnixProcessID', GLib.Variant('(s)', (NAME,))).unpack()[0]

    def poll(self):
        try:
            with open(f'/proc/{self.pid}/stat', encoding='utf-8') as file:
                return None if file.read().rpartition(')')[2].split()[0] != 'Z' else 0
        except OSError:
            return 0

    def send_signal(self, number):
        os.kill(self.pid, number)


class Activated(Person):
    """The window of what the bus has started."""

    def __init__(self):
        self.process = Process()
        self._name = wait(lambda: person_bus.find_process(self.process.pid))
        wait(lambda: self.tree().windows)
        self.window = self.x_window()
        self.place(0)

    def unlock(self):
        self.focus()
        self.enter('Passphrase', SECRET)
        self.key('Return')

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return wait(lambda: not is_running() and self.process.poll() is not None)


def make_profile():
    """Of Ann, who knows Ben, and has heard from him."""
    ann = kith_cli.Person('Ann', profile=PROFILE, passphrase=SECRET)
    ben = kith_cli.Person('Ben')
    ben.ok('connect', address='127.0.0.1', port=ann.port)
    ann.event('request')
    ann.ok('accept', who='Ben')
    ben.event('contact', change='accepted')
    link = ben.ok('invite')['invite']
    ben.other = ann.id
    ann.quit()
    return ben, link


def click(notification):
    tell('ActivateAction', '(sava{sv})', 'open', [GLib.Variant('(ss)', (NAME, notification))], {})


def open_from_notification(notification):
    """A click on one that has outlived its process."""
    global ann
    click(notification)
    ann = Activated()


def hear_from_ben(text):
    """The name of the notification that tells of it."""
    ben.ok('connect', address='127.0.0.1', port=ann.port())
    ben.ok('send', to=ben.other, text=text)
    return wait(lambda: next((name for name, words in desktop.by_name.items() if text in words[1]), None))


def leads_to_ben():
    """His message has his name in it as well."""
    return next(row for row in ann.look_for('list', 'Conversations').children if 'Ben' in row.name).has(SELECTED)


person_bus = sys.modules['person'].BUS
os.makedirs(os.path.join(DATA, 'dbus-1', 'services'))
with open(os.path.join(DATA, 'dbus-1', 'services', f'{NAME}.service'), 'w', encoding='utf-8') as service:
    service.write(f'[D-BUS Service]\nName={NAME}\nExec=/usr/bin/env GNOTIFICATION_BACKEND=gtk {KITH} --gapplication-service {QUIET}\n')
ask_bus('ReloadConfig')

ann = None
try:
    desktop = Notifications(gnome=True)
    ben, link = make_profile()
    tell('Activate', '(a{sv})', {})
    ann = Activated()
    check('the bus starts it', ann.sees('Enter your passphrase'), ann.everything())
    screenshot('activated')
    check('a start from a shell finds it', subprocess.run([KITH], check=False, timeout=20).returncode == 0
          and Process().pid == ann.process.pid
          and len(xdotool('search', '--all', '--onlyvisible', '--pid', ann.process.pid, '--name', 'Kith').split()) == 1)

    # A link waits for the passphrase.
    tell('Open', '(asa{sv})', [link], {})
    check('no link gets around the passphrase', ann.sees('Enter your passphrase') and Process().pid == ann.process.pid)
    ann.unlock()
    check('it is there behind it', ann.x_window('Add a Friend') and ann.sees('Ben'), ann.everything())
    screenshot('activated-link')
    check('it ends', ann.end())

    # Notifications that have outlived the process. One says nothing to anybody.
    open_from_notification('a' * 64)
    check('a notification starts it, locked', ann.sees('Enter your passphrase'), ann.everything())
    ann.unlock()
    check('what nobody knows opens nothing', ann.row('Ben') and not ann.row('Ben').has(SELECTED)
          and ann.sees('No Conversation Open'), ann.everything())
    name = hear_from_ben(NEWS)
    check('Ben is heard of', name, desktop.by_name)
    check('by no ID', name and desktop.targets[name] == (NAME, name)
          and not {ben.id, ben.other} & set(name.split('-')), desktop.targets)
    check('it ends again', ann.end())

    open_from_notification(name)
    ann.sees('Enter your passphrase')
    ann.unlock()
    check('else it leads to whom it was from', wait(leads_to_ben), ann.everything())

    # One that told of a message, while the window is there.
    ann.key_until(lambda: ann.look_for('list item', 'Profile'), 'ctrl+comma')
    check('it has the same name again', hear_from_ben(LATER) == name, desktop.by_name)
    ann.close('Preferences', 'list item', 'Profile')
    ann.focus()
    check('what it tells of is there', ann.has_message(LATER), ann.messages())
    ear = Ear(person_bus)
    click(name)
    check('what it told of is said', hears(ear, LATER), ear.heard)
    check('and can be answered at once', wait(lambda: ann.look_for('text', 'Message text').has(FOCUSED)), ann.everything)

    # The bus keeps the order: the second comes while the window closes.
    bus.call(NAME, PATH, 'org.freedesktop.Application', 'ActivateAction', GLib.Variant('(sava{sv})', ('quit', [], {})),
             None, Gio.DBusCallFlags.NONE, -1, None, None)
    open_from_notification(name)
    check('one that is clicked while the window closes waits for the next', ann.sees('Enter your passphrase'),
          ann.everything())
    ann.unlock()
    check('and leads there too', wait(leads_to_ben), ann.everything())

    # Who has lost the passphrase can begin anew.
    check('she locks it', ann.key_until(lambda: ann.look_for('list item', contains='Ben') is None, 'ctrl+l')
          and ann.sees('Enter your passphrase'), ann.everything())
    check('a locked profile leads to the help', ann.press('Lost Your Passphrase?')
          and ann.find('heading', 'When the Passphrase Is Lost'), ann.everything())
    ann.close('^Help$', 'heading', 'When the Passphrase Is Lost')
    check('and to other profiles', ann.press('Other Profiles…') and ann.sees('Which Profile?')
          and ann.find('list item', 'Restore from a Backup…'), ann.everything())
    screenshot('other-profiles')
    check('it ends for good', ann.end())
finally:
    kith_cli.end_processes()
    if ann is not None and ann.process.poll() is None:
        os.kill(ann.process.pid, signal.SIGKILL)
finish()
