# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 1 of docs/protocol.md: hashing and key pairs."""
import hashlib
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


class Refused(Exception):
    """What the other side sent is not good."""


def u8(value):
    return struct.pack('>B', value)


def u16(value):
    return struct.pack('>H', value)


def u32(value):
    return struct.pack('>I', value)


def u64(value):
    return struct.pack('>Q', value)


def _fields(fields):
    return b''.join(u32(len(field)) + field for field in fields)


def hash_of(label, *fields):
    """H(label; f1, f2..)"""
    return hashlib.blake2b(_fields(fields), digest_size=32, person=label.encode()).digest()


def derive(key, label, *fields):
    """KDF(k, label; f1, f2..)"""
    return hashlib.blake2b(_fields(fields), digest_size=32, key=key, person=label.encode()).digest()


class SigningKey:
    """An Ed25519 key pair."""

    def __init__(self, seed=None):
        self._key = Ed25519PrivateKey.from_private_bytes(seed) if seed else Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message):
        return self._key.sign(message)


def check_signature(public, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise Refused('signature') from error


class ExchangeKey:
    """An X25519 key pair."""

    def __init__(self, private=None):
        self._key = X25519PrivateKey.from_private_bytes(private) if private else X25519PrivateKey.generate()
        self.private = self._key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def exchange(self, public):
        """The library refuses a result of all zeros."""
        try:
            return self._key.exchange(X25519PublicKey.from_public_bytes(public))
        except ValueError as error:
            raise Refused('a point of low order') from error
