# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 4 of docs/protocol.md: frames of encrypted records."""
import struct

from primitives import Refused

TYPES = {
    'OPEN': 0x01, 'OPEN_OK': 0x02, 'BYE': 0x03, 'PING': 0x04, 'PONG': 0x05, 'PROFILE': 0x06, 'ACCEPT': 0x07,
    'PAIR': 0x08, 'REKEY_REQ': 0x09, 'REKEY1': 0x0a, 'REKEY2': 0x0b, 'REKEY3': 0x0c, 'ENDPOINTS': 0x0d,
    'DIAL_BACK': 0x0e, 'DIAL_BACK_RESULT': 0x0f, 'MSG': 0x10, 'ACK': 0x11, 'RESEND': 0x12, 'TYPING': 0x13,
    'PRESENCE': 0x14, 'SAS_COMMIT': 0x15, 'SAS_REPLY': 0x16, 'SAS_REVEAL': 0x17, 'GROUP_HELLO': 0x20,
    'GROUP_OPS': 0x21, 'GROUP_VECTOR': 0x22, 'GROUP_WANT': 0x23, 'GROUP_ENTRIES': 0x24, 'GROUP_PROOF': 0x25,
    'GROUP_ENDORSE': 0x26, 'GROUP_STATUS': 0x27, 'GROUP_JOIN': 0x28, 'GROUP_PEERS': 0x29, 'GROUP_SECRET': 0x2a,
    'GROUP_SHARED': 0x2b, 'GROUP_ANSWER': 0x2c, 'GROUP_FILES': 0x2d, 'FILE_GET': 0x30, 'FILE_LEAVES': 0x31,
    'FILE_CHUNK': 0x32, 'FILE_STATE': 0x33, 'GROUP_PICTURE': 0xae,
}
NAMES = {number: name for name, number in TYPES.items()}
# The protobuf message of each type that has one.
BODIES = {
    'OPEN': 'Open', 'OPEN_OK': 'OpenOk', 'BYE': 'Bye', 'PING': 'Ping', 'PONG': 'Ping', 'PROFILE': 'Profile',
    'ACCEPT': 'Accept', 'PAIR': 'Pair', 'ENDPOINTS': 'Endpoints', 'DIAL_BACK': 'DialBack',
    'DIAL_BACK_RESULT': 'DialBackResult', 'MSG': 'Msg', 'ACK': 'Ack', 'RESEND': 'Resend', 'TYPING': 'Typing',
    'PRESENCE': 'Presence', 'SAS_COMMIT': 'Sas', 'SAS_REPLY': 'Sas', 'SAS_REVEAL': 'Sas',
    'GROUP_SHARED': 'GroupShared', 'FILE_GET': 'FileGet', 'FILE_STATE': 'FileState',
}
# What stands behind the name of the group in the records of groups; GROUP_ANSWER is one byte.
GROUP_BODIES = {
    'GROUP_HELLO': 'GroupHello', 'GROUP_OPS': 'GroupOps', 'GROUP_VECTOR': 'GroupVector', 'GROUP_WANT': 'GroupWant',
    'GROUP_ENTRIES': 'GroupEntries', 'GROUP_PROOF': 'GroupProof', 'GROUP_ENDORSE': 'GroupEndorse',
    'GROUP_STATUS': 'GroupSignedStatus', 'GROUP_JOIN': 'GroupJoin', 'GROUP_PEERS': 'GroupPeers',
    'GROUP_SECRET': 'GroupSecret', 'GROUP_FILES': 'GroupFiles', 'GROUP_PICTURE': 'GroupPicture',
}
SIZES = [256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65519]
HEADER = struct.Struct('>BBHH')
MORE = 0x01
SKIPPABLE = 0x80


def record(number, body=b'', flags=0, channel=0):
    return HEADER.pack(number, flags, channel, len(body)) + body


def padded(content):
    """The plaintext of a frame with these records."""
    return content.ljust(next(size for size in SIZES if size >= len(content)), b'\0')


def fragments(number, body, channel=0, piece_bytes=16384):
    """A record as the records of several frames."""
    pieces = [body[i:i + piece_bytes] for i in range(0, len(body), piece_bytes)] or [b'']
    return [record(number, piece, MORE, channel) for piece in pieces[:-1]] + [record(number, pieces[-1], 0, channel)]


def records_of(plaintext):
    """Yields (number, flags, channel, body)."""
    if len(plaintext) not in SIZES:
        raise Refused('size of a frame')
    at = 0
    while len(plaintext) - at >= HEADER.size and plaintext[at] != 0:
        number, flags, channel, length = HEADER.unpack_from(plaintext, at)
        at += HEADER.size
        if at + length > len(plaintext):
            raise Refused('record longer than its frame')
        yield number, flags, channel, plaintext[at:at + length]
        at += length
    if any(plaintext[at:]):
        raise Refused('padding')


class Reassembly:
    """Puts the fragments of each channel together."""

    def __init__(self):
        self._parts = {}

    def add(self, number, flags, channel, body):
        """(number, whole body), or None while more follows."""
        begun, parts = self._parts.pop(channel, (number, b''))
        if begun != number or flags & ~MORE:
            raise Refused('fragment')
        if flags & MORE:
            self._parts[channel] = number, parts + body
            return None
        return number, parts + body
