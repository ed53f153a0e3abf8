# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 10.3 of docs/protocol.md: the entries that members write, and their logs."""
import os
import struct
import time

from primitives import Refused, check_signature, hash_of, u64
from protobuf import SCHEMA

HEARTBEAT, MESSAGE, LEAVE, OFFER, ACCEPT, DECLINE, DENY = range(1, 8)
HEADER = struct.Struct('>BB32s32sQ32sI32sQ32sI')
NOTHING = bytes(32)
MAX_SEQ = 2 ** 18


class Entry:
    """One entry as it is on the wire, with a good signature; without content it is hollow."""

    def __init__(self, header, signature, salt=None, content=None):
        if len(header) != HEADER.size:
            raise Refused('header')
        (version, self.kind, self.gid, self.author, self.seq, self.prev, self.height, self.head, self.hlc,
         content_hash, length) = HEADER.unpack(header)
        self.header, self.signature, self.salt, self.content = header, signature, salt, content
        self.id = hash_of('kith1 g-entry', header)
        if version != 1 or not 0 < self.seq <= MAX_SEQ:
            raise Refused('header')
        check_signature(self.author, signature, self.id)
        if content is not None and (len(content) != length or hash_of('kith1 g-content', salt, content) != content_hash):
            raise Refused('content')

    @property
    def message(self):
        """The id by which others speak of it."""
        return self.id[:16]

    @property
    def time_ms(self):
        return self.hlc >> 16

    def said(self):
        """Of a message: which content it has, and its fields."""
        fields = SCHEMA.decode('GroupContent', self.content)
        return next(((name, value) for name, value in fields.items() if value is not None), (None, None))

    def item(self):
        if self.content is None:
            return {'header': self.header, 'signature': self.signature, 'hollow': True}
        return {'header': self.header, 'signature': self.signature, 'salt': self.salt, 'content': self.content}


def of_item(item):
    content = (None, None) if item['hollow'] else (item['salt'], item['content'])
    return Entry(item['header'], item['signature'], *content)


def seal(key, op, seq, prev, hlc, content=b'', kind=MESSAGE, salt=None):
    """An entry on an operation, whoever may have the right to it."""
    salt = salt or os.urandom(16)
    header = HEADER.pack(1, kind, op.gid, key.public, seq, prev or NOTHING, op.height, op.id, hlc,
                         hash_of('kith1 g-content', salt, content), len(content))
    return Entry(header, key.sign(hash_of('kith1 g-entry', header)), salt, content)


def text(words, **others):
    return SCHEMA.encode('GroupContent', text={'text': words, **others})


def edited(target, words):
    return SCHEMA.encode('GroupContent', edit={'target': target, 'text': words})


def deleted(target):
    return SCHEMA.encode('GroupContent', delete={'target': target})


def reacted(target, emoji):
    return SCHEMA.encode('GroupContent', reaction={'target': target, 'emoji': emoji})


def file(offer):
    """offer: the fields of a FileOffer."""
    return SCHEMA.encode('GroupContent', file={'offer': SCHEMA.encode('FileOffer', **offer)})


def now_hlc(counter=0):
    return int(time.time() * 1000) << 16 | counter


class Log:
    """The entries of one author without gaps, from the first one that we may have."""

    def __init__(self):
        self.entries, self.fork = {}, 0

    @property
    def first(self):
        return min(self.entries, default=0)

    @property
    def last(self):
        return max(self.entries, default=0)

    def end(self):
        return self.entries.get(self.last)

    def add(self, entry, is_first=False):
        """The two that contradict each other, when it does; else None. Raises Refused when it does not fit."""
        there = self.entries.get(entry.seq)
        if there and there.id != entry.id:
            self.fork = min(self.fork or entry.seq, entry.seq)
            return there, entry
        if there:
            if there.content is None:
                self.entries[entry.seq] = entry
            return None
        before = self.end()
        if before is None:
            if not is_first and (entry.seq != 1 or entry.prev != NOTHING):
                raise Refused('a gap')
        elif entry.seq != before.seq + 1 or entry.prev != before.id or entry.hlc <= before.hlc:
            raise Refused('does not follow')
        self.entries[entry.seq] = entry
        return None

    def row(self, author, first=None):
        end = self.end()
        return {'author': author, 'from': (first or self.first) if end else 0, 'to': self.last,
                'id': end.id[:8] if end else b'', 'fork': self.fork}


def digest_of(rows):
    packed = [row['author'] + u64(row['from']) + u64(row['to']) + row['id'].ljust(8, b'\0') + u64(row['fork'])
              for row in sorted(rows, key=lambda row: row['author'])]
    return hash_of('kith1 g-vector', b''.join(packed))
