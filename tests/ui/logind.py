# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer that can be told to go to sleep: the login manager of the system, on the bus of the test."""

import os
import threading
import time

from gi.repository import Gio, GLib

from desktop_service import DesktopService

NAME = 'org.freedesktop.login1'
PATH = '/org/freedesktop/login1'
MANAGER = f'{NAME}.Manager'
XML = f'''<node><interface name="{MANAGER}">
<method name="Inhibit">{'<arg type="s" direction="in"/>' * 4}<arg type="h" direction="out"/></method>
<signal name="PrepareForSleep"><arg type="b"/></signal>
</interface></node>'''


class Logind(DesktopService):
    """In a thread of its own. Who starts with its environment finds it in the place of the system's."""

    def __init__(self):
        self.environment = {'DBUS_SYSTEM_BUS_ADDRESS': os.environ['DBUS_SESSION_BUS_ADDRESS']}
        self.is_asked = threading.Event()
        self.may_sleep = threading.Event()
        self._changed = threading.Condition()
        self._n_held = 0
        self.serve(XML, (NAME, PATH))

    def called(self, method, values, invocation):
        reader, writer = os.pipe()
        fds = Gio.UnixFDList.new()
        fds.append(writer)
        os.close(writer)
        threading.Thread(target=self._await_release, args=(reader,), daemon=True).start()
        with self._changed:
            self._n_held += 1
            self.may_sleep.clear()
            self._changed.notify_all()
        invocation.return_value_with_unix_fd_list(GLib.Variant('(h)', (0,)), fds)
        self.is_asked.set()

    def _await_release(self, reader):
        os.read(reader, 1)  # ends when whoever holds the other end lets go
        os.close(reader)
        with self._changed:
            self._n_held -= 1
            if self._n_held == 0:
                self.may_sleep.set()
            self._changed.notify_all()

    def is_held(self):
        """Whether the computer would have to wait for somebody."""
        return self._n_held > 0

    def await_held(self, held, timeout):
        """Returns: whether that is so, at the latest after so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.is_held() == held, timeout)

    def _find_watcher(self, pid):
        bus = 'org.freedesktop.DBus', '/org/freedesktop/DBus'
        rules, = self.ask(*bus, 'org.freedesktop.DBus.Debug.Stats', 'GetAllMatchRules')
        for owner, its in rules.items():
            try:
                if any('PrepareForSleep' in rule for rule in its) and self.ask(
                        *bus, 'org.freedesktop.DBus', 'GetConnectionUnixProcessID', GLib.Variant('(s)', (owner,))) == (pid,):
                    return owner
            except GLib.Error:
                pass  # it is gone
        return None

    def settle(self, pid, turn, timeout):
        """Until that process has heard all that was announced, and what it then wanted of us is here. turn: makes its
        main loop go round."""
        end = time.monotonic() + timeout
        while (owner := self._find_watcher(pid)) is None:
            assert time.monotonic() < end, 'it does not listen'
            time.sleep(.01)
        for _ in range(2):
            turn()  # what it does when it has begun to listen, or has heard, is done now
            self.ask(owner, '/', 'org.freedesktop.DBus.Peer', 'Ping')
        turn()
        turn()
        self.ask(owner, '/', 'org.freedesktop.DBus.Peer', 'Ping')
        self.drain()

    def announce(self, before):
        self.connection.emit_signal(None, PATH, MANAGER, 'PrepareForSleep', GLib.Variant('(b)', (before,)))
