#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who can reach me, and the passphrase of friends who dial."""
import socket
import subprocess

from kith_cli import COMMAND, DEADLINE_S, Person, befriend, in_folder, run

PASSPHRASE = 'correct horse battery staple'


def join(person, other, passphrase):
    return dict(cmd='join', address='127.0.0.1', port=other.port, passphrase=passphrase, text='It is me')


def test_settings():
    ann = Person('Ann')
    assert ann.ok('status')['reach'] == 'everyone'
    reply = ann.ok('reach')
    assert (reply['reach'], reply['passphrase'], reply['note']) == ('everyone', None, None), reply
    ann.fails('invalid', 'reach', who='nobody')
    ann.fails('invalid', 'passphrase', text='1234567')
    ann.fails('too-big', 'passphrase', text='x' * 257)
    assert ann.ok('passphrase')['passphrase'] is None

    made = ann.ok('reach', who='passphrase')
    assert made['reach'] == 'passphrase' and len(made['passphrase'].split()) == 4, made
    again = ann.ok('passphrase', text='new')
    assert len(again['passphrase'].split()) == 4 and again['passphrase'] != made['passphrase'], again
    assert ann.ok('passphrase', text=f'  {PASSPHRASE} ')['passphrase'] == PASSPHRASE
    assert ann.ok('status')['reach'] == 'passphrase'


def test_passphrase():
    ann, ben = Person('Ann'), Person('Ben')
    ben.ok('passphrase', text=PASSPHRASE)
    ben.ok('reach', who='passphrase')
    failed = ann.fails('peer-closed', 'connect', address='127.0.0.1', port=ben.port)
    assert 'passphrase' in failed['message'], failed
    ann.fails('invalid', 'join', address='127.0.0.1', port=ben.port)
    ann.fails('wrong-passphrase', **join(ann, ben, '1234567'))
    failed = ann.fails('not-admitted', **join(ann, ben, 'something else'))
    assert 'Nobody is told which' in failed['message'], failed

    assert ann.ok(**join(ann, ben, PASSPHRASE))['outcome'] == 'requested'
    assert ben.event('request', id=ann.id)['text'] == 'It is me'
    ben.ok('accept', who=ann.id)
    ann.event('peer-online', id=ben.id)
    ben.event('peer-online', id=ann.id)


def test_contacts():
    ann, ben, eve = Person('Ann'), Person('Ben'), Person('Eve')
    befriend(ann, ben)
    ben.ok('passphrase', text=PASSPHRASE)
    ben.ok('reach', who='contacts')
    eve.fails('peer-closed', 'connect', address='127.0.0.1', port=ben.port)
    eve.fails('not-admitted', **join(eve, ben, PASSPHRASE))
    link = ben.ok('invite')['invite']
    assert eve.ok('add', invite=link)['state'] == 'requested'
    ben.event('request', id=eve.id)
    assert '1 request' in ben.ok('reach')['note']


def test_scanner():
    """What is no contact gets no byte back, whatever it says."""
    ben = Person('Ben')
    ben.ok('passphrase', text=PASSPHRASE)
    ben.ok('reach', who='contacts')
    for mode in range(4):
        with socket.create_connection(('127.0.0.1', ben.port), timeout=DEADLINE_S) as scanner:
            scanner.sendall(b'KITH\1' + bytes([mode, 0, 0]) + bytes(56) + bytes([0, 32]) + bytes([9]) + bytes(31))
            assert scanner.recv(1) == b''


@in_folder
def test_kept(folder):
    ann = Person('Ann', profile=folder + '/ann')
    ann.ok('passphrase', text=PASSPHRASE)
    ann.ok('reach', who='contacts')
    ann.quit()
    ann = Person('Ann', profile=folder + '/ann')
    reply = ann.ok('reach')
    assert (reply['reach'], reply['passphrase']) == ('contacts', PASSPHRASE), reply
    ann.quit()


def test_words_for_people():
    done = subprocess.run([*COMMAND, '--ephemeral', '--no-listen', 'reach', 'passphrase'], capture_output=True,
                          text=True, timeout=DEADLINE_S, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done
    assert 'who knows your passphrase' in done.stdout and 'Your passphrase for friends: ' in done.stdout, done


run([test_settings, test_passphrase, test_contacts, test_scanner, test_kept, test_words_for_people])
