# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process shows, read from the accessibility bus with few round trips. A walk that asks each object by
itself takes a second on a busy machine, and what is shown for three seconds can come and go meanwhile."""

import collections

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

ROOT = '/org/a11y/atspi/accessible/root'
ANSWER_MS = 20000
IN_WINDOW, IN_PARENT = 1, 2  # coordinates
CHECKED, FOCUSABLE, FOCUSED, SELECTED, SENSITIVE, VISIBLE = (int(state) for state in (
    Atspi.StateType.CHECKED, Atspi.StateType.FOCUSABLE, Atspi.StateType.FOCUSED, Atspi.StateType.SELECTED, Atspi.StateType.SENSITIVE, Atspi.StateType.VISIBLE))
DESCRIBED_BY, LABELLED_BY = (int(relation) for relation in (
    Atspi.RelationType.DESCRIBED_BY, Atspi.RelationType.LABELLED_BY))
FILLER = int(Atspi.Role.FILLER)
ROLES = {int(getattr(Atspi.Role, name)): Atspi.role_get_name(getattr(Atspi.Role, name))
         for name in dir(Atspi.Role) if name.isupper() and name != 'LAST_DEFINED'}


def _contains(states, state):
    return bool((states[0] | states[1] << 32) >> state & 1)


class Bus:
    """The accessibility bus of the session."""

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        answer = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress', None, None,
                                   Gio.DBusCallFlags.NONE, ANSWER_MS)
        self.connection = Gio.DBusConnection.new_for_address_sync(
            answer.unpack()[0], Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        self._changes = collections.Counter()
        self._acts = 0
        self.connection.signal_subscribe(None, None, None, None, None, Gio.DBusSignalFlags.NONE, self._hear)

    def _hear(self, _connection, sender, *_signal):
        self._changes[sender] += 1

    def acted(self):
        """A person did something: whatever was read is old."""
        self._acts += 1

    def changes(self, name):
        """Another number when that process has said of a change, up to now, or a person did something."""
        self.call(name, ROOT, 'org.a11y.atspi.Accessible.GetState')  # comes after what was said before
        while GLib.MainContext.default().iteration(False):
            pass
        return self._changes[name], self._acts

    def call(self, name, path, method, signature=None, *arguments):
        return self.call_raw(name, path, method, signature, *arguments).unpack()

    def call_raw(self, name, path, method, signature=None, *arguments):
        interface, _, member = method.rpartition('.')
        parameters = GLib.Variant(signature, arguments) if signature else None
        return self.connection.call_sync(name, path, interface, member, parameters, None,
                                         Gio.DBusCallFlags.NONE, ANSWER_MS)

    def call_all(self, name, paths, method, signature=None, *arguments):
        """Asks all objects at once. Those that are gone have no answer."""
        interface, _, member = method.rpartition('.')
        parameters = GLib.Variant(signature, arguments) if signature else None
        answers = {}
        waiting = len(paths)

        def answered(connection, result, path):
            nonlocal waiting
            waiting -= 1
            try:
                answers[path] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass

        for path in paths:
            self.connection.call(name, path, interface, member, parameters, None, Gio.DBusCallFlags.NONE,
                                 ANSWER_MS, None, answered, path)
        while waiting:
            GLib.MainContext.default().iteration(True)
        return answers

    def find_process(self, pid):
        """The name on the bus of a process that shows something, or None."""
        for name, _ in self.call('org.a11y.atspi.Registry', ROOT, 'org.a11y.atspi.Accessible.GetChildren')[0]:
            owner = self.call('org.freedesktop.DBus', '/org/freedesktop/DBus',
                              'org.freedesktop.DBus.GetConnectionUnixProcessID', '(s)', name)[0]
            if owner == pid:
                return name
        return None


class Ear:
    """What a screen reader says by itself: with GTK 4.14 an announcement, before that the new description of what
    has the focus."""

    def __init__(self, bus):
        self._heard = []
        for signal in 'Announcement', 'PropertyChange':
            bus.connection.signal_subscribe(None, 'org.a11y.atspi.Event.Object', signal, None, None,
                                            Gio.DBusSignalFlags.NONE, self._hear)

    def _hear(self, _connection, _sender, _path, _interface, signal, parameters):
        what, _, _, words = parameters.unpack()[:4]
        if words and (signal == 'Announcement' or what == 'accessible-description'):
            self._heard.append(words)

    def heard(self):
        """All until now."""
        while GLib.MainContext.default().iteration(False):
            pass
        return self._heard


class Item:
    """One object in the application's cache. Taken apart only where it is looked at: of some thousands a
    look needs a few hundred."""

    def __init__(self, variant):
        self._variant = variant
        self.path = variant.get_child_value(0).get_child_value(1).get_string()

    def n_children(self):
        return self._variant.get_child_value(4).get_int32()

    def name(self):
        return self._variant.get_child_value(6).get_string()

    def role(self):
        return self._variant.get_child_value(7).get_uint32()

    def has(self, state):
        return _contains(self._variant.get_child_value(9).unpack(), state)


class Tree:
    """All that a process showed when this was made; what one asks of its nodes is answered now."""

    def __init__(self, bus, name, with_hidden=False):
        """@with_hidden: also the pages that are behind others; of a look that is most of the work."""
        self.bus = bus
        self.name = name
        self._with_hidden = with_hidden
        items = self._items()
        children = self._children(items)
        if any(path not in items for paths in children.values() for path in paths):
            # GTK makes an object when its parent is asked for its children.
            items = self._items()
        self.nodes = {}
        self.windows = [self._add(path, None, items, children) for path in children[ROOT] if path in items]

    def _items(self):
        """Name, role, states of all that was ever asked for."""
        answer = self.bus.call_raw(self.name, '/org/a11y/atspi/cache', 'org.a11y.atspi.Cache.GetItems')
        variants = answer.get_child_value(0)
        items = (Item(variants.get_child_value(i)) for i in range(variants.n_children()))
        return {item.path: item for item in items}

    def _children(self, items):
        """Who is in whom: only this leaves out what is hidden. All of one depth are asked at once."""
        found = {}
        waiting = [ROOT]
        while waiting:
            answers = self.bus.call_all(self.name, waiting, 'org.a11y.atspi.Accessible.GetChildren')
            for path, answer in answers.items():
                found[path] = [child for _, child in answer[0]]
            inner = [child for path in waiting for child in found.get(path, ())
                     if child not in items or items[child].n_children() > 0]
            behind = () if self._with_hidden else self._behind(inner, items)
            waiting = [path for path in inner if path not in behind]
        return found

    def _behind(self, paths, items):
        """Those that are pages behind the one that is shown, and the like: they claim to be visible, but have no
        size, and nothing in them can be seen."""
        fillers = [path for path in paths if path in items and items[path].role() == FILLER]
        boxes = self.bus.call_all(self.name, fillers, 'org.a11y.atspi.Component.GetExtents', '(u)', IN_WINDOW)
        return {path for path, ((_, _, width, height),) in boxes.items() if width <= 0 or height <= 0}

    def _add(self, path, parent, items, children):
        node = Node(self, items[path], parent)
        self.nodes[path] = node
        # What came after the second reading is left for the next look.
        node.children = [self._add(child, node, items, children) for child in children.get(path, ())
                         if child in items]
        return node

    def call(self, path, method, signature=None, *arguments):
        return self.bus.call(self.name, path, method, signature, *arguments)

    def walk(self):
        """From the first window on, a window after the other, as one reads."""
        for window in self.windows:
            yield from window.walk()


class Node:
    """A thing that is shown: name and role as they were when the tree was read, all else as it is now."""

    def __init__(self, tree, item, parent):
        role = item.role()
        self.path = item.path
        self.name = item.name()
        self.tree = tree
        self.parent = parent
        self.role = ROLES.get(role, str(role))
        self.children = []
        self._item = item

    def has(self, state):
        return _contains(self.call('Accessible.GetState')[0], state)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def call(self, method, signature=None, *arguments):
        return self.tree.call(self.path, f'org.a11y.atspi.{method}', signature, *arguments)

    def related(self, relation):
        """What it is in that relation with: the paths of nodes."""
        return [path for kind, targets in self.call('Accessible.GetRelationSet')[0] if kind == relation
                for _, path in targets]

    def property(self, interface, name):
        return self.tree.call(self.path, 'org.freedesktop.DBus.Properties.Get', '(ss)',
                              f'org.a11y.atspi.{interface}', name)[0]

    def box(self):
        """(x, y, width, height) in its window."""
        return self.call('Component.GetExtents', '(u)', IN_WINDOW)[0]

    def has_size(self):
        _, _, width, height = self.box()
        return width > 0 and height > 0

    def was(self, state):
        """When the tree was read."""
        return self._item.has(state)

    def is_shown(self):
        """GTK 4.8 has no SHOWING: what is shown has a size, and so has all around it that is visible."""
        if not self.has_size():
            return False
        node = self
        while node is not None:
            if not node.was(VISIBLE) or node.role == 'filler' and not node.has_size():
                return False
            node = node.parent
        return True

    def act(self):
        """As a click on it."""
        self.tree.bus.acted()
        return self.call('Action.DoAction', '(i)', 0)[0]

    def text(self):
        """What was entered into it, as it is now."""
        return self.call('Text.GetText', '(ii)', 0, self.property('Text', 'CharacterCount'))[0]

    def set_text(self, text):
        self.tree.bus.acted()
        return self.call('EditableText.SetTextContents', '(s)', text)[0]

    def at(self, x, y):
        """What a pointer would find there; a node or None."""
        path = self.call('Component.GetAccessibleAtPoint', '(iiu)', x, y, IN_PARENT)[0][1]
        return self.tree.nodes.get(path)
