#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Floods (attack 8 of docs/attacks.md) of what is about files, proofs and pictures, by a contact and by a member, against
real kith-cli processes. While each of them runs, messages of somebody else arrive; the sessions of who floods end where
the protocol says so and nowhere else; nothing piles up, and what is logged says nothing of it."""
import functools
import os
import pathlib
import threading
import time

from kith_cli import DEADLINE_S, SANITIZED, BINARY, in_folder, run
from test_attacks_groups import attacked as attacked_group
from test_attacks_within import processor_s
from test_groups import PICTURES
from victim import attacked, memory_kib
from with_group import dialled_as_member
from with_peer import Peer, befriended

import group_log as log
from files import CHANNEL, CHUNKS, LEAVES, LEAF_BYTES, OfferedFile, fetched
from groups import Group
from handshake import Closed
from identity import Identity
from primitives import SigningKey, hash_of, u32
from protobuf import SCHEMA
from records import BODIES, GROUP_BODIES, NAMES, TYPES, fragments, padded, record

PROTOCOL = SCHEMA.value('BYE_PROTOCOL')
STATUSES = ('FILE_GONE', 'FILE_CHANGED', 'FILE_PAUSED', 'FILE_READY', 'FILE_DONE', 'FILE_DECLINED', 'FILE_CANCELLED',
            'FILE_HEARD')
PARTS = {'FILE_LEAVES', 'FILE_CHUNK'}
PICTURED = 'picture-again', 'picture-to-and-fro'
SERVED = {'get-anew': {'FILE_CHUNK'}, 'get-leaves-anew': {'FILE_LEAVES'}}  # by floods; by no other one a file is
N_MESSAGES, ENOUGH_RECORDS, ENOUGH_BYTES = 3, 20000, 24 * 1024 * 1024
FRAME_BYTES = 32 * 1024
N_LOWER = 4000

# What one session may hold by its limits (kith-limits.h), in KiB: 1024 of fragments, as much on its way out and of files
# read ahead, 4096 of pieces that are not on the disk yet; and as much again for copies between threads and what the
# allocator keeps.
MAX_GROWTH_KIB = 2 * (3 * 1024 + 4096)


class Flood:
    """Sends records on a session as fast as they go, and takes whatever comes back."""

    def __init__(self, session, make):
        """make: the records of number n, packed, in frames of their own if they are several"""
        self.session, self._make = session, make
        self.n_records = self.n_bytes = 0
        self.heard = set()
        self.reason, self.has_ended, self._done = None, threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=target, daemon=True) for target in (self._pour, self._drain)]
        for thread in self._threads:
            thread.start()

    def _frames(self):
        """The next ones: as many records in each as there is room for."""
        content = b''
        while len(content) < FRAME_BYTES:
            parts = self._make(self.n_records)
            self.n_records += 1
            if len(parts) > 1 or len(content) + len(parts[0]) > 2 * FRAME_BYTES - 256:
                return [content, *parts] if content else parts
            content += parts[0]
        return [content]

    def _pour(self):
        try:
            while not self._done.is_set():
                for content in self._frames():
                    self.n_bytes += len(content)
                    self.session.wire.write_raw(self.session.sealed(padded(content)))
        except (Closed, OSError):
            self._done.wait(DEADLINE_S)

    def _drain(self):
        try:
            while True:
                number, body = self.session._next_record()
                self.heard.add(NAMES[number])
                if number == TYPES['BYE']:
                    self.reason = SCHEMA.decode('Bye', body)['reason']
        except (Closed, OSError):
            self.has_ended.set()

    def is_enough(self):
        return self.has_ended.is_set() or self.n_records >= ENOUGH_RECORDS or self.n_bytes >= ENOUGH_BYTES

    def stop(self):
        self._done.set()
        self._threads[0].join(DEADLINE_S)
        self.session.wire.socket.close()


def flooded(session, make, talk, ends):
    """Floods until it is enough, and until talk() was done some times meanwhile. ends: whether the other side has to put
    an end to it; else it must not. Returns the names of what came back,
    and how many were sent."""
    flood, deadline = Flood(session, make), time.monotonic() + DEADLINE_S
    for number in range(N_MESSAGES):
        talk(f'meanwhile {number} {time.monotonic()}')
    while not flood.is_enough():
        assert time.monotonic() < deadline, (flood.n_records, flood.n_bytes)
        flood.has_ended.wait(0.01)
    if ends:
        assert flood.has_ended.wait(DEADLINE_S)
        assert flood.reason == PROTOCOL, flood.reason
    else:
        assert not flood.has_ended.is_set(), (flood.reason, flood.n_records)
    flood.stop()
    return flood.heard, flood.n_records


def packed(name, channel=0, /, **fields):
    return fragments(TYPES[name], SCHEMA.encode(BODIES[name], **fields), channel)


def get(root, what=CHUNKS, first=0, count=1, offer=b'', request=7):
    return packed('FILE_GET', root=root, request=request, what=what, count=count, offer=offer, **{'from': first})


def part(name, request, first, data):
    return fragments(TYPES[name], u32(request) + u32(first) + data, CHANNEL)


def state(root, status, offer=b''):
    return packed('FILE_STATE', root=root, status=status, offer=offer)


def assert_logs_nothing(person, *secrets):
    """Of a person who was started with --verbose."""
    person.quit()
    person.await_end()
    said = ''.join(person.errors)
    assert said
    for secret in [person.id, *secrets]:
        hexadecimal = secret.hex() if isinstance(secret, bytes) else secret
        assert hexadecimal.lower() not in said.lower(), (hexadecimal, said[-2000:])
    return said


def assert_has_not_grown(person, before):
    growth = memory_kib(person) - before
    assert SANITIZED or growth < MAX_GROWTH_KIB, growth


def files_floods(own, own_message, other, other_message, request):
    """Of who was offered a file, knows of one that another was offered, and of a request to another: (what, ends)"""
    piece, short = bytes(LEAF_BYTES), own.size // LEAF_BYTES
    return {
        'get-unknown': (lambda n: get(os.urandom(32)), False),
        'get-unknown-offer': (lambda n: get(os.urandom(32), offer=os.urandom(16)), False),
        'get-of-another': (lambda n: get(other.root, n % 2, offer=(b'', other_message)[n // 2 % 2]), False),
        'get-root-of-another': (lambda n: get(other.root, offer=own_message), False),
        'get-anew': (lambda n: get(own.root, CHUNKS, n % short, 1, own_message, n + 1), False),
        'get-leaves-anew': (lambda n: get(own.root, LEAVES, n % short, 1, own_message, n + 1), False),
        'get-too-much': (lambda n: get(own.root, CHUNKS, 0, short, own_message), True),
        'get-beyond': (lambda n: get(own.root, CHUNKS, len(own.pieces), 1, own_message), True),
        'get-beyond-all': (lambda n: get(own.root, CHUNKS, 2 ** 32 - 1, 2, own_message), True),
        'get-nothing': (lambda n: get(own.root, CHUNKS, 0, 0, own_message), True),
        'get-oversized': (lambda n: get(os.urandom(5000)), True),
        'leaves-unknown': (lambda n: part('FILE_LEAVES', n, n, bytes(32 * 2000)), False),
        'leaves-of-another': (lambda n: part('FILE_LEAVES', request, 0, bytes(32 * (1 + n % 4))), False),
        'leaves-oversized': (lambda n: part('FILE_LEAVES', n, 0, bytes(32 * 2200)), True),
        'leaves-of-no-length': (lambda n: part('FILE_LEAVES', n, 0, bytes(33)), True),
        'chunk-unknown': (lambda n: part('FILE_CHUNK', n, n, piece), False),
        'chunk-of-another': (lambda n: part('FILE_CHUNK', request, n % 8, piece), False),
        'chunk-oversized': (lambda n: part('FILE_CHUNK', request, 0, piece + bytes(2048)), True),
        'chunk-too-short': (lambda n: fragments(TYPES['FILE_CHUNK'], bytes(7), CHANNEL), True),
        'state-unknown': (lambda n: state(os.urandom(32), STATUSES[n % 8], os.urandom(16)), False),
        'state-of-another': (lambda n: state(other.root, STATUSES[n % 8], (b'', other_message)[n // 8 % 2]), False),
        'state-to-and-fro': (lambda n: state(own.root, STATUSES[2 + n % 2], own_message), False),
        'state-oversized': (lambda n: state(os.urandom(5000), 'FILE_GONE'), True),
        'state-over-and-over': (lambda n: state(own.root, STATUSES[4 + n % 3], own_message), False),
    }


@in_folder
def test_files_by_a_contact(folder):
    """A contact. Meanwhile Pia's messages arrive, and so does a file of Hal's, whose requests the contact knows; what was
    offered to Hal is still there for Hal, and for nobody else."""
    folder = pathlib.Path(folder)
    with attacked('--verbose') as victim:
        ben, hal, eve = victim.ben, Peer('Hal'), Peer('Eve')
        to_hal, to_eve = befriended(ben, hal), befriended(ben, eve)
        files = {}
        for name, session in (('Hal', to_hal), ('Eve', to_eve)):
            path = folder / f'to-{name}'
            path.write_bytes(os.urandom(8 * LEAF_BYTES))
            ben.ok('send-file', to=name, path=str(path))
            message = session.hear()
            files[name] = OfferedFile(path.read_bytes()), message
            assert message['file']['root'] == files[name][0].root
        to_eve.bye()
        theirs = OfferedFile(os.urandom(6 * LEAF_BYTES))
        to_hal.send('MSG', **to_hal.message(file=theirs.offer('theirs')))
        offered = ben.event('file-offer', name='theirs')
        ben.ok('accept-file', transfer=offered['transfer'], path=str(folder / 'theirs'))
        wanted = to_hal.wait_for('FILE_GET')
        to_hal._heard.insert(0, ('FILE_GET', wanted))

        (own, own_message), (other, other_message) = files['Eve'], files['Hal']
        floods = files_floods(own, own_message['id'], other, other_message['id'], wanted['request'])
        friend, before = victim.visit(), memory_kib(ben)

        def talk(text):
            friend.say(text)
            ben.event('message', text=text)
            ben.ok('status')

        for name, (make, ends) in floods.items():
            session = eve.dial(victim.port, victim.key)
            session.open()
            heard, _ = flooded(session, make, talk, ends)
            assert heard & PARTS == SERVED.get(name, set()), (name, heard)
            ben.seen.clear()
        assert_has_not_grown(ben, before)
        n_chunks = 0
        while n_chunks < len(theirs.pieces):
            n_chunks += theirs.answer(to_hal)
        assert ben.event('file-done', transfer=offered['transfer'])['state'] == 'done'
        assert (folder / 'theirs').read_bytes() == b''.join(theirs.pieces)
        assert fetched(to_hal, other_message['file'], other_message['id']) == b''.join(other.pieces)
        victim.n_messages = friend.n_sent
        friend.bye()
        to_hal.bye()
        for name in 'Hal', 'Eve':
            ben.ok('remove', who=name)
    assert_logs_nothing(ben, own.root, other.root, theirs.root, own_message['id'], other_message['id'], 'to-Hal', 'to-Eve',
                        'meanwhile', 'theirs', str(folder), hal.id, eve.id)


def group_packed(name, link, /, **fields):
    return fragments(TYPES[name], link.name + SCHEMA.encode(GROUP_BODIES[name], **fields))


def item(entry):
    return {'header': entry.header, 'signature': entry.signature}


def proof_of(key, op, number, link):
    """Two entries of an author with one number."""
    one, other = (log.seal(key, op, number, bytes(32), log.now_hlc(), log.text(text)) for text in 'ab')
    return group_packed('GROUP_PROOF', link, first=item(one), second=item(other))


def forged(key, op, link):
    one, other = (log.seal(key, op, 9, bytes(32), log.now_hlc(), log.text(text)) for text in 'ab')
    return group_packed('GROUP_PROOF', link, first=item(one), second={**item(other), 'signature': one.signature})


def picture(link, data, wanted=None):
    return group_packed('GROUP_PICTURE', link, hash=wanted or hash_of('kith1 g-picture', data), picture=data)


def group_floods(replica, link, shown):
    """Of who is a member, about proofs and pictures: (what, ends). shown: the hash of the picture that is the group's"""
    key, stranger, head = replica.key, SigningKey(), replica.chain.head()
    same, foreign = proof_of(key, head, log.MAX_SEQ, link), proof_of(stranger, head, 1, link)
    elsewhere = proof_of(key, Group.create(Identity(), 'Elsewhere').chain.head(), 1, link)
    lowered = functools.cache(lambda n: proof_of(key, head, log.MAX_SEQ - 1 - n, link))
    entry = item(log.seal(key, head, 7, bytes(32), log.now_hlc(), log.text('once')))
    return {
        'picture-unknown': (lambda n: picture(link, b'', os.urandom(32)), False),
        'picture-again': (lambda n: picture(link, b'', shown), False),
        'picture-to-and-fro': (lambda n: picture(link, b'', (shown, os.urandom(32))[n % 2]), False),
        'picture-of-nobody': (lambda n: picture(link, os.urandom(12 * 1024)), False),
        'picture-oversized': (lambda n: picture(link, os.urandom(12 * 1024 + 1)), True),
        'picture-without-end': (lambda n: picture(link, os.urandom(40 * 1024)), True),
        'picture-of-another-hash': (lambda n: picture(link, os.urandom(100), shown), True),
        'proof-of-a-stranger': (lambda n: foreign, False),
        'proof-of-another-group': (lambda n: elsewhere, False),
        'proof-forged': (lambda n: forged(key, head, link), True),
        'proof-of-one': (lambda n: group_packed('GROUP_PROOF', link, first=entry, second=entry), True),
        'proof-oversized': (lambda n: group_packed('GROUP_PROOF', link, first={**entry, 'content': bytes(5000)},
                                                   second=entry), True),
        'proof-again': (lambda n: same, False),
        'proof-lower-and-lower': (lambda n: lowered(n % N_LOWER), False),
    }


