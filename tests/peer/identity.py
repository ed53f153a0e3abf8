# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 2 of docs/protocol.md: who somebody is, and what proves it."""
import base64
import hashlib
import os
import struct
import time

from primitives import ExchangeKey, Refused, SigningKey, check_signature, hash_of, u16, u32, u64, u8

CERTIFICATE_BYTES = 159
LIFETIME_S = 90 * 86400
TOLERANCE_S = 48 * 3600


class Identity:
    """Somebody: the identity key, one device and its key."""

    def __init__(self, seed=None, device_private=None, device=None):
        self.key = SigningKey(seed)
        self.device_key = ExchangeKey(device_private)
        self.device = device or os.urandom(8)

    @property
    def public(self):
        return self.key.public

    @property
    def id(self):
        return id_string(self.public)

    def certificate(self, seq=1, not_before=None, lifetime_s=LIFETIME_S, device_public=None):
        """Says that the device's key belongs to this identity."""
        start = int(time.time()) - 3600 if not_before is None else not_before
        signed = u8(1) + self.public + self.device + (device_public or self.device_key.public) + u32(seq)
        signed += u64(start) + u64(start + lifetime_s) + u16(0)
        return signed + self.key.sign(hash_of('kith1 devcert', signed))


def id_string(public):
    checksum = hash_of('kith1 id-sum', u8(1), public)[:2]
    return base64.b32encode(public + checksum + u8(1)).decode().lower()


def public_of_id(text):
    raw = base64.b32decode(text.upper())
    assert len(raw) == 35 and id_string(raw[:32]) == text, text
    return raw[:32]


def certified(certificate, device_public, now=None):
    """The identity key for which a certificate lets this device key speak. Raises Refused."""
    version, public, _, device_key, _, start, end, flags, signature = struct.unpack('>B32s8s32sIQQH64s', certificate)
    now = time.time() if now is None else now
    if version != 1 or flags != 0 or device_key != device_public or not 0 <= end - start <= LIFETIME_S:
        raise Refused('certificate')
    if not start - TOLERANCE_S <= now <= end + TOLERANCE_S:
        raise Refused('certificate is not valid now')
    check_signature(public, signature, hash_of('kith1 devcert', certificate[:95]))
    return public


def _half(public):
    digest = b'kith1 safety-number' + u16(1) + public
    for _ in range(5200):
        digest = hashlib.sha512(digest + public).digest()
    return [f'{int.from_bytes(digest[i:i + 5], "big") % 100000:05}' for i in range(0, 30, 5)]


def safety_number(one, other):
    return ' '.join(_half(min(one, other)) + _half(max(one, other)))
