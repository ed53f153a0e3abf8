# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 10.2 of docs/protocol.md: the operations that say who is in a group, and what follows from them."""
import copy
import dataclasses
import functools
import struct
import time

from primitives import Refused, check_signature, hash_of, u32, u64
from protobuf import SCHEMA

CREATE, ADD, KICK, RENAME, POLICY, TRANSFER, LEFT, CHECKPOINT, CLAIM, REKEY = range(1, 11)
HEAD = struct.Struct('>BB32sI32sQ32sH')
SIGNATURE_BYTES = 64
NOTHING = bytes(32)
NEVER = 2 ** 32 - 1
MAX_SIBLINGS = 8


class Op:
    """One operation as it is on the wire, with a good signature."""

    def __init__(self, raw):
        if len(raw) < HEAD.size + SIGNATURE_BYTES:
            raise Refused('operation')
        version, self.kind, self._gid, self.height, self.prev, self.time_ms, self.signer, length = HEAD.unpack_from(raw)
        if version != 1 or len(raw) != HEAD.size + length + SIGNATURE_BYTES:
            raise Refused('operation')
        self.raw = raw
        signed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        self.id = hash_of('kith1 g-op', signed)
        check_signature(self.signer, signature, self.id)
        self._packed = signed[HEAD.size:]

    @functools.cached_property
    def body(self):
        return SCHEMA.decode('GroupOpBody', self._packed)

    @property
    def gid(self):
        return self.id if self.kind == CREATE else self._gid


def seal(key, kind, body, before=None, time_ms=None):
    """An operation on the one before it; body is packed already, or the fields of a GroupOpBody."""
    packed = body if isinstance(body, bytes) else SCHEMA.encode('GroupOpBody', **body)
    time_ms = int(time.time() * 1000) if time_ms is None else time_ms
    gid, height, prev = (before.gid, before.height + 1, before.id) if before else (NOTHING, 0, NOTHING)
    signed = HEAD.pack(1, kind, gid, height, prev, time_ms, key.public, len(packed)) + packed
    return Op(signed + key.sign(hash_of('kith1 g-op', signed)))


def acceptance(key, prev):
    """What who becomes admin signs."""
    return key.sign(hash_of('kith1 g-accept', prev))


def renewal(key, gid, new):
    """10.2: what REKEY needs of the key that is replaced."""
    return key.sign(hash_of('kith1 g-renew', gid, key.public, new))


def endorsement(key, gid, height, prev, candidate):
    """10.5: the voice of a member for the next admin."""
    return key.sign(hash_of('kith1 g-endorse', gid, u32(height), prev, candidate))


def secret_hash(secret):
    return hash_of('kith1 g-secret', secret)


@dataclasses.dataclass
class Member:
    """Somebody who is or was in the group."""
    author: bytes
    identity: bytes
    added: int
    history_from_ms: int = 0
    removed: int = NEVER
    cut: tuple = (0, NOTHING)

    def row(self):
        seq, entry = self.cut
        return self.author + self.identity + u32(self.added) + u32(self.removed) + u64(seq) + entry


