#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether flatpak/chat.kith.Kith.yml takes only what is pinned, and gives Kith only what it needs.

usage: check_manifest.py SOURCE"""
import re
import sys

PERMISSIONS = {
    '--share=network': 'people are reached over it',
    '--share=ipc': 'pictures of the window with X11',
    '--socket=wayland': 'the window',
    '--socket=fallback-x11': 'the window where there is no Wayland',
    '--socket=pulseaudio': 'voice messages',
    '--device=dri': 'drawing',
    '--system-talk-name=org.freedesktop.login1': 'locking before the computer sleeps',
}
failed = False


def insist(right, words):
    global failed
    if not right:
        failed = True
        print(words)


def block_of(text, name):
    """What is indented below a name at the left."""
    found = re.search(rf'^{name}:\n((?:[ #].*\n|\n)+)', text, re.M)
    return found[1] if found else ''


def check_source(module, source):
    kind = source.get('type')
    if kind == 'dir':
        insist(module == 'kith' and source.get('path') == '..', f'{module}: a folder')
        return
    insist(source.get('url', '').startswith('https://'), f'{module}: no https')
    if kind == 'archive':
        insist(re.fullmatch('[0-9a-f]{64}', source.get('sha256', '')), f'{module}: an archive without its sha256')
    elif kind == 'git':
        insist(re.fullmatch('[0-9a-f]{40}', source.get('commit', '')) and source.get('tag'),
               f'{module}: a repository without tag and commit')
        insist('branch' not in source, f'{module}: a branch moves')
    else:
        insist(False, f'{module}: a source of the kind {kind}')


def sources_of(module):
    listed = re.search(r'^    sources:\n((?:      .*\n)+)', module, re.M)
    for item in re.split(r'^      - ', listed[1] if listed else '', flags=re.M)[1:]:
        yield dict(re.findall(r'^\s*([\w-]+): (.+)$', item, re.M))


with open(f'{sys.argv[1]}/flatpak/chat.kith.Kith.yml', encoding='utf-8') as file:
    manifest = re.sub(r'(^|\s)#.*', r'\1', file.read())

given = set(re.findall(r'^  - (--\S+)$', block_of(manifest, 'finish-args'), re.M))
insist(given == set(PERMISSIONS), f'Permissions: {sorted(given ^ set(PERMISSIONS))}')
insist(re.search(r"^runtime-version: '\d+'$", manifest, re.M), 'The runtime has no version')
insist('build-args' not in manifest and '--share=network' not in block_of(manifest, 'modules'),
       'Building reaches the network')
modules = re.split(r'^  - name: ', block_of(manifest, 'modules'), flags=re.M)[1:]
insist(len(modules) > 10, f'{len(modules)} modules')
for module in modules:
    name = module.split('\n')[0]
    sources = list(sources_of(module))
    insist(sources, f'{name}: no source')
    for source in sources:
        check_source(name, source)
sys.exit(failed)
