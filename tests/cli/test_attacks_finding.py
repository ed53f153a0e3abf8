#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks 6 and 18 of docs/attacks.md, and what section 7 of docs/protocol.md says of the DHT, between a real kith-cli and
a peer that was written from it: in a DHT of the test alone."""
import contextlib
import os
import socket
import subprocess
import time

import own_network
from kith_cli import DEADLINE_S, Person, keep_until_the_end, run
from test_attacks import LOW_ORDER
from with_peer import Peer, befriended

try:
    import opendht
except ImportError:
    print('1..0 # SKIP python3-opendht is not installed')
    raise SystemExit(0) from None

from handshake import Answering
from identity import public_of_id
from invite import Invite
from primitives import ExchangeKey, Refused
from rendezvous import VALUE_BYTES, Place, endpoints_of, opened_box, text_of

NETWORK, BOOTSTRAP = 77, '45.67.0.1:4222'
WITH_DHT = ['--no-lan', '--no-port-map', '--dht-network', str(NETWORK), '--bootstrap', BOOTSTRAP]
BEN, BEFORE, NOW, ELSEWHERE = '45.67.0.20', '45.67.0.30', '45.67.0.31', '45.67.0.32'


class Dht:
    """A small DHT, and a node of ours in it."""

    def __init__(self):
        for i in range(3):
            keep_until_the_end(subprocess.Popen(
                ['dhtnode', '-s', '-n', str(NETWORK), '-p', str(4222 + i), *(['-b', BOOTSTRAP] if i > 0 else [])],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        config = opendht.DhtConfig()
        config.setNetwork(NETWORK)
        config.setRateLimit(100000, 100000)
        self.node = opendht.DhtRunner()
        self.node.run(port=4230, config=config)
        self.node.bootstrap('45.67.0.1', '4222')

    def put(self, location, data):
        self.node.put(opendht.InfoHash(location.hex().encode()), opendht.Value(data))

    def get(self, location):
        return [value.data for value in self.node.get(opendht.InfoHash(location.hex().encode())) or []]


class Met:
    """Ben, a real process, and Pia, a contact of his who is not where she was."""

    def __init__(self):
        self.dht = Dht()
        self.ben = Person('Ben', listen=f'{BEN}:0', network=WITH_DHT)
        self.ben.event('dht', state='connected')
        self.pia = Peer('Pia')
        self.pia.address, self.pia.target = BEFORE, BEN
        befriended(self.ben, self.pia).bye()
        self.key = public_of_id(self.ben.id)
        self.root = self.pia.roots[self.key]
        self.is_lower = self.pia.identity.public < self.key
        self.pia.address = NOW
        self.pia.listen()
        self.here = Place(self.root, 0 if self.is_lower else 1)
        self.his = Place(self.root, 1 if self.is_lower else 0)

    def await_dial(self):
        """Pia says where she is now, as often as it takes, and Ben dials her there, with her knock."""
        end = time.monotonic() + DEADLINE_S
        while True:
            self.dht.put(self.here.location, self.here.value(text_of([at(NOW, self.pia.port)])))
            if self.pia.is_dialled(2):
                break
            assert time.monotonic() < end
        greeting = Answering(self.pia.identity)
        session = self.pia.greeted(greeting)
        assert greeting.is_knock_of(self.key, self.root)
        session.take()
        self.ben.event('peer-online', id=self.pia.id)
        return session

    def place_of_ben(self):
        """What he has put for Pia to find."""
        end = time.monotonic() + DEADLINE_S
        while True:
            for value in self.dht.get(self.his.location):
                with contextlib.suppress(Refused):
                    return endpoints_of(self.his.text(value))
            assert time.monotonic() < end


def at(address, port):
    return socket.inet_aton(address), port


def test_found():
    """7.1: Ben's place says where he is; he finds Pia by what she puts, and dials her there."""
    met = Met()
    said_s, seq, endpoints = met.place_of_ben()
    assert abs(said_s - time.time()) < 60 and seq > 0 and at(BEN, met.ben.port) in endpoints, endpoints
    met.await_dial().bye()


def test_18_hostile_values():
    """Attack 18: rubbish at both places, values of other people's keys, old ones, ones of the future, and addresses
    nobody should dial: none of them is, and the good one is found."""
    met = Met()
    traps = [socket.create_server((address, 0)) for address in ('127.0.0.1', ELSEWHERE)]
    loopback, elsewhere = (trap.getsockname()[1] for trap in traps)
    other, now = Place(os.urandom(32), 0), int(time.time())
    ahead = [text_of([at(ELSEWHERE, elsewhere)], seq, time_s) for seq, time_s in (
        (None, now + 3 * 3600), (2 ** 63, now), ((now + 3 * 3600) * 1000, now), (None, now - 27 * 3600), (0, now))]
    never = [text_of([at(address, port)], now * 1000 - 1000 + number) for number, (address, port) in enumerate((
        ('127.0.0.1', loopback), ('0.0.0.0', loopback), ('224.0.0.1', loopback), ('255.255.255.255', loopback),
        ('169.254.1.1', loopback)))]
    values = [os.urandom(length) for length in (0, 1, 20, 271, 273, 2000) for _ in range(3)]
    values += [os.urandom(VALUE_BYTES) for _ in range(60)]
    values += [other.value(text_of([at(ELSEWHERE, elsewhere)]))]
    values += [met.his.value(text_of([at(ELSEWHERE, elsewhere)]))]
    values += [met.here.value(text) for text in ahead + never]
    values += [met.here.value(bytes([1, count]) + bytes(230)) for count in (9, 255)]
    values += [met.here.value(bytes([2]) + bytes(231)), met.here.value(b'\xff' * 232)]
    for value in values:
        met.dht.put(met.here.location, value)
        met.dht.put(met.his.location, value)
    met.await_dial().bye()
    for trap in traps:
        trap.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            trap.accept()
            raise AssertionError('dialled')
        trap.close()
    assert met.ben.process.poll() is None and met.ben.ok('status')['dht']['state'] == 'connected'


def test_06_reader_of_low_order():
    """Attack 6: links whose R is a point of low order: what Ben would seal to one of them everybody could read. There are
    zeros where who uses a good link says where they are."""
    met, good = Met(), ExchangeKey()
    invites = [Invite.make(Peer('Eve').identity.public, [at(ELSEWHERE, 9)], point)
               for point in (good.public, *LOW_ORDER[:3])]
    for invite in invites:
        met.ben.begin('add', invite=invite.link)
    end, found = time.monotonic() + 2 * DEADLINE_S, {}
    while len(found) < len(invites):
        assert time.monotonic() < end, len(found)
        for invite in invites:
            place = Place(invite.root, 1)
            for value in met.dht.get(place.location):
                found.setdefault(invite.id, (place, set()))[1].add(value)
    for invite in invites[1:]:
        assert found[invite.id][1] == {bytes(VALUE_BYTES)}, found
    place, values = found[invites[0].id]
    said_s, _, endpoints = endpoints_of(opened_box(good, place.text(values.pop())))
    assert abs(said_s - time.time()) < 2 * DEADLINE_S + 60 and at(BEN, met.ben.port) in endpoints, endpoints


own_network.enter(['45.67.0.1', BEN, BEFORE, NOW, ELSEWHERE])
run([test_found, test_06_reader_of_low_order, test_18_hostile_values])
