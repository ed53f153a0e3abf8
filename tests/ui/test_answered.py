#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others have decided is told of to whoever looks elsewhere: that they accept or decline, that they let one into
their group or do not."""

import os
import sys

from accessible import CHECKED
from notifications import Notifications
from person import Person, check, finish, let_in, wait
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402


def look_elsewhere():
    """The preferences stand before the window, and have the focus."""
    return Preferences(ann).open('Notifications') and ann.focus('Preferences')


def look_back():
    return ann.close('Preferences', 'check box', None, 'Show What Was Written') and ann.focus()


def ask(name):
    """Somebody new, who is to answer."""
    friend = kith_cli.Person(name, '--ephemeral')
    ann.connect('127.0.0.1', friend.port)
    friend.asked = friend.event('request')['id']
    ann.is_gone('text', 'IP Address')
    return friend


def ask_to_join(name):
    """Ann, who was invited by somebody that does not decide."""
    cara.ok('group-new', name=name, members='Ben')
    ben.event('group', change='added', state='invited')
    ben.ok('group-join', group=name)
    ben.event('group', change='state', state='member')
    ben.ok('group-invite', group=name, who='Ann')
    ann.select(f'{name}, Group')
    ann.press('Join')
    cara.event('group-request')


def answer(cmd, name):
    cara.ok(cmd, group=name, who='Ann')


desktop = Notifications()
ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    ben = ask('Ben')
    look_elsewhere()
    ben.ok('accept', who=ben.asked)
    check('who accepts is told of', desktop.sees('Ben', 'Accepted your request'), desktop.shown)
    look_back()
    check('until the list is in view', desktop.is_empty(), desktop.shown)

    dan = ask('Dan')
    look_elsewhere()
    dan.ok('decline', who=dan.asked)
    check('who declines is as well', wait(lambda: [body for _, body in desktop.shown.values()]
                                          == ['Declined your request']), desktop.shown)
    look_back()
    check('until then', desktop.is_empty(), desktop.shown)

    eve = ask('Eve')
    ann.select('Ben')
    n_shown = desktop.n_shown
    eve.ok('accept', who=eve.asked)
    check('who looks at the window sees it there', ann.row('Eve, Online') and desktop.n_shown == n_shown,
          lambda: (desktop.shown, ann.everything()))

    cara = let_in(ann, kith_cli.Person('Cara', '--ephemeral'))
    kith_cli.befriend(cara, ben)
    ask_to_join('Bees')
    look_elsewhere()
    answer('approve', 'Bees')
    check('being let in is told of', desktop.sees('Bees', 'You are a member now'), desktop.shown)
    desktop.click()
    look_back()
    check('and it leads to the group', ann.find('push button', contains='Bees, 3 members'), ann.everything)

    ask_to_join('Wasps')
    look_elsewhere()
    answer('deny', 'Wasps')
    check('not being let in, too', desktop.sees('Wasps', 'The admin did not let you in'), desktop.shown)
    look_back()
    check('until that is seen', desktop.is_empty(), desktop.shown)

    # Where nothing is to be told of.
    fay = ask('Fay')
    look_elsewhere()
    ann.choose('Tell of New Messages', 'Preferences', lambda: not ann.look_for(
        'check box', contains='Tell of New Messages').has(CHECKED))
    n_shown = desktop.n_shown
    fay.ok('accept', who=fay.asked)
    check('nobody is told against their will', ann.row('Fay, Online') and desktop.n_shown == n_shown, desktop.shown)
    check('Ann leaves in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    ann.leave()
finish()
