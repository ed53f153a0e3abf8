# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 2.1 of docs/protocol.md: the words that two people compare. Either side of it."""
import hashlib
import os
import pathlib

from primitives import Refused, derive, hash_of
from protobuf import SCHEMA

SAME, DIFFERENT, GIVEN_UP = (SCHEMA.value(f'SAS_{name}') for name in ('SAME', 'DIFFERENT', 'GIVEN_UP'))
# The list of BIP 39, as it was published.
_list = (pathlib.Path(__file__).parents[1] / 'vectors' / 'bip39' / 'english.txt').read_bytes()
assert hashlib.sha256(_list).hexdigest() == '2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda'
WORDS = _list.decode().split()
assert len(WORDS) == 2048


def words_of(key, r_a, r_b, identity_a, identity_b):
    number = int.from_bytes(derive(key, 'kith1 sas', r_a, r_b, identity_a, identity_b)[:6], 'big') >> 4
    return [WORDS[number >> shift & 2047] for shift in (33, 22, 11, 0)]


class Comparing:
    """One attempt on a session; who begins is A."""

    def __init__(self, session):
        self.session, self.ours = session, os.urandom(32)
        self.key = derive(session.first_export, 'kith1 sas-key')
        self.attempt = int.from_bytes(os.urandom(8), 'big')

    def commitment(self):
        return hash_of('kith1 sas-com', self.ours, self.session.first_hash)

    def begin(self):
        """As A. The other side's user is asked."""
        self.session.send('SAS_COMMIT', attempt=self.attempt, value=self.commitment())

    def reveal(self):
        """As A, when they have agreed. Returns the words."""
        reply = self.session.wait_for('SAS_REPLY')
        self.session.send('SAS_REVEAL', attempt=self.attempt, value=self.ours)
        return words_of(self.key, self.ours, reply['value'], self.session.peer.identity.public, self.session.remote)

    def answer(self):
        """As B. Returns the words, or raises Refused when A was not bound to what A reveals."""
        session = self.session
        asked = session.wait_for('SAS_COMMIT')
        self.attempt = asked['attempt']
        session.send('SAS_REPLY', attempt=self.attempt, value=self.ours)
        theirs = session.wait_for('SAS_REVEAL')['value']
        if hash_of('kith1 sas-com', theirs, session.first_hash) != asked['value']:
            raise Refused('commitment')
        return words_of(self.key, theirs, self.ours, session.remote, session.peer.identity.public)

    def say(self, outcome):
        self.session.send('SAS_REVEAL', attempt=self.attempt, outcome=outcome)

    def outcome(self):
        """Theirs."""
        return self.session.wait_for('SAS_REVEAL')['outcome']