class Attacker:
    """Eve, who is linked with Ben anew for each flood, while Ann writes to him in the group."""

    def __init__(self, group):
        self._group = group
        group.to_ben.wire.socket.close()
        group.replica.links.pop()

    def flood(self, name, floods):
        """floods: what they are, of a link. Returns what came back, and the time of the processor for a record, in s."""
        group = self._group
        session = dialled_as_member(group.eve, group.replica, group.ben)
        link = group.replica.link(session)
        session.until(lambda: link.is_up)
        make, ends = floods(link)[name]
        before_s = processor_s(group.ben)
        heard, n_records = flooded(session, make, self._talk, ends)
        group.replica.links.remove(link)
        return heard, (processor_s(group.ben) - before_s) / n_records

    def _talk(self, text):
        self._group.say(self._group.ann, self._group.ben, text)
        self._group.ben.ok('status')


@in_folder
def test_proofs_and_pictures_by_a_member(folder):
    """A member. Meanwhile what Ann writes in the group arrives. A picture is sent to her once; that her log is forked is
    told once, and what changes nothing is not checked first, which takes many times as long as to skip it."""
    with attacked_group('--verbose') as group:
        ann, ben, replica = group.ann, group.ben, group.replica
        shown = bytes(32)
        if os.path.exists(os.path.join(os.path.dirname(BINARY), 'kith-picture')):
            ann.ok('group-picture', group=group.ace, path=os.path.join(PICTURES, 'two.png'))
            ben.event('group', change='picture')
            group.to_ann.until(lambda: replica.chain.head().body['picture'])
            shown = replica.chain.head().body['picture']
        attacker, took_s = Attacker(group), {}
        before = [memory_kib(person) for person in group.people]
        for name in group_floods(replica, group.links[0], shown):
            heard, took_s[name] = attacker.flood(name, lambda link: group_floods(replica, link, shown))
            assert ('GROUP_PICTURE' in heard) == (name in PICTURED and any(shown)), (name, heard)
            ben.seen.clear()
        for name in 'proof-of-a-stranger', 'proof-of-another-group', 'proof-again':
            assert SANITIZED or took_s[name] < 6 * took_s['picture-unknown'], took_s
        for person, was in zip(group.people, before):
            assert_has_not_grown(person, was)
        for person in group.people:
            lines = person.ok('history', **{'with': group.ace, 'limit': 200})['messages']
            forks = [line for line in lines if line['kind'] == 'event' and line['event_kind'] == 'forked']
            assert len(forks) == 1, forks
    for person in group.people:
        assert_logs_nothing(person, shown, replica.gid, replica.key.public, group.eve.id, 'meanwhile', 'once')


