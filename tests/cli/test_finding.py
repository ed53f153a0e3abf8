#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts who have moved find each other through a private DHT, in a network of the test alone."""
import subprocess
import time

import own_network
from kith_cli import Person, in_folder, keep_until_the_end, run

N_NODES = 4
BOOTSTRAP = '45.67.0.1:4222'
WITH_DHT = ['--no-lan', '--no-port-map', '--dht-network', '77', '--bootstrap', BOOTSTRAP]


def start_dht():
    for i in range(N_NODES):
        keep_until_the_end(subprocess.Popen(
            ['dhtnode', '-s', '-n', '77', '-p', str(4222 + i), *(['-b', BOOTSTRAP] if i > 0 else [])],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def arrive(name, profile, address):
    return Person(name, profile=profile, listen=f'{address}:0', network=WITH_DHT)


def befriend(a, b, address):
    a.ok('connect', address=address, port=b.port)
    b.event('request', id=a.id)
    b.ok('accept', who=a.id)
    a.event('peer-online', id=b.id)
    b.event('peer-online', id=a.id)
    # What they meet with later is agreed on before the first message.
    talk(a, b)


def talk(a, b):
    for sender, receiver in ((a, b), (b, a)):
        message = sender.ok('send', to=receiver.id, text=f'from {sender.name}')['message']
        assert receiver.event('message')['text'] == f'from {sender.name}'
        sender.event('receipt', message=message, state='delivered')


def await_dht(*people):
    for person in people:
        person.event('dht', state='connected')
        assert person.ok('status')['dht']['state'] == 'connected'


@in_folder
def test_both_have_moved(folder):
    start_dht()
    ann, ben = arrive('Ann', folder + '/ann', '45.67.0.10'), arrive('Ben', folder + '/ben', '45.67.0.20')
    await_dht(ann, ben)
    befriend(ann, ben, '45.67.0.20')
    ben.quit()
    ann.event('peer-offline', id=ben.id)
    ann.quit()

    ann = arrive('Ann', folder + '/ann', '45.67.0.11')
    await_dht(ann)
    ann.ok('send', to='Ben', text='Where are you?')
    started = time.monotonic()
    ben = arrive('Ben', folder + '/ben', '45.67.0.21')
    ben.event('peer-online', id=ann.id)
    ann.event('peer-online', id=ben.id)
    print(f'# found each other {time.monotonic() - started:.2f} s after the start')
    assert ben.event('message')['text'] == 'Where are you?'
    talk(ann, ben)
    ann.quit()
    ben.quit()


@in_folder
def test_both_start_at_once(folder):
    start_dht()
    ann, ben = arrive('Ann', folder + '/ann', '45.67.0.10'), arrive('Ben', folder + '/ben', '45.67.0.20')
    befriend(ann, ben, '45.67.0.20')
    ben.kill()
    ann.kill()
    started = time.monotonic()
    ann, ben = arrive('Ann', folder + '/ann', '45.67.0.11'), arrive('Ben', folder + '/ben', '45.67.0.21')
    ben.event('peer-online', id=ann.id)
    ann.event('peer-online', id=ben.id)
    print(f'# found each other {time.monotonic() - started:.2f} s after the start')
    talk(ann, ben)


@in_folder
def test_invite_of_somebody_who_has_moved(folder):
    start_dht()
    ann = arrive('Ann', folder + '/ann', '45.67.0.10')
    await_dht(ann)
    link = ann.ok('invite')['invite']
    ann.quit()
    ben = arrive('Ben', folder + '/ben', '45.67.0.20')
    await_dht(ben)
    ann = arrive('Ann', folder + '/ann', '45.67.0.11')
    await_dht(ann)
    started = time.monotonic()
    added = ben.ok('add', invite=link)
    print(f'# {added["state"]} after {time.monotonic() - started:.2f} s')
    ann.event('request', id=ben.id)
    ann.ok('accept', who=ben.id)
    ben.event('peer-online', id=ann.id)
    talk(ann, ben)


@in_folder
def test_issuer_cannot_be_reached_but_reaches(folder):
    """Ann does not listen: it is she who finds Ben, who waits with her invite."""
    start_dht()
    ann = Person('Ann', profile=folder + '/ann', listen=None, network=WITH_DHT)
    await_dht(ann)
    ben = arrive('Ben', folder + '/ben', '45.67.0.20')
    await_dht(ben)
    started = time.monotonic()
    added = ben.ok('add', invite=ann.ok('invite')['invite'])
    ann.event('request', id=ben.id)
    print(f'# {added["state"]}, asked {time.monotonic() - started:.2f} s after the start')
    ann.ok('accept', who=ben.id)
    ben.event('peer-online', id=ann.id)
    talk(ann, ben)


@in_folder
def test_diagnose(folder):
    start_dht()
    ann, ben = arrive('Ann', folder + '/ann', '45.67.0.10'), arrive('Ben', folder + '/ben', '45.67.0.20')
    await_dht(ann, ben)
    own = ann.ok('diagnose')['findings']
    assert {f['level'] for f in own} <= {'good', 'note', 'problem'} and all(f['title'] and f['code'] for f in own), own
    befriend(ann, ben, '45.67.0.20')
    place = f'45.67.0.20:{ben.port}'
    ben.quit()
    ann.event('peer-offline', id=ben.id)
    findings = ann.ok('diagnose', who='Ben')['findings']
    for finding in findings:
        print(f'# {finding["level"]} {finding["code"]}: {finding["title"]} | {finding["detail"]} | {finding["advice"]}')
    assert any(f['level'] == 'problem' for f in findings), findings
    assert any(place in f['title'] + f['detail'] for f in findings), findings
    ann.fails('not-found', 'diagnose', who='nobody')


own_network.enter(['45.67.0.1', '45.67.0.10', '45.67.0.11', '45.67.0.20', '45.67.0.21'])
run([test_both_have_moved, test_both_start_at_once, test_invite_of_somebody_who_has_moved,
     test_issuer_cannot_be_reached_but_reaches, test_diagnose])
