#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop is told of Kith is sound, true, and fits together.

usage: check_files.py SOURCE DESKTOP METAINFO SERVICE BINARY"""
import configparser
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(sys.argv[1])
DESKTOP, METAINFO, SERVICE, BINARY = map(pathlib.Path, sys.argv[2:6])
ID = 'chat.kith.Kith'
HOMEPAGE = 'https://example.org/kith'

complaints = []
missing = set()


def complain(file, text):
    complaints.append(f'{file}: {text}')


def run(file, *command):
    if shutil.which(command[0]) is None:
        missing.add(command[0])
        return
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        complain(file, (answer.stdout + answer.stderr).strip())


def read_keys(path):
    parser = configparser.ConfigParser(interpolation=None, delimiters='=')
    parser.optionxform = str
    parser.read(path, encoding='utf-8')
    return parser[parser.sections()[0]]


def check_desktop_and_service():
    """Both have the name of the application, which is that of its files, and start the same program."""
    desktop, service = read_keys(DESKTOP), read_keys(SERVICE)
    run(DESKTOP.name, 'desktop-file-validate', str(DESKTOP))
    if desktop.get('DBusActivatable') != 'true' or DESKTOP.stem != ID:
        complain(DESKTOP.name, 'the bus cannot start it')
    if desktop['Exec'].split() != [BINARY.name, '%u']:
        complain(DESKTOP.name, f'it starts {desktop["Exec"]}')
    if service['Name'] != ID or SERVICE.stem != ID:
        complain(SERVICE.name, f'it is for {service["Name"]}')
    program, *arguments = service['Exec'].split()
    if not program.startswith('/') or pathlib.Path(program).name != BINARY.name \
            or arguments != ['--gapplication-service']:
        complain(SERVICE.name, f'it starts {service["Exec"]}')
    if not (SOURCE / 'data/icons/hicolor/scalable/apps' / f'{desktop["Icon"]}.svg').exists():
        complain(DESKTOP.name, f'there is no icon {desktop["Icon"]}')


def check_metainfo():
    run(METAINFO.name, 'appstreamcli', 'validate', '--no-net', str(METAINFO))
    root = ElementTree.parse(METAINFO).getroot()
    if root.findtext('id') != ID or root.findtext('launchable') != DESKTOP.name:
        complain(METAINFO.name, 'it is of another application')
    told = [release.get('version') for release in root.iter('release')]
    changes = re.findall(r'^## (\S+)( \(unreleased\))?', (SOURCE / 'CHANGELOG.md').read_text(encoding='utf-8'), re.M)
    if told != [version for version, _ in changes]:
        complain(METAINFO.name, f'releases {told}, but CHANGELOG.md has {changes}')
    to_come = [release.get('version') for release in root.iter('release') if release.get('type') == 'development']
    if to_come != [version for version, unreleased in changes if unreleased]:
        complain(METAINFO.name, f'still to come are {to_come}, but CHANGELOG.md has {changes}')
    if root.findtext('developer/name') != root.findtext('developer_name'):
        complain(METAINFO.name, 'the developers have two names')
    if any(not (release.findtext('description/p') or '').strip() for release in root.iter('release')):
        complain(METAINFO.name, 'a release says nothing of what is new')


def size_of(picture):
    """Width and height of a PNG."""
    return struct.unpack('>II', picture.read_bytes()[16:24])


def check_published():
    """As it is where there is a place for the screenshots: each one exists, in the size that is told."""
    template = (SOURCE / 'data' / f'{METAINFO.name}.in').read_text(encoding='utf-8')
    for word, value in {'if_published': '', 'end_if_published': '', 'homepage': HOMEPAGE}.items():
        template = template.replace(f'@{word}@', value)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / METAINFO.name
        path.write_text(template, encoding='utf-8')
        run(METAINFO.name, 'appstreamcli', 'validate', '--no-net', str(path))
        images = list(ElementTree.parse(path).iter('image'))
    for image in images:
        picture = SOURCE / 'data' / image.text.removeprefix(f'{HOMEPAGE}/')
        if not picture.exists():
            complain(METAINFO.name, f'there is no {picture.name}')
        elif size_of(picture) != (int(image.get('width')), int(image.get('height'))):
            complain(METAINFO.name, f'{picture.name} has another size')
    if len(images) < 3:
        complain(METAINFO.name, 'there are too few screenshots')


check_desktop_and_service()
check_metainfo()
check_published()

for complaint in complaints:
    print(complaint)
for program in sorted(missing):
    print(f'{program} is not installed')
# 77: not all of it could be looked at
sys.exit(1 if complaints else 77 if missing else 0)