@in_folder
def test_files_by_a_member(folder):
    """The same of files: of one in the group, and of one that was offered to Ann alone."""
    folder = pathlib.Path(folder)
    with attacked_group('--verbose') as group:
        ann, ben = group.people
        files = {}
        for name, to in (('own', group.ace), ('other', ann.id)):
            path = folder / name
            path.write_bytes(os.urandom(8 * LEAF_BYTES))
            sent = ben.ok('send-file', to=to, path=str(path))
            files[name] = OfferedFile(path.read_bytes()), bytes.fromhex(sent['message'])
        transfer = ann.event('file-offer', name='other')['transfer']
        group.to_ann.until(lambda: any(what == 'file' for _, what, _ in group.replica.shown()))
        attacker, before = Attacker(group), memory_kib(ben)
        floods = files_floods(*files['own'], *files['other'], request=1)
        for name in floods:
            heard, _ = attacker.flood(name, lambda link: floods)
            assert heard & PARTS == SERVED.get(name, set()), (name, heard)
            ben.seen.clear()
        assert_has_not_grown(ben, before)
        ann.ok('accept-file', transfer=transfer, path=str(folder / 'got'))
        assert ann.event('file-done', transfer=transfer)['state'] == 'done'
        assert (folder / 'got').read_bytes() == (folder / 'other').read_bytes()
    assert_logs_nothing(ben, *(secret for file, message in files.values() for secret in (file.root, message)), 'meanwhile',
                        str(folder), ann.id, group.eve.id, group.replica.gid)


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
