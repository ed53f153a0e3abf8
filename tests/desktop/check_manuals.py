#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages are sound, and kith(1) tells of every option of the window and of none that there is not.

usage: check_manuals.py DOCS [KITH]"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

DOCS = pathlib.Path(sys.argv[1])
PAGES = [DOCS / 'kith.1', DOCS / 'kith-cli.1']
CHECKERS = [['man', '--warnings', '-l'], ['mandoc', '-Tlint', '-W', 'warning']]
# Those of the toolkit, which has a manual of its own, and one that a hidden start gives to the next.
FOREIGN = {'--help-gapplication', '--help-gtk', '--restore'}

complaints = []
missing = []


def check_page(page, checker):
    answer = subprocess.run([*checker, page], capture_output=True, text=True, check=False,
                            env={**os.environ, 'LC_ALL': 'C.UTF-8', 'MANWIDTH': '120'})
    said = answer.stderr if checker[0] == 'man' else answer.stdout + answer.stderr
    if answer.returncode != 0 or said:
        complaints.append(f'{page.name}: {checker[0]}: {said.strip() or answer.returncode}')


def check_options(binary):
    said = subprocess.run([binary, '--help-all'], capture_output=True, text=True, check=True,
                          env={**os.environ, 'LC_ALL': 'C.UTF-8'}).stdout
    manual = re.sub(r'\\f[BIRP]', '', PAGES[0].read_text(encoding='utf-8')).replace('\\-', '-')
    options = set(re.findall(r'^  (?:-\w, )?(--[a-z-]+)', said, re.M)) - FOREIGN
    told = set(re.findall(r'^\.BI? (--[a-z-]+)', manual, re.M)) | set(re.findall(r'(--(?:version|help)[a-z-]*)', manual))
    complaints.extend(f'kith.1 does not mention {option}' for option in sorted(options - told))
    complaints.extend(f'there is no {option}, of which kith.1 tells' for option in sorted(told - options - {'--version'}))
    if len(options) < 10:
        complaints.append(f'only {len(options)} options were found')


for checker in CHECKERS:
    if shutil.which(checker[0]) is None:
        missing.append(checker[0])
        continue
    for page in PAGES:
        check_page(page, checker)
if len(sys.argv) > 2:
    check_options(sys.argv[2])

for complaint in complaints:
    print(complaint)
for program in missing:
    print(f'{program} is not installed')
# 77: not all of it could be looked at
sys.exit(1 if complaints else 77 if missing else 0)
