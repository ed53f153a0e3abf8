# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences of somebody, and what one does in them."""

from accessible import SELECTED
from person import insist, wait, xdotool


class Preferences:
    def __init__(self, person):
        self.person = person

    def scroll_to(self, row):
        """Turns the wheel until the row is clear of the bar at the bottom."""
        window = self.person.x_window('Preferences')
        area = self.person.geometry(window)

        def is_there():
            _, y, _, height = self.person.look_for('combo box', row).box()
            return y + height < area['HEIGHT'] - 60
        for _ in range(20):
            if wait(is_there, .3):
                return
            xdotool('mousemove', '--window', window, area['WIDTH'] // 2, area['HEIGHT'] // 2, 'click', 5)

    def pick(self, row, item, key):
        """The first or the last of the choices of a row: as often as one likes."""
        def choose():
            self.scroll_to(row)
            self.person.focus('Preferences')
            self.person.click_at(self.person.look_for('combo box', row), self.person.x_window('Preferences'))
            self.person.key(key, key, key, key, 'Return')
        return insist(choose, lambda: any(label.role == 'label' and label.name == item and label.is_shown()
                                          for label in self.person.look_for('combo box', row).walk()))

    def page(self, name):
        def act():
            self.person.focus('Preferences')
            self.person.click_at(self.person.look_for('list item', name), self.person.x_window('Preferences'))
        return insist(act, lambda: self.person.look_for('list item', name).has(SELECTED))

    def open(self, name):
        return (self.person.key_until(lambda: self.person.look_for('list item', name), 'ctrl+comma')
                and self.page(name))

    def back_up(self, passphrase):
        """Up to where it asks for the file, in a dialog of that title."""
        self.open('Storage')
        opened = self.person.choose('Save a Backup…', 'Preferences',
                                    lambda: self.person.look_for('text', 'New Passphrase'))
        self.person.focus('Save a Backup')
        for name in ('New Passphrase', 'Once More'):
            self.person.enter(name, passphrase)
            self.person.key('Return')
        return opened
