# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with links, shared by the tests of the window."""

NOTE = 'For Whom (Optional, Only You See It)'
TEXT = 'Introduce Yourself (Optional)'
MAKE = ('push button', 'Make a Link')


def open_invites(person):
    return person.key_until(lambda: person.look_for(*MAKE), 'ctrl+i')


def close_invites(person):
    """A toast takes the first Escape."""
    return person.close('Invite a Friend', 'filler', 'Invite a Friend')


def invite(person, note=''):
    """Makes a link in the dialog and gives it back."""
    open_invites(person)
    if note:
        person.fill(NOTE, note)
    person.press('Make a Link')
    label = person.find('label', contains='KITH:I/')
    return label.name if label else ''


def show_link(person, link):
    person.key_until(lambda: person.look_for('text', 'Link or ID'), 'ctrl+n')
    return person.fill('Link or ID', link)


def join(person, link, words=''):
    """Until the button was pressed that asks the other one."""
    show_link(person, link)
    person.press('Next')
    return person.fill(TEXT, words) and person.press('Join')
