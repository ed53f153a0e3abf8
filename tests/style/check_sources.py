#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the sources to the rules of src/README.md: which room may use which, and how files look."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
SOURCE = ROOT / 'src'
MAY_USE = {
    'base': {'base'},
    'proto': {'base', 'proto'},
    'group': {'base', 'proto', 'group'},
    'net': {'base', 'proto', 'net'},
    'store': {'base', 'store'},
    'model': {'base', 'model'},
    'node': {'base', 'proto', 'net', 'group', 'store', 'model', 'node'},
    'cli': {'base', 'model', 'node', 'cli'},
    'picture': {'base', 'picture'},
    'ui': {'base', 'model', 'node', 'ui'},
}
# What of node the faces may use.
FOR_FACES = {f'node/kith-{name}.h' for name in (
    'autostart', 'node', 'node-broadcast', 'node-doctor', 'node-events', 'node-files', 'node-groups', 'node-history',
    'node-invites', 'node-messages', 'node-network', 'node-presence', 'node-reach', 'node-storage', 'node-verify', 'network-override',
    'profile-folder', 'settings', 'explain', 'command-line', 'small-picture', 'picture-words')}
SODIUM_ROOMS = {'base', 'proto', 'store'}
PURE_ROOMS = {'proto', 'group'}
MAX_LINES = 800
# They start programs with what is set for Kith alone; an AdwAboutWindow is told by "activate-link".
STARTERS = re.compile(r'\b(gtk_show_uri\w*|gtk_uri_launcher\w*|gtk_file_launcher\w*|gtk_link_button\w*|GtkLinkButton'
                      r'|adw_show_about_window|g_app_info_launch\w*)\b|<a href')

complaints = []


def complain(path, number, text):
    complaints.append(f'{path.relative_to(ROOT)}:{number}: {text}')


def check_include(path, room, number, include):
    other = include.split('/')[0]
    if other in MAY_USE and '/' in include and other not in MAY_USE[room]:
        complain(path, number, f'{room} must not use {other}')
    if room in ('cli', 'ui') and other == 'node' and include not in FOR_FACES:
        complain(path, number, f'{include} is not for the faces')
    if include == 'sodium.h' and room not in SODIUM_ROOMS:
        complain(path, number, 'libsodium belongs to base, proto and store')
    if include == 'sqlite3.h' and room != 'store':
        complain(path, number, 'SQLite belongs to store')
    if include.startswith(('gtk/', 'adwaita.h')) and room != 'ui':
        complain(path, number, 'GTK belongs to ui')
    if include.startswith(('gio/', 'glib-object.h')) and room in PURE_ROOMS:
        complain(path, number, f'{room} is pure: no GIO, no GObject')
    if include.startswith('opendht') and not path.name.startswith('kith-dht-host'):
        complain(path, number, 'OpenDHT belongs to net/kith-dht-host*')
    if include.startswith(('libgupnp/', 'natpmp.h')) and not path.name.startswith('kith-port-map'):
        complain(path, number, 'UPnP and NAT-PMP belong to net/kith-port-map*.c')
    if include == 'net/kith-pcp.h' and not path.name.startswith(('kith-pcp', 'kith-port-map')):
        complain(path, number, 'PCP belongs to net/kith-pcp.c and net/kith-port-map*.c')
    if include.startswith(('png.h', 'jpeglib.h', 'webp/', 'gif_lib.h', 'seccomp.h')) and room != 'picture':
        complain(path, number, 'decoders of pictures belong to picture')


def check_lines(path, lines):
    if 'SPDX-License-Identifier: GPL-3.0-or-later' not in lines[0]:
        complain(path, 1, 'the SPDX line is missing')
    if len(lines) > MAX_LINES:
        complain(path, len(lines), f'more than {MAX_LINES} lines: split it')
    for number, line in enumerate(lines, 1):
        if line != line.rstrip() or '\t' in line:
            complain(path, number, 'tab or white space at the end')
        if re.search(r'\b(TODO|FIXME|XXX)\b', line):
            complain(path, number, 'unfinished')


for path in sorted(SOURCE.rglob('*.[ch]')):
    lines = path.read_text().splitlines()
    room = path.relative_to(SOURCE).parts[0]
    check_lines(path, lines)
    if path.suffix == '.c' and not any(line.startswith('#define G_LOG_DOMAIN') for line in lines):
        complain(path, 1, 'G_LOG_DOMAIN is missing')
    # What is compiled ahead of all is no part of anything.
    if path.suffix == '.h' and path.parent.name != 'pch' and '#pragma once' not in lines:
        complain(path, 1, '#pragma once is missing')
    for number, line in enumerate(lines, 1):
        include = re.match(r'#include [<"]([^>"]+)[>"]', line)
        if include:
            check_include(path, room, number, include.group(1))

for path in sorted((SOURCE / 'ui').rglob('*.[cu]*')):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = STARTERS.search(line)
        if found and path.name != 'kith-launch.c':
            complain(path, number, f'{found.group()}: what is opened is opened by kith_launch_uri_async()')

for path in sorted((ROOT / 'tests').rglob('*.[ch]')):
    check_lines(path, path.read_text().splitlines())

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
