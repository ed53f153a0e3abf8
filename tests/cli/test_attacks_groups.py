#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attacks of docs/attacks.md by who is or was in a group, against real kith-cli processes: a member whose part was
written from the document does what no honest one would."""
import contextlib
import os
import time

from kith_cli import Person, befriend, in_folder, run
from victim import SANITIZED, assert_ends, memory_kib
from with_group import answering, bring_in, dialled_as_member, joined, known, names_of, texts_of
from with_peer import Peer, befriended

import group_chain as chain
import group_log as log
from groups import Group
from identity import public_of_id
from primitives import SigningKey, hash_of
from protobuf import SCHEMA

MAX_GROWTH_KIB = 16 * 1024


class Attacked:
    """Ann, who is admin, Ben, and Eve, a member who is hostile and linked with both."""

    def __init__(self, ann=None):
        self.ann, self.ben = ann or Person('Ann'), Person('Ben')
        befriend(self.ben, self.ann)
        self.ace = self.ann.ok('group-new', name='Ace', members='Ben')['group']
        self.ben.event('group', change='added')
        self.ben.ok('group-join', group=self.ace)
        self.ann.event('member', change='joined', id=self.ben.id)
        self.eve, self.to_ann = known(self.ann, 'Eve')
        self.replica = joined(self.ann, self.ace, self.to_ann, self.eve)
        self.ben.event('member', change='joined', id=self.eve.id)
        self.to_ben = dialled_as_member(self.eve, self.replica, self.ben)
        self.replica.link(self.to_ben)
        self.links = self.replica.links
        for link in self.links:
            link.wait_for('GROUP_HELLO')
        self.memory_kib = [memory_kib(person) for person in self.people]
        self.expected = []

    @property
    def people(self):
        return self.ann, self.ben

    def author_of(self, person):
        return self.replica.author_of(public_of_id(person.id))

    def assert_well(self):
        """The same processes talk to each other, show the same, and have not grown."""
        for author, reader in (self.people, reversed(self.people)):
            text = f'{author.name} is still there {time.monotonic()}'
            author.ok('send', to=self.ace, text=text)
            assert reader.event('message', text=text)['conversation'] == self.ace
            self.expected.append(text)
        for person, before in zip(self.people, self.memory_kib):
            assert texts_of(person, self.ace) == self.expected, (person.name, texts_of(person, self.ace))
            assert person.process.poll() is None
            growth = memory_kib(person) - before
            assert SANITIZED or growth < MAX_GROWTH_KIB, (person.name, growth)


@contextlib.contextmanager
def attacked():
    group = Attacked()
    yield group
    group.assert_well()


def two_of(replica, content, other, **fields):
    """Two entries of ours with one number."""
    return replica.seal(log.text(content), **fields), replica.seal(log.text(other), **fields)


def test_20_two_entries():
    """Attack 20: Ann is told yes, Ben no. The proof goes round, and nobody shows either."""
    with attacked() as group:
        to_ann, to_ben = group.links
        yes, no = two_of(group.replica, 'yes', 'no')
        to_ann.send('GROUP_ENTRIES', items=[yes.item()])
        to_ben.send('GROUP_ENTRIES', items=[no.item()])
        for link in group.links:
            proof = link.wait_for('GROUP_PROOF')
            pair = log.of_item(proof['first']), log.of_item(proof['second'])
            assert {entry.id for entry in pair} == {yes.id, no.id}
        later = log.seal(group.replica.key, group.replica.chain.head(), 2, yes.id, log.now_hlc(1), log.text('later'))
        for link in group.links:
            link.send('GROUP_ENTRIES', items=[later.item()])


def test_20_deep_fork():
    """Attack 20: two histories that are the same at first and then not: what both have stays, and nothing else."""
    with attacked() as group:
        replica, start = group.replica, int(time.time() * 1000) - 200000
        for side, link in enumerate(group.links):
            prev, items = None, []
            for number in range(1, 131):
                content = log.text(f'{number} {"ab"[side] if number > 5 else ""}')
                entry = log.seal(replica.key, replica.chain.head(), number, prev, start + number * 1000 << 16, content,
                                 salt=bytes(16))
                items.append(entry.item())
                prev = entry.id
            link.send('GROUP_ENTRIES', items=items)
        for link in group.links:
            link.wait_for('GROUP_PROOF')
        group.expected = [f'{number} ' for number in range(1, 6)]
        with answering(group.to_ann, group.to_ben):
            for person in group.people:
                await_texts(person, group.ace, group.expected)


def await_texts(person, group, expected):
    """Nothing tells of what is hidden again: the history says it."""
    end = time.monotonic() + 30
    while texts_of(person, group) != expected:
        assert time.monotonic() < end, texts_of(person, group)


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
