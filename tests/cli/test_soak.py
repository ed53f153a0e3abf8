#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five people talk in pairs and in a group, while three of them leave and come back, orderly or killed. In the end
everybody has everything, once and in order, and who stayed has grown neither in memory nor in descriptors.

KITH_SOAK_MINUTES says for how long: a moment unless said, half an hour with KITH_TEST_LONG=1."""
import contextlib
import json
import os
import queue
import random
import shutil
import tempfile
import time

import kith_cli
from kith_cli import SANITIZED, Person, befriend
from test_groups import make_group

LONG = os.environ.get('KITH_TEST_LONG') == '1'
MINUTES = float(os.environ.get('KITH_SOAK_MINUTES', '30' if LONG else '0.1'))
SEED = int(os.environ.get('KITH_TEST_SEED', random.randrange(1 << 30)))
TURN_S = .05
SAMPLE_S = 10
# Who stayed may grow by what a message weighs in lists, until these are full (4000 of each conversation) and so is the
# cache of the database (16 MiB), and by no more.
GROWTH_MIB, GROWTH_BYTES_A_MESSAGE = 6, 1200
GROWTH_AT_MOST_MIB = 40
GROWTH_DESCRIPTORS = 8
PATIENCE_S = 180


class Sitter:
    """Somebody who talks through any number of processes."""

    def __init__(self, name, root):
        self.name, self.profile, self.listen = name, f'{root}/{name}', '127.0.0.1:0'
        self.n_said, self.n_heard, self.n_starts = 0, 0, 0
        self.samples, self.heard = [], set()
        self.come()

    def come(self):
        self.person = Person(self.name, profile=self.profile, listen=self.listen)
        self.listen = f'127.0.0.1:{self.person.port}'
        self.id = self.person.id
        self.n_starts += 1

    def go(self, dice):
        if dice.random() < .5:
            self.person.kill()
        else:
            self.person.quit()
        self.person = None

    def say(self, to):
        self.person.begin('send', to=to, text=f'{self.name} {self.n_said}')
        self.n_said += 1

    def take(self, item):
        assert item is not None, (self.name, self.person.errors)
        assert item.get('ok', True), (self.name, item)
        if item.get('event') == 'message':
            self.n_heard += 1
            if item['text'].endswith('is done'):
                self.heard.add((item['text'], item['conversation']))

    def drain(self):
        for item in self.person.seen:
            self.take(item)
        self.person.seen.clear()
        while True:
            try:
                self.take(self.person.lines.get_nowait())
            except queue.Empty:
                return

    def sample(self):
        pid = self.person.process.pid
        with open(f'/proc/{pid}/status', encoding='utf-8') as status:
            rss = int(status.read().split('VmRSS:')[1].split()[0]) / 1024
        self.samples.append((rss, len(os.listdir(f'/proc/{pid}/fd')), self.n_heard + self.n_said))

    def history(self, of):
        found, before = [], {}
        while True:
            page = self.person.ok('history', **{'with': of, 'limit': 1000, **before})['messages']
            found = page + found
            if len(page) < 1000:
                return [m for m in found if m.get('kind', 'text') == 'text']
            before = {'before': page[0]['message']}


def one_turn(dice, sitters, group, away):
    for sitter in sitters:
        if sitter in away:
            continue
        if dice.random() < .5:
            sitter.say(dice.choice([s for s in sitters if s is not sitter]).id)
        # A group takes two messages a second of one person, and holds back the rest.
        if dice.random() < .05:
            sitter.say(group)
        sitter.drain()


def soak(dice, sitters, group):
    end = time.monotonic() + MINUTES * 60
    away, next_change, next_sample = {}, 0, 0
    while time.monotonic() < end:
        now = time.monotonic()
        for sitter in [s for s, until in away.items() if until <= now]:
            sitter.come()
            del away[sitter]
        if now >= next_change:
            next_change = now + dice.uniform(1, 20 if LONG else 3)
            leaver = dice.choice(sitters[2:])
            if leaver not in away:
                leaver.drain()
                leaver.go(dice)
                away[leaver] = now + dice.uniform(.2, 30 if LONG else 1)
        if now >= next_sample:
            next_sample = now + min(SAMPLE_S, MINUTES * 60 / 12)
            for sitter in sitters:
                if sitter not in away:
                    sitter.sample()
            print('# ' + json.dumps({s.name: s.samples[-1] for s in sitters if s.samples}), flush=True)
        one_turn(dice, sitters, group, away)
        # Not for something to happen: this is how fast they talk.
        time.sleep(TURN_S)
    for sitter in away:
        sitter.come()


def await_all(sitters, group):
    """What each says last has come to everybody, and so has all before it."""
    due = {s: set() for s in sitters}
    for sitter in sitters:
        for other in sitters:
            if other is not sitter:
                sitter.person.begin('send', to=other.id, text=f'{sitter.name} is done')
                due[other] |= {(f'{sitter.name} is done', sitter.id), (f'{sitter.name} is done', group)}
        sitter.person.begin('send', to=group, text=f'{sitter.name} is done')
    end = time.monotonic() + PATIENCE_S
    while any(due[s] - s.heard for s in sitters):
        missing = {s.name: sorted(due[s] - s.heard) for s in sitters}
        assert time.monotonic() < end, f'waited in vain for {missing}'
        for sitter in sitters:
            try:
                sitter.take(sitter.person.lines.get(timeout=.02))
            except queue.Empty:
                pass
            sitter.drain()


def check_nothing_lost(sitters, group):
    n = 0
    for sitter in sitters:
        for other in sitters:
            if other is sitter:
                continue
            own = [m['text'] for m in sitter.history(other.id) if m['from'] == 'me']
            theirs = [m['text'] for m in other.history(sitter.id) if m['from'] != 'me']
            assert own == theirs, f'what {sitter.name} wrote to {other.name} is not what arrived'
            n += len(own)
    in_group = [[m['text'] for m in s.history(group)] for s in sitters]
    assert all(texts == in_group[0] for texts in in_group), 'the group is not the same for all'
    assert len(set(in_group[0])) == len(in_group[0]), 'doubled in the group'
    return n, len(in_group[0])


def check_growth(sitter):
    """From the first third on, when all that is made once has been made."""
    samples = sitter.samples[len(sitter.samples) // 3:]
    grown = samples[-1][0] - samples[0][0]
    n = samples[-1][2] - samples[0][2]
    fds = max(s[1] for s in samples) - max(s[1] for s in sitter.samples[:len(sitter.samples) // 3 + 1])
    print(f'# {sitter.name}: {samples[0][0]:.1f} MiB, then {samples[-1][0]:.1f} MiB after {n} messages more; '
          f'at most {max(s[1] for s in samples)} descriptors, {fds} more than before', flush=True)
    allowed = min(GROWTH_MIB + n * GROWTH_BYTES_A_MESSAGE / (1 << 20), GROWTH_AT_MOST_MIB)
    # What was freed stays with the sanitizer for a while.
    assert SANITIZED or grown <= allowed, f'{sitter.name} grew by {grown} MiB, more than {allowed}'
    assert fds <= GROWTH_DESCRIPTORS, f'{sitter.name} has {fds} more descriptors'


@contextlib.contextmanager
def five(kind, prefix):
    """Five friends and their group; of the first two it is looked at in the end whether they have grown."""
    root = tempfile.mkdtemp(prefix=prefix)
    try:
        sitters = [kind(name, root) for name in ('Ann', 'Ben', 'Cara', 'Dora', 'Emil')]
        for i, a in enumerate(sitters):
            for b in sitters[:i]:
                befriend(a.person, b.person)
        yield sitters, make_group(sitters[0].person, *(s.person for s in sitters[1:]))
        for sitter in sitters[:2]:
            check_growth(sitter)
        for sitter in sitters:
            sitter.person.quit()
    finally:
        kith_cli.end_processes()
        shutil.rmtree(root, ignore_errors=True)


def count_returns(sitters):
    return sum(s.n_starts for s in sitters) - len(sitters)


def test_five_who_come_and_go():
    dice = random.Random(SEED)
    print(f'# seed {SEED}, {MINUTES} minutes', flush=True)
    with five(Sitter, 'kith-soak-') as (sitters, group):
        soak(dice, sitters, group)
        await_all(sitters, group)
        direct, in_group = check_nothing_lost(sitters, group)
        print(f'# {direct} messages in pairs and {in_group} in the group, {count_returns(sitters)} times somebody '
              'came back', flush=True)


if __name__ == '__main__':
    kith_cli.run([test_five_who_come_and_go])
