#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Anything, in any order, by chance, against a real kith-cli: as a stranger, as somebody whose request waits, as a
contact, as a member of a group, dialling and dialled, while its user does things as well. Afterwards the process is the
same, answers, has not grown, has let go of all connections, and an honest contact is served.

KITH_FUZZ_SEED=N repeats a run, KITH_FUZZ_S=N says for how many seconds. KITH_TEST_LONG=1: ten minutes."""
import collections
import contextlib
import os
import sys
import tempfile
import time

from kith_cli import DEADLINE_S, SANITIZED, Person, run
from victim import memory_kib, new_source
from with_group import joined
from with_peer import Peer, befriended, connected, invited

import group_chain as chain
import group_log as log
from chance import Chance
from cpace import REPLY_BYTES, Joining
from files import OfferedFile
from groups import Group, name_in
from handshake import Closed, Dialing, framed
from identity import public_of_id
from invite import Invite
from primitives import ExchangeKey, Refused, SigningKey
from protobuf import SCHEMA
from records import BODIES, GROUP_BODIES, TYPES, padded

SEED = int(os.environ.get('KITH_FUZZ_SEED') or int.from_bytes(os.urandom(4), 'big'))
FUZZ_S = float(os.environ.get('KITH_FUZZ_S') or (600 if os.environ.get('KITH_TEST_LONG') else 8))
PASSPHRASE = 'correct horse battery staple'
MAX_GROWTH_KIB = 48 * 1024
MAX_OPEN = 24
LOOK_EVERY, TELL_EVERY = 60, 500
# How a session may end. What Ben does not answer, or answers wrongly, is none of these.
ENDS = Closed, Refused, OSError


class Fuzzed:
    """Ben, who is attacked, Hal, an honest contact, and Eve, who is a contact and a member of a group with Ben."""

    def __init__(self, folder):
        self.chance = Chance(SEED)
        self.folder = folder
        self.ben = Person('Ben', '--verbose')
        self.hal, self.eve = Peer('Hal'), Peer('Eve')
        self.key = public_of_id(self.ben.id)
        befriended(self.ben, self.hal).bye()
        session = befriended(self.ben, self.eve)
        ace = self.ben.ok('group-new', name='Ace')['group']
        self.replica = joined(self.ben, ace, session, self.eve)
        session.bye()
        self.ace, self.gid = ace, self.replica.gid
        self.invite = Invite(self.ben.ok('invite')['invite'])
        self.ben.ok('passphrase', text=PASSPHRASE)
        self.open, self.ruled = [], []
        self.done, self.ended = collections.Counter(), collections.Counter()
        self.n_from_hal = self.n_steps = self.n_records = 0
        for data in (self.gid, self.key, self.replica.key.public, self.replica.chain.head().id):
            self.chance.hear(data)
        self.look()
        self.memory_kib = memory_kib(self.ben)
        self.n_files = self.count_files()

    # What is watched

    def count_files(self):
        return len(os.listdir(f'/proc/{self.ben.process.pid}/fd'))

    def look(self):
        """Ben answers, and Hal is let in and heard."""
        while self.n_answered():
            pass
        session = self.hal.dial(self.ben.port, self.key, new_source())
        assert not session.open()['pending']
        session.n_sent = self.n_from_hal
        session.say(f'Still there {self.n_from_hal}?')
        self.n_from_hal = session.n_sent
        self.ben.event('message', text=f'Still there {self.n_from_hal - 1}?')
        session.bye()
        self.ben.ok('status')

    def n_answered(self):
        """Takes what Ben has said meanwhile."""
        self.ben.seen.clear()
        n_lines = 0
        while not self.ben.lines.empty():
            line = self.ben.lines.get()
            assert line is not None, ''.join(self.ben.errors)
            n_lines += 1
        return n_lines

    def assert_well(self):
        for session in self.open:
            session.wire.socket.close()
        self.open.clear()
        end = time.monotonic() + DEADLINE_S
        while (n_files := self.count_files()) > self.n_files + 4:
            assert time.monotonic() < end, f'{n_files} descriptors, at first {self.n_files}'
            time.sleep(0.1)
        self.look()
        growth = memory_kib(self.ben) - self.memory_kib
        assert SANITIZED or growth < MAX_GROWTH_KIB, f'{growth} KiB more'
        self.assert_discreet()
        assert not any('ERROR' in line or 'CRITICAL' in line for line in self.ben.errors), ''.join(self.ben.errors)

    def assert_discreet(self):
        """What Ben says of what happens underneath names no key, id, address or text."""
        secret = {self.eve.id, self.hal.id, self.ben.id, 'Still there', '127.0.0.', 'Eve', *(
            data.hex() for data in self.chance.heard if len(data) >= 16)}
        for line in self.ben.errors:
            found = [word for word in secret if word.lower() in line.lower()]
            assert not found, (found, line)

    # What is done

    def step(self):
        self.n_steps += 1
        acts = [self.rubbish, self.stranger, self.pending, self.guest, self.contact, self.contact, self.member, self.member,
                self.member, self.admin, self.admin, self.dialled, self.go_on, self.go_on, self.go_on, self.user, self.offer, self.rekey]
        act = self.chance.choice(acts)
        self.done[act.__name__] += 1
        try:
            act()
        except ENDS as error:
            self.ended[f'{act.__name__} {type(error).__name__}'] += 1
        while len(self.open) > MAX_OPEN:
            self.open.pop(self.chance.randrange(len(self.open))).wire.socket.close()
        if self.n_steps % LOOK_EVERY == 0:
            self.look()
        if self.n_steps % TELL_EVERY == 0:
            print(f'# {self.n_steps} steps, {memory_kib(self.ben, "VmRSS")} KiB, {self.count_files()} files', flush=True)

    def rubbish(self):
        """Bytes of a stranger, some of which are the beginning of a handshake."""
        chance, greeting = self.chance, Dialing(Peer('Eve').identity)
        with connected(self.ben.port, new_source()).socket as socket:
            good = chance.choice([greeting.first(), framed(ExchangeKey().public), b'', Joining(self.eve.identity, 'x').head])
            socket.sendall(chance.spoilt(good) + chance.randbytes(chance.choice(LENGTHS_OF_RUBBISH)))

    def session(self, peer, expected=None):
        try:
            session = peer.dial(self.ben.port, expected, new_source())
        except Closed:  # a PAIR by chance has made another root of ours
            peer.roots.pop(expected, None)
            session = peer.dial(self.ben.port, expected, new_source())
        session.wire.socket.settimeout(5)
        self.chance.hear(session.first_hash)
        return session

    def stranger(self):
        session = self.session(Peer('Eve'))
        self.send_some(session, early=True)

    def pending(self):
        session = self.session(Peer('Eve'))
        session.open('PURPOSE_REQUEST', self.chance.choice(['', 'Hello', 'x' * 500]))
        self.keep(session)

    def guest(self):
        """With an invite or the passphrase, in a purpose that fits or not."""
        peer, purpose = Peer('Gus'), self.chance.choice([0, 1, 2, 3, 4, 2 ** 31])
        if self.chance.is_one_in(2):
            session = invited(self.ben, peer, self.invite, new_source())
        else:
            wire, greeting = connected(self.ben.port, new_source()), Joining(peer.identity, PASSPHRASE)
            wire.write_raw(greeting.head)
            wire.write(greeting.first(wire.read_exactly(REPLY_BYTES)))
            greeting.second(wire.read())
            wire.write_raw(greeting.third())
            session = None
        if session is not None:
            session.wire.socket.settimeout(5)
            proof = self.chance.choice([self.invite.proof(session.first_hash), os.urandom(32), b''])
            session.open(purpose, invite_id=self.chance.choice([self.invite.id, os.urandom(8), b'']), invite_proof=proof)
            self.keep(session)

    def contact(self):
        session = self.session(self.eve, self.key)
        session.open()
        session.n_sent = self.chance.choice([0, 1, self.n_steps, 2 ** 40])
        self.keep(session)

    def member(self):
        """Linked in the group, on a session of a contact, with records of groups."""
        session = self.session(self.eve, self.key)
        if self.chance.is_one_in(2):
            session.open()
        else:
            session.open('PURPOSE_GROUP', groups=[name_in(session, self.gid)] * self.chance.choice([1, 1, 1, 65]))
        link = self.replica.link(session)
        with contextlib.suppress(*ENDS):
            for _ in range(self.chance.randrange(30)):
                self.send_to_group(link)
                self.listen_a_little(session)
        link.close()
        self.keep(session)

    def admin(self):
        """As admin of a group that Ben has joined: operations that are allowed, and some that are not."""
        session = self.session(self.eve, self.key)
        session.open()
        session.n_sent = self.n_steps
        if len(self.ruled) < 3 or self.chance.is_one_in(10):
            self.ruled = (self.ruled + [self.rule(session)])[-3:]
        replica, keys = self.chance.choice(self.ruled)
        link = replica.link(session)
        with contextlib.suppress(*ENDS):
            for _ in range(self.chance.randrange(12)):
                op = self.some_operation(replica, keys)
                self.chance.hear(op.id)
                if self.chance.is_one_in(3):
                    replica.chain.add(op)
                link.send('GROUP_OPS', ops=[op.raw])
                if self.chance.is_one_in(3):
                    link.tell_entry(self.some_entry(replica, self.chance.choice(keys)))
                self.listen_a_little(session)
        link.close()
        self.keep(session)

    def rule(self, session):
        """A new group, with Ben and two more, and the keys that are ours in it."""
        replica = Group.create(self.eve.identity, f'Group {self.n_steps}')
        session.send('MSG', **session.message(group_invite=SCHEMA.encode(
            'GroupInvite', gid=replica.gid, name='x', admin=self.eve.identity.public)))
        self.ben.event('group', change='added', state='invited')
        self.ben.begin('group-join', group=replica.gid.hex())
        link = replica.listen(session)
        request = link.wait_for('GROUP_JOIN')
        keys = [replica.key, SigningKey(), SigningKey()]
        for key in keys[1:]:
            replica.let_in(key.public, os.urandom(32))
        replica.let_in(request['author'], request['identity'])
        link.share()
        self.chance.hear(request['author'])
        self.chance.hear(replica.gid)
        link.close()
        return replica, keys

    def some_operation(self, replica, keys):
        """On the head or somewhere before it."""
        chance = self.chance
        path = replica.chain.path()[0]
        before = path[-1] if not chance.is_one_in(4) else chance.choice(path)
        state = replica.chain.state_at(before.id)
        person, fresh = chance.choice(list(state.people)), SigningKey()
        cut = {'author': person, 'seq': chance.choice([0, 0, 1, 2 ** 18]), 'entry_id': os.urandom(32)}
        if cut['seq'] == 0:
            cut['entry_id'] = b''
        heir, height = chance.choice(keys), before.height + 1
        voices = [key.public + chain.endorsement(key, replica.gid, height, before.id, heir.public)
                  for key in keys if key.public != state.admin]
        kind, body = chance.choice([
            (chain.ADD, {'author': fresh.public, 'identity': chance.choice([os.urandom(32), self.key]),
                         'history_from_ms': chance.number(), 'name': chance.choice(TEXTS_OF_NAMES)}),
            (chain.ADD, {'author': fresh.public, 'identity': os.urandom(32), 'pin_height': before.height, 'pin_id': before.id}),
            (chain.KICK, {'cut': cut, 'secret_hash': os.urandom(32)}), (chain.LEFT, {'cut': cut, 'secret_hash': os.urandom(32)}),
            (chain.RENAME, {'name': chance.choice(TEXTS_OF_NAMES)}), (chain.POLICY, {'policy': chance.fields('GroupPolicy')}),
            (chain.TRANSFER, {'author': heir.public, 'acceptance': chain.acceptance(heir, before.id)}),
            (chain.CHECKPOINT, {'state_hash': chance.choice([state.hash(), os.urandom(32)])}),
            (chain.REKEY, {'author': fresh.public, 'cut': cut, 'acceptance': chain.renewal(
                next((key for key in keys if key.public == person), fresh), replica.gid, fresh.public)}),
            (chain.CLAIM, {'endorsements': b''.join(voices), 'secret_hash': os.urandom(32),
                           'proof': b''.join(op.id for op in chance.sample(path, min(2, len(path)))) * chance.randrange(2),
                           'removals': [cut] * chance.randrange(3)}),
            (chance.randrange(14), chance.fields('GroupOpBody')),
        ])
        if kind in (chain.ADD, chain.REKEY):
            keys.append(fresh)
        signer = next((key for key in keys if key.public == state.admin), heir)
        return chain.seal(heir if kind == chain.CLAIM else signer, kind, body, before, chance.choice([None, 0, chance.number()]))

    def some_entry(self, replica, key):
        op = self.chance.choice(list(replica.chain.ops.values()))
        return log.seal(key, op, self.chance.choice([1, 2, 3, 2 ** 18]), self.chance.choice([None, os.urandom(32)]),
                        self.chance.choice([log.now_hlc(), self.chance.number()]),
                        self.chance.choice([log.text('Hello'), SCHEMA.encode('GroupControl', **self.chance.fields('GroupControl')), b'']),
                        self.chance.randrange(9))

    def dialled(self):
        """Ben dials Eve, who answers in any way."""
        self.eve.listen()
        self.eve._listener.settimeout(2)
        try:
            self.visit_and_leave()
            self.ben.begin('reconnect', who=self.eve.id)
            session = self.eve.accept()
            session.wire.socket.settimeout(5)
            session.wait_for('OPEN')
            if self.chance.is_one_in(4):
                self.send_some(session, early=True)
            session.send('OPEN_OK', **session.introduction())
            self.keep(session)
        finally:
            self.eve.close()

    def visit_and_leave(self):
        """So that Ben knows where Eve is."""
        session = self.session(self.eve, self.key)
        session.open()
        session.bye()

    def offer(self):
        """A file, which Ben's user may take, and answers to what is asked."""
        chance, session = self.chance, self.session(self.eve, self.key)
        session.open()
        file = OfferedFile(chance.randbytes(chance.choice([0, 1, 65536, 65537, 200000])))
        offer = {**file.offer(chance.choice(TEXTS_OF_NAMES)), **(chance.fields('FileOffer') if chance.is_one_in(4) else {})}
        session.n_sent = self.n_steps
        message = session.message(file=offer)
        session.send('MSG', **message)
        chance.hear(file.root)
        chance.hear(message['id'])
        self.ben.begin('accept-file', transfer=message['id'].hex(), path=os.path.join(self.folder, f'{self.n_steps}'))
        self.keep(session)

    def rekey(self):
        """The right first step of a rekey, then anything."""
        session = self.session(self.eve, self.key)
        session.open()
        for _ in range(self.chance.randrange(4)):
            session.rekey(self.chance.choice([None, os.urandom(32), self.eve.roots[self.key]]))
        self.keep(session)

    def user(self):
        """Ben's user does something."""
        chance = self.chance
        who, message = chance.choice([self.eve.id, self.hal.id]), chance.choice(chance.heard).hex()
        commands = [
            ('send', {'to': self.eve.id, 'text': 'Hello'}), ('send', {'to': self.ace, 'text': 'Hello all'}),
            ('requests', {}), ('contacts', {}), ('transfers', {}), ('groups', {}), ('read', {'with': self.eve.id}),
            ('typing', {'to': self.eve.id, 'on': 'on'}), ('words', {'who': who}), ('words', {'who': who, 'answer': 'yes'}),
            ('react', {'message': message, 'emoji': '👍'}), ('delete', {'message': message}),
            ('history', {'with': self.eve.id}), ('history', {'with': self.ace}), ('members', {'group': self.ace}),
            ('appear', {'how': chance.choice(['offline', 'online'])}), ('timer', {'with': self.eve.id, 'ttl_s': 30}),
            ('group-rename', {'group': self.ace, 'name': f'Ace {self.n_steps}'}), ('diagnose', {'who': who}),
            ('reconnect', {'who': self.eve.id}), ('leave', {'group': chance.choice(chance.heard).hex()}),
            *((command, {'group': replica.gid.hex()}) for replica, _ in self.ruled for command in (
                'leave', 'group-delete', 'claim-admin', 'accept-admin', 'group-requests', 'who-admin')),
            *(('send', {'to': replica.gid.hex(), 'text': 'Here'}) for replica, _ in self.ruled), ('broadcast', {'text': 'All'}), ('search', {'text': 'Hello'}),
        ]
        if chance.is_one_in(3):
            for request in self.ben.ok('requests')['requests'][:3]:
                self.ben.begin('decline', who=request['id'])
        command, arguments = chance.choice(commands)
        self.ben.begin(command, **arguments)

    def keep(self, session):
        self.open.append(session)
        self.send_some(session)

    def go_on(self):
        """With a session that is there, or its end."""
        if not self.open:
            return
        session = self.chance.choice(self.open)
        try:
            self.listen_a_little(session)
            self.send_some(session)
            if self.chance.is_one_in(6):
                raise Closed
        except ENDS:
            self.open.remove(session)
            self.leave(session)
            raise

    def leave(self, session):
        """In order, in the middle of a frame, or not at all well."""
        with contextlib.suppress(*ENDS):
            if self.chance.is_one_in(3):
                session.send('BYE', reason=self.chance.randrange(9))
            elif self.chance.is_one_in(2):
                session.wire.write_raw(session.sealed(padded(b''))[:self.chance.randrange(274)])
        session.wire.socket.close()

    def listen_a_little(self, session):
        for _ in range(20):
            if not session.is_readable(0):
                return
            session.step()
            for name, fields in session._heard:
                self.remember(name, fields)
            session._heard.clear()

    def remember(self, name, fields):
        """Ids that mean something, to be used elsewhere."""
        if name == 'MSG':
            self.chance.hear(fields['id'])
        elif name == 'FILE_GET':
            self.chance.hear(fields['request'].to_bytes(4, 'big') + bytes(4) + os.urandom(40))
        elif name.startswith('SAS'):
            self.chance.hear(SCHEMA.encode('Sas', **fields))

    def send_some(self, session, early=False):
        """Some records of all sorts, some of them twice, several in a frame."""
        chance = self.chance
        for _ in range(chance.choice([1, 2, 5, 20])):
            parts = []
            for _ in range(chance.choice([1, 1, 1, 4])):
                parts += self.some_record(session, early)
            if chance.is_one_in(100):
                session.wire.write_raw(chance.spoilt(session.sealed(padded(b''))))
            for part in parts:
                session.send_raw(part)
                self.n_records += 1
            self.listen_a_little(session)

    def some_record(self, session, early):
        chance = self.chance
        name = chance.choice([name for name in TYPES if name not in RARE or chance.is_one_in(30)] + ['MSG', 'ACK', 'FILE_GET', 'FILE_STATE', 'FILE_CHUNK', 'RESEND'] * 3)
        if early and chance.is_one_in(2):
            name = 'OPEN'
        if name == 'MSG' and not chance.is_one_in(4):
            message = session.message(**chance.fields('Msg'))
            message.update(id=os.urandom(16), seq=chance.choice([session.n_sent, self.n_steps, chance.number()]))
            body = SCHEMA.encode('Msg', **message)
        elif name in GROUP_BODIES or name == 'GROUP_ANSWER':
            body = name_in(session, self.gid) + chance.body(name)
        elif name == 'OPEN' and chance.is_one_in(2):
            body = SCHEMA.encode('Open', **{**session.opening('PURPOSE_REQUEST'), **chance.fields('Open'), 'bind': session.bind()})
        else:
            body = chance.body(name)
        parts = chance.records(name, body, chance.choice([0] * 12 + [1, 1, 2, 63, 64, 65535]))
        return parts * chance.choice([1, 1, 1, 1, 2, 5])

    def send_to_group(self, link):
        """What a member may say, signed, and nearly right."""
        chance, replica = self.chance, self.replica
        head = chance.choice(list(replica.chain.ops.values()))
        names = [name for name in GROUP_BODIES if name != 'GROUP_FILES']
        how = chance.randrange(7)
        if how == 0:
            op = chain.seal(replica.key, chance.randrange(13), SCHEMA.encode('GroupOpBody', **chance.fields('GroupOpBody')),
                            head, chance.number(64))
            link.send('GROUP_OPS', ops=[op.raw, chance.spoilt(op.raw)][:chance.randrange(3)])
            chance.hear(op.id)
        elif how <= 2:
            content = chance.choice([log.text('Hello'), SCHEMA.encode('GroupContent', **chance.fields('GroupContent')),
                                     SCHEMA.encode('GroupControl', **chance.fields('GroupControl')), chance.some_bytes()])
            entry = replica.seal(content, chance.randrange(9), op=head, seq=max(1, chance.number(18)),
                                 prev=chance.randbytes(32), hlc=chance.choice([log.now_hlc(), chance.number()]))
            chance.hear(entry.message)
            link.send('GROUP_ENTRIES', items=[entry.item()])
        elif how == 3:
            replica.say(chance.choice(TEXTS_OF_NAMES) or 'x')
        elif how == 4:
            link.send('GROUP_WANT', ranges=[{'author': author, 'from': chance.number(), 'to': chance.number()}
                                            for author in replica.state.people for _ in range(chance.choice([1, 5, 60]))])
        elif how == 5:
            link.hello()
        else:
            name = chance.choice(names)
            for part in chance.records(name, link.name + chance.body(name)):
                link.session.send_raw(part)


