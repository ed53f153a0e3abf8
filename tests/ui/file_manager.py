# SPDX-License-Identifier: GPL-3.0-or-later
"""A file manager of the desktop that opens nothing: it keeps what it was asked to show."""

import os
import threading

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

NAME = 'org.freedesktop.FileManager1'
XML = f'''<node><interface name="{NAME}"><method name="ShowItems"><arg type="as" direction="in"/>
<arg type="s" direction="in"/></method></interface></node>'''


class FileManager:
    """The service, in a thread of its own."""

    def __init__(self):
        self.shown = []
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait()

    def _serve(self, ready):
        context = GLib.MainContext()
        context.push_thread_default()
        self.connection = Gio.DBusConnection.new_for_address_sync(
            os.environ['DBUS_SESSION_BUS_ADDRESS'], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self.connection.register_object('/org/freedesktop/FileManager1',
                                        Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], self._called)
        self.connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                                  'RequestName', GLib.Variant('(su)', (NAME, 0)), None,
                                  Gio.DBusCallFlags.NONE, -1)
        ready.set()
        GLib.MainLoop.new(context, False).run()

    def _called(self, connection, sender, path, interface, method, parameters, invocation):
        self.shown += parameters.unpack()[0]
        invocation.return_value(None)
