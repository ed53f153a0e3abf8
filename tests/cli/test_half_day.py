#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five real kith-cli whose clocks run sixty times as fast: they talk in pairs and in a group, three of them leave and
come back, killed or not, and anybody's machine falls asleep for up to an hour of theirs. What happens every minute,
every two, every ten (keepalives, keys, dials, invitations that expire) happens as often as in real hours. In the end
everybody has everything, once and in order, and nobody who stayed has grown.

KITH_HALF_DAY_HOURS says how many of their hours: some minutes unless said, twelve with KITH_TEST_LONG=1."""
import datetime
import json
import os
import random
import signal
import time

import kith_cli
from clocks import library
from kith_cli import Person
from test_soak import LONG, Sitter, await_all, check_nothing_lost, count_returns, five

SPEED = 60
HOURS = float(os.environ.get('KITH_HALF_DAY_HOURS', '12' if LONG else '0.08'))
SEED = int(os.environ.get('KITH_TEST_SEED', random.randrange(1 << 30)))
MINUTE_S = 60 / SPEED
TURN_S = .1
N_SAMPLES = 48 if LONG else 12
# In minutes of theirs: between two changes, and how long somebody is away or asleep.
CHANGES = (2, 20) if LONG else (.3, 1)
AWAY = (1, 60) if LONG else (.2, 1)
_began = time.monotonic(), time.time()


def their_clock():
    """The environment of a process that starts now: whoever comes back has the same time as who stayed."""
    theirs = _began[1] + (time.monotonic() - _began[0]) * SPEED
    start = datetime.datetime.fromtimestamp(theirs).strftime('%Y-%m-%d %H:%M:%S')
    return {'LD_PRELOAD': _library, 'FAKETIME': f'@{start} x{SPEED}', 'FAKETIME_DONT_FAKE_MONOTONIC': '0'}


_library = library()


class Fast(Sitter):
    """Somebody whose clock runs fast, and whose machine can fall asleep."""
    is_asleep = False

    def come(self):
        self.person = Person(self.name, profile=self.profile, listen=self.listen, environment=their_clock())
        self.listen = f'127.0.0.1:{self.person.port}'
        self.id = self.person.id
        self.n_starts += 1

    def fall_asleep(self):
        self.person.process.send_signal(signal.SIGSTOP)
        self.is_asleep = True

    def wake_up(self):
        self.person.process.send_signal(signal.SIGCONT)
        self.is_asleep = False


class Day:
    def __init__(self, dice, sitters, group):
        self.dice, self.sitters, self.group = dice, sitters, group
        self.back = {}  # who is away or asleep, and until when
        self.n_slept, self.next_change, self.next_sample = 0, 0, 0
        self.end = time.monotonic() + HOURS * 60 * MINUTE_S

    def return_of(self, sitter):
        del self.back[sitter]
        if sitter.is_asleep:
            sitter.wake_up()
        else:
            sitter.come()

    def change(self, now):
        """Somebody leaves or falls asleep. The first two never leave: they are whose memory is looked at."""
        self.next_change = now + self.dice.uniform(*CHANGES) * MINUTE_S
        sitter = self.dice.choice(self.sitters)
        if sitter in self.back:
            return
        if sitter in self.sitters[:2] or self.dice.random() < .4:
            sitter.fall_asleep()
            self.n_slept += 1
        else:
            sitter.drain()
            sitter.go(self.dice)
        self.back[sitter] = now + self.dice.uniform(*AWAY) * MINUTE_S

    def sample(self, now):
        self.next_sample = now + HOURS * 60 * MINUTE_S / N_SAMPLES
        for sitter in self.sitters:
            if sitter not in self.back:
                sitter.sample()
        if LONG:
            print('# ' + json.dumps({s.name: s.samples[-1] for s in self.sitters if s.samples}), flush=True)

    def talk(self):
        for sitter in self.sitters:
            if sitter in self.back:
                continue
            if self.dice.random() < .5:
                sitter.say(self.dice.choice([s for s in self.sitters if s is not sitter]).id)
            if self.dice.random() < .1:
                sitter.say(self.group)
            sitter.drain()

    def pass_by(self):
        self.sitters[0].say(self.group)  # from here on it is measured how fast their clocks run
        while (now := time.monotonic()) < self.end:
            for sitter in [s for s, until in self.back.items() if until <= now]:
                self.return_of(sitter)
            if now >= self.next_change:
                self.change(now)
            if now >= self.next_sample:
                self.sample(now)
            self.talk()
            # Not for something to happen: this is how fast they talk.
            time.sleep(TURN_S)
        for sitter in list(self.back):
            self.return_of(sitter)


def test_half_a_day():
    dice = random.Random(SEED)
    print(f'# seed {SEED}, {HOURS} hours of theirs', flush=True)
    with five(Fast, 'kith-half-day-') as (sitters, group):
        day = Day(dice, sitters, group)
        day.pass_by()
        await_all(sitters, group)
        direct, in_group = check_nothing_lost(sitters, group)
        times = [m['time'] for m in sitters[0].history(group)]
        assert max(times) - min(times) > .8 * HOURS * 3600e3, 'their clocks did not run fast'
        print(f'# {direct} messages in pairs and {in_group} in the group, {day.n_slept} times somebody slept, '
              f'{count_returns(sitters)} times somebody came back', flush=True)


if __name__ == '__main__':
    kith_cli.run([test_half_a_day])
