#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences of the network, and the connection doctor, where there is nobody to be reached."""

import subprocess

import own_network  # noqa: F401  # pylint: disable=unused-import

from person import Person, check, finish, screenshot, wait

DHT = 'Find Each Other Through the DHT'
HOST = 'Add a Host and Port'
PROXY = 'Proxy, Such as socks5://127.0.0.1:9050'
OPTIONS = ['--bootstrap', '127.0.0.1:9', '--dht-network', '77', '--listen', '127.0.0.1:0']


def show_preferences(person):
    person.focus()
    person.key('ctrl+comma')
    tab = person.find('page tab', 'Network')
    click(person, tab)
    return person.sees('Send Everything Through')


def click(person, node):
    person.focus('Preferences')
    person.click_at(node, person.x_window('Preferences'))


def scroll_down(person):
    subprocess.run(['xdotool', 'mousemove', '--window', person.x_window('Preferences'), '280', '300',
                    'click', '--repeat', '20', '5'], check=True)


def apply_entry(person, name, text):
    click(person, person.find('text', name))
    if not person.enter(name, text):
        return False
    person.key('Return')
    return True


def switch(person, name):
    return person.find('check box', contains=name).queryAction().doAction(0)


people = []
try:
    ann = Person('--name', 'Ann', *OPTIONS, online=True)
    people.append(ann)
    check('there is a page for the network', show_preferences(ann))
    check('the DHT looks for nodes', ann.sees('Looking for the first nodes'))
    check('strangers see nothing', ann.sees('Contacts recognise you there, strangers do not'))
    screenshot('network')
    switch(ann, DHT)
    check('off', wait(lambda: ann.look_for('label', 'Off')))
    switch(ann, DHT)
    check('and on again', ann.sees('Looking for the first nodes'))

    click(ann, ann.row('Where to Enter the DHT'))
    check('the way in is listed', ann.find('push button', 'Remove 127.0.0.1:9'))
    check('there is room for more', apply_entry(ann, HOST, 'no port'))
    check('a wrong one is answered', ann.sees('That is not a host and a port'))
    apply_entry(ann, HOST, '127.0.0.1:4222')
    check('another one is added', ann.find('push button', 'Remove 127.0.0.1:4222'))
    screenshot('bootstrap')
    ann.press('Remove 127.0.0.1:9')
    check('the first one is removed', ann.is_gone('push button', 'Remove 127.0.0.1:9'))

    scroll_down(ann)
    proxy = ann.find('combo box', 'Send Everything Through')
    check('a proxy can be chosen', proxy is not None)
    click(ann, proxy)
    ann.key('Down', 'Return')
    check('Tor: nothing goes around it', ann.sees('Off, because it would go around the proxy'))
    check('the window says so', ann.find('push button', contains='friends cannot find me'))
    screenshot('tor')
    click(ann, ann.find('combo box', 'Send Everything Through'))
    ann.key('Down', 'Return')
    scroll_down(ann)
    check('another one is asked for', ann.find('text', PROXY))
    apply_entry(ann, PROXY, 'nonsense')
    check('nonsense is answered', ann.sees('That is not a proxy'))

    check('the doctor is offered', ann.row('Check the Connection'))
    ann.leave()

    dora = Person('--name', 'Dora', '--listen', '127.0.0.1:0')
    people.append(dora)
    check('the menu has the doctor', dora.pick('Main menu', 'Check Connection'))
    check('it finds something', dora.find('push button', 'Copy Report', timeout_s=20),
          dora.everything())
    check('that the DHT is off', dora.row('The DHT is off'), dora.everything())
    screenshot('doctor')
    check('the report is copied', dora.press('Copy Report') and dora.sees('Report copied'))
    check('it checks again', dora.press('Check Again')
          and dora.find('push button', 'Copy Report', timeout_s=20))
    check('all leave in order', dora.leave() == 0)
finally:
    for person in people:
        person.leave()
finish()
