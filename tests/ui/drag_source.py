#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""drag_source.py FILE...: a window from which these files can be dragged, as from a file manager."""

import sys

import gi

gi.require_version('Gdk', '3.0')
gi.require_version('Gtk', '3.0')
from gi.repository import Gdk, Gio, Gtk  # noqa: E402

uris = [Gio.File.new_for_path(path).get_uri() for path in sys.argv[1:]]
window = Gtk.Window(title='Files to drag', type=Gtk.WindowType.POPUP)
window.set_default_size(200, 100)
window.move(1700, 600)
box = Gtk.EventBox()
box.add(Gtk.Label(label='Drag this'))
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [Gtk.TargetEntry.new('text/uri-list', 0, 0)], Gdk.DragAction.COPY)
box.connect('drag-data-get', lambda widget, context, data, info, time: data.set_uris(uris))
box.connect('drag-end', lambda widget, context: Gtk.main_quit())
window.add(box)
window.connect('map-event', lambda widget, event: print('ready', flush=True))
window.show_all()
Gtk.main()
