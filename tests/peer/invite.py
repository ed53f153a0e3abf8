# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 6.2 of docs/protocol.md: links that let one person ask."""
import base64

from handshake import KNOCK, Dialing, directed_tag, preamble
from primitives import Refused, derive, hash_of

PREFIX = 'KITH:I/'
HEAD_BYTES = 1 + 1 + 32 + 32 + 16 + 4 + 1


class Invite:
    """What a link says."""

    def __init__(self, link):
        text = link.strip().upper().removeprefix(PREFIX)
        raw = base64.b32decode(text + '=' * (-len(text) % 8))
        if raw[0] != 1 or raw[-4:] != hash_of('kith1 inv-sum', raw[:-4])[:4]:
            raise Refused('link')
        self.issuer, self.secret = raw[2:34], raw[66:82]
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

    def proof(self, handshake_hash):
        """Good in the session with this hash of the handshake and in no other."""
        return derive(self.root, 'kith1 inv-proof', handshake_hash)

    def knocking(self, identity):
        """The greeting of who comes with the link."""
        greeting = Dialing(identity, self.issuer)
        tag = directed_tag(self.root, 0, greeting.ephemeral.public)
        return Dialing(identity, self.issuer, head=preamble(KNOCK, tag), ephemeral=greeting.ephemeral)