class State:
    """What follows from the operations up to one."""

    def __init__(self):
        self.gid = self.admin = self.head = None
        self.height, self.name, self.policy, self.people, self.secret = 0, '', None, {}, (NOTHING, 0)
        self.secret_op = None

    @property
    def members(self):
        return {author for author, member in self.people.items() if member.removed == NEVER}

    def author_of(self, identity):
        return next((author for author in self.members if self.people[author].identity == identity), None)

    def hash(self):
        return hash_of('kith1 g-state', self.gid, self.admin, b''.join(one.row() for one in self.people.values()))

    def after(self, op):
        """The state behind an operation, or None if it is not allowed here."""
        state = copy.copy(self)
        state.people = {author: copy.copy(member) for author, member in self.people.items()}
        try:
            state.apply(op)
        except (Refused, KeyError, IndexError, TypeError, ValueError):  # also for fields that are missing
            return None
        return state

    def apply(self, op):
        """Raises Refused when the operation is not allowed here."""
        body = op.body
        if op.kind == CREATE:
            self.gid, self.admin = op.id, op.signer
            self._add(op, op.signer, body['identity'], 0)
        else:
            if op.gid != self.gid or op.prev != self.head or op.height != self.height + 1:
                raise Refused('operation out of place')
            if op.kind != CLAIM and op.signer != self.admin:
                raise Refused('only the admin signs')
        self._apply_kind(op, body)
        if op.kind in (CREATE, KICK, LEFT, CLAIM):
            self.secret_op = op
        self.head, self.height = op.id, op.height

    def _apply_kind(self, op, body):
        if op.kind == ADD:
            if len(self.members) >= self.policy['cap']:
                raise Refused('no room')
            self._add(op, body['author'], body['identity'], body['history_from_ms'])
        elif op.kind in (KICK, LEFT):
            if body['cut']['author'] == self.admin:
                raise Refused('the admin stays')
            self._remove(op, body['cut'])
        elif op.kind == TRANSFER:
            check_signature(body['author'], body['acceptance'], hash_of('kith1 g-accept', op.prev))
            self._must_be_member(body['author'])
            self.admin = body['author']
        elif op.kind == CHECKPOINT:
            if body['state_hash'] != self.hash():
                raise Refused('checkpoint')
        elif op.kind == CLAIM:
            self._claim(op, body)
        elif op.kind == REKEY:
            former = self.people[body['cut']['author']]
            check_signature(former.author, body['acceptance'],
                            hash_of('kith1 g-renew', self.gid, former.author, body['author']))
            self._remove(op, body['cut'])
            self._add(op, body['author'], former.identity, former.history_from_ms)
            if self.admin == former.author:
                self.admin = body['author']
        if op.kind in (CREATE, RENAME):
            self.name = body['name']
        if op.kind in (CREATE, POLICY):
            self.policy = body['policy']

    def _must_be_member(self, author):
        if author not in self.members:
            raise Refused('not a member')

    def _add(self, op, author, identity, history_from_ms):
        if author in self.people or self.author_of(identity):
            raise Refused('was a member already')
        self.people[author] = Member(author, identity, op.height, history_from_ms)

    def _remove(self, op, cut):
        self._must_be_member(cut['author'])
        member = self.people[cut['author']]
        member.removed, member.cut = op.height, (cut['seq'], cut['entry_id'] or NOTHING)

    def _claim(self, op, body):
        voices = {body['endorsements'][at:at + 96] for at in range(0, len(body['endorsements']), 96)}
        others = self.members - {self.admin}
        good = set()
        for voice in voices:
            check_signature(voice[:32], voice[32:], hash_of('kith1 g-endorse', self.gid, u32(op.height), op.prev,
                                                            op.signer))
            good.add(voice[:32])
        if not good <= others or len(good) != len(voices) or 2 * len(good) <= len(others):
            raise Refused('not enough voices')
        for cut in body['removals']:
            self._remove(op, cut)
        self.admin = op.signer


class Chain:
    """All operations that are known, and which of them count (10.5, without pins: nobody is here for a day)."""

    def __init__(self):
        self.ops, self._children, self.first = {}, {}, None
        self._states, self._path = {}, None

    def add(self, op):
        """Says whether it was new. What it stands on has to be there."""
        if op.id in self.ops:
            return False
        if op.kind == CREATE:
            if self.first or op.height != 0:
                raise Refused('another group')
            self.first = op
        elif op.prev not in self.ops or self.ops[op.prev].height + 1 != op.height:
            raise Refused('operation out of order')
        self.ops[op.id] = op
        self._children.setdefault(op.prev, []).append(op)
        self._path = None
        return True

    def path(self):
        """The operations that count, in order, and whether the group is frozen at the last of them."""
        if self._path is None:
            self._path = self._find_path()
        return self._path

    def _find_path(self):
        if self.first is None:
            return [], False
        path = [self.first]
        while True:
            allowed = [op for op in self._children.get(path[-1].id, []) if self.state_at(op.id)]
            of_admin = [op for op in allowed if op.kind != CLAIM]
            claims = sorted((op for op in allowed if op.kind == CLAIM), key=lambda op: op.id)
            is_fork = len(of_admin) > 1
            if is_fork:
                ids = {op.id for op in of_admin}
                claims = [op for op in claims if set(halves(op.body['proof'])) <= ids]
            follow = claims[:1] if is_fork else of_admin[:1] or claims[:1]
            if not follow:
                return path, is_fork
            path += follow

    def state_at(self, op_id):
        """What follows from an operation and all before it, or None if one of them was not allowed."""
        if op_id not in self._states:
            op = self.ops[op_id]
            before = State() if op.kind == CREATE else self.state_at(op.prev)
            self._states[op_id] = before and before.after(op)
        return self._states[op_id]

    def state(self):
        """By the operations that count."""
        return self.state_at(self.head().id)

    def way_to(self, op_id):
        """The operations that lead to one, and that one."""
        way = []
        while op_id in self.ops:
            way.insert(0, self.ops[op_id])
            op_id = way[0].prev
        return way

    def head(self):
        return self.path()[0][-1]

    def digest(self, ids=None):
        return hash_of('kith1 g-ops', b''.join(sorted(self.ops if ids is None else ids)))

    def locator(self):
        """From the head downwards in growing steps: u32 height, id."""
        path, at, step, places = self.path()[0], len(self.path()[0]) - 1, 1, []
        while at > 0 and len(places) < 30:
            places.append(path[at])
            at, step = at - step, step * 2
        return b''.join(u32(op.height) + op.id for op in [*places, *path[:1]])


def halves(proof):
    return proof[:32], proof[32:]
