# SPDX-License-Identifier: GPL-3.0-or-later
"""Records by chance: of every type, with bodies that are good, nearly good, odd or rubbish. All of it follows from one
number, so that what was found can be found again."""
import random

from protobuf import NUMBERS, SCHEMA
from records import BODIES, GROUP_BODIES, MORE, TYPES, record

LENGTHS = [0, 1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 185, 186, 187, 255, 256, 1000, 4000]
INTEGERS = [0, 1, 2, 3, 15, 16, 64, 255, 256, 1000, 1001, 65535, 65536, 2 ** 18, 2 ** 18 + 1, 2 ** 31 - 1, 2 ** 31,
            2 ** 32 - 1, 2 ** 32, 2 ** 48, 2 ** 63 - 1, 2 ** 63, 2 ** 64 - 1]
TEXTS = ['', ' ', 'a', 'Pia', '../../x', '\u202e', 'a' + '\u0301' * 40, '\0', 'x' * 65, 'é' * 501, 'x' * 4000, '👨\u200d👩\u200d👧']
COUNTS = [0, 1, 1, 1, 1, 2, 2, 3, 3, 8, 9, 64, 65, 129, 300]
MAX_BODY_BYTES = 3800


class Chance(random.Random):
    """Where all decisions come from. What others have said in earnest is put in here and there."""

    def __init__(self, seed):
        super().__init__(seed)
        self.heard = []

    def hear(self, data):
        """Something that means something: an id, a key, a name of a group."""
        self.heard = (self.heard + [data])[-200:]

    def is_one_in(self, n):
        return self.randrange(n) == 0

    def some_bytes(self, n_bytes=0):
        """Mostly of that length, if there is one."""
        if n_bytes and not self.is_one_in(12):
            fitting = [data for data in self.heard if len(data) == n_bytes]
            return self.choice(fitting) if fitting and not self.is_one_in(3) else self.randbytes(n_bytes)
        if self.heard and not self.is_one_in(3):
            return self.choice(self.heard)
        return self.randbytes(self.choice(LENGTHS))

    def number(self, bits=64):
        return self.choice(INTEGERS) % 2 ** bits if not self.is_one_in(4) else self.randrange(10)

    def value(self, field):
        if field.sort in NUMBERS:
            return self.number(1 if field.sort == 'bool' else 32 if field.sort == 'uint32' else 64)
        if field.sort == 'string':
            return self.choice(TEXTS)
        if field.sort == 'bytes':
            return self.some_bytes(field.n_bytes)
        return self.randrange(4 + 8 * self.is_one_in(9)) if SCHEMA.is_enum(field.sort) else self.fields(field.sort)

    def fields(self, message):
        """Of a protobuf message: some of its fields, with values of their sorts."""
        values = {}
        for field in SCHEMA.fields(message):
            if self.is_one_in(5):
                continue
            values[field.name] = [self.value(field) for _ in range(self.choice(COUNTS))] if field.repeated \
                else self.value(field)
        return values

    def spoilt(self, body):
        """The same with something changed, cut off or added."""
        how = self.randrange(5)
        at = self.randrange(len(body)) if body else 0
        if how == 0:
            return body[:at]
        if how == 1:
            return body + self.randbytes(self.choice(LENGTHS))
        if how == 2:
            return body[:at] + self.randbytes(self.randrange(9)) + body[at:]
        if how == 3 and body:
            return body[:at] + bytes([body[at] ^ 1 << self.randrange(8)]) + body[at + 1:]
        return body[:at] + body[at + self.randrange(20):]

    def body(self, name):
        """Of a record of this type."""
        if self.is_one_in(25):
            return self.randbytes(self.choice(LENGTHS))
        if name in BODIES:
            body = SCHEMA.encode(BODIES[name], **self.fields(BODIES[name]))
        elif name in GROUP_BODIES:
            body = SCHEMA.encode(GROUP_BODIES[name], **self.fields(GROUP_BODIES[name]))
        else:
            body = self.some_bytes()
        return self.spoilt(body) if self.is_one_in(15) else body

    def records(self, name, body, channel=0):
        """A record in one piece or in several, of which one may be wrong."""
        number = TYPES[name]
        if not self.is_one_in(20):
            return [record(number, body[at:at + MAX_BODY_BYTES], MORE if at + MAX_BODY_BYTES < len(body) else 0, channel)
                    for at in range(0, max(1, len(body)), MAX_BODY_BYTES)]
        body = body[:2 * MAX_BODY_BYTES]
        cut = self.randrange(len(body) + 1)
        channels = [self.randrange(70), channel]
        return [record(number, body[:cut], MORE | self.choice([0, 0, 0, 2]), channels[0]),
                record(self.choice([number, number, self.randrange(256)]), body[cut:], 0, self.choice(channels))]
