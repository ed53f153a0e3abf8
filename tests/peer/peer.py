# SPDX-License-Identifier: GPL-3.0-or-later
"""A peer of KITH/1, written from docs/protocol.md and not from src/: the proof that the document is enough.
It blocks, does one thing at a time and keeps nothing on the disk: good for tests, and for nothing else."""
import os
import select
import socket
import time

from handshake import Answering, Closed, Dialing, Wire, framed
from identity import Identity
from noise import Cipher, Handshake
from primitives import Refused, derive, u32, u8
from protobuf import SCHEMA
from records import BODIES, NAMES, SKIPPABLE, TYPES, Reassembly, fragments, padded, record, records_of

DEADLINE_S = float(os.environ.get('KITH_TEST_DEADLINE_S', '30'))
NO_ROOT_ID = bytes(8)


def root_id(root):
    return derive(root, 'kith1 root-id')[:8] if root else NO_ROOT_ID


class Peer:
    """Somebody, with a name and the pair roots of others, by their identity keys."""

    def __init__(self, name, identity=None):
        self.name = name
        self.identity = identity or Identity()
        self.instance = os.urandom(8)
        self.roots = {}
        self.address, self.target = '127.0.0.1', '127.0.0.1'  # ours, and that of who is dialled
        self._listener, self.port = None, 0

    @property
    def id(self):
        return self.identity.id

    @property
    def endpoints(self):
        return [{'address': socket.inet_aton(self.address), 'port': self.port}] if self.port else []

    def listen(self, port=0):
        self._listener = socket.create_server((self.address, port))
        self._listener.settimeout(DEADLINE_S)
        self.port = self._listener.getsockname()[1]

    def dial(self, port, expected=None, source=None):
        """A session with who listens there, not yet open. A contact is knocked for."""
        wire = connected(port, source or self.address, self.target)
        greeting = Dialing(self.identity, expected, self.roots.get(expected))
        greeting.run(wire)
        return Session(self, wire, greeting)

    def is_dialled(self, timeout_s):
        """Whether accept() has somebody, now or within some time."""
        return bool(select.select([self._listener], [], [], timeout_s)[0])

    def accept(self):
        """A session with whoever dials us next, not yet open."""
        return self.greeted(Answering(self.identity))

    def greeted(self, greeting):
        """The same, with another greeting."""
        wire = self.accept_wire()
        greeting.run(wire)
        return Session(self, wire, greeting)

    def accept_wire(self):
        connection, _ = self._listener.accept()
        connection.settimeout(DEADLINE_S)
        return Wire(connection)

    def close(self):
        self._listener.close()
        self.port = 0


def connected(port, source='127.0.0.1', target='127.0.0.1'):
    """source: any address in 127.0.0.0/8, so that a test can come from many."""
    connection = socket.create_connection((target, port), DEADLINE_S, (source, 0))
    return Wire(connection)


