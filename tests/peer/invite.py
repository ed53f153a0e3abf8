# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections 6.2 and 10.7 of docs/protocol.md: links that let somebody ask, of people and of groups."""
import base64
import os
import time

from handshake import KNOCK, Dialing, directed_tag, preamble
from primitives import Refused, derive, hash_of, u8, u16, u32

HEAD_BYTES = 1 + 1 + 32 + 32 + 16 + 4 + 1


class Invite:
    """What a link says."""
    PREFIX = 'KITH:I/'

    def __init__(self, link):
        text = link.strip().upper().removeprefix(self.PREFIX)
        raw = base64.b32decode(text + '=' * (-len(text) % 8))
        if raw[0] != 1 or raw[-4:] != hash_of('kith1 inv-sum', raw[:-4])[:4]:
            raise Refused('link')
        self.issuer, self.meeting, self.secret = raw[2:34], raw[34:66], raw[66:82]
        self.expiry_minutes = int.from_bytes(raw[82:86], 'big')
        self.endpoints = list(self._read_endpoints(raw[HEAD_BYTES:-4], raw[86]))
        self.root = hash_of('kith1 invite', self.secret)
        self.id = derive(self.root, 'kith1 inv-id')[:8]

    @staticmethod
    def _read_endpoints(raw, count):
        for _ in range(count):
            length = {4: 4, 6: 16}[raw[0]]
            yield raw[1:1 + length], int.from_bytes(raw[1 + length:3 + length], 'big')
            raw = raw[3 + length:]

    @classmethod
    def make(cls, issuer, endpoints, meeting, expires_s=3600):
        """A link of ours; endpoints: (packed address, port), meeting: the public key R."""
        raw = u8(1) + u8(0) + issuer + meeting + os.urandom(16) + u32((int(time.time()) + expires_s) // 60)
        raw += u8(len(endpoints)) + b''.join(u8(4 if len(address) == 4 else 6) + address + u16(port)
                                             for address, port in endpoints)
        return cls.linked(raw, hash_of('kith1 inv-sum', raw)[:4])

    @classmethod
    def linked(cls, raw, checksum):
        text = cls.PREFIX + base64.b32encode(raw + checksum).decode().rstrip('=')
        invite = cls(text)
        invite.link = text
        return invite

    def proof(self, handshake_hash):
        """Good in the session with this hash of the handshake and in no other."""
        return derive(self.root, 'kith1 inv-proof', handshake_hash)

    def knocking(self, identity):
        """The greeting of who comes with the link."""
        greeting = Dialing(identity, self.issuer)
        tag = directed_tag(self.root, 0, greeting.ephemeral.public)
        return Dialing(identity, self.issuer, head=preamble(KNOCK, tag), ephemeral=greeting.ephemeral)

    def is_knock_of(self, greeting):
        """As the issuer: whether somebody has knocked with the link."""
        return greeting.is_tagged(self.root, 0)


class GroupInvite(Invite):
    """10.7: the same for a group."""
    PREFIX = 'KITH:G/'

    def __init__(self, link):
        text = link.strip().upper().removeprefix(self.PREFIX)
        raw = base64.b32decode(text + '=' * (-len(text) % 8))
        if raw[0] != 1 or raw[-4:] != hash_of('kith1 grp-sum', raw[:-4])[:4]:
            raise Refused('link')
        self.gid, self.issuer, self.meeting, self.secret = raw[2:34], raw[34:66], raw[66:98], raw[98:114]
        self.root = hash_of('kith1 grp-link', self.secret, self.gid)
        self.id = derive(self.root, 'kith1 inv-id')[:8]
        self.endpoints = list(self._read_endpoints(raw[119:-4], raw[118]))

    def join_proof(self, author):
        """Good in a GROUP_JOIN for that author key."""
        return derive(self.root, 'kith1 grp-proof', author)
