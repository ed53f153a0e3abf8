# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person who hears a window instead of seeing it would miss in it."""

import re

from gi.repository import Gio, GLib

from accessible import FOCUSABLE, SENSITIVE
from person import wait, xdotool

# GTK 4.8 calls what has no name by its class, and joins two names with a blank.
CLASS = re.compile(r'(?:Gtk|Adw|Kith)[A-Z]\w+')
CONTROLS = {'push button', 'toggle button', 'check box', 'radio button', 'text', 'entry', 'password text', 'spin button',
            'slider', 'combo box', 'list item', 'menu item', 'menu', 'link', 'page tab', 'switch', 'calendar', 'list',
            'tree', 'table', 'progress bar'}
LISTS = {'list', 'tree', 'table'}
PICTURES = {'image', 'icon'}
# What the focus may be on says what one can do there. A scrolled window has it only while nothing in it can have it,
# a page with words is one to read.
ROLES = CONTROLS | PICTURES | {'scroll pane', 'frame', 'dialog', 'alert', 'label', 'heading', 'panel'}
STEPS = 12  # that the keyboard goes before one looks
MOST_STEPS = 20 * STEPS


def _is_nameless(node):
    return not node.name.strip() or CLASS.fullmatch(node.name) is not None


def _where(node):
    words = []
    while node is not None and len(words) < 6:
        words.append(f'{node.role}:{node.name[:30]}')
        node = node.parent
    return ' in '.join(words)


def _is_part(node):
    """What a control is made of is not met by itself: the arrow of a row, the list behind a choice."""
    is_picture = node.role in PICTURES
    node = node.parent
    while node is not None:
        if node.role in ('combo box', 'spin button') or is_picture and node.role in CONTROLS - LISTS:
            return True
        node = node.parent
    return False


def nameless(person):
    """What is shown, can be met with the keyboard or tells something, and has no name. A scrolled window has the
    focus only while nothing in it can have it."""
    return [_where(node) for node in person.tree().walk()
            if _is_nameless(node) and not _is_part(node)
            and (node.role in CONTROLS or node.role in PICTURES
                 or node.role not in ('scroll pane', 'frame', 'filler') and node.was(FOCUSABLE))
            and node.is_shown()]


def roleless(person):
    """What the focus can be on without saying what it is."""
    return [_where(node) for node in person.tree().walk()
            if node.was(FOCUSABLE) and node.role not in ROLES and not _is_part(node) and node.is_shown()]


class Trail:
    """Where the focus has been, in order."""

    def __init__(self, bus):
        self._places = []
        bus.connection.signal_subscribe(None, 'org.a11y.atspi.Event.Object', 'StateChanged', None, None,
                                        Gio.DBusSignalFlags.NONE, self._hear)

    def _hear(self, _connection, _sender, path, _interface, _signal, parameters):
        what, now = parameters.unpack()[:2]
        if what == 'focused' and now:
            self._places.append(path)

    def places(self):
        while GLib.MainContext.default().iteration(False):
            pass
        return list(self._places)

    def forget(self):
        self.places()
        self._places.clear()


def _n_stops(person):
    return max(sum(node.was(FOCUSABLE) and node.was(SENSITIVE) and node.is_shown() for node in window.walk())
               for window in person.tree().windows)


def trap(person, trail, window):
    """Tab goes from one to the next and comes round; else where it stays. None when all is well. libadwaita 1.2 says
    nothing when the focus comes to an entry in a row: these are only felt by the steps they take."""
    def is_round():
        places = trail.places()
        return len(set(places)) < len(places)

    xdotool('windowfocus', window)
    trail.forget()
    for _ in range(0, MOST_STEPS, STEPS):
        before = len(trail.places())
        person.key(*['Tab'] * STEPS)
        if wait(is_round, .5):
            return None
        if len(trail.places()) == before:
            break
    last = trail.places()[-1:]
    node = person.tree().nodes.get(last[0]) if last else None
    return f'Tab stays at {_where(node) if node else "nothing"}' if _n_stops(person) > 1 else None
