#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Being reached: the switch, another port, and a port that is taken."""

import socket

from accessible import Ear
from person import BUS, Person, check, finish, hears, screenshot, wait


def answers(port):
    try:
        socket.create_connection(('127.0.0.1', port), 2).close()
        return True
    except OSError:
        return False


taken = socket.socket()
taken.bind(('127.0.0.1', 0))
taken.listen()
taken_port = taken.getsockname()[1]

free = socket.socket()
free.bind(('127.0.0.1', 0))
free_port = free.getsockname()[1]
free.close()


def n_said(words):
    return sum(words in heard for heard in ear.heard())


ear = Ear(BUS)
people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    port = ann.port()
    check('Ann listens', answers(port), ann.everything())

    ann.key_until(lambda: ann.look_for('text', 'On Port (Empty: Any)'), 'ctrl+shift+i')
    ann.fill('On Port (Empty: Any)', '70000')
    check('a wrong port is answered', ann.sees('A port is a number from 1 to 65535'))
    check('and said', hears(ear, 'A port is'), ear.heard)
    ann.focus('My Address')
    ann.click_at(ann.look_for('text', 'On Port (Empty: Any)'), ann.x_window('My Address'))
    ann.key('ctrl+a')
    ann.type('70001')
    ann.key('shift+Tab', 'ctrl+a')
    ann.type('example.org')
    check('of two that are wrong one is said', hears(ear, 'Names are not looked up'), ear.heard)
    check('and not the other again', not wait(lambda: n_said('A port is') > 1, 2), ear.heard)
    ann.key('Return')
    check('who presses Enter hears it again', wait(lambda: n_said('Names are not looked up') == 2, 5), ear.heard)
    ann.fill('On Address (Empty: All)', '127.0.0.1')
    ann.fill('On Port (Empty: Any)', str(taken_port))
    check('Listen There is offered', ann.press('Listen There'), ann.everything())
    check('a port in use is explained', ann.sees(str(taken_port)), ann.everything())
    screenshot('port-in-use')
    check('she still listens where she did', answers(port))

    ann.fill('On Port (Empty: Any)', str(free_port))
    check('another port can be chosen', ann.press('Listen There'))
    check('and is shown', ann.sees(f'127.0.0.1:{free_port}'), ann.everything())
    check('it answers', wait(lambda: answers(free_port)))
    check('the old one does not', wait(lambda: not answers(port)))

    switch = ann.find('check box', 'Let Friends Reach Me')
    check('there is a switch', switch, ann.everything())
    switch.act()
    check('off: nobody can reach her', ann.sees('Nobody can reach you'), ann.everything())
    check('off: the port is closed', wait(lambda: not answers(free_port)))
    switch.act()
    check('on: the address is there again', ann.sees(f'127.0.0.1:{free_port}'), ann.everything())
    check('on: the port answers', wait(lambda: answers(free_port)))
    check('Ann ends in order', ann.leave() == 0)

    ben = Person('--name', 'Ben', '--listen', f'127.0.0.1:{taken_port}')
    people.append(ben)
    check('a taken port is explained at the start', ben.sees(str(taken_port)), ben.everything())
    check('and the window says that nobody reaches him',
          ben.find('push button', contains='Friends cannot reach me'), ben.everything())
    check('Ben ends in order', ben.leave() == 0)
finally:
    for person in people:
        person.leave()
finish()
