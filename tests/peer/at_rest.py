# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 13 of docs/protocol.md: what lies on the disk, opened with the passphrase and nothing else."""
import ctypes
import ctypes.util
import struct
import unicodedata

from primitives import Refused, derive, u64

_sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
VAULT, BACKUP = b'KITHVLT\0', b'KITHBAK\0'
WRAPPED_BYTES, PAGE_BYTES, CHUNK_BYTES = 112, 4096, 65536
ARGON2ID, STREAM_TAG_BYTES, STREAM_HEADER_BYTES, FINAL = 2, 17, 24, 3


def _open(key, nonce, associated, sealed):
    text = ctypes.create_string_buffer(len(sealed) - 16)
    if _sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            text, None, None, sealed, ctypes.c_ulonglong(len(sealed)), associated, ctypes.c_ulonglong(len(associated)),
            nonce, key) != 0:
        raise Refused('not authentic')
    return text.raw


def unwrapped(wrapped, magic, passphrase):
    """The key in a wrapped key."""
    found, version, flags, _, passes, memory = struct.unpack('>8sBBHIQ', wrapped[:24])
    if found != magic or version != 1 or not flags & 1 or passes > 10 or memory > 2 ** 31:
        raise Refused('wrapped key')
    text, kek = unicodedata.normalize('NFC', passphrase).encode(), ctypes.create_string_buffer(32)
    assert _sodium.crypto_pwhash(kek, ctypes.c_ulonglong(32), text, ctypes.c_ulonglong(len(text)), wrapped[24:40],
                                 ctypes.c_ulonglong(passes), ctypes.c_size_t(memory), ARGON2ID) == 0
    return _open(kek.raw, wrapped[40:64], wrapped[:40], wrapped[64:WRAPPED_BYTES])


def plain_database(sealed, master):
    """The pages of a database as SQLite would have them."""
    key = derive(derive(master, 'kith1 database'), 'kith1 db-page')
    pages = []
    for number, at in enumerate(range(0, len(sealed), PAGE_BYTES), 1):
        page = sealed[at:at + PAGE_BYTES]
        ciphertext, nonce, tag = page[:4056], page[4056:4080], page[4080:]
        pages.append(_open(key, nonce, b'D' + u64(number), ciphertext + tag) + bytes(40))
    return b''.join(pages)


def opened_backup(data, passphrase):
    """All that a backup holds, of which no byte is missing."""
    key = unwrapped(data[:WRAPPED_BYTES], BACKUP, passphrase)
    state = ctypes.create_string_buffer(_sodium.crypto_secretstream_xchacha20poly1305_statebytes())
    at, text, tag = WRAPPED_BYTES + STREAM_HEADER_BYTES, b'', ctypes.c_ubyte()
    assert _sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, data[WRAPPED_BYTES:at], key) == 0
    while at < len(data):
        chunk = data[at:at + CHUNK_BYTES + STREAM_TAG_BYTES]
        part = ctypes.create_string_buffer(len(chunk) - STREAM_TAG_BYTES)
        if _sodium.crypto_secretstream_xchacha20poly1305_pull(
                state, part, None, ctypes.byref(tag), chunk, ctypes.c_ulonglong(len(chunk)), None,
                ctypes.c_ulonglong(0)) != 0:
            raise Refused('not authentic')
        text, at = text + part.raw, at + len(chunk)
    if tag.value != FINAL:
        raise Refused('cut off')
    return text
