#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifications, life without a window, and being started with the session."""

import os
import re
import shutil
import subprocess
import sys

from accessible import CHECKED
from notifications import TOKEN, Notifications
from person import KITH, Person, check, finish, let_in, screenshot, wait, xdotool
from preferences import Preferences

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

HELLO, AGAIN, SECRET = 'Hello, are you there?', 'I *am* here', 'Something nobody else may read'
DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'data')
profile = os.path.join(os.environ['XDG_DATA_HOME'], 'kith', 'ann')
autostart = os.path.join(os.environ['XDG_CONFIG_HOME'], 'autostart')
people = []


def start(*arguments, **keywords):
    person = Person('--listen', '127.0.0.1:0', *arguments, profile=profile, shared=True, **keywords)
    people.append(person)
    return person


def say(text):
    return ben.ok('send', to=ben.other, text=text)['message']


def windows(process):
    return xdotool('search', '--all', '--onlyvisible', '--pid', process.pid, '--name', 'Kith').split()


def startup_id():
    return subprocess.run(['xprop', '-id', *windows(ann.process)[:1], '_NET_STARTUP_ID'], capture_output=True, text=True,
                          check=False).stdout


def switch(name):
    """A switch of the preferences, with its row."""
    before = ann.look_for('check box', contains=name).has(CHECKED)
    return ann.choose(name, 'Preferences', lambda: ann.look_for('check box', contains=name).has(CHECKED) != before)


def close_window():
    """Until it is away."""
    return ann.key_until(lambda: not windows(ann.process), 'ctrl+w')


def start_hidden():
    return kith_cli.keep_until_the_end(subprocess.Popen(
        [KITH, '--background', '--profile', profile, '--no-dht', '--no-lan', '--no-port-map'],
        env={**os.environ, 'GNOTIFICATION_BACKEND': 'gtk'}))


def application():
    """The ID of the one that runs."""
    names = subprocess.run(
        ['dbus-send', '--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus',
         'org.freedesktop.DBus.ListNames'], capture_output=True, text=True, check=True).stdout
    found = re.search(r'chat\.kith\.Kith\.P\w+', names)
    return found and found.group()


def starts():
    return os.path.isdir(autostart) and os.listdir(autostart)


try:
    desktop = Notifications(gnome=True)
    ann = start('--name', 'Ann')
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    say('First')
    check('what is in view needs no notification', ann.has_message('First') and not desktop.shown,
          desktop.shown)

    # The preferences stand before the conversation.
    check('the preferences open', Preferences(ann).open('Notifications'), ann.everything())
    hello = say('Hello, are you *here*?')
    check('what is not looked at has one', desktop.sees('Ben', 'Hello, are you here?'), desktop.shown)
    check('none went where a profile of its own is not known', not desktop.n_by_name, desktop.n_by_name)
    with open(os.path.join(DATA, 'chat.kith.Kith.desktop.in'), encoding='utf-8') as file:
        window_class = re.search('^StartupWMClass=(.*)$', file.read(), re.M).group(1)
    check('the window is that of the desktop file', ann.window in xdotool(
        'search', '--onlyvisible', '--classname', f'^{window_class}$').split(), window_class)
    ben.ok('edit', message=hello, text='Hello, are you *there*?')
    check('which says what the message says now', desktop.sees('Ben', HELLO), desktop.shown)
    check('and the title counts it', ann.x_window('^.1. Ann'))
    check('there is a page for it', ann.find('check box', contains='Show What Was Written'), ann.everything())
    check('what was written can be hidden', switch('Show What Was Written'), ann.everything())
    screenshot('preferences-notifications')
    check('nothing is started with the session', not starts())
    check('it can be', switch('Start When You Log In') and wait(starts), ann.everything())
    ann.close('Preferences', 'check box', None, 'Show What Was Written')
    ann.focus()
    check('what was read is taken back', desktop.is_empty(), desktop.shown)

    check('closing the window asks', ann.key_until(lambda: ann.look_for(
        'label', contains='Keep Kith Running?'), 'ctrl+w'), ann.everything())
    screenshot('keep-running')
    check('and it goes on without one', ann.press('Keep Running') and wait(lambda: not windows(ann.process)))
    say(SECRET)
    check('a notification does not say what was written', desktop.sees('Ben', '1 new message'),
          desktop.shown)
    say(AGAIN)
    check('there is one for both', desktop.sees('Ben', '2 new messages'), desktop.shown)
    desktop.click()
    check('a click shows the window', wait(lambda: windows(ann.process)))
    check('to which the desktop has given way', wait(lambda: TOKEN in startup_id()), startup_id())
    check('with the message', ann.is_in_view('I am here'), ann.messages())
    ann.focus()
    check('where it is read', ann.is_gone('list item', contains='unread message'), ann.everything())

    check('closing asks only once', close_window())
    again = subprocess.run([KITH, '--profile', profile], check=False, timeout=20)
    check('a second start shows the window', again.returncode == 0 and wait(lambda: windows(ann.process)))

    # What waits is told of; Quit ends it all the same.
    ben.quit()
    check('Ben leaves', ann.sees('Last seen'), ann.everything())
    ann.write('For Ben, when he is back')
    ann.focus()
    ann.key('ctrl+q')
    check('Quit ends it', wait(lambda: ann.process.poll() is not None) and ann.process.returncode == 0)
    check('and says what waits', wait(lambda: any(
        'still waits' in body for _, body in desktop.shown.values())), desktop.shown)

    # As the desktop does it at the start of a session.
    name, = starts()
    with open(os.path.join(autostart, name), encoding='utf-8') as file:
        command = next(line for line in file if line.startswith('Exec='))
    check('the desktop knows the command', '--background' in command and profile in command, command)
    hidden = start_hidden()
    check('it starts', wait(application))
    check('a second one leaves it alone', subprocess.run(
        [KITH, '--background', '--profile', profile], check=False, timeout=20).returncode == 0)
    check('without a window', not windows(hidden))
    subprocess.run([KITH, '--profile', profile], check=False, timeout=20)
    check('until it is wanted', wait(lambda: windows(hidden)))

    # Where it can be taken back by another process.
    subprocess.run(['gapplication', 'action', application(), 'quit'], check=True, timeout=20)
    check('what waits is told of again', wait(lambda: hidden.poll() == 0) and wait(lambda: any(
        'still waits' in body for _, body in desktop.by_name.values())), desktop.by_name)
    start_hidden()
    check('which is taken back when it runs', wait(lambda: not desktop.by_name), desktop.by_name)
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
    shutil.rmtree(profile, ignore_errors=True)
finish()
