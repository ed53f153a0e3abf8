#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs Kith into a folder: all that belongs to it is there and nothing else, what is a program can be run, and
nothing knows where it was built.

usage: check_install.py SOURCE BUILD LIST MESON [ARGUMENT...]"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD, LIST = map(pathlib.Path, sys.argv[1:4])
MESON = sys.argv[4:]
FOLDERS = ('bindir', 'datadir', 'libexecdir', 'localedir', 'mandir')

complaints = []


def introspect(what):
    said = subprocess.run([*MESON, 'introspect', f'--{what}', str(BUILD)], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def wanted(options):
    """The paths of the list, below the root; a line with a language is for each of them."""
    prefix = pathlib.Path(options['prefix'])
    folders = {name: str(prefix / options[name]) for name in FOLDERS}
    languages = [line for line in (SOURCE / 'po' / 'LINGUAS').read_text().splitlines() if line and line[0] != '#']
    for line in LIST.read_text(encoding='utf-8').splitlines():
        if line and not line.startswith('#'):
            for language in languages if '{language}' in line else ['']:
                yield line.format(language=language, **folders).lstrip('/')


def knows(path, places):
    content = path.read_bytes()
    return next((place for place in places if place.encode() in content), None)


def check_files(root, names):
    # A place such as /src is in every program, by chance.
    places = [str(place) for place in (BUILD.resolve(), SOURCE.resolve()) if len(str(place)) > 5]
    for name in sorted(names):
        path = root / name
        place = knows(path, places)
        if place:
            complaints.append(f'{name} names {place}')
        if path.parent.name in ('bin', 'libexec') and not os.access(path, os.X_OK):
            complaints.append(f'{name} cannot be run')


root = pathlib.Path(tempfile.mkdtemp(prefix='kith-install-'))
try:
    subprocess.run([*MESON, 'install', '-C', str(BUILD), '--no-rebuild', '--strip', '--quiet', '--destdir', str(root)],
                   check=True, capture_output=True, text=True)
    found = {str(path.relative_to(root)) for path in root.rglob('*') if not path.is_dir()}
    listed = set(wanted({option['name']: option['value'] for option in introspect('buildoptions')}))
    complaints += [f'{name} is missing' for name in sorted(listed - found)]
    complaints += [f'{name} does not belong there' for name in sorted(found - listed)]
    check_files(root, found)
except subprocess.CalledProcessError as error:
    complaints.append(f'it cannot be installed: {error.stdout}{error.stderr}')
finally:
    shutil.rmtree(root, ignore_errors=True)

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
