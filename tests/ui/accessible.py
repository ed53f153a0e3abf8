# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process shows, read from the accessibility bus with few round trips. A walk that asks each object by
itself takes a second on a busy machine, and what is shown for three seconds can come and go meanwhile."""

import collections
import functools

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
FILLER, SCROLL_BAR = (int(role) for role in (Atspi.Role.FILLER, Atspi.Role.SCROLL_BAR))
MOST_LOOKED_AT = 6
MOST_DEPTH = 100
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

    def parent(self):
        return self._variant.get_child_value(2).get_child_value(1).get_string()

    def n_children(self):
        return self._variant.get_child_value(4).get_int32()

    def name(self):
        return self._variant.get_child_value(6).get_string()

    def role(self):
        return self._variant.get_child_value(7).get_uint32()

    def role_name(self):
        return ROLES.get(self.role(), str(self.role()))

    def has(self, state):
        word, bit = divmod(state, 32)
        return bool(self._variant.get_child_value(9).get_child_value(word).get_uint32() >> bit & 1)


class Tree:
    """All that a process showed when this was made; what one asks of its nodes is answered now. What is in something is
    asked for when somebody looks into it: to look through all is most of the work of a test."""

    def __init__(self, bus, name, with_hidden=False):
        """@with_hidden: also the pages that are behind others."""
        self.bus = bus
        self.name = name
        self._with_hidden = with_hidden
        self._items = self._read_items()
        self._nodes = {}
        self._windows = None

    @property
    def windows(self):
        if self._windows is None:
            paths = self._ask([ROOT])[ROOT]
            self._know(paths)
            self._windows = self._known(paths, None)
        return self._windows

    @property
    def nodes(self):
        """All, by their paths."""
        for _ in self.walk():
            pass
        return self._nodes

    def _read_items(self):
        """Name, role, states of all that was ever asked for."""
        answer = self.bus.call_raw(self.name, '/org/a11y/atspi/cache', 'org.a11y.atspi.Cache.GetItems')
        variants = answer.get_child_value(0)
        items = (Item(variants.get_child_value(i)) for i in range(variants.n_children()))
        return {item.path: item for item in items}

    def _ask(self, paths):
        """Who is in whom: only this leaves out what is hidden."""
        answers = self.bus.call_all(self.name, paths, 'org.a11y.atspi.Accessible.GetChildren')
        return {path: [child for _, child in answer[0]] for path, answer in answers.items()}

    def _know(self, paths):
        """GTK makes an object when its parent is asked for its children."""
        if any(path not in self._items for path in paths):
            self._items = self._read_items()

    def _known(self, paths, parent):
        """Their nodes. What came after the last reading is left for the next look."""
        return [self._node(path, parent) for path in paths if path in self._items]

    def _node(self, path, parent):
        if path not in self._nodes:
            self._nodes[path] = Node(self, self._items[path], parent)
        return self._nodes[path]

    def read(self, node):
        """Finds all that is in it, and in that. All of one depth are asked at once."""
        found = {}
        waiting = [node.path]
        while waiting:
            answers = self._ask(waiting)
            found.update(answers)
            inner = [(path, child) for path in waiting for child in answers.get(path, ())
                     if self._may_have_children(child)]
            behind = () if self._with_hidden else self._behind(inner)
            waiting = [path for _, path in inner if path not in behind]
        self._know(path for paths in found.values() for path in paths)
        self._add(node, found)

    def _may_have_children(self, path):
        return path not in self._items or self._items[path].n_children() > 0 and self._items[path].role() != SCROLL_BAR

    def _behind(self, inner):
        """Those that are pages behind the one that is shown, and the like: they claim to be visible, but have no
        size, and nothing in them can be seen. A page is in a stack for itself in something else that has its title."""
        doubtful = [path for parent, path in inner if path in self._items
                    and (self._items[path].role() == FILLER or self._items[path].parent() != parent)]
        boxes = self.bus.call_all(self.name, doubtful, 'org.a11y.atspi.Component.GetExtents', '(u)', IN_WINDOW)
        return {path for path, ((_, _, width, height),) in boxes.items() if width <= 0 or height <= 0}

    def _add(self, node, found):
        node.children = self._known(found.get(node.path, ()), node)
        for child in node.children:
            self._add(child, found)

    def only(self, matches):
        """The one thing that @matches and is shown. None if there are several, or none that somebody has asked for
        yet: who wants to be sure looks through all."""
        paths = [path for path, item in self._items.items() if matches(item.role_name(), item.name())]
        if len(paths) > MOST_LOOKED_AT:
            return None
        shown = [node for node in map(self._reach, paths) if node is not None and node.is_shown()]
        return shown[0] if len(shown) == 1 else None

    def _reach(self, path):
        """From its window down to it: what is hidden, or in something hidden, claims to be visible, and only what it is
        in knows better. None if it cannot be reached."""
        line = [path]
        while line[-1] != ROOT:
            if line[-1] not in self._items or len(line) > MOST_DEPTH:
                return None
            line.append(self._items[line[-1]].parent())
        inner = {path: children for path, children in self._ask(line).items()
                 if path == ROOT or self._may_have_children(path)}
        down, above = [], ROOT
        for path in reversed(line[:-1]):
            if path in inner.get(above, ()):  # a stack leaves out what has the title of a page
                down.append((above, path))
                above = path
        if above != line[0] or not self._with_hidden and self._behind(down):
            return None
        node = None
        for _, path in down:
            node = self._node(path, node)
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
        self.path = item.path
        self.name = item.name()
        self.tree = tree
        self.parent = parent
        self.role = item.role_name()
        self._item = item

    @functools.cached_property
    def children(self):
        self.tree.read(self)
        return self.__dict__['children']

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