class Session:
    """Records both ways. What a peer has to answer by itself is answered in step()."""

    def __init__(self, peer, wire, greeting):
        self.peer, self.wire, self.dialer = peer, wire, isinstance(greeting, Dialing)
        self.remote, self.mode = greeting.remote_identity, greeting.head[5]
        self._device_key = greeting.noise.remote
        self._greeting = greeting
        self.first_hash = self.hash = greeting.noise.hash
        *keys, self.export = greeting.noise.split()
        self.first_export = self.export
        self._send, self._receive = self._ciphers(keys)
        self._waiting, self._heard, self._reassembly = [], [], Reassembly()
        self.n_rekeys, self._rekey, self._next_receive, self._next_has_root = 0, None, None, False
        self.n_rekeyed, self.has_root, self._pair_r = 0, False, None
        self.n_sent = self.n_received = self._hlc = 0
        self.links, self.shared = {}, set()

    def _ciphers(self, keys):
        """Ours to send with, and to receive with."""
        return [Cipher(key) for key in (keys if self.dialer else reversed(keys))]

    # Frames

    def sealed(self, plaintext):
        """The next frame, as it goes over the wire."""
        return framed(self._send.encrypt(plaintext))

    def send_raw(self, *records):
        """Records, already packed, in one frame."""
        self.wire.write_raw(self.sealed(padded(b''.join(records))))

    def send(self, name, raw=None, /, **fields):
        body = SCHEMA.encode(BODIES[name], **fields) if raw is None else raw
        self.send_raw(record(TYPES[name], body))

    def send_whole(self, name, body, channel=0):
        """A record that may need several frames."""
        for part in fragments(TYPES[name], body, channel):
            self.send_raw(part)

    def is_readable(self, timeout_s):
        """Whether step() has something to begin with, now or within some time."""
        return bool(self._waiting or select.select([self.wire.socket], [], [], timeout_s)[0])

    def _next_record(self):
        while not self._waiting:
            for part in records_of(self._receive.decrypt(self.wire.read())):
                whole = self._reassembly.add(*part)
                if whole:
                    self._waiting.append(whole)
        return self._waiting.pop(0)

    def step(self):
        """Takes one record: answers it, or puts it where wait_for() finds it."""
        number, body = self._next_record()
        name = NAMES.get(number)
        if name is None:
            if not number & SKIPPABLE:
                raise Refused(f'record {number:#x}')
            return
        fields = SCHEMA.decode(BODIES[name], body) if name in BODIES else body
        if not self._answered(name, fields):
            self._heard.append((name, fields))

    def _given_out(self, names):
        for item in self._heard:
            if item[0] in names:
                self._heard.remove(item)
                return item
        return None

    def wait_for(self, wanted):
        """The fields of the first record of that type that was not given out yet."""
        while True:
            item = self._given_out((wanted, 'BYE'))
            if item and item[0] == wanted:
                return item[1]
            if item:
                raise Refused(f'BYE {item[1]["reason"]} instead of {wanted}')
            self.step()

    def until_closed(self):
        """The reason of their BYE, by its number, or None when they have closed without one."""
        try:
            while True:
                self.step()
        except Closed:
            bye = self._given_out(('BYE',))
            return bye[1]['reason'] if bye else None

    def _answered(self, name, fields):
        if name == 'PING':
            self.send('PONG', token=fields['token'])
        elif name == 'REKEY1':
            self._answer_rekey(fields)
        elif name == 'REKEY3':
            self._finish_rekey()
        elif name == 'PAIR':
            self._pair(fields['r'])
        elif name == 'GROUP_SHARED':
            self.shared = set(fields['groups'])
            for link in list(self.links.values()):
                link.shared()
        elif name.startswith('GROUP_') and fields[:16] in self.links:
            self.links[fields[:16]].take(name, fields[16:])
        else:
            return False
        return True

    def until(self, is_so):
        """Until something is true that records of theirs change."""
        while not is_so():
            bye = self._given_out(('BYE',))
            if bye:
                raise Refused(f'BYE {bye[1]["reason"]}')
            self.step()

    # Opening, 4.1

    def bind(self):
        both = [self.peer.identity.public, self.remote]
        return derive(self.first_export, 'kith1 bind', *(both if self.dialer else reversed(both)))

    def introduction(self):
        return {'bind': self.bind(), 'instance': self.peer.instance, 'endpoints': self.peer.endpoints}

    def _check_bind(self, fields):
        if fields['bind'] != self.bind():
            raise Refused('bind')

    def opening(self, purpose='PURPOSE_CONTACT', text=''):
        """The fields of an OPEN."""
        return {**self.introduction(), 'purpose': purpose, 'text': text, 'profile': {'name': self.peer.name}}

    def open(self, *arguments, **others):
        """As the dialer: sends opening(), with other fields. Returns their OPEN_OK."""
        self.send('OPEN', **{**self.opening(*arguments), **others})
        answer = self.wait_for('OPEN_OK')
        self._check_bind(answer)
        return answer

    def open_with(self, invite):
        """As who has the link of an invite. Returns their OPEN_OK."""
        return self.open('PURPOSE_INVITE', invite_id=invite.id, invite_proof=invite.proof(self.first_hash))

    def take(self, pending=False):
        """As the listener. Returns their OPEN."""
        asked = self.wait_for('OPEN')
        self._check_bind(asked)
        profile = {} if pending else {'profile': {'name': self.peer.name}}
        self.send('OPEN_OK', pending=pending, **self.introduction(), **profile)
        return asked

    def accept(self):
        """Says yes to a request."""
        self.send('ACCEPT', profile={'name': self.peer.name}, endpoints=self.peer.endpoints)

    def bye(self, reason='BYE_SHUTDOWN'):
        self.send('BYE', reason=reason)
        self.wire.socket.close()

    # Rekey, 5

    def _rekeying(self, initiator, root):
        number = u32(self.n_rekeys)
        psk = derive(self.export, 'kith1 rekey', number, root or b'')
        return Handshake('KKpsk0', initiator, b'KITH/1 rekey' + number + self.hash, self.peer.identity.device_key,
                         self._device_key, psk)

    def _switch(self):
        """The ciphers, hash and exporter of the rekey that is complete."""
        self.hash = self._rekey.hash
        *keys, self.export = self._rekey.split()
        return self._ciphers(keys)

    def rekey(self, root=None):
        """As the dialer. Returns whether the other side had the root."""
        self.n_rekeys += 1
        self._rekey = self._rekeying(True, root)
        self.send('REKEY1', u32(self.n_rekeys) + root_id(root) + self._rekey.write())
        answer = self.wait_for('REKEY2')
        if answer == u8(1):
            if not root:
                raise Refused('REKEY2')
            self._rekey = self._rekeying(True, None)
            self.send('REKEY1', u32(self.n_rekeys) + NO_ROOT_ID + self._rekey.write())
            answer, root = self.wait_for('REKEY2'), None
        self._rekey.read(answer[1:])
        sending, self._receive = self._switch()
        self.send('REKEY3', b'')
        self._send, self._rekey = sending, None
        return root is not None

    def _answer_rekey(self, body):
        number, wanted, message = int.from_bytes(body[:4], 'big'), body[4:12], body[12:]
        self.n_rekeys = number
        root = self.peer.roots.get(self.remote)
        if wanted != NO_ROOT_ID and wanted != root_id(root):
            self.send('REKEY2', u8(1))
            return
        self._rekey = self._rekeying(False, root if wanted != NO_ROOT_ID else None)
        self._rekey.read(message)
        self.send('REKEY2', u8(0) + self._rekey.write())
        self._send, self._next_receive = self._switch()
        self._next_has_root = wanted != NO_ROOT_ID

    def _finish_rekey(self):
        self._receive, self._rekey, self.has_root = self._next_receive, None, self._next_has_root
        self.n_rekeyed += 1

    def wait_for_rekey(self):
        """As the listener: until one is complete. Says whether with the pair root."""
        n_rekeyed = self.n_rekeyed
        while self.n_rekeyed == n_rekeyed:
            self.step()
        return self.has_root

    # Pair root, 6.1

    def begin_pair(self):
        self._pair_r = os.urandom(32)
        self.send('PAIR', r=self._pair_r)

    def _pair(self, theirs):
        if self._pair_r is None:
            self.begin_pair()
        ours = self.peer.identity.public, self._pair_r
        (low, r_low), (high, r_high) = sorted([ours, (self.remote, theirs)])
        self.peer.roots[self.remote] = derive(self.first_export, 'kith1 pairroot', low, high, r_low, r_high)

    def wait_for_pair(self):
        """Until both have a pair root."""
        while self.remote not in self.peer.roots:
            self.step()

    def is_knock(self):
        """As the listener: whether they have knocked with the root that we know."""
        return self._greeting.is_knock_of(self.remote, self.peer.roots[self.remote])

    # Messages, 8

    def message(self, **content):
        """The fields of our next message."""
        self.n_sent += 1
        now_ms = int(time.time() * 1000)
        self._hlc = max(self._hlc + 1, now_ms << 16)
        return {'id': now_ms.to_bytes(6, 'big') + os.urandom(10), 'seq': self.n_sent, 'hlc': self._hlc, **content}

    def say(self, text, **fields):
        """Sends a message. Returns its id."""
        message = {**self.message(text={'text': text}), **fields}
        self.send('MSG', **message)
        return message['id']

    def hear(self):
        """The next message, which is acknowledged."""
        message = self.wait_for('MSG')
        self.n_received = max(self.n_received, message['seq'])
        self.send('ACK', kind='ACK_DELIVERED', ids=[message['id']], up_to_seq=self.n_received)
        return message

    def wait_for_receipt(self, message, kind):
        """Until they say so of this message, by its id or by its number, which is the last."""
        while True:
            ack = self.wait_for('ACK')
            if ack['kind'] == SCHEMA.value(kind) and (message in ack['ids'] or ack['up_to_seq'] >= self.n_sent):
                return
