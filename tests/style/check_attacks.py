#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every attack of docs/attacks.md has a test, and every test that it names exists."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
N_ATTACKS = 26
document = (ROOT / 'docs' / 'attacks.md').read_text(encoding='utf-8')
programs = {path: path.read_text(encoding='utf-8') for path in (ROOT / 'tests').rglob('*.c')}


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
    return is_in_c(name) if name.startswith('/') else is_in_python(*name.split('/'))


complaints = []
rows = re.findall(r'^\| (\d+) \|.*\| ([^|]*) \|$', document.split('\n## ')[0], re.M)
if [int(number) for number, _ in rows] != list(range(1, N_ATTACKS + 1)):
    complaints.append('not all attacks are there, in order')
complaints += [f'attack {number} has no test' for number, tests in rows if '`' not in tests]
names = re.findall(r'`((?:cli-[a-z-]+)?/[a-z0-9/-]+)`', document)
complaints += [f'no test is called {name}' for name in names if not exists(name)]
for complaint in complaints:
    print(f'docs/attacks.md: {complaint}')
sys.exit(1 if complaints or not names else 0)
