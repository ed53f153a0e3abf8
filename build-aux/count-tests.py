#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what meson's test runs report: "N passed, N failed", and fails when anything did.

The report in JUnit's format has every subtest, but not what became of the program around them: one that
crashed, hung or ended badly after its last subtest is found in meson's own log."""
import json
import pathlib
import sys
import xml.etree.ElementTree

FINE = {'OK', 'SKIP', 'EXPECTEDFAIL'}


def count_cases(folder):
    """The subtests that passed, and those that failed, by name."""
    passed, failures = 0, []
    for report in folder.glob('*.junit.xml'):
        for case in xml.etree.ElementTree.parse(report).iter('testcase'):
            if case.find('skipped') is not None:
                continue
            if case.find('failure') is not None or case.find('error') is not None:
                failures.append(f'{case.get("classname")} {case.get("name")}')
            else:
                passed += 1
    return passed, failures


def bad_programs(folder):
    """What meson itself was not content with."""
    log = folder / 'testlog.json'
    lines = log.read_text().splitlines() if log.exists() else []
    for entry in map(json.loads, lines):
        if entry['result'] not in FINE:
            yield f'{entry["name"]} ({entry["result"]}, exit status {entry.get("returncode")})'


n_passed = n_failed = 0
for folder in map(pathlib.Path, sys.argv[1:]):
    passed, failures = count_cases(folder)
    programs = list(bad_programs(folder))
    if passed == 0 or not (folder / 'testlog.json').exists():
        programs.append(f'{folder} has no report')
    for failure in failures + programs:
        print(f'FAILED: {failure}')
    n_passed += passed
    # A program that fails because of its subtests is counted once for each of these.
    n_failed += max(len(failures), len(programs))

print(f'{n_passed} passed, {n_failed} failed')
sys.exit(1 if n_failed or not n_passed else 0)
