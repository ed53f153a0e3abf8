#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people talk, and their processes are killed again and again in the middle of it. Whatever was
acknowledged is there, once and in order, and the databases are whole. KITH_TEST_LONG=1: 200 times."""
import os
import pathlib
import queue
import random
import shutil
import subprocess
import tempfile

import kith_cli
from kith_cli import Person, befriend

ROUNDS = 200 if os.environ.get('KITH_TEST_LONG') == '1' else 60
SEED = int(os.environ.get('KITH_TEST_SEED', random.randrange(1 << 30)))
CHECK_STORE = os.environ['KITH_CHECK_STORE']


class Talker:
    """Somebody who goes on talking through any number of processes."""

    def __init__(self, name, root):
        self.name = name
        self.profile = str(root / name)
        self.n_sent = 0
        self.acknowledged = []
        self.asked = {}
        self.start('127.0.0.1:0')

    def start(self, listen):
        self.person = Person(self.name, profile=self.profile, listen=listen)
        self.asked = {}

    def say(self, other):
        text = f'{self.name} {self.n_sent}'
        self.n_sent += 1
        self.asked[self.person.begin('send', to=other.person.id, text=text)] = text

    def listen(self, deadline):
        """Takes what has come; an acknowledged message has to stay."""
        try:
            item = self.person.lines.get(timeout=deadline)
        except queue.Empty:
            return False
        assert item is not None, (self.name, self.person.errors)
        assert item.get('error') != 'older-copy', item
        if 'reply' in item and item['ok'] and item['reply'] in self.asked:
            self.acknowledged.append(self.asked.pop(item['reply']))
        return True

    def kill(self):
        self.person.kill()
        # What it had said before it died counts, too.
        while True:
            item = self.person.lines.get(timeout=kith_cli.DEADLINE_S)
            if item is None:
                return
            assert item.get('error') != 'older-copy', item
            if item.get('ok') and item['reply'] in self.asked:
                self.acknowledged.append(self.asked.pop(item['reply']))

    def history(self, other):
        found, before = [], {}
        while True:
            page = self.person.ok('history', **{'with': other.person.id, 'limit': 1000, **before})['messages']
            found = page + found
            if len(page) < 1000:
                return found
            before = {'before': page[0]['message']}


def check_store(talker):
    result = subprocess.run([CHECK_STORE, talker.profile], capture_output=True, text=True,
                            timeout=kith_cli.DEADLINE_S)
    assert result.returncode == 0 and result.stdout == 'ok\n', (talker.name, result)


def is_subsequence(part, whole):
    rest = iter(whole)
    return all(item in rest for item in part)


def test_killed_while_talking():
    dice = random.Random(SEED)
    print(f'# seed {SEED}, {ROUNDS} rounds', flush=True)
    root = pathlib.Path(tempfile.mkdtemp(prefix='kith-kill-'))
    try:
        ann, ben = Talker('ann', root), Talker('ben', root)
        befriend(ann.person, ben.person)
        for _ in range(ROUNDS):
            # A random number of words and answers is as good as a random time.
            for _ in range(dice.randrange(1, 60)):
                ann.say(ben)
                if dice.random() < .7:
                    ben.say(ann)
                ann.listen(.002)
                ben.listen(.002)
            victims = dice.choice([[ann], [ben], [ann, ben]])
            ports = {victim: victim.person.port for victim in victims}
            for victim in victims:
                victim.kill()
            for victim in victims:
                check_store(victim)
                victim.start(f'127.0.0.1:{ports[victim]}')

        # Everything arrives in the end.
        for talker, other in ((ann, ben), (ben, ann)):
            last = f'{talker.name} is done'
            talker.person.ok('send', to=other.person.id, text=last)
            other.person.event('message', text=last)
        for talker, other in ((ann, ben), (ben, ann)):
            theirs = [m['text'] for m in other.history(talker) if m['from'] != 'me']
            own = [m['text'] for m in talker.history(other) if m['from'] == 'me']
            assert len(set(theirs)) == len(theirs), 'doubled'
            assert is_subsequence(talker.acknowledged, own), f'{talker.name} lost what it had acknowledged'
            assert theirs == own, f'what {talker.name} wrote is not what arrived'
        print(f'# {len(ann.acknowledged)} and {len(ben.acknowledged)} messages acknowledged', flush=True)
        for talker in (ann, ben):
            talker.person.quit()
            check_store(talker)
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == '__main__':
    kith_cli.run([test_killed_while_talking])
