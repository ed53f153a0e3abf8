# SPDX-License-Identifier: GPL-3.0-or-later
"""Just enough of protobuf (proto3) for the bodies of records; it reads their description itself.

A message is a dict. Decoded, it has all its fields: those that did not come are 0, '', b'', False or [], and
None where the field is a message. Unknown fields are ignored."""
import pathlib
import re

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
NUMBERS = {'uint32', 'uint64', 'bool'}
DEFAULTS = {'uint32': 0, 'uint64': 0, 'bool': False, 'string': '', 'bytes': b''}
DESCRIPTIONS = [pathlib.Path(__file__).parents[2] / 'src' / 'proto' / name
                for name in ('kith.proto', 'kith-group.proto')]


class Field:
    def __init__(self, repeated, sort, name, number, n_bytes):
        self.repeated, self.sort, self.name, self.number = bool(repeated), sort, name, int(number)
        self.n_bytes = int(n_bytes or 0)  # as its comment says; 0 when it does not


def _read_varint(raw, at):
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _varint(value):
    raw = b''
    while value > 0x7f:
        raw += bytes([value & 0x7f | 0x80])
        value >>= 7
    return raw + bytes([value])


def _read_value(wire, raw, at):
    if wire == VARINT:
        return _read_varint(raw, at)
    if wire == BYTES:
        length, at = _read_varint(raw, at)
    else:
        length = {FIXED64: 8, FIXED32: 4}[wire]
    return raw[at:at + length], at + length


class Schema:
    """The messages of a .proto file."""

    def __init__(self, text):
        text = re.sub(r'//(?! \d+ bytes).*', '', text)
        self._enums = {}
        for body in re.findall(r'enum \w+ \{(.*?)\}', text, re.S):
            self._enums.update({name: int(value) for name, value in re.findall(r'(\w+) = (\d+);', body)})
        self._enum_names = set(re.findall(r'enum (\w+)', text))
        self._messages = {}
        for name, body in re.findall(r'^message (\w+) \{(.*?)^\}', text, re.S | re.M):
            fields = re.findall(r'(repeated )?(\w+) (\w+) = (\d+);(?:\s*// (\d+) bytes)?', body)
            self._messages[name] = [Field(*field) for field in fields]

    def value(self, name):
        """Of a name of an enumeration."""
        return self._enums[name]

    def fields(self, message):
        return self._messages[message]

    def is_enum(self, sort):
        return sort in self._enum_names

    def encode(self, message, **values):
        fields = {field.name: field for field in self._messages[message]}
        raw = b''
        for name, value in values.items():
            field = fields[name]
            for item in value if field.repeated else [value]:
                raw += self._encode_field(field, item)
        return raw

    def _encode_field(self, field, value):
        if field.sort in NUMBERS or field.sort in self._enum_names:
            number = self._enums[value] if isinstance(value, str) else int(value)
            return _varint(field.number << 3 | VARINT) + _varint(number)
        if field.sort in self._messages:
            value = self.encode(field.sort, **value)
        elif isinstance(value, str):
            value = value.encode()
        return _varint(field.number << 3 | BYTES) + _varint(len(value)) + value

    def decode(self, message, raw):
        fields = {field.number: field for field in self._messages[message]}
        values = {field.name: self._default(field) for field in fields.values()}
        at = 0
        while at < len(raw):
            key, at = _read_varint(raw, at)
            value, at = _read_value(key & 7, raw, at)
            field = fields.get(key >> 3)
            if field is None:
                continue
            value = self._decoded(field, value)
            if field.repeated:
                values[field.name].append(value)
            else:
                values[field.name] = value
        return values

    def _default(self, field):
        if field.repeated:
            return []
        return None if field.sort in self._messages else DEFAULTS.get(field.sort, 0)

    def _decoded(self, field, value):
        if field.sort in self._messages:
            return self.decode(field.sort, value)
        if field.sort == 'string':
            return value.decode()
        return bool(value) if field.sort == 'bool' else value


SCHEMA = Schema('\n'.join(path.read_text(encoding='utf-8') for path in DESCRIPTIONS))
