# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 11 of docs/protocol.md: a file that is offered, what is sent of it when somebody asks, and asking for one."""
import os

from primitives import Refused, hash_of, u32, u64

LEAF_BYTES = 65536
LEAVES, CHUNKS = 0, 1
CHANNEL = 1


def leaf(number, data):
    return hash_of('kith1 f-leaf', u64(number), data)


def pieces_of(data):
    return [data[i:i + LEAF_BYTES] for i in range(0, len(data), LEAF_BYTES)] or [b'']


def root_of(size, leaves):
    """The root over a list of leaves."""
    level = leaves
    while len(level) > 1:
        pairs = [level[i:i + 2] for i in range(0, len(level), 2)]
        level = [hash_of('kith1 f-node', *pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return hash_of('kith1 f-root', u64(size), u32(LEAF_BYTES), level[0])


class OfferedFile:
    def __init__(self, data):
        self.size = len(data)
        self.pieces = pieces_of(data)
        self.leaves = [leaf(number, piece) for number, piece in enumerate(self.pieces)]
        self.root = root_of(self.size, self.leaves)

    def offer(self, name):
        """The content of a message."""
        return {'root': self.root, 'size': self.size, 'name': name}

    def answer(self, session):
        """Waits for a request, and does what it asks for. Returns how many chunks that were."""
        wanted = session.wait_for('FILE_GET')
        assert wanted['root'] == self.root
        first, request = wanted['from'], u32(wanted['request'])
        if wanted['what'] == LEAVES:
            leaves = self.leaves[first:first + wanted['count']]
            session.send_whole('FILE_LEAVES', request + u32(first) + b''.join(leaves), CHANNEL)
            return 0
        for number in range(first, first + wanted['count']):
            session.send_whole('FILE_CHUNK', request + u32(number) + self.pieces[number], CHANNEL)
        return wanted['count']


def fetched(session, offer, message, n_at_once=16):
    """All of a file that the other side offers in a message, every piece checked. Raises Refused."""
    request = int.from_bytes(os.urandom(3), 'big')
    n_pieces = max(1, -(-offer['size'] // LEAF_BYTES))

    def ask(what, first, count):
        session.send('FILE_GET', root=offer['root'], request=request, what=what, count=count, offer=message,
                     **{'from': first})

    def answer(name):
        while True:
            body = session.wait_for(name)
            if body[:4] == u32(request):
                return int.from_bytes(body[4:8], 'big'), body[8:]

    leaves = []
    while len(leaves) < n_pieces:
        ask(LEAVES, len(leaves), n_pieces - len(leaves))
        first, packed = answer('FILE_LEAVES')
        if first != len(leaves) or not packed or len(packed) % 32:
            raise Refused('leaves')
        leaves += [packed[at:at + 32] for at in range(0, len(packed), 32)]
    if root_of(offer['size'], leaves) != offer['root']:
        raise Refused('not what was offered')
    data = b''
    for first in range(0, n_pieces, n_at_once):
        count = min(n_at_once, n_pieces - first)
        request += 1
        ask(CHUNKS, first, count)
        for number in range(first, first + count):
            at, piece = answer('FILE_CHUNK')
            if at != number or leaf(number, piece) != leaves[number]:
                raise Refused('a piece')
            data += piece
    return data
