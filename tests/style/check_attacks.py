#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every attack of docs/attacks.md has a test, and every test that it, docs/faults.md and docs/accessibility.md name
exists."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
N_ATTACKS = 26
NAME = re.compile(r'(?<![\w./-])((?:cli|window|netns)-[a-z-]+[a-z](?:/[a-z0-9-]+)?|/[a-z0-9-]+(?:/[a-z0-9-]+)+)(?![\w./*-])')
programs = {path: path.read_text(encoding='utf-8') for path in (ROOT / 'tests').rglob('*.c')}
builds = {room: (ROOT / 'tests' / folder / 'meson.build').read_text(encoding='utf-8')
          for room, folder in (('cli', 'cli'), ('window', 'ui'), ('netns', 'netns'))}


def is_suite(suite):
    room, name = suite.split('-', 1)
    return f"'{name}'" in builds[room] or f"'{suite}'" in builds[room]


def is_in_python(suite, name):
    path = ROOT / 'tests' / 'cli' / f'test_{suite.removeprefix("cli-").replace("-", "_")}.py'
    return path.exists() and f'def test_{name.replace("-", "_")}(' in path.read_text(encoding='utf-8')


def is_in_c(path):
    """Written out, or put together from what comes before some slash and what comes behind it."""
    halves = [(path[:at + 1], path[at + 1:]) for at in range(1, len(path)) if path[at] == '/']
    return any(f'"{path}"' in text or f'"{path}/%s"' in text
               or any(f'"{before}"' in text and f'"{behind}"' in text for before, behind in halves)
               for text in programs.values())


def exists(name):
    if name.startswith('/'):
        return is_in_c(name)
    return is_in_python(*name.split('/')) if '/' in name else is_suite(name)


def cells_of(document):
    """What tables say of tests, and what is named in passing."""
    return re.findall(r'`([^`]*)`', document) + re.findall(r'\| ((?:window-[a-z-]+(?:, )?)+) \|', document)


complaints, n_names = [], 0
for file in 'attacks.md', 'faults.md', 'accessibility.md':
    document = (ROOT / 'docs' / file).read_text(encoding='utf-8')
    names = [name for cell in cells_of(document) for part in cell.split(', ') for name in NAME.findall(part)]
    n_names += len(names)
    complaints += [f'{file}: no test is called {name}' for name in names if not exists(name)]
    if not names:
        complaints.append(f'{file}: names no test')
    for tests in re.findall(r'\| ([^|]*) \|$', document, re.M):
        complaints += [f'{file}: {name} is no name of a test' for name in re.findall(r'`([^`]*)`', tests)
                       if file != 'accessibility.md' and not NAME.fullmatch(name)]
    if file == 'attacks.md':
        rows = re.findall(r'^\| (\d+) \|.*\| ([^|]*) \|$', document.split('\n## ')[0], re.M)
        if [int(number) for number, _ in rows] != list(range(1, N_ATTACKS + 1)):
            complaints.append(f'{file}: not all attacks are there, in order')
        complaints += [f'{file}: attack {number} has no test' for number, tests in rows if '`' not in tests]
for complaint in complaints:
    print(f'docs/{complaint}')
print(f'{n_names} names')
sys.exit(1 if complaints else 0)
