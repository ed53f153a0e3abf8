# SPDX-License-Identifier: GPL-3.0-or-later
"""A language nobody speaks, made from the sources: every letter has an accent and every text is longer. What is
shown with bare letters was not translated; what does not fit will not fit in a real language either."""
import os
import re
import subprocess

LANGUAGE = 'xx'
PLURALS = 'nplurals=2; plural=(n != 1);'
PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
ACCENTED = 'áƀçðéƒğĥíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇÐÉƑĞĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ'
# What stays as it is: the name, placeholders of printf() and strftime(), markup.
KEPT = re.compile(r'(Kith|%%|%[-+#0]*[0-9.]*[a-zA-Z]|<[^>]*>|&\w+;|\\.)')
_accents = str.maketrans(PLAIN, ACCENTED)


def pseudo(text):
    """@text in this language."""
    words = ''.join(part if KEPT.fullmatch(part) else part.translate(_accents) for part in KEPT.split(text))
    end = '\\n' if words.endswith('\\n') else ''
    longer = ' ' + ('éxţŕá ' * len(text))[:max(3, len(text) // 3)].strip()
    return f'⟦{words.removesuffix(end)}{longer}⟧{end}' if end else f'⟦{words}{longer}⟧'


def _translate(line):
    match = re.fullmatch(r'(msgstr(?:\[\d\])? )"(.*)"', line)
    return f'{match.group(1)}"{pseudo(match.group(2))}"' if match and match.group(2) else line


def make(source, folder):
    """Writes the translation of all of @source into a @folder for KITH_LOCALEDIR."""
    target = f'{folder}/{LANGUAGE}/LC_MESSAGES'
    os.makedirs(target)
    run = {'check': True, 'capture_output': True, 'text': True}
    template = subprocess.run(['xgettext', '--files-from=po/POTFILES.in', '--output=-',
                               *os.environ['XGETTEXT_ARGS'].split()], cwd=source, **run).stdout
    # Each translation is the original, on one line.
    catalogue = subprocess.run(['msgen', '--no-wrap', '-'], input=template, **run).stdout
    header, messages = catalogue.split('\n\n', 1)
    header = re.sub('nplurals=.*?;.*?;', PLURALS, header).replace('charset=CHARSET', 'charset=UTF-8')
    # What has several lines is joined first.
    messages = re.sub(r'"\n"', '', messages)
    translated = '\n'.join(map(_translate, messages.splitlines()))
    subprocess.run(['msgfmt', '--check-format', f'--output-file={target}/kith.mo', '-'],
                   input=f'{header}\n\n{translated}\n', **run)
    return {'KITH_LOCALEDIR': folder, 'LANGUAGE': LANGUAGE}
