#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong is said in words: while typing, and when connecting fails."""

import socket

from accessible import DESCRIBED_BY, FOCUSED, Ear
from person import BUS, Person, check, finish, hears, screenshot, wait

ear = Ear(BUS)


def leads_to(entry, words):
    """From the entry to the label that says what is wrong with it."""
    def look():
        node = ann.look_for('text', entry)
        return [node.tree.nodes[path].name for path in node.related(DESCRIBED_BY)] == [words]
    return wait(look)


def n_said(words):
    return sum(words in heard for heard in ear.heard())


def listener():
    server = socket.socket()
    server.bind(('127.0.0.1', 0))
    server.listen()
    return server


def free_port():
    server = listener()
    port = server.getsockname()[1]
    server.close()
    return port


ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    ann.port()
    check('the dialog opens', ann.key_until(lambda: ann.look_for('text', 'IP Address'), 'ctrl+shift+n'),
          ann.everything())
    check('the usual port is there', ann.text('Port') == '5484')
    check('without an address there is no connecting', not ann.is_sensitive('push button', 'Connect'))

    ann.focus('Add by IP Address')
    ann.type('192.168.1')
    check('an unfinished address is no mistake', not ann.sees('An IP address has', timeout_s=.5))
    ann.type('.300')
    check('a wrong one is', ann.sees('An IP address has four numbers'), ann.everything())
    wrong = ann.look_for('label', contains='An IP address has four numbers').name
    check('which is said', hears(ear, wrong), ear.heard)
    check('the entry leads to the words', leads_to('IP Address', wrong),
          ann.everything)
    screenshot('connect-wrong-address')
    check('and cannot be used', not ann.is_sensitive('push button', 'Connect'))
    ann.key('BackSpace', 'BackSpace')
    check('a right one can', wait(lambda: ann.is_sensitive('push button', 'Connect')))
    check('and leads nowhere', not ann.look_for('text', 'IP Address').related(DESCRIBED_BY))
    check('it was said once', n_said(wrong) == 1, ear.heard)

    # Several things wrong, and others on the way to them.
    ann.key('ctrl+a')
    ann.type('example.org')
    check('a name is answered', ann.sees('Names are not looked up'), ann.everything())
    check('and said when one pauses', hears(ear, 'Names are not looked up'), ear.heard)
    check('what was wrong for a moment was not', n_said(wrong) == 1, ear.heard)
    ann.key('Tab', 'ctrl+a')
    ann.type('65536')
    ann.key('shift+Tab', 'ctrl+a')
    ann.type('192.168.1.300')
    check('of two that are wrong one is said', wait(lambda: n_said(wrong) == 2), ear.heard)
    check('and no other', not wait(lambda: n_said('A port is'), 2), ear.heard)
    ann.key('Return')
    check('who presses Enter hears it again', wait(lambda: n_said(wrong) == 3, 5), ear.heard)
    ann.key('BackSpace')
    check('then comes the other', hears(ear, 'A port is a number from 1 to 65535'), ear.heard)
    check('each was said once', n_said('A port is') == 1 and n_said(wrong) == 3, ear.heard)

    ann.fill('IP Address', '192.168.1.3')
    ann.fill('Port', '65536')
    check('a wrong port is answered', ann.sees('A port is a number from 1 to 65535'))
    ann.find('text', 'IP Address').set_text('[2001:db8::7]:40123')
    check('a pasted address fills both fields',
          wait(lambda: (ann.text('IP Address'), ann.text('Port')) == ('2001:db8::7', '40123')),
          ann.everything())

    port = free_port()
    ann.fill('IP Address', '127.0.0.1')
    ann.fill('Port', str(port))
    ann.press('Connect')
    check('a refused connection is explained', ann.sees(f'Nobody answers at 127.0.0.1:{port}'),
          ann.everything())
    check('and said', hears(ear, f'Nobody answers at 127.0.0.1:{port}'), ear.heard)
    screenshot('connect-refused')
    check('one can find out why', ann.press('Find Out Why') and ann.row('The directory (DHT) is off'),
          ann.everything())
    ann.focus('Connection')
    check('how many problems there are is said', ann.press('Check Again') and hears(ear, ' found'), ear.heard)
    check('one who reads is at the first finding', wait(lambda: any(
        node.has(FOCUSED) for node in ann.look_for('list', 'What was found').children)), ann.everything)
    screenshot('connect-find-out')
    check('and come back', ann.close('Connection', 'push button', 'Copy Report'), ann.everything())
    check('the fields stay', (ann.text('IP Address'), ann.text('Port')) == ('127.0.0.1', str(port)))

    server = listener()
    port = server.getsockname()[1]
    ann.fill('Port', str(port))
    ann.press('Connect')
    peer, _ = server.accept()
    peer.sendall(b'SSH-2.0-OpenSSH_9.2\r\n' * 40)
    peer.close()
    check('another program is explained', ann.sees('it is not Kith'), ann.everything())

    own_port = ann.port()
    ann.fill('Port', str(own_port))
    ann.press('Connect')
    check('the own address is explained', ann.sees('your own address'), ann.everything())

    ann.fill('Port', str(port))
    ann.press('Connect')
    peer, _ = server.accept()
    check('while it waits it can be cancelled', ann.press('Cancel'))
    check('then it can be tried again', wait(lambda: ann.is_sensitive('push button', 'Connect')))
    check('the connection is gone', wait(lambda: drained(peer)) if (drained := lambda p: (
        p.settimeout(1), p.recv(4096) == b'')[1]) else False)
    check('a second Cancel closes the dialog', ann.press('Cancel')
          and ann.is_gone('text', 'IP Address'))
    check('Ann ends in order', ann.leave() == 0)
finally:
    ann.leave()
finish()
