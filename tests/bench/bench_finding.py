#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes from the start of Kith to the session with a contact whose address is new, through
a private DHT of 32 nodes, near and far. Prints figures as lines of JSON."""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'cli'))
import own_network  # noqa: E402
from kith_cli import Person, end_processes, keep_until_the_end  # noqa: E402

N_NODES = 32
N_ROUNDS = int(os.environ.get('KITH_BENCH_ROUNDS', '20'))
BOOTSTRAP = '45.67.0.1:4222'
NETWORK = ['--no-lan', '--no-port-map', '--dht-network', '77', '--bootstrap', BOOTSTRAP]


def far(delay_ms, loss_percent):
    return {'LD_PRELOAD': os.environ['KITH_BENCH_FAR'], 'KITH_BENCH_DELAY_MS': str(delay_ms),
            'KITH_BENCH_LOSS_PERCENT': str(loss_percent)} if delay_ms or loss_percent else {}


def start_dht(environment):
    for i in range(N_NODES):
        keep_until_the_end(subprocess.Popen(
            ['dhtnode', '-s', '-n', '77', '-p', str(4222 + i), *(['-b', BOOTSTRAP] if i > 0 else [])],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **environment}))


def become_contacts(ann, ben):
    ann.ok('connect', address='45.67.0.10', port=ben.port)
    ben.event('request', id=ann.id)
    ben.ok('accept', who=ann.id)
    ann.event('peer-online', id=ben.id)
    # What they meet with later is agreed on before the first message.
    message = ann.ok('send', to=ben.id, text='See you later')['message']
    ann.event('receipt', message=message, state='delivered')


def do_round(environment):
    """Two people meet, go, and come back elsewhere; the DHT still has where they were. Returns how long
    it took the second until the DHT, and until the session."""
    with tempfile.TemporaryDirectory(prefix='kith-bench-') as folder:
        def arrive(name):
            return Person(name, profile=f'{folder}/{name}', listen='45.67.0.10:0', network=NETWORK,
                          environment=environment)

        ann, ben = arrive('Ann'), arrive('Ben')
        become_contacts(ann, ben)
        ben.quit()
        ann.quit()
        ann = arrive('Ann')
        ann.event('dht', state='connected')
        started = time.monotonic()
        ben = arrive('Ben')
        ben.event('dht', state='connected')
        connected = time.monotonic() - started
        ben.event('peer-online', id=ann.id)
        found = time.monotonic() - started
        ben.quit()
        ann.quit()
        return 1000 * connected, 1000 * found


def measure(delay_ms, loss_percent):
    environment = far(delay_ms, loss_percent)
    start_dht(environment)
    connected, found = zip(*(do_round(environment) for _ in range(N_ROUNDS)))
    end_processes()
    print(json.dumps({
        'measure': f'Finding a friend in a DHT of {N_NODES}, {2 * delay_ms} ms there and back, {loss_percent} % lost',
        'unit': 'ms', 'bars': {
            'Kith, until the DHT is there': round(statistics.median(connected)),
            'Kith, until the session, half of the time': round(statistics.median(found)),
            'Kith, until the session, at worst': round(max(found))}}), flush=True)


own_network.enter(['45.67.0.1', '45.67.0.10'])
for delay, loss in ((0, 0), (50, 2)):
    measure(delay, loss)
