#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes until the window is there, until it can be used, and how much memory then: beside an empty window of
GTK and libadwaita, round by round. Runs in tests/ui/desktop.sh. KITH_BENCH_MESSAGES says how long the longest history
is."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'ui'))
from accessible import Bus, Tree  # noqa: E402

ROUNDS = int(os.environ.get('KITH_BENCH_ROUNDS', '5'))
MESSAGES = int(os.environ.get('KITH_BENCH_MESSAGES', '10000'))
TICKS = os.sysconf('SC_CLK_TCK')
DEADLINE_S = 60
QUIET_S = .5


def cpu_of(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid):
    """What is only ours, and our part of what we share."""
    rollup = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text()
    return int(rollup.split('\nPss:')[1].split()[0]) / 1024


def is_visible(pid):
    found = subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(pid), '--name', '.'],
                           capture_output=True, text=True, check=False).stdout
    return bool(found.strip())


def shows_people(bus, pid):
    """Whether there are conversations to choose from. A spinner is no window that one can use."""
    try:
        name = bus.find_process(pid)
        return name is not None and any(node.role == 'list item' for node in Tree(bus, name).walk())
    except Exception:  # objects come and go
        return False


def start_to_use(bus, *command):
    """Returns seconds until there are conversations. Looking takes time of it, too."""
    began = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not shows_people(bus, process.pid):
        assert process.poll() is None and time.monotonic() < began + DEADLINE_S, command
        time.sleep(.02)
    usable = time.monotonic() - began
    process.terminate()
    process.wait()
    return usable


def start(*command):
    """Returns seconds until the window is visible, CPU until it has settled, and MiB of memory."""
    began = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not is_visible(process.pid):
        assert process.poll() is None and time.monotonic() < began + DEADLINE_S, command
    visible = time.monotonic() - began
    cpu, since = cpu_of(process.pid), time.monotonic()
    while time.monotonic() - since < QUIET_S:
        time.sleep(.05)
        if cpu_of(process.pid) > cpu:
            cpu, since = cpu_of(process.pid), time.monotonic()
    memory = memory_of(process.pid)
    process.terminate()
    process.wait()
    return visible, cpu, memory


def median(values):
    return sorted(values)[len(values) // 2]


def tell(measure, unit, **bars):
    print(json.dumps({'measure': measure, 'unit': unit,
                      'bars': {name.replace('_', ' '): round(value, 3) for name, value in bars.items()}}), flush=True)


def main():
    kith, empty, make_history = os.environ['KITH'], os.environ['KITH_EMPTY_WINDOW'], os.environ['KITH_MAKE_HISTORY']
    quiet = ['--new-instance', '--no-dht', '--no-lan', '--no-port-map']
    with tempfile.TemporaryDirectory(prefix='kith-bench-') as folder:
        # A profile without anything, so that the history has a vault to go into.
        cli = subprocess.Popen([os.environ['KITH_CLI'], '--json', '--name', 'Ann', '--profile', folder, '--no-dht',
                                '--no-lan', '--no-port-map', '--no-listen'], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
        while json.loads(cli.stdout.readline()).get('event') != 'ready':
            pass
        cli.communicate(b'{"cmd":"quit"}\n')
        subprocess.run([make_history, folder, str(MESSAGES)], check=True, stdout=subprocess.DEVNULL)
        commands = {'an_empty_window': [empty], 'Kith_in_memory': [kith, '--ephemeral', *quiet],
                    'Kith_with_messages': [kith, '--profile', folder, *quiet]}
        results = {name: [] for name in commands}
        usable, bus = [], Bus()
        for _ in range(ROUNDS):
            for name, command in commands.items():
                results[name].append(start(*command))
            usable.append(start_to_use(bus, *commands['Kith_with_messages']))
    figures = {name: [median([r[i] for r in rounds]) for i in range(3)] for name, rounds in results.items()}
    with_these = f', with {MESSAGES} messages'
    tell('Start until the window is visible' + with_these, 's', **{name: f[0] for name, f in figures.items()})
    tell('Start until the window has settled' + with_these, 's of CPU', **{name: f[1] for name, f in figures.items()})
    tell('Memory of the window' + with_these, 'MiB (PSS)', **{name: f[2] for name, f in figures.items()})
    tell('Start until there are conversations' + with_these, 's', Kith_with_messages=median(usable))
    print(json.dumps({'goal': f'start until conversations with {MESSAGES} messages, without a passphrase, can be used, s',
                      'value': round(median(usable), 2), 'at_most': 1}))
    full = figures['Kith_with_messages']
    print(json.dumps({'goal': f'start until visible with {MESSAGES} messages, to an empty window',
                      'value': round(full[0] / figures['an_empty_window'][0], 2), 'at_most': 1.35}))
    print(json.dumps({'goal': f'memory of the window with {MESSAGES} messages, MiB', 'value': round(full[2], 1),
                      'at_most': 130}))


if __name__ == '__main__':
    sys.exit(main())
