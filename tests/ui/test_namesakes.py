#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stranger who goes by the name of a friend: what is said of them, before and after they are let in."""

import os
import sys

from accessible import CHECKED
from notifications import Notifications
from person import Person, check, finish, screenshot, wait
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

WANTED = 'Somebody would like to chat with you'
KNOWN = 'You already know somebody called BEA. This is somebody else, or BEA with a new identity.'

MARKUP = '<a href="https://a.example">a < b & c</a>'
ESCAPED = '&lt;a href=&quot;https://a.example&quot;&gt;a &lt; b &amp; c&lt;/a&gt;'


def look_elsewhere():
    """The preferences stand before the window, and have the focus."""
    return ann.key_until(lambda: ann.look_for('list item', 'Profile'), 'ctrl+comma') \
        and ann.focus('Preferences')


def tells(whether):
    """The switch for all of it is set that way."""
    def is_set():
        return ann.look_for('check box', contains='Tell of New Messages').has(CHECKED) == whether
    return is_set() or ann.choose('Tell of New Messages', 'Preferences', is_set)


desktop = Notifications('body-markup')
ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    port = ann.port()
    bea = kith_cli.Person('Bea')
    look_elsewhere()
    bea.ok('connect', address='127.0.0.1', port=port)
    check('a request has a notification without words of theirs',
          desktop.sees(WANTED, 'Open Kith to see who it is, and to accept or decline.'), desktop.shown)
    ann.close('Preferences', 'list item', 'Profile')
    desktop.click()
    check('a click opens it', ann.sees('Bea would like to chat with you'), ann.everything())
    check('nothing is wrong with the name', ann.look_for('label', contains='You already know') is None)
    ann.press('Accept')
    bea.event('contact', change='accepted')
    ann.row('Bea, Online')

    # The same but for the size of its letters.
    other = kith_cli.Person('BEA')
    look_elsewhere()
    other.ok('connect', address='127.0.0.1', port=port)
    check('the notification warns of a name that is taken', desktop.sees(
        WANTED, 'They go by a name that you know, but are somebody else, or have a new identity.'), desktop.shown)
    ann.close('Preferences', 'list item', 'Profile')
    ann.select('Request from BEA')
    check('the request does', ann.sees(KNOWN), ann.everything())
    screenshot('namesake-request')
    ann.place(0, (360, 640))
    screenshot('namesake-request-narrow')
    ann.place(0, (960, 640))
    ann.press('Accept')
    other.event('contact', change='accepted')
    check('the notification is gone with the request', desktop.is_empty(), desktop.shown)
    check('both are in the list', ann.row('Bea, Online') and ann.row('BEA, Online'), ann.everything())
    ann.press(contains='BEA, Online. Contact details')
    check('the details do as well', ann.find('label', KNOWN), ann.everything())
    check('and cover nothing else', ann.look_for('label', KNOWN).box()[3] < 200)
    screenshot('namesake-details')
    ann.close('Contact Details', 'text', 'Note')

    # A request comes while nothing is to be told, a message after that.
    desktop.n_shown = 0
    check('notifications can be turned off', Preferences(ann).open('Notifications') and tells(False), ann.everything())
    kith_cli.Person('Cy').ok('connect', address='127.0.0.1', port=port)
    check('a request comes all the same', ann.row('Request from Cy'), ann.everything())
    check('and on again', tells(True), ann.everything())
    ann.close('Preferences', 'list item', 'Profile')
    ann.select('Request from Cy')
    check('it is declined', ann.press('Decline') and ann.sees('Decline This Request?') and ann.press('Decline')
          and ann.is_gone('list item', contains='Request from'), ann.everything())

    # Many desktops take what is in a notification for markup.
    look_elsewhere()
    ann_id = bea.ok('contacts')['contacts'][0]['id']
    sent = bea.ok('send', to=ann_id, text=MARKUP)
    check('what is written there is text', desktop.sees('Bea', ESCAPED), desktop.shown)
    check('and the first since', desktop.n_shown == 1, desktop.n_shown)
    bea.ok('delete', message=sent['message'])
    check('and goes when it is taken back', desktop.is_empty(), desktop.shown)
    desktop.is_busy = True
    sent = bea.ok('send', to=ann_id, text='Too late')
    check('a desktop that is busy', desktop.sees('Bea', 'Too late') and ann.row('Too late'), desktop.shown)
    bea.ok('delete', message=sent['message'])
    check('has not yet answered when it is', ann.is_gone('list item', contains='Too late') and desktop.shown,
          ann.everything())
    desktop.end_busy()
    check('and does it then', desktop.is_empty(), desktop.shown)
    bea.ok('send', to=ann_id, text=MARKUP)
    check('another comes', wait(lambda: desktop.shown), desktop.shown)
    check('Ann leaves in order', ann.leave() == 0)
    check('and nothing of her session stays', desktop.is_empty(), desktop.shown)
finally:
    kith_cli.end_processes()
    ann.leave()
finish()
