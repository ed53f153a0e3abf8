#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of docs/architecture show the rooms that may use which, and the states there are."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
PICTURES = ROOT / 'docs' / 'architecture'

rules = (ROOT / 'tests' / 'style' / 'check_sources.py').read_text()
MAY_USE = eval(re.search(r'^MAY_USE = (\{.*?^\})', rules, re.S | re.M).group(1))

complaints = []


def read(name):
    return (PICTURES / name).read_text()


def names(picture):
    return set(re.findall(r'class="bold middle"[^>]*>([^<]+)<', picture))


def states(header, prefix):
    return set(re.findall(rf'^  {prefix}_([A-Z0-9_]+),$', (ROOT / 'src' / 'net' / header).read_text(), re.M))


def compare(what, shown, real):
    if shown != real:
        complaints.append(f'{what}: missing {sorted(real - shown)}, not so {sorted(shown - real)}')


rooms = read('rooms.svg')
compare('rooms.svg', names(rooms), set(MAY_USE))
# Everybody uses base: there are no arrows for it.
compare('rooms.svg, arrows', set(re.findall(r'id="([a-z]+-[a-z]+)"', rooms)),
        {f'{room}-{other}' for room, others in MAY_USE.items() for other in others - {room, 'base'}})
compare('states.svg', names(read('states.svg')),
        states('kith-channel-private.h', 'KITH_CHANNEL') | states('kith-session-private.h', 'KITH_SESSION'))

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
