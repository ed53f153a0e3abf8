#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds up what meson's test runs report: "N passed, N failed", and fails when anything did."""
import pathlib
import sys
import xml.etree.ElementTree

passed = failed = 0
for folder in map(pathlib.Path, sys.argv[1:]):
    reports = list(folder.glob('*.junit.xml'))
    if not reports:
        print(f'{folder} has no report')
        failed += 1
    for report in reports:
        for case in xml.etree.ElementTree.parse(report).iter('testcase'):
            if case.find('skipped') is not None:
                continue
            if case.find('failure') is not None or case.find('error') is not None:
                failed += 1
                print(f'FAILED: {case.get("classname")} {case.get("name")}')
            else:
                passed += 1

print(f'{passed} passed, {failed} failed')
sys.exit(1 if failed or not passed else 0)
