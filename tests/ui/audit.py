# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person who hears a window instead of seeing it would miss in it."""

import re

from accessible import FOCUSABLE

# GTK 4.8 calls what has no name by its class, and joins two names with a blank.
CLASS = re.compile(r'(?:Gtk|Adw|Kith)[A-Z]\w+')
CONTROLS = {'push button', 'toggle button', 'check box', 'radio button', 'text', 'entry', 'password text', 'spin button',
            'slider', 'combo box', 'list item', 'menu item', 'menu', 'link', 'page tab', 'switch', 'calendar', 'list',
            'tree', 'table', 'progress bar'}
LISTS = {'list', 'tree', 'table'}
PICTURES = {'image', 'icon'}


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
