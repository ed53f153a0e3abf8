# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop has on its bus, for Kith to find: on the bus of the test, in a thread of its own."""

import os
import threading

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402


class DesktopService:
    """Who is one answers called()."""

    def serve(self, xml, *places):
        """Returns when it can be found. xml: its interfaces; places: the name on the bus and the path of each of them."""
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(xml, places, ready), daemon=True).start()
        ready.wait()

    def _serve(self, xml, places, ready):
        self._context = context = GLib.MainContext()
        context.push_thread_default()
        self.connection = Gio.DBusConnection.new_for_address_sync(
            os.environ['DBUS_SESSION_BUS_ADDRESS'], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        for interface, (name, path) in zip(Gio.DBusNodeInfo.new_for_xml(xml).interfaces, places):
            self.connection.register_object(path, interface, self._called)
            self.connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                                      'RequestName', GLib.Variant('(su)', (name, 0)), None,
                                      Gio.DBusCallFlags.NONE, -1)
        ready.set()
        GLib.MainLoop.new(context, False).run()

    def drain(self):
        """Until all is answered that has come by now. Not from called()."""
        done = threading.Event()
        source = GLib.idle_source_new()
        source.set_callback(lambda *_: done.set())
        source.attach(self._context)
        done.wait()

    def ask(self, name, path, interface, method, parameters=None):
        """What somebody else on the bus answers."""
        return self.connection.call_sync(name, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE,
                                         -1, None).unpack()

    def _called(self, connection, sender, path, interface, method, parameters, invocation):
        self.called(method, parameters.unpack(), invocation)
