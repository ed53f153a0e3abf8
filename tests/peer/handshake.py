# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 3 of docs/protocol.md: from a TCP connection to keys and a name. Each step is a method of its own, so
that a test can change what lies between two of them."""
import os
import time

from identity import CERTIFICATE_BYTES, certified
from noise import Handshake
from primitives import ExchangeKey, Refused, derive, u16, u32, u64, u8

MAGIC = b'KITH'
PREAMBLE_BYTES = 64
OPEN, KNOCK, PASSPHRASE = 0, 1, 2
PAYLOAD_BYTES = {2: 256, 3: 512}
KNOCK_UNIT_S = 600


def knock_tag(root, dialer, listener, ephemeral, unit=None):
    """Section 3.2: tells the listener which contact dials, and nobody else."""
    return directed_tag(root, 0 if dialer < listener else 1, ephemeral, unit)


def directed_tag(root, direction, ephemeral, unit=None):
    unit = int(time.time()) // KNOCK_UNIT_S if unit is None else unit
    key = derive(root, 'kith1 knock')
    return derive(key, 'kith1 knocktag', u8(direction), u64(unit), ephemeral)[:16]


def preamble(mode=OPEN, tag=None, major=1, flags=0):
    return MAGIC + u8(major) + u8(mode) + u16(flags) + (tag or os.urandom(16)) + os.urandom(40)


class Closed(Exception):
    """The other side has closed."""


class Wire:
    """A TCP stream as units of u16 length ‖ message."""

    def __init__(self, socket):
        self.socket = socket

    def read_exactly(self, n_bytes):
        data = b''
        while len(data) < n_bytes:
            try:
                part = self.socket.recv(n_bytes - len(data))
            except ConnectionError as error:
                raise Closed from error
            if not part:
                raise Closed
            data += part
        return data

    def read(self):
        return self.read_exactly(int.from_bytes(self.read_exactly(2), 'big'))

    def write_raw(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError as error:
            raise Closed from error

    def write(self, message):
        self.write_raw(framed(message))


def framed(message):
    return u16(len(message)) + message


class Greeting:
    """What both sides have in common. A test may choose another certificate or key than the identity's own."""

    def __init__(self, identity, certificate=None, static=None, ephemeral=None):
        self.identity = identity
        self.certificate = certificate or identity.certificate()
        self.static = static or identity.device_key
        self.ephemeral = ephemeral or ExchangeKey()
        self.noise = None
        self.remote_identity = None
        self.remote_clock = None

    def _begin(self, initiator, head):
        self.noise = Handshake('XX', initiator, b'KITH/1 noise' + head, self.static, ephemeral=self.ephemeral)

    def _payload(self, number):
        said = self.certificate + u64(int(time.time())) + u32(0)
        return said.ljust(PAYLOAD_BYTES[number], b'\0')

    def _check(self, number, message):
        payload = self.noise.read(message)
        if len(payload) != PAYLOAD_BYTES[number]:
            raise Refused('length')
        self.remote_identity = certified(payload[:CERTIFICATE_BYTES], self.noise.remote)
        self.remote_clock = int.from_bytes(payload[CERTIFICATE_BYTES:CERTIFICATE_BYTES + 8], 'big')
        if self.remote_identity == self.identity.public:
            raise Refused('that is me')


class Dialing(Greeting):
    """The dialer's side: first(), second(message 2), third()."""

    def __init__(self, identity, expected=None, root=None, head=None, **others):
        super().__init__(identity, **others)
        self.expected = expected
        if head is None and root is not None:
            head = preamble(KNOCK, knock_tag(root, identity.public, expected, self.ephemeral.public))
        self.head = head or preamble()
        self._begin(True, self.head)

    def first(self):
        """The preamble and message 1, in one write."""
        return self.head + framed(self.noise.write())

    def second(self, message):
        self._check(2, message)
        if self.expected not in (None, self.remote_identity):
            raise Refused('somebody else')

    def third(self):
        return framed(self.noise.write(self._payload(3)))

    def run(self, wire):
        wire.write_raw(self.first())
        self.second(wire.read())
        wire.write_raw(self.third())


class Answering(Greeting):
    """The listener's side: first(preamble, message 1), second(), third(message 3)."""

    def __init__(self, identity, **others):
        super().__init__(identity, **others)
        self.head = None

    def first(self, head, message):
        if head[:5] != MAGIC + u8(1) or head[5] not in (OPEN, KNOCK):
            raise Refused('preamble')
        self.head = head
        self._begin(False, head)
        self.noise.read(message)

    @property
    def mode(self):
        return self.head[5]

    def is_knock_of(self, dialer, root):
        """Whether the preamble has the tag that this contact would send just now, give or take a unit."""
        return self.is_tagged(root, 0 if dialer < self.identity.public else 1)

    def is_tagged(self, root, direction):
        unit = int(time.time()) // KNOCK_UNIT_S
        tags = [directed_tag(root, direction, self.noise.remote_ephemeral, unit + n) for n in (-1, 0, 1)]
        return self.mode == KNOCK and self.head[8:24] in tags

    def second(self):
        return framed(self.noise.write(self._payload(2)))

    def third(self, message):
        self._check(3, message)

    def run(self, wire):
        self.first(wire.read_exactly(PREAMBLE_BYTES), wire.read())
        wire.write_raw(self.second())
        self.third(wire.read())
