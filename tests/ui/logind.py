# SPDX-License-Identifier: GPL-3.0-or-later
"""A computer that can be told to go to sleep: the login manager of the system, on the bus of the test."""

import os
import threading

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

NAME = 'org.freedesktop.login1'
PATH = '/org/freedesktop/login1'
MANAGER = f'{NAME}.Manager'
XML = f'''<node><interface name="{MANAGER}">
<method name="Inhibit">{'<arg type="s" direction="in"/>' * 4}<arg type="h" direction="out"/></method>
<signal name="PrepareForSleep"><arg type="b"/></signal>
</interface></node>'''


class Logind:
    """In a thread of its own. Who starts with its environment finds it in the place of the system's."""

    def __init__(self):
        self.environment = {'DBUS_SYSTEM_BUS_ADDRESS': os.environ['DBUS_SESSION_BUS_ADDRESS']}
        self.is_asked = threading.Event()
        self.may_sleep = threading.Event()
        self._connection = None
        self._changed = threading.Condition()
        self._n_held = 0
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait()

    def _serve(self, ready):
        context = GLib.MainContext()
        context.push_thread_default()
        self._connection = Gio.DBusConnection.new_for_address_sync(
            os.environ['DBUS_SESSION_BUS_ADDRESS'], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self._connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], self._called)
        self._connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                                   'RequestName', GLib.Variant('(su)', (NAME, 0)), None,
                                   Gio.DBusCallFlags.NONE, -1)
        ready.set()
        GLib.MainLoop.new(context, False).run()

    def _called(self, connection, sender, path, interface, method, parameters, invocation):
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

    def announce(self, before):
        self._connection.emit_signal(None, PATH, MANAGER, 'PrepareForSleep', GLib.Variant('(b)', (before,)))
