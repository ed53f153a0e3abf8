#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People on the same network: nobody, one who lets herself be seen, a contact, and off."""

import own_network  # noqa: F401  # pylint: disable=unused-import
from accessible import CHECKED
from person import Person, check, finish, screenshot

OPTIONS = ['--no-dht', '--no-port-map', '--listen', '192.168.77.2:0']
PRESENT = 'Let People on This Network See My Name'


def open_nearby(person):
    return person.pick('Invite or add a friend', 'People Nearby')


people = []
try:
    ann = Person('--name', 'Ann', *OPTIONS, online=True)
    people.append(ann)
    ben = Person('--name', 'Ben <b>', *OPTIONS, x=980, online=True)
    people.append(ben)

    check('Ann looks who is there', open_nearby(ann), ann.everything())
    check('nobody is', ann.sees('Nobody Nearby'))
    screenshot('nobody-nearby')
    switch = ann.find('check box', contains=PRESENT)
    check('being seen is off at first', switch and not switch.has(CHECKED))
    switch.act()
    check('it says what that means', ann.sees('Strangers, too'))

    open_nearby(ben)
    check('Ben sees Ann', ben.find('push button', 'Ask Ann'))
    check('Ann does not see him', ann.look_for('push button', contains='Ask Ben') is None)
    screenshot('nearby')
    ben.press('Ask Ann')
    check('he is warned', ben.sees('Anybody can call themselves that'))
    check('Ben asks', ben.press('Ask'))
    check('it has arrived', ben.sees('Your request has reached', timeout_s=20))

    ann.close('People Nearby', 'check box', None, PRESENT)
    ann.select('Request from Ben <b>')
    check('Ann accepts', ann.press('Accept'))
    open_nearby(ann)
    check('Ben is nearby, as her contact', ann.find('push button', 'Open Ben <b>', timeout_s=20),
          ann.everything())
    screenshot('contact-nearby')
    check('she opens him', ann.press('Open Ben <b>'))
    check('and the dialog goes', ann.is_gone('check box', contains=PRESENT))
    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
finish()
