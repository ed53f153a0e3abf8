# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before the sandbox of a Flatpak: the portals of the desktop, with a user who does what the test says,
and the documents that they grant. And the sandbox, as far as Kith sees it: see sandbox.c."""

import os
import pathlib

from gi.repository import Gio, GLib

from desktop_service import DesktopService
from person import DEADLINE_S, Person, wait, xdotool

NAME, PATH = 'org.freedesktop.portal.Desktop', '/org/freedesktop/portal/desktop'
PREFIX = 'org.freedesktop.portal.'
REQUEST = PREFIX + 'Request'


def method(name, *taken, given=''):
    arguments = [*((kind, 'in') for kind in taken), *((kind, 'out') for kind in given)]
    return f'<method name="{name}">' + ''.join(f'<arg type="{kind}" direction="{way}"/>' for kind, way in arguments) + '</method>'


def interface(name, *methods):
    return f'<interface name="{PREFIX}{name}"><property name="version" type="u" access="read"/>{"".join(methods)}</interface>'


# What asks the user answers with the object that will say what came of it.
INTERFACES = (
    interface('FileChooser', *(method(name, 's', 's', 'a{sv}', given='o') for name in ('OpenFile', 'SaveFile'))),
    interface('OpenURI', method('OpenURI', 's', 's', 'a{sv}', given='o'), method('OpenFile', 's', 'h', 'a{sv}', given='o')),
    interface('Background', method('RequestBackground', 's', 'a{sv}', given='o')),
    interface('Notification', method('AddNotification', 's', 'a{sv}'), method('RemoveNotification', 's')),
)
CANCELLED = 1


class Sandboxed(Person):
    """The only one of a test: GTK does not say of which process a window is when that has a number of its own in there."""

    def __init__(self, portals, *arguments, **keywords):
        super().__init__(*arguments, environment=portals.environment, **keywords)

    @staticmethod
    def windows(title):
        return xdotool('search', '--all', '--onlyvisible', '--name', title).split()

    def x_window(self, title=None, timeout_s=DEADLINE_S):
        found = wait(lambda: self.windows(title or 'Kith'), timeout_s)
        return found[-1] if found else None

    def newest_window(self):
        return self.windows('')[-1]


class Portals(DesktopService):
    """In a thread of its own. dialogs: (title, options) of those that came up; opened: addresses and paths that other
    programs got; background: the options of each wish to go on without a window; notifications: by their names."""

    properties = {'version': GLib.Variant('u', 3)}

    def __init__(self, folder):
        """@folder: a new one, of the documents and of what says that there is a sandbox"""
        self.documents = pathlib.Path(folder) / 'doc'
        self.documents.mkdir(parents=True)
        info = pathlib.Path(folder) / 'flatpak-info'
        info.write_text('[Application]\nname=chat.kith.Kith\nruntime=runtime/org.gnome.Platform/x86_64/50\n\n'
                        '[Context]\nshared=network;ipc;\n', encoding='utf-8')
        self.environment = {'LD_PRELOAD': os.environ['KITH_SANDBOX'], 'KITH_TEST_FLATPAK': str(info), 'GTK_USE_PORTAL': '1',
                            'KITH_TEST_DOCUMENTS': str(self.documents)}
        self.chosen = []
        self.may_stay = True
        self.dialogs, self.opened, self.background, self.notifications = [], [], [], {}
        self.serve(f'<node>{"".join(INTERFACES)}</node>', *[(NAME, PATH)] * len(INTERFACES))

    # --- The user ---

    def grant(self, content=None, name='document'):
        """The way to a document that Kith may see. Without content it is one that is yet to be written."""
        place = self.documents / f'{len(list(self.documents.iterdir())):08x}'
        place.mkdir()
        if content is not None:
            (place / name).write_bytes(content)
        return place / name

    def grant_folder(self, name):
        folder = self.grant(name=name)
        folder.mkdir()
        return folder

    def choose(self, *paths):
        """Does so in the dialog that comes up next."""
        self.chosen = [path.as_uri() for path in paths]

    def await_dialog(self, title):
        """Its options."""
        return wait(lambda: next(options for shown, options in self.dialogs if shown == title))

    # --- The desktop ---

    def called(self, method, values, invocation):
        portal = invocation.get_interface_name().removeprefix(PREFIX)
        if portal == 'Notification':
            self._notify(method, values)
            invocation.return_value(None)
            return
        ask = {'FileChooser': self._choose, 'OpenURI': self._open, 'Background': self._stay}[portal]
        results = ask(method, values, invocation)
        sender = invocation.get_sender()
        path = f'{PATH}/request/{sender[1:].replace(".", "_")}/{values[-1]["handle_token"]}'
        invocation.return_value(GLib.Variant('(o)', (path,)))
        refused = (portal == 'FileChooser' and not results['uris'].unpack()) or (portal == 'Background' and not self.may_stay)
        response = CANCELLED if refused else 0
        self.connection.emit_signal(sender, path, REQUEST, 'Response', GLib.Variant('(ua{sv})', (response, results)))

    def _choose(self, method, values, invocation):
        _, title, options = values
        chosen, self.chosen = self.chosen, []
        self.dialogs.append((title, options))
        return {'uris': GLib.Variant('as', chosen)}  # GTK looks for them also when there are none

    def _open(self, method, values, invocation):
        _, what, _ = values
        if method == 'OpenFile':
            descriptor = invocation.get_message().get_unix_fd_list().get(what)
            what = os.readlink(f'/proc/self/fd/{descriptor}')
            os.close(descriptor)
        self.opened.append(what)
        return {}

    def _stay(self, method, values, invocation):
        _, options = values
        self.background.append(options)
        return {'background': GLib.Variant('b', self.may_stay),
                'autostart': GLib.Variant('b', self.may_stay and options['autostart'])}

    def _notify(self, method, values):
        shown = {name: words for name, words in self.notifications.items() if name != values[0]}
        if method == 'AddNotification':
            shown[values[0]] = values[1]
        self.notifications = shown

    def click(self):
        """On the only notification, which goes away with it: the desktop tells the application of the sandbox."""
        (_, words), = self.notifications.items()
        self.notifications = {}
        action, target = words['default-action'].removeprefix('app.'), words['default-action-target']
        self.connection.call_sync('chat.kith.Kith', '/chat/kith/Kith', 'org.freedesktop.Application', 'ActivateAction',
                                  GLib.Variant('(sava{sv})', (action, [GLib.Variant(f'({"s" * len(target)})', target)], {})),
                                  None, Gio.DBusCallFlags.NONE, -1)
