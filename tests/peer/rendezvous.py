# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections 7.1 to 7.3 of docs/protocol.md: where in the DHT two people leave for each other where they are, and how."""
import ctypes
import ctypes.util
import os
import time

from primitives import Refused, derive, u8, u16, u32, u64

_sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
NONCE_BYTES, TAG_BYTES, TEXT_BYTES, SEALED_TEXT_BYTES, VALUE_BYTES = 24, 16, 232, 184, 272
SEAL_BYTES = 48
DAY_S = 86400


def _encrypt(key, nonce, associated, text):
    sealed = ctypes.create_string_buffer(len(text) + TAG_BYTES)
    _sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed, None, text, ctypes.c_ulonglong(len(text)), associated, ctypes.c_ulonglong(len(associated)), None, nonce,
        key)
    return sealed.raw


def _decrypt(key, nonce, associated, sealed):
    text = ctypes.create_string_buffer(len(sealed) - TAG_BYTES)
    if _sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            text, None, None, sealed, ctypes.c_ulonglong(len(sealed)), associated, ctypes.c_ulonglong(len(associated)),
            nonce, key) != 0:
        raise Refused('not authentic')
    return text.raw


def opened_box(key, box):
    """crypto_box_seal_open(): what was sealed to a key of ours. Raises Refused."""
    text = ctypes.create_string_buffer(len(box) - SEAL_BYTES)
    if _sodium.crypto_box_seal_open(text, box, ctypes.c_ulonglong(len(box)), key.public, key.private) != 0:
        raise Refused('not for us')
    return text.raw


class Place:
    """Where one of two publishes in one epoch: dir 0 is the lower identity key, or the issuer of an invite."""

    def __init__(self, root, direction, now_s=None, epoch_shift=0):
        now_s = time.time() if now_s is None else now_s
        offset = int.from_bytes(derive(root, 'kith1 dht-off')[:4], 'big') % DAY_S
        epoch = u64(int(now_s + offset) // DAY_S + epoch_shift)
        self.location = derive(root, 'kith1 dht-loc', epoch, u8(direction))[:20]
        self._key = derive(root, 'kith1 dht-key', epoch, u8(direction))

    def value(self, text, nonce=None):
        nonce = nonce or os.urandom(NONCE_BYTES)
        return nonce + _encrypt(self._key, nonce, b'kith1 dht-val' + self.location, text)

    def text(self, value):
        if len(value) != VALUE_BYTES:
            raise Refused('length')
        return _decrypt(self._key, value[:NONCE_BYTES], b'kith1 dht-val' + self.location, value[NONCE_BYTES:])


def text_of(endpoints, seq=None, time_s=None, n_bytes=TEXT_BYTES):
    """endpoints: (packed address, port)"""
    time_s = int(time.time()) if time_s is None else time_s
    seq = time_s * 1000 if seq is None else seq
    packed = b''.join(u8(4 if len(address) == 4 else 6) + address + u16(port) for address, port in endpoints)
    return (u8(1) + u8(len(endpoints)) + u64(time_s) + u64(seq) + u32(0) + packed).ljust(n_bytes, b'\0')


def endpoints_of(text):
    """What somebody says of themselves: time, seq and endpoints."""
    if text[0] != 1 or text[1] > 8:
        raise Refused('text')
    at, endpoints = 22, []
    for _ in range(text[1]):
        length = {4: 4, 6: 16}[text[at]]
        endpoints.append((text[at + 1:at + 1 + length], int.from_bytes(text[at + 1 + length:at + 3 + length], 'big')))
        at += 3 + length
    return int.from_bytes(text[2:10], 'big'), int.from_bytes(text[10:18], 'big'), endpoints
