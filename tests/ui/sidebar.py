# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of conversations as a person uses it."""

from accessible import FOCUSED
from person import insist, wait, xdotool


class Sidebar:
    def __init__(self, person):
        self.person = person

    def rows(self):
        """What a screen reader says for each row."""
        found = self.person.look_for('list', 'Conversations')
        return [row.name for row in found.children] if found is not None else []

    def row(self, name):
        return next(row for row in self.person.look_for('list', 'Conversations').children
                    if row.name.startswith(f'{name}, '))

    def says(self, name, *words):
        return wait(lambda: all(word in self.row(name).name for word in words))

    def lacks(self, name, *words):
        return wait(lambda: not any(word in self.row(name).name for word in words))

    def order(self, *names):
        return wait(lambda: [name.split(',')[0] for name in self.rows()] == list(names))

    def is_focused(self, name):
        return wait(lambda: self.row(name).has(FOCUSED))

    def show_menu(self, name, item):
        """With the right button of the mouse on the row."""
        def click():
            self.person.focus()
            self.person.key('Escape')
            x, y, width, height = self.row(name).box()
            xdotool('mousemove', '--window', self.person.window, x + width // 2, y + height // 2, 'click', 3)
        return insist(click, lambda: self.person.look_for('menu item', item))

    def choose(self, name, item):
        found = self.show_menu(name, item)
        return found and found.act()

    def by_keyboard(self, item):
        """The row has the focus."""
        found = self.person.key_until(lambda: self.person.look_for('menu item', item), 'shift+F10')
        return found and found.act()
