#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computer goes to sleep: the window locks before, and lets it sleep only then. Where nobody tells of sleep the
preferences say so. And whoever is away for as long as they have set comes back to a locked window."""

import os
import shutil
import sys
import tempfile
import threading

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

# The system's bus, to the window, is that of the test.
os.environ['DBUS_SYSTEM_BUS_ADDRESS'] = os.environ['DBUS_SESSION_BUS_ADDRESS']

from accessible import CHECKED, SENSITIVE  # noqa: E402
from person import Person, check, finish, screenshot, wait  # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

NAME, PATH, MANAGER = 'org.freedesktop.login1', '/org/freedesktop/login1', 'org.freedesktop.login1.Manager'
XML = f'''<node><interface name="{MANAGER}"><method name="Inhibit">{'<arg type="s" direction="in"/>' * 4}
<arg type="h" direction="out"/></method><signal name="PrepareForSleep"><arg type="b"/></signal></interface></node>'''
WORDS = 'correct horse'


class Logind:
    """In a thread of its own. reader: ends when nobody asks to be waited for any more."""

    def __init__(self):
        self.reader = None
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait()

    def _serve(self, ready):
        context = GLib.MainContext()
        context.push_thread_default()
        self.connection = Gio.DBusConnection.new_for_address_sync(
            os.environ['DBUS_SESSION_BUS_ADDRESS'], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self.connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], self._called)
        self.connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                                  'RequestName', GLib.Variant('(su)', (NAME, 0)), None,
                                  Gio.DBusCallFlags.NONE, -1)
        ready.set()
        GLib.MainLoop.new(context, False).run()

    def _called(self, connection, sender, path, interface, method, parameters, invocation):
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        fds = Gio.UnixFDList.new()
        fds.append(writer)
        os.close(writer)
        invocation.return_value_with_unix_fd_list(GLib.Variant('(h)', (0,)), fds)
        self.reader = reader

    def announce(self, before):
        self.connection.emit_signal(None, PATH, MANAGER, 'PrepareForSleep', GLib.Variant('(b)', (before,)))

    def is_held(self):
        if self.reader is None:
            return False
        try:
            return os.read(self.reader, 1) != b''
        except BlockingIOError:
            return True


MINUTES = 20
SUSPEND = 'Lock When the Computer Sleeps'


def unlock(ann):
    ann.sees('Kith Is Locked')
    ann.focus()
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    check('the passphrase opens it', ann.port() > 0, ann.everything)


def show_preferences(ann):
    return ann.key_until(lambda: ann.look_for('check box', SUSPEND), 'ctrl+comma')


def suspend_switch(ann):
    return ann.find('check box', SUSPEND)


folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
logind = Logind()
people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=profile)
    people.append(ann)
    ann.find('push button', 'Use This Passphrase')
    ann.enter('New Passphrase', WORDS)
    ann.key('Return')
    ann.enter('Once More', WORDS)
    ann.key('Return')
    check('Ann is there', ann.port() > 0, ann.everything())
    check('the computer would wait for her', wait(logind.is_held))
    show_preferences(ann)
    check('and she may wish that it does not', suspend_switch(ann).has(CHECKED)
          and ann.find('list item', contains=SUSPEND).has(SENSITIVE)
          and not ann.look_for('label', contains='does not tell Kith'), ann.everything)
    ann.close('Preferences', 'check box', SUSPEND)

    logind.announce(True)
    check('before it sleeps it is locked', wait(lambda: not logind.is_held())
          and ann.look_for('text', 'Passphrase'), ann.everything())
    check('and nothing of her is left to see', ann.is_gone('push button', contains='Reachable at '))
    screenshot('asleep')
    logind.announce(False)
    ann.focus()
    ann.enter('Passphrase', WORDS)
    ann.key('Return')
    check('it wakes up, and she unlocks it', ann.port() > 0, ann.everything())
    check('it would wait again', wait(logind.is_held))
    check('Ann ends in order', ann.leave() == 0)
    check('and holds nobody up', wait(lambda: not logind.is_held()))

    owner = kith_cli.Person('Ann', profile=profile, passphrase=WORDS, listen=None)
    owner.ok('auto-lock', minutes=MINUTES)
    owner.quit()
    # Nobody to ask, as in a sandbox that may not; and a minute is a second.
    ann = Person('--listen', '127.0.0.1:0', profile=profile, environment={
        'DBUS_SYSTEM_BUS_ADDRESS': 'unix:path=/nonexistent', 'LD_PRELOAD': os.environ['KITH_FAST_CLOCK']})
    people.append(ann)
    unlock(ann)
    show_preferences(ann)
    check('where nobody tells of sleep that is said',
          ann.sees('the system does not tell Kith when it goes to sleep'), ann.everything)
    check('and the switch does not say that it is on', not ann.find('list item', contains=SUSPEND).has(SENSITIVE)
          and not suspend_switch(ann).has(CHECKED))
    screenshot('no-word-of-sleep')
    ann.close('Preferences', 'check box', SUSPEND)
    check('who is away for as long as that is locked out', ann.find('text', 'Passphrase', timeout_s=3 * MINUTES),
          ann.everything)
    check('and nothing is left to see then', ann.is_gone('push button', contains='Reachable at '))
    check('Ann ends in order at last', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
