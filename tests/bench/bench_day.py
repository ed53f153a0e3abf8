#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An ordinary day of one process: how soon a friend is there after the start, and what it costs to be there and do
nothing. KITH_BENCH_IDLE_S says for how long nothing is done."""
import json
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cli'))
from kith_cli import Person, befriend, end_processes

IDLE_S = int(os.environ.get('KITH_BENCH_IDLE_S', '120'))
ROUNDS = 10
TICKS = os.sysconf('SC_CLK_TCK')


def tell(measure, unit, **bars):
    print(json.dumps({'measure': measure, 'unit': unit,
                      'bars': {name.replace('_', ' '): round(value, 4) for name, value in bars.items()}}), flush=True)


def tell_goal(what, value, at_most):
    print(json.dumps({'goal': what, 'value': round(value, 4), 'at_most': at_most}), flush=True)


def usage_of(pid):
    """CPU in seconds, and how often a thread of it was woken."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    wakes = sum(int(task.read_text().split('\nvoluntary_ctxt_switches:')[1].split()[0])
                for task in pathlib.Path(f'/proc/{pid}/task').glob('*/status'))
    return (int(fields[11]) + int(fields[12])) / TICKS, wakes


def memory_of(pid):
    status = pathlib.Path(f'/proc/{pid}/status').read_text()
    return int(status.split('VmRSS:')[1].split()[0]) / 1024


def bench_start(folder, ann):
    took = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        ben = Person('Ben', profile=f'{folder}/ben')
        ben.event('peer-online', id=ann.id)
        took.append(time.monotonic() - began)
        ben.quit()
    took.sort()
    tell('From the start to a session with a friend', 's', half_of_the_time=took[ROUNDS // 2], at_worst=took[-1])
    tell_goal('start to a session with a known contact, s', took[ROUNDS // 2], .5)


def bench_idle(folder):
    ben = Person('Ben', profile=f'{folder}/ben')
    ben.event('peer-online')
    time.sleep(5)  # what a start does besides has been done
    cpu, wakes = usage_of(ben.process.pid)
    time.sleep(IDLE_S)
    cpu_then, wakes_then = usage_of(ben.process.pid)
    percent, rate = (cpu_then - cpu) * 100 / IDLE_S, (wakes_then - wakes) / IDLE_S
    tell('kith-cli with one contact, idle', 'percent of a core; wake-ups a second; MiB', CPU=percent, wake_ups=rate,
         memory=memory_of(ben.process.pid))
    tell_goal('idle with one contact, percent of a core', percent, .05)
    tell_goal('idle with one contact, wake-ups a second', rate, 1)


def main():
    with tempfile.TemporaryDirectory(prefix='kith-bench-') as folder:
        try:
            ann, ben = Person('Ann'), Person('Ben', profile=f'{folder}/ben')
            befriend(ben, ann)
            ben.quit()
            bench_start(folder, ann)
            bench_idle(folder)
        finally:
            end_processes()


if __name__ == '__main__':
    main()
