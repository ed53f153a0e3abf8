#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help: with F1, from the places that lead to it, from page to page with the keyboard, wide and narrow."""

import os
import socket
import sys

from accessible import FOCUSED
from person import Person, check, finish, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

LIST = 'Pages of the help'
N_PAGES = 9
WIDE, NARROW = (900, 680), (360, 640)


def page(title):
    """Whether a page is before her, and its title is where a screen reader begins."""
    heading = ann.look_for('heading', title)
    return heading is not None and heading.has(FOCUSED)


def row(title):
    """Whether the list is where she is, at this page."""
    pages = ann.look_for('list', LIST)
    return any(child.name == title and child.has(FOCUSED) for child in pages.children)


def resize(size):
    """The window of the help, in the place of the main window."""
    window, ann.window = ann.window, ann.x_window('^Help$')
    placed = ann.place(0, size)
    ann.window = window
    return placed


def closed_port():
    with socket.socket() as server:
        server.bind(('127.0.0.1', 0))
        return server.getsockname()[1]


def close_help():
    return ann.close('^Help$', 'list', LIST)


ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    check('Ann is there', ann.port() > 0, ann.everything())
    check('F1 opens the help', ann.key_until(lambda: ann.look_for('list', LIST), 'F1'), ann.everything())
    check('with all its pages', wait(lambda: len(ann.look_for('list', LIST).children) == N_PAGES),
          ann.everything())
    check('and the first of them, with headings', ann.find('heading', 'Reach a Friend')
          and ann.find('heading', 'With a Link'), ann.everything())
    check('it has a size', resize(WIDE))
    screenshot('help-wide')

    check('an arrow leads to the next page', ann.key_until(
        lambda: ann.look_for('heading', 'Make Sure Who It Is'), 'Down', title='^Help$'), ann.everything())
    check('Return goes into it', ann.key_until(lambda: page('Make Sure Who It Is'), 'Return', title='^Help$'),
          ann.everything())
    ann.key('Tab')
    check('what is said there leads on', ann.key_until(lambda: page('What Is Protected'), 'Return', title='^Help$'),
          ann.everything())
    screenshot('help-page')

    check('it fits a narrow window', resize(NARROW) and ann.find('push button', 'Back'), ann.everything())
    screenshot('help-narrow')
    check('where Back leads to the list', ann.press('Back') and wait(lambda: row('What Is Protected')),
          ann.everything())
    screenshot('help-narrow-list')
    check('and Return to the page', ann.key_until(lambda: page('What Is Protected'), 'Return', title='^Help$'),
          ann.everything())
    check('which is as narrow as the window', resize(NARROW))
    check('Escape closes it', close_help(), ann.everything())

    # What a page speaks of can be done from there.
    check('the help comes again', ann.key_until(lambda: ann.look_for('list', LIST), 'F1'), ann.everything())
    check('with a page on groups', ann.key_until(lambda: row('Groups'), 'Down', title='^Help$'), ann.everything())
    check('a button of it opens the dialog', ann.press('New Group') and ann.x_window('New Group')
          and ann.is_gone('list', LIST), ann.everything())
    check('F1 knows where one is', ann.key_until(lambda: page('Groups'), 'F1', title='New Group'),
          ann.everything())
    close_help()
    check('the dialog is still there', ann.close('New Group', 'text', 'Name of the Group'))

    # From where one may need it.
    ann.connect('127.0.0.1', closed_port())
    check('an error leads to its page', ann.press('Learn More') and wait(lambda: page('When Nobody Can Reach You')),
          ann.everything())
    screenshot('help-of-error')
    close_help()
    ann.close('Add by IP Address', 'text', 'IP Address')

    ben = let_in(ann, kith_cli.Person('Ben'))
    ben.ok('words', who='Ann')
    ann.press('Accept')
    check('verifying leads to its page', ann.press('Learn More') and wait(lambda: page('Make Sure Who It Is')),
          ann.everything())
    close_help()
    check('and it goes on', ann.sees('With Four Words'), ann.everything())
finally:
    kith_cli.end_processes()
    ann.leave()
finish()
