#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""collect.py [FILE...]: takes what benchmarks have said and puts it into docs/benchmarks.md, as a table of goals, a table
of how long the main loop kept others waiting, and bars beside each other. A file is meson-logs/testlog.json of a build after `meson test --benchmark`, or lines of JSON. What a file
does not speak of stays as it was: docs/benchmarks/measured.json remembers."""
import html
import json
import pathlib
import re
import sys

DOCS = pathlib.Path(__file__).resolve().parents[2] / 'docs'
PAGE, FOLDER = DOCS / 'benchmarks.md', DOCS / 'benchmarks'
MEMORY = FOLDER / 'measured.json'
BEGIN, END = '<!-- measured: begin -->', '<!-- measured: end -->'
BAR, GAP, LEFT, RIGHT = 18, 8, 330, 300
# A ticker of the main loop: ms that it may be late by, in 99 of 100 times and ever.
LATE_P99, LATE_EVER = 2, 16


def lines_of(path):
    """Of a log of meson, what the programs in it have said."""
    for line in path.read_text(encoding='utf-8').splitlines():
        try:
            item = json.loads(line)
        except ValueError:
            continue
        if isinstance(item, dict) and 'stdout' in item:
            yield from item['stdout'].splitlines()
        else:
            yield line


def take(paths):
    """Figures and goals by their names, those that were known with them."""
    known = json.loads(MEMORY.read_text(encoding='utf-8')) if MEMORY.exists() else {'measures': {}, 'goals': {}}
    known.setdefault('loops', {})
    for path in paths:
        for line in lines_of(pathlib.Path(path)):
            try:
                item = json.loads(line)
            except ValueError:
                continue
            if isinstance(item, dict) and 'measure' in item:
                known['measures'][item.pop('measure')] = item
            elif isinstance(item, dict) and 'goal' in item:
                known['goals'][item.pop('goal')] = item
            elif isinstance(item, dict) and 'loop' in item:
                known['loops'][item.pop('loop')] = item
    return known


def short(number):
    return f'{number:,.0f}' if abs(number) >= 1000 else f'{number:.3g}'


def is_met(goal):
    return goal['value'] <= goal['at_most'] if 'at_most' in goal else goal['value'] >= goal['at_least']


def goal_rows(goals):
    yield '| what | goal | measured | |'
    yield '|---|---|---|---|'
    for what, goal in goals.items():
        wanted = f'at most {goal["at_most"]:g}' if 'at_most' in goal else f'at least {goal["at_least"]:g}'
        yield f'| {what} | {wanted} | {short(goal["value"])} | {"met" if is_met(goal) else "**missed**"} |'


def is_in_time(p99, worst):
    return p99 <= LATE_P99 and worst <= LATE_EVER


def verdict(loop):
    """Where the ticker was late, whether that was the loop or the machine."""
    _, p99, worst = loop['late_ms']
    if is_in_time(p99, worst):
        return 'met'
    return 'met but for others' if is_in_time(*loop['own_ms']) else '**missed**'


def loop_rows(loops):
    if not loops:
        return
    yield (f'| the loop during | a ticker is late by, ms: half of the time, p99 (goal {LATE_P99}), ever (goal {LATE_EVER}) '
           '| less waiting for a processor: p99, ever | in a thread with nothing to do: p99, ever '
           '| CPU of the turn one waits for, p99; of the longest | |')
    yield '|---|---|---|---|---|---|'
    for during, loop in loops.items():
        cells = (', '.join(short(ms) for ms in loop[name]) for name in ('late_ms', 'own_ms', 'beside_ms', 'cpu_ms'))
        yield f'| {during} | {" | ".join(cells)} | {verdict(loop)} |'
    yield ''


def slug(measure):
    return re.sub(r'[^a-z0-9]+', '-', measure.lower()).strip('-')


def plot(measure, figures):
    """Bars from one zero."""
    bars = figures['bars']
    longest = max([*bars.values(), 1e-9])
    height = 2 * GAP + 24 + len(bars) * (BAR + GAP)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + RIGHT + 90}" height="{height}" '
           'font-family="sans-serif" font-size="13" fill="#808080">')
    yield f'<text x="0" y="16" font-weight="bold">{html.escape(measure)}: {html.escape(figures["unit"])}</text>'
    for i, (name, value) in enumerate(bars.items()):
        y = 24 + GAP + i * (BAR + GAP)
        colour = '#3584e4' if 'Kith' in name else '#9a9996'
        yield f'<text x="{LEFT - 10}" y="{y + 13}" text-anchor="end">{html.escape(name)}</text>'
        yield f'<rect x="{LEFT}" y="{y}" width="{max(1, value / longest * RIGHT):.1f}" height="{BAR}" fill="{colour}"/>'
        yield f'<text x="{LEFT + 8 + value / longest * RIGHT:.1f}" y="{y + 13}">{short(value)}</text>'
    yield '</svg>'


def measure_rows(measures):
    for measure, figures in measures.items():
        told = ', '.join(f'{name} {short(value)}' for name, value in figures['bars'].items())
        yield f'![{measure}: {told}](benchmarks/{slug(measure)}.svg)'
        yield ''


def main(paths):
    FOLDER.mkdir(exist_ok=True)
    known = take(paths)
    MEMORY.write_text(json.dumps(known, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')
    for measure, figures in known['measures'].items():
        (FOLDER / f'{slug(measure)}.svg').write_text('\n'.join(plot(measure, figures)) + '\n', encoding='utf-8')
    page = PAGE.read_text(encoding='utf-8')
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    section = '\n'.join([BEGIN, '', *goal_rows(known['goals']), '', *loop_rows(known['loops']), *measure_rows(known['measures']), END])
    PAGE.write_text(before + section + after, encoding='utf-8')


if __name__ == '__main__':
    main(sys.argv[1:])
