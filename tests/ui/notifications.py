# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop shows of notifications: a service that keeps them, and clicks on them. That of GNOME has a
second way for applications with a desktop file, and drops what an unknown one brings there."""

import collections

from gi.repository import GLib

from desktop_service import DesktopService
from person import wait

NAME, GTK = 'org.freedesktop.Notifications', 'org.gtk.Notifications'
TOKEN = 'test-token'  # with which a window may come to the front
PATH, GTK_PATH = '/org/freedesktop/Notifications', '/org/gtk/Notifications'
XML = f'''<node><interface name="{NAME}">
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation">{'<arg type="s" direction="out"/>' * 4}</method>
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
<arg type="a{{sv}}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
</interface>
<interface name="{GTK}"><method name="AddNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="a{{sv}}" direction="in"/></method>
<method name="RemoveNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/></method></interface></node>'''


class Notifications(DesktopService):
    """The service, in a thread of its own. shown: what it was given and is to be seen now, by its number."""

    def __init__(self, *capabilities, gnome=False):
        self.capabilities = ['actions', 'body', *capabilities]
        self.shown = {}
        self.n_shown = 0
        self.n_by_name = collections.Counter()  # that came the second way, by the ID of the application
        self.by_name = {}  # that way: what is to be seen now, by its ID
        self.targets = {}  # likewise: what a click opens, also of those that are gone
        self.withdrawn = []  # likewise: the IDs
        self.is_busy = False  # it answers when that ends, in order
        self._waiting = []
        self.serve(XML, *((NAME, PATH), (GTK, GTK_PATH))[:1 + gnome])

    def called(self, method, values, invocation):
        answer = None
        if method == 'GetCapabilities':
            answer = GLib.Variant('(as)', (self.capabilities,))
        elif method == 'GetServerInformation':
            answer = GLib.Variant('(ssss)', ('test', 'test', '1', '1.2'))
        elif method == 'Notify':
            self.n_shown += 1
            number = values[1] or self.n_shown
            self.shown = {**self.shown, number: (values[3], values[4])}
            answer = GLib.Variant('(u)', (number,))
        elif method == 'AddNotification':
            self.n_by_name[values[0]] += 1
            self.by_name = {**self.by_name, values[1]: (values[2]['title'], values[2]['body'])}
            self.targets = {**self.targets, values[1]: values[2]['default-action-target']}
        elif method == 'RemoveNotification':
            self.by_name = {name: words for name, words in self.by_name.items() if name != values[1]}
            self.withdrawn.append(values[1])
        elif method == 'CloseNotification':
            self.shown = {number: words for number, words in self.shown.items() if number != values[0]}
        self._waiting.append((invocation, answer))
        if not self.is_busy:
            self.end_busy()

    def end_busy(self):
        self.is_busy = False
        while self._waiting:
            invocation, answer = self._waiting.pop(0)
            invocation.return_value(answer)

    def sees(self, title, body):
        """The only one that is shown says that."""
        return wait(lambda: list(self.shown.values()) == [(title, body)])

    def is_empty(self):
        return wait(lambda: not self.shown)

    def click(self):
        """On the only one, which goes away with it."""
        number, = self.shown
        self.shown = {}
        for signal, word in ('ActivationToken', TOKEN), ('ActionInvoked', 'default'):
            self.connection.emit_signal(None, PATH, NAME, signal, GLib.Variant('(us)', (number, word)))
