#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each function of a header that others use is described: in the manner of gi-docgen before its definition, or
in a comment right before its declaration, which then speaks for the declarations below it up to the next
comment or empty line. Where it gives a pointer, that says to whom this belongs: (transfer full), (transfer none),
... A const pointer is lent. Where parameters are
described, each of them is, by its name. What nothing in src calls says that it is for tests."""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
SOURCE = ROOT / 'src'
BLOCK = re.compile(r'/\*\*\n \* (kith_\w+):[^\n]*\n(.*?)\*/', re.S)
COMMENT = re.compile(r'(/\*.*?\*/)(?=\s*\n|$)', re.S)
DECLARATION = re.compile(r'^([a-zA-Z_][\w ]*?[\s*]+)(kith_\w+)\s*\(([^;{}]*)\)\s*(?:G_GNUC_\w+(?: \([^)]*\))?\s*)*;',
                         re.M)

DEFINED = re.compile(r'/\*\*\n \* (kith_\w+):[^\n]*\n((?: \*[^\n]*\n)*?) \*/\n[^;{}(]*?\b\1 \(([^;{}]*)\)\n\{')
CODES = '|'.join(re.findall(r'^  KITH_ERROR_(\w+),', (SOURCE / 'base/kith-error.h').read_text(), re.M))
ERRORS = re.compile(rf'\b[Ee]rrors\b|@error: (?!return location for an? \S+$)|\b(?:{CODES}|\w+_ERROR\w*)\b', re.M)
UNSAID = {'error', '...', 'void'}
DECLARED_AND_DEFINED = 2

blocks = {}
words = collections.Counter()
complaints = []
n_functions = 0


def check(path, returned, name, text, parameters):
    global n_functions

    n_functions += 1
    if text is None:
        complaints.append(f'{path.relative_to(ROOT)}: {name}: not a word about it')
    elif '*' in returned and not returned.startswith('const') and not re.search(r'\(transfer[\s*]', text):
        complaints.append(f'{path.relative_to(ROOT)}: {name}: whose is what it returns?')
    if (re.search(r'GError\s*\*\*', parameters) and not ERRORS.search(text or '')
            and 'Errors of all' not in path.read_text()):
        complaints.append(f'{path.relative_to(ROOT)}: {name}: which errors?')
    if words[name] <= DECLARED_AND_DEFINED and not re.search(r'\btests\b', text or ''):
        complaints.append(f'{path.relative_to(ROOT)}: {name}: who calls it?')


def names_of(parameters):
    """Of functions that are given, too."""
    flat = re.sub(r'\(\*(\w+)\)\s*\([^()]*\)', r'\1', parameters)
    return [re.sub(r'\[.*', '', parameter).split()[-1].lstrip('*') for parameter in flat.split(',')]


def check_parameters(path, name, text, parameters):
    said, there = re.findall(r'^ \* @(\w+):', text, re.M), names_of(parameters)
    for wrong in set(said) - set(there):
        complaints.append(f'{path.relative_to(ROOT)}: {name}: has no {wrong}')
    for missing in set(there) - set(said) - UNSAID if said else ():
        complaints.append(f'{path.relative_to(ROOT)}: {name}: what is {missing}?')


for path in SOURCE.rglob('*.[ch]'):
    blocks.update(BLOCK.findall(path.read_text()))
    words.update(re.findall(r'\bkith_\w+', re.sub(r'/\*.*?\*/', '', path.read_text(), flags=re.S)))
    for definition in DEFINED.findall(path.read_text()):
        check_parameters(path, *definition)

for path in sorted(SOURCE.rglob('*.h')):
    if path.name.endswith('-private.h'):
        continue
    for paragraph in re.split(r'\n\s*\n', path.read_text()):
        comment = None
        for part in COMMENT.split(paragraph):
            if part.startswith('/*'):
                comment = part
                continue
            code = re.sub(r'/\*.*?\*/|^#.*$', '', part, flags=re.S | re.M)
            for returned, name, parameters in DECLARATION.findall(code):
                if not returned.startswith('typedef'):
                    check(path, returned, name, blocks.get(name, comment), parameters)

if n_functions < 2000:
    complaints.append(f'only {n_functions} functions were found: this test does not see them any more')
for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
