# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with links, shared by the tests of the window."""

from person import wait

NOTE = 'For Whom (Optional, Only You See It)'
TEXT = 'Introduce Yourself (Optional)'


def invite(person, note=''):
    """Makes a link in the dialog and gives it back."""
    person.focus()
    person.key('ctrl+i')
    person.find('push button', 'Make a Link')
    if note:
        person.fill(NOTE, note)
    person.press('Make a Link')
    label = person.find('label', contains='KITH:I/')
    return label.name if label else ''


def close(person, title, gone):
    """A toast takes the first Escape."""
    def look():
        person.focus(title)
        person.key('Escape')
        return wait(lambda: person.look_for(*gone) is None, 2)
    return wait(look)


def show_link(person, link):
    person.focus()
    person.key('ctrl+n')
    person.find('text', 'Link or ID')
    person.fill('Link or ID', link)
