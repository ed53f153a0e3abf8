# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 3.3 of docs/protocol.md: CPace-RISTR255-SHA512 of draft-irtf-cfrg-cpace. The group is libsodium's;
everything that is Kith's own is here."""
import ctypes
import ctypes.util
import hashlib
import os
import unicodedata

from handshake import MAGIC, PASSPHRASE, PREAMBLE_BYTES, Answering, Dialing, preamble
from noise import Handshake
from primitives import Refused, hash_of, u8

_sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
DSI = b'CPaceRistretto255'
HASH_BLOCK_BYTES = 128
CI = b'\x0fkith1 initiator\x0fkith1 responder'
REPLY_BYTES = 64


def _prefixed(*strings):
    """lv_cat() of the draft: all these are shorter than 16 KiB, so a length has one or two bytes."""
    result = b''
    for string in strings:
        length = len(string)
        result += bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
        result += string
    return result


def _multiplied(scalar, point):
    result = ctypes.create_string_buffer(32)
    if _sodium.crypto_scalarmult_ristretto255(result, scalar, point) != 0:
        raise Refused('a share that is none')
    return result.raw


def _generator(passphrase):
    prs = unicodedata.normalize('NFC', passphrase.strip()).encode()
    padding = bytes(max(0, HASH_BLOCK_BYTES - 1 - len(_prefixed(prs)) - len(_prefixed(DSI))))
    digest = hashlib.sha512(_prefixed(DSI, prs, padding, CI, b'')).digest()
    point = ctypes.create_string_buffer(32)
    _sodium.crypto_core_ristretto255_from_hash(point, digest)
    return point.raw


def key_of(isk):
    return hash_of('kith1 cpacepsk', isk)


def _scalar():
    scalar = ctypes.create_string_buffer(32)
    _sodium.crypto_core_ristretto255_scalar_random(scalar)
    return scalar.raw


def _session_key(secret, head, share_a, share_b, nonce):
    """ISK_ir: what the initiator has said comes first."""
    return hashlib.sha512(_prefixed(DSI + b'_ISK', b'', secret) + _prefixed(share_a, head[:24] + head[56:])
                          + _prefixed(share_b, nonce)).digest()


class Joining(Dialing):
    """The dialer's side of mode 2: preamble(), first(reply), then as always."""

    def __init__(self, identity, passphrase, share=None, **others):
        self._scalar = _scalar()
        self._share = share or _multiplied(self._scalar, _generator(passphrase))
        head = preamble(PASSPHRASE)
        super().__init__(identity, head=head[:24] + self._share + head[56:], **others)

    def first(self, reply):
        nonce, share = reply[:32], reply[32:]
        isk = _session_key(_multiplied(self._scalar, share), self.head, self._share, share, nonce)
        self.noise = Handshake('XXpsk0', True, b'KITH/1 noise' + self.head + reply, self.static, psk=key_of(isk),
                               ephemeral=self.ephemeral)
        return self.noise.write()

    def run(self, wire):
        wire.write_raw(self.head)
        wire.write(self.first(wire.read_exactly(REPLY_BYTES)))
        self.second(wire.read())
        wire.write_raw(self.third())


class Admitting(Answering):
    """The listener's side of mode 2."""

    def __init__(self, identity, passphrase, **others):
        self._passphrase = passphrase
        super().__init__(identity, **others)

    def reply(self, head):
        if head[:6] != MAGIC + u8(1) + u8(PASSPHRASE):
            raise Refused('preamble')
        scalar, nonce, share_a = _scalar(), os.urandom(32), head[24:56]
        share_b = _multiplied(scalar, _generator(self._passphrase))
        isk = _session_key(_multiplied(scalar, share_a), head, share_a, share_b, nonce)
        self.head = head
        self.noise = Handshake('XXpsk0', False, b'KITH/1 noise' + head + nonce + share_b, self.static, psk=key_of(isk),
                               ephemeral=self.ephemeral)
        return nonce + share_b

    def run(self, wire):
        wire.write_raw(self.reply(wire.read_exactly(PREAMBLE_BYTES)))
        self.noise.read(wire.read())
        wire.write_raw(self.second())
        self.third(wire.read())
