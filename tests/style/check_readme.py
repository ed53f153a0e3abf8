#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What src/README.md and the pages of docs say of the tree is so: which rooms there are and which may use which, and
that each file which they name exists. And each source is built: one that no meson.build lists is dead."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
SOURCE = ROOT / 'src'
PAGES = [SOURCE / 'README.md', ROOT / 'CONTRIBUTING.md', *sorted((ROOT / 'docs').glob('*.md'))]
# What is called so and is no source.
NO_SOURCES = {'kith-cli', 'kith-picture', 'kith-pot', 'kith-update-po', 'kith-cli-with-one-contact-idle'}

rules = (ROOT / 'tests' / 'style' / 'check_sources.py').read_text()
MAY_USE = eval(re.search(r'^MAY_USE = (\{.*?^\})', rules, re.S | re.M).group(1))

complaints = []

# --- The table of rooms ------------------------------------------------------------------------

rooms = {}
for room, uses in re.findall(r'^\| (\w+)/ \|.*\| ([^|]+) \|$', (SOURCE / 'README.md').read_text(), re.M):
    rooms[room] = set(rooms) if uses == 'all of these' else set(re.findall(r'\w+', uses))

folders = {path.name for path in SOURCE.iterdir() if path.is_dir()}
if set(rooms) != folders or set(MAY_USE) != folders:
    complaints.append(f'src/README.md: has the rooms {sorted(rooms)}, there are {sorted(folders)}')
for room, uses in rooms.items():
    if uses != MAY_USE.get(room, set()) - {room}:
        complaints.append(f'src/README.md: {room} may use {sorted(MAY_USE.get(room, set()) - {room})}')

# --- The files that are named ------------------------------------------------------------------

files = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob('*') if path.is_file()}
n_names = 0


def exists(room, name, open_end, suffix):
    """kith-lan and kith-port-map*.c: all that begin so."""
    of_room = {file for file in files if not room or file.startswith(f'{room}/')}
    pattern = re.compile(re.escape(name) + (r'[\w-]*' if open_end else r'') + (re.escape(suffix) or r'\b.*') + '$')
    return any(pattern.match(pathlib.PurePath(file).name) for file in of_room)


for page in PAGES:
    for match in re.finditer(r'(?:\b(' + '|'.join(MAY_USE) + r')/)?(?<![\w-])(kith-[a-z0-9-]*[a-z0-9])(\*?)(\.[ch]\b)?',
                             page.read_text()):
        room, name, open_end, suffix = match.groups()
        n_names += 1
        if name not in NO_SOURCES and not exists(room, name, open_end, suffix or ''):
            complaints.append(f'{page.relative_to(ROOT)}: there is no {match.group()}')

if n_names < 50:
    complaints.append(f'only {n_names} names of files were found: this test does not see them any more')

# --- The files that are built ------------------------------------------------------------------

built = ''.join(path.read_text() for path in SOURCE.rglob('meson.build'))
for file in sorted(files):
    if file.endswith('.c') and not re.search(r"'(?:[\w-]+/)*" + re.escape(pathlib.PurePath(file).name) + "'", built):
        complaints.append(f'src/{file}: no meson.build has it')

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
