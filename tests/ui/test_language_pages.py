#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""On every page and in every dialog, nothing is left in English: in a language made from the sources (see pages.py).

usage: test_language_pages.py First | Alone | Talk | Groups"""

import pathlib
import re
import sys
import tempfile

import pages
from languages import MadeUp, find_english
from person import check, finish, screenshot, wait

TOOLKIT = {'about'}  # all but the names of Kith are the toolkit's words


def words_of(path):
    """A pattern of all that people say in a stage: each string of its source, the longest first."""
    text = re.sub(r'"\s*\n\s*"', '', (pathlib.Path(__file__).parent / path).read_text())
    words = sorted(set(re.findall(r'"((?:\\.|[^"\\\n])*[a-z](?:\\.|[^"\\\n])*)"', text)), key=len, reverse=True)
    # An ID may be cut.
    return '|'.join([re.escape(word).replace('%03u', r'\d+') for word in words] + [r'kith-\w+-[-\d]*'])


SAID = {'Groups': words_of('group-stage.c')}

with tempfile.TemporaryDirectory() as folder:
    language = MadeUp(folder)
    # GTK measures letters from several fonts in one label now this way, now that way, and complains of itself.
    stage = getattr(pages, sys.argv[1])(language.say, {**language.environment, 'G_DEBUG': ''})
    said = SAID.get(sys.argv[1])
    try:
        for page in stage.pages():
            if page.name in TOOLKIT:
                continue
            # What was just opened may still be filled.
            if not check(f'{page.name}: all of it is translated',
                         wait(lambda person=page.person: not find_english(language, person, said), 3),
                         lambda person=page.person: find_english(language, person, said)):
                screenshot(f'pseudo-{page.name}')
        stage.all_seen()
    finally:
        stage.leave()
finish()
