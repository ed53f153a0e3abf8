#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kith in a sandbox: what it may not do by itself it asks of the desktop, with no window, at the start of a session, with
notifications, and to open a page or a file."""

import os
import shutil
import sys
import tempfile

from accessible import CHECKED
from person import Person, check, finish, let_in, screenshot, wait
from portals import Portals, Sandboxed
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

LINK = 'https://example.org/' + 'page/' * 50 + 'end'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(os.environ['XDG_DATA_HOME'], 'kith', 'default')
autostart = os.path.join(os.environ['XDG_CONFIG_HOME'], 'autostart')
portals = Portals(folder + '/portals')
people = []


def windows():
    return ann.windows('Kith')


def press(name, button):
    def look():
        rows = [row for row in ann.look_for('list', 'Messages').children if name in row.name]
        return next(node for node in rows[-1].walk() if node.role == 'push button' and node.name == button
                    and node.is_shown()).act()
    return wait(look)


def row_is_on():
    return ann.look_for('check box', contains='Start When You Log In').has(CHECKED)


def switch(effect):
    return ann.choose('Start When You Log In', 'Preferences', effect)


def open_preferences():
    return Preferences(ann).open('Notifications') and ann.find('check box', 'Start When You Log In')


try:
    ann = Sandboxed(portals, '--name', 'Ann', '--listen', '127.0.0.1:0', profile=profile, shared=True)
    people.append(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    people.append(ben)
    ann.select('Ben')

    # Opening
    ben.ok('send', to=ben.other, text=LINK)
    check('a link arrives', ann.has_message('/end'))
    check('it asks before it opens', ann.choose('/end', 'Kith', lambda: ann.look_for(
        'label', contains='Open This Link?')), ann.everything())
    check('the desktop opens it', ann.press('Open') and wait(lambda: portals.opened == [LINK]), portals.opened)
    letter = os.path.join(folder, 'letter.txt')
    with open(letter, 'wb') as file:
        file.write(b'Dear Ann')
    ben.ok('send-file', to=ben.other, path=letter)
    check('a file arrives', press('letter.txt', 'Accept') and press('letter.txt', 'Open'), ann.everything())
    check('the desktop opens that too', wait(lambda: os.path.basename(portals.opened[1]) == 'letter.txt'), portals.opened)

    # At the start of a session
    check('the preferences open', open_preferences(), ann.everything())
    portals.may_stay = False
    check('the desktop may say no', switch(lambda: portals.background) and ann.sees('The desktop does not allow it'),
          ann.everything())
    check('then it is off', wait(lambda: not row_is_on()))
    portals.may_stay = True
    check('or yes', switch(row_is_on) and wait(lambda: portals.background[-1]['autostart']), portals.background)
    check('it knows how to start it', portals.background[-1].get('commandline') == [
        'kith', '--background', '--profile', os.path.realpath(profile)], portals.background)
    check('and why', 'window is closed' in portals.background[-1].get('reason', ''), portals.background)
    portals.may_stay = False
    check('off it goes also where it may not stay', switch(
        lambda: not portals.background[-1]['autostart'] and not row_is_on()), portals.background)
    ann.close('Preferences', 'list item', 'Notifications')
    check('and that is kept', open_preferences() and not row_is_on(), ann.everything())
    portals.may_stay = True
    check('and on again', switch(row_is_on) and wait(lambda: portals.background[-1]['autostart']), portals.background)
    check('no file is written outside of the sandbox', not os.path.exists(autostart))
    ann.close('Preferences', 'list item', 'Notifications')

    # Without a window
    n_asked = len(portals.background)
    ann.focus()
    check('closing the window asks', ann.key_until(lambda: ann.look_for(
        'label', contains='Keep Kith Running?'), 'ctrl+w'), ann.everything())
    check('and it goes on without one', ann.press('Keep Running') and wait(lambda: not windows()))
    check('which the desktop is told, and starts it all the same', wait(
        lambda: len(portals.background) > n_asked and portals.background[-1]['autostart']), portals.background)
    ben.ok('send', to=ben.other, text='Are you *there*?')
    check('what comes is shown by the desktop', wait(lambda: [
        (words['title'], words['body']) for words in portals.notifications.values()] == [('Ben', 'Are you there?')]),
        portals.notifications)
    portals.click()
    check('a click shows the window', wait(windows))
    check('with the message', ann.is_in_view('Are you there?'), ann.messages())
    screenshot('portals')

    # Nor does the desktop start what is gone.
    Preferences(ann).open('Storage')
    ann.choose('Erase Everything…', 'Preferences', lambda: ann.look_for('text', 'Confirmation'))
    ann.fill('Confirmation', 'Erase')
    check('it can be erased', ann.press('Erase Everything') and ann.find('push button', 'Get Started'), ann.everything())
    check('and is not started any more', wait(lambda: not portals.background[-1]['autostart']), portals.background)

    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave() if isinstance(person, Person) else person.kill()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(profile, ignore_errors=True)
finish()
