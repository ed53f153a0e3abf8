#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times as the desktop shows them: by its settings, by the portal that a sandbox has, and by neither."""

import os
import re

from gi.repository import GLib

from desktop_service import DesktopService
from person import Person, check, finish, wait

PORTAL, PATH = 'org.freedesktop.portal.Desktop', '/org/freedesktop/portal/desktop'
SETTINGS, SCHEMA, KEY = 'org.freedesktop.portal.Settings', 'org.gnome.desktop.interface', 'clock-format'
XML = f'''<node><interface name="{SETTINGS}">
<method name="Read"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/></method>
<method name="ReadAll"><arg type="as" direction="in"/><arg type="a{{sa{{sv}}}}" direction="out"/></method>
<signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal></interface></node>'''
TWELVE, DAY = r'\b1?[0-9]:[0-5][0-9] [AP]M\b', r'\b[0-2][0-9]:[0-5][0-9](?! [AP]M)\b'
LAST = 'And the little ticks'


class Portal(DesktopService):
    """That of a desktop with a clock of twelve hours."""

    def __init__(self):
        self.serve(XML, (PORTAL, PATH))

    def called(self, method, values, invocation):
        if method == 'ReadAll':
            invocation.return_value(GLib.Variant('(a{sa{sv}})', ({},)))
        elif tuple(values) == (SCHEMA, KEY):
            # Read() wraps it once more.
            invocation.return_value(GLib.Variant('(v)', (GLib.Variant('v', GLib.Variant('s', '12h')),)))
        else:
            invocation.return_dbus_error('org.freedesktop.portal.Error.NotFound', 'Requested setting not found')

    def change(self, value):
        self.connection.emit_signal(None, PATH, SETTINGS, 'SettingChanged',
                                    GLib.Variant('(ssv)', (SCHEMA, KEY, GLib.Variant('s', value))))


def times(demo):
    demo.has_message(LAST, timeout_s=20)
    return next(name for name in demo.messages() if LAST in name)


def shows(what, pattern, **environment):
    demo = Person('--demo', environment=environment)
    try:
        check(f'{what}: the time of a message', re.search(pattern, times(demo)), demo.messages)
        check(f'{what}: it ends in order', demo.leave() == 0)
    finally:
        demo.leave()


shows('nothing is set', DAY)
os.makedirs(os.environ['XDG_CONFIG_HOME'] + '/glib-2.0/settings')
with open(os.environ['XDG_CONFIG_HOME'] + '/glib-2.0/settings/keyfile', 'w', encoding='utf-8') as settings:
    settings.write("[org/gnome/desktop/interface]\nclock-format='12h'\n")
shows('the settings', TWELVE, GSETTINGS_BACKEND='keyfile')

# A choice can be taken back while Kith runs.
ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', environment={'GSETTINGS_BACKEND': 'keyfile'})
try:
    check('somebody is there', ann.port() > 0, ann.everything)
    ann.key_until(lambda: ann.look_for('push button', 'Make a Link'), 'ctrl+i')
    ann.press('Make a Link')
    check('a clock that was chosen', wait(lambda: any(re.search(TWELVE, node.name) for node in ann.tree().walk())),
          ann.everything)
    ann.close('Invite a Friend', 'push button', 'Copy Link')
    with open(os.environ['XDG_CONFIG_HOME'] + '/glib-2.0/settings/keyfile', 'w', encoding='utf-8') as settings:
        settings.write("[org/gnome/desktop/interface]\n")

    def is_usual():
        """What is listed there now is made anew with each opening."""
        ann.key_until(lambda: ann.look_for('push button', 'Make a Link'), 'ctrl+i')
        seen = wait(lambda: any(re.search(DAY, node.name) for node in ann.look_for('list', 'Links you have made').walk()), 1)
        ann.key_until(lambda: not ann.look_for('push button', 'Make a Link'), 'Escape', title='Invite a Friend')
        return seen
    check('goes back to that of the locale', wait(is_usual), ann.everything)
    check('and it ends in order', ann.leave() == 0)
finally:
    ann.leave()

portal = Portal()
ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    check('Ann is there', ann.port() > 0, ann.everything)
    ann.key_until(lambda: ann.look_for('push button', 'Make a Link'), 'ctrl+i')
    ann.press('Make a Link')
    check('the portal: until when a link is valid', wait(lambda: any(
        re.search(TWELVE, node.name) for node in ann.tree().walk())), ann.everything)
    ann.close('Invite a Friend', 'push button', 'Copy Link')
    portal.change('24h')
    check('and when that changes', ann.key_until(lambda: ann.look_for('push button', 'Make a Link'), 'ctrl+i') and wait(
        lambda: any(re.search(DAY, node.name) for node in ann.look_for('list', 'Links you have made').walk())),
        ann.everything)
    check('it ends in order', ann.leave() == 0)
finally:
    ann.leave()
finish()
