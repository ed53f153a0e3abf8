#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences of the network, and the connection doctor, where there is nobody to be reached."""

import os
import subprocess

import own_network  # noqa: F401  # pylint: disable=unused-import

from person import Person, check, finish, insist, screenshot, wait, xdotool

DHT = 'Find Each Other Through the Directory'
HOST = 'Add a Host and Port'
PROXY = 'Proxy, Such as socks5://127.0.0.1:9050'
OPTIONS = ['--bootstrap', '127.0.0.1:9', '--dht-network', '3000000000', '--listen', '127.0.0.1:0']


TITLE = 'Preferences'


def click(person, role, name, effect):
    """With the mouse, until the effect is seen."""
    def act():
        person.focus(TITLE)
        person.click_at(person.look_for(role, name), person.x_window(TITLE))
    return insist(act, effect)


def show_preferences(person):
    person.key_until(lambda: person.look_for('list item', 'Network'), 'ctrl+comma')
    return click(person, 'list item', 'Network',
                 lambda: person.look_for('label', 'Send Everything Through'))


def scroll_down(person):
    xdotool('mousemove', '--window', person.x_window(TITLE), 280, 300, 'click', '--repeat', 20, 5)


def apply_entry(person, name, text, effect):
    def act():
        person.focus(TITLE)
        person.click_at(person.look_for('text', name), person.x_window(TITLE))
        person.enter(name, text)
        person.key('Return')
    return insist(act, effect)


def choose_proxy(person, key, effect):
    """The choices open with a click. Up or Down from the one there is."""
    def act():
        scroll_down(person)
        person.focus(TITLE)
        person.click_at(person.look_for('combo box', 'Send Everything Through'), person.x_window(TITLE))
        person.key(key, 'Return')
    return insist(act, effect)


def switch(person, name):
    return person.find('check box', contains=name).act()


people = []
try:
    refused = subprocess.run([os.environ['KITH'], '--ephemeral', '--proxy', 'socks5://127.0.0.1:9',
                              *['--bootstrap', '127.0.0.1:9'] * 9], check=False, capture_output=True, text=True, timeout=60)
    check('options that could not all be kept to are refused, the proxy with them', refused.returncode == 2
          and '--bootstrap: ' in refused.stderr and 'at most 8' in refused.stderr, refused)
    for number in ('-1', '4294967296', 'x'):
        refused = subprocess.run([os.environ['KITH'], '--ephemeral', f'--dht-network={number}'], check=False,
                                 capture_output=True, text=True, timeout=60)
        check(f'{number} is no number of a directory', refused.returncode == 2 and '--dht-network: ' in refused.stderr, refused)
    ann = Person('--name', 'Ann', *OPTIONS, online=True)
    people.append(ann)
    check('there is a page for the network', show_preferences(ann))
    check('the directory is looked for', ann.sees('Looking for the first computers'))
    check('strangers see nothing', ann.sees('Contacts recognize you there, strangers do not'))
    screenshot('network')
    switch(ann, DHT)
    check('off', wait(lambda: ann.look_for('label', 'Off')))
    switch(ann, DHT)
    check('and on again', ann.sees('Looking for the first computers'))

    check('the way in is listed', click(ann, 'list item', 'Where to Enter the Directory',
                                        lambda: ann.look_for('push button', 'Remove 127.0.0.1:9')))
    check('a wrong one is answered', apply_entry(
        ann, HOST, 'no port', lambda: ann.look_for('label', contains='That is not a host and a port')))
    check('another one is added', apply_entry(
        ann, HOST, '127.0.0.1:4222', lambda: ann.look_for('push button', 'Remove 127.0.0.1:4222')))
    screenshot('bootstrap')
    ann.press('Remove 127.0.0.1:9')
    check('the first one is removed', ann.is_gone('push button', 'Remove 127.0.0.1:9'))

    check('Tor: nothing goes around it', choose_proxy(
        ann, 'Down', lambda: ann.look_for('label', 'Off, because it would go around the proxy')))
    check('the window says so', ann.find('push button', contains='friends cannot find me'))
    screenshot('tor')
    check('another one is asked for', choose_proxy(ann, 'Down', lambda: ann.look_for('text', PROXY)))
    scroll_down(ann)
    check('nonsense is answered', apply_entry(
        ann, PROXY, 'nonsense', lambda: ann.look_for('label', contains='That is not a proxy')))

    check('the doctor is offered', ann.row('Check Connection'))
    ann.leave()

    dora = Person('--name', 'Dora', '--listen', '127.0.0.1:0')
    people.append(dora)
    check('the menu has the doctor', dora.pick('Main menu', 'Check Connection'))
    check('it finds something', dora.find('push button', 'Copy Report', timeout_s=20),
          dora.everything())
    check('that the DHT is off', dora.row('The directory (DHT) is off'), dora.everything())
    screenshot('doctor')
    check('the report is copied', dora.press('Copy Report') and dora.sees('Report copied'))
    check('it checks again', dora.press('Check Again')
          and dora.find('push button', 'Copy Report', timeout_s=20))
    check('all leave in order', dora.leave() == 0)
finally:
    for person in people:
        person.leave()
finish()