LENGTHS_OF_RUBBISH = [0, 1, 63, 64, 66, 98, 500, 2048, 70000]
# What ends nearly every session.
RARE = ['OPEN', 'OPEN_OK', 'BYE', 'ACCEPT', 'REKEY_REQ', 'REKEY1', 'REKEY2', 'REKEY3', 'PONG', 'SAS_REPLY', 'SAS_REVEAL',
        'DIAL_BACK_RESULT', 'PAIR']
TEXTS_OF_NAMES = ['photo.jpg', '../x', '', 'CON', 'x' * 3000, '\u202e.exe', 'Hello']


def test_anything():
    print(f'# KITH_FUZZ_SEED={SEED} KITH_FUZZ_S={FUZZ_S:g}', flush=True)
    with tempfile.TemporaryDirectory(prefix='kith-test-') as folder:
        fuzzed, end = Fuzzed(folder), time.monotonic() + FUZZ_S
        try:
            while time.monotonic() < end:
                fuzzed.step()
            fuzzed.assert_well()
            after = memory_kib(fuzzed.ben), fuzzed.count_files()
            fuzzed.ben.quit()
            print(f'# ended with {after[0]} KiB, first {fuzzed.memory_kib}; {after[1]} files, first {fuzzed.n_files}')
        finally:
            counts = ', '.join(f'{n} {name}' for name, n in fuzzed.done.most_common())
            print(f'# ended early: {dict(fuzzed.ended)}')
            print(f'# {fuzzed.n_steps} steps, {fuzzed.n_records} records: {counts}', flush=True)


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
