# SPDX-License-Identifier: GPL-3.0-or-later
"""A person before a window that has groups in every state, from a stage that has them in its model."""

import os

import person
from accessible import SELECTED
from person import Person, insist, wait

person.KITH = os.environ['KITH_GROUP_STAGE']
COMPOSER = 'Message text'


class Spectator(Person):
    def rows(self):
        return self.look_for('list', 'Conversations').children

    def open_group(self, name):
        """With the keyboard: not all of them are in view."""
        def find():
            return next(i for i, row in enumerate(self.rows()) if row.name.startswith(f'{name}, Group'))

        def step():
            here = next((i for i, row in enumerate(self.rows()) if row.has(SELECTED)), -1)
            there = find()
            self.focus()
            self.key(*['alt+Down' if there > here else 'alt+Up'] * abs(there - here))
        return insist(step, lambda: self.rows()[find()].has(SELECTED))

    def question(self, heading, answer='Cancel'):
        """A question comes up, and is answered. Another window may have a button of the same name."""
        def press():
            return next(node for node in self.look_for('dialog', heading).walk()
                        if node.role == 'push button' and node.name == answer and node.is_shown()).act()
        return wait(press) and self.is_gone('label', heading)

    def says(self, text, heading):
        """What is written brings up a question, which is taken back."""
        def enter():
            self.focus()
            self.click_at(self.find('text', COMPOSER))
            self.find('text', COMPOSER).set_text('')
            self.type(text)
            self.key('Return')
        return insist(enter, lambda: self.look_for('label', heading)) and self.question(heading)

    def open_details(self):
        return insist(lambda: self.press(contains='Group details'), lambda: self.look_for('list', 'Members'))

    def close_details(self):
        return self.close('Group Details', 'list', 'Members')

    def members(self):
        return [row.name for row in self.look_for('list', 'Members').children if row.role == 'list item']
