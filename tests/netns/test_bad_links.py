#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people over links that lose packets, or let through little, or stop for a while: what they write arrives, once
and in order, and so does a file."""
import contextlib
import os
import re
import tempfile

import netns
from netns import Internet
from people import measured, talk  # which knows where kith_cli is
import kith_cli
from kith_cli import NO_NETWORK, Person

LOST_OF_100 = 8
SLOW = 'rate 512kbit burst 8kb latency 300ms'
MESSAGES = 40
FILE_BYTES = 150_000


@contextlib.contextmanager
def two_people():
    with Internet() as internet, tempfile.TemporaryDirectory(prefix='kith-links-') as folder:
        hosts = [internet.backbone.host(name) for name in ('ann', 'ben')]
        people = [Person(name, profile=f'{folder}/{name}', listen=f'{host.address}:5484', network=NO_NETWORK,
                         prefix=host.prefix) for name, host in zip(('Ann', 'Ben'), hosts)]
        try:
            ann, ben = people
            assert ann.ok('connect', address=hosts[1].address, port=ben.port)['outcome'] == 'requested'
            ben.event('request', id=ann.id)
            ben.ok('accept', who=ann.id)
            for person, other in ((ann, ben), (ben, ann)):
                person.event('peer-online', id=other.id)
            yield ann, ben, hosts, folder
            assert not kith_cli.end_processes(), 'one has crashed'
        finally:
            kith_cli.end_processes()


def lose(host):
    """Of what comes in, so many packets of a hundred get lost; and each is as small as on a real cable."""
    host.run('ip', 'link', 'set', 'eth0', 'gso_max_segs', '1')
    host.run('nft', f'table inet harm {{ chain in {{ type filter hook input priority 0; '
             f'iifname "eth0" numgen random mod 100 < {LOST_OF_100} counter drop; }}; }}')


def count_lost(host):
    return int(re.search(r'packets (\d+)', host.run('nft', 'list', 'table', 'inet', 'harm'))[1])


def cut(host):
    host.run('nft', 'table inet harm { chain in { type filter hook input priority 0; iifname "eth0" drop; }; }')


def mend(host):
    host.run('nft', 'delete', 'table', 'inet', 'harm')


def slow_down(host):
    host.run('tc', 'qdisc', 'add', 'dev', 'eth0', 'root', 'tbf', *SLOW.split())


def write_much(a, b):
    """Both at the same time; returns when all is there and acknowledged."""
    sent = {person: [person.begin('send', to=other.id, text=f'{person.name} {i}') for i in range(MESSAGES)]
            for person, other in ((a, b), (b, a))}
    for person, other in ((a, b), (b, a)):
        ids = [person.reply(number)['message'] for number in sent[person]]
        for i, message in enumerate(ids):
            assert other.event('message')['text'] == f'{person.name} {i}'
            person.event('receipt', message=message, state='delivered')


def send_file(a, b, folder):
    path = f'{folder}/picture'
    with open(path, 'wb') as file:
        file.write(os.urandom(FILE_BYTES))
    sent = a.ok('send-file', to=b.id, path=path)['transfer']
    b.event('file-offer', transfer=sent)
    b.ok('accept-file', transfer=sent)
    done = b.event('file-done', transfer=sent)
    assert done['state'] == 'done', done
    with open(path, 'rb') as here, open(done['path'], 'rb') as there:
        assert here.read() == there.read()
    os.unlink(done['path'])


def test_a_link_that_loses():
    with two_people() as (ann, ben, hosts, folder):
        for host in hosts:
            lose(host)
        with measured(f'{4 * MESSAGES} messages, {LOST_OF_100} of 100 packets lost each way'):
            write_much(ann, ben)
            for _ in range(MESSAGES):
                talk(ann, ben)
        with measured(f'{FILE_BYTES} bytes of a file'):
            send_file(ann, ben, folder)
        lost = [count_lost(host) for host in hosts]
        print(f'# {lost} packets were lost', flush=True)
        assert min(lost) > 0


def test_a_slow_link():
    with two_people() as (ann, ben, hosts, folder):
        for host in hosts:
            slow_down(host)
        with measured(f'{2 * MESSAGES} messages at {SLOW}'):
            write_much(ann, ben)
        with measured(f'{FILE_BYTES} bytes of a file'):
            send_file(ann, ben, folder)


def test_a_link_that_stops():
    """Nothing comes through for a while, and nobody says so: what was written meanwhile is not lost."""
    with two_people() as (ann, ben, hosts, _):
        cut(hosts[1])
        waiting = [ann.ok('send', to=ben.id, text=f'into the void {i}')['message'] for i in range(5)]
        assert ben.ok('send', to=ann.id, text='from the void')
        assert ann.state_of(waiting[0]) in ('queued', 'sent')
        mend(hosts[1])
        with measured('all that was written meanwhile'):
            for i, message in enumerate(waiting):
                assert ben.event('message')['text'] == f'into the void {i}'
                ann.event('receipt', message=message, state='delivered')
            ann.event('message', text='from the void')
        talk(ann, ben)


if __name__ == '__main__':
    netns.run_tests([test_a_link_that_loses, test_a_slow_link, test_a_link_that_stops])
