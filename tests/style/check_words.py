#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether all words for people can be translated: marked in the sources, listed in po/POTFILES.in, with a comment
where they do not speak for themselves, with a plural where they count; and whether each translation is sound and whole."""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(sys.argv[1])
XGETTEXT_ARGS = sys.argv[2:]
MARKS = {'_', 'N_', 'C_', 'NC_', 'ngettext', 'g_dngettext'}
# What is a name everywhere, or a sign.
NO_WORDS = {'Kith', '@', '1×'}
SHOWING_CALL = re.compile(r'_(set_(label|title|subtitle|text|markup|tooltip_text|tooltip_markup|heading|body|description|'
                          r'placeholder_text)|with_label|with_mnemonic|label_new|toast_new|toast|say)$')
SHOWING_PROPERTY = {'label', 'title', 'subtitle', 'tooltip-text', 'tooltip-markup', 'heading', 'body', 'description',
                    'placeholder-text', 'text', 'help-text', 'primary-text', 'secondary-text'}
# For those who mend Kith: what goes wrong is told by its code, see kith_explain_error().
OTHER_CALL = re.compile(r'^(g_(debug|info|message|warning|critical|error|set_error|set_error_literal|set_prgname|'
                        r'error_new|error_new_literal|task_return_new_error|return_\w+|getenv)|g_variant_\w+)$')
# One word that says enough.
PLAIN_WORDS = {'Kith', 'Appearance', 'Conversations', 'Favorite', 'Favorites', 'Favourite', 'Favourites', 'Help', 'Network',
               'Notifications', 'Passphrase', 'Preferences', 'Privacy', 'Profiles', 'Security', 'Today', 'Yesterday'}
PLACEHOLDER = re.compile(r'%(?!%)[-#0-9.*]*[a-zA-Z]')
# "%u files", but not "port %u is taken" or "%u of %u".
COUNTED = re.compile(r'(?<!port )(?<!Port )%[udi] (?!of\b)[A-Za-z]')
# What is between quotation marks, those of any language.
QUOTED = re.compile(r'[„«“]\s*([^„«“”»]+?)\s*[“»”]')
# One that a button or a page may have: not a placeholder, a command, or a word that is quoted.
NAME = re.compile(r'[A-Z][a-z]')
# What tells people what to do in the window. What it emphasises besides.
GUIDES = ['README.md', 'flatpak/README.md', 'docs/kith-cli.md', 'SECURITY.md']
NO_NAMES = {'A profile on a stick', 'Over the internet'}
SEVERAL_WORDS = re.compile(r'[A-Za-z]{2,} [a-z]{2,}')
BRITISH = re.compile(r'avourite|[Cc]olour|[Bb]ehaviour|[Nn]eighbour|\b[Cc]entre|\b[Gg]rey\b|[Cc]ancelled|[Ss]pelt\b|'
                     r'\bany more\b|(?:ogn|rgan|nchron|itial|inim|axim)is(?:e|ed|es|ing)\b')

complaints = []


def complain(place, text):
    complaints.append(f'{place}: {text}')


# --- Sources -----------------------------------------------------------------------------------


def literals(text):
    """(line, literal, calls around it) of each string in C."""
    text = re.sub(r'^\s*#\s*(include|define G_LOG_DOMAIN).*$', '', text, flags=re.M)
    token = re.compile(r'/\*.*?\*/|//[^\n]*|\'(?:\\.|[^\'\\])+\'|"((?:\\.|[^"\\])*)"|(\w*)\s*\(|\)', re.S)
    calls = []
    for match in token.finditer(text):
        if match.group(1) is not None:
            yield text.count('\n', 0, match.start()) + 1, match.group(1), list(calls)
        elif match.group(2) is not None:
            calls.append(match.group(2))
        elif match.group() == ')' and calls:
            calls.pop()


def check_form(place, words):
    if re.search("[A-Za-z]'[a-z]", words):
        complain(place, f"an apostrophe is ’: {words}")
    if BRITISH.search(words):
        complain(place, f'American spelling, as in all of GNOME: {words}')


def is_for_people(literal, calls):
    if not re.search('[A-Za-z]', literal) or literal in NO_WORDS or any(OTHER_CALL.match(call) for call in calls):
        return False
    if calls and SHOWING_CALL.search(calls[-1]):
        return bool(re.search('[A-Za-z]', re.sub(r'%[-0-9.*]*[a-z]+', '', literal)))
    # A word behind a slash is a command, which is the same in all languages.
    return bool(SEVERAL_WORDS.search(literal)) and '=' not in literal and not literal.startswith('/')


def check_c(path):
    for line, literal, calls in literals(path.read_text()):
        if MARKS.intersection(calls):
            check_form(f'{path.relative_to(ROOT)}:{line}', literal)
        elif is_for_people(literal, calls):
            complain(f'{path.relative_to(ROOT)}:{line}', f'not marked for translation: "{literal}"')


def check_template(path):
    for element in ElementTree.parse(path).iterfind('.//accessibility/*[@comments]'):
        complain(path.relative_to(ROOT), f'GTK 4.8 takes <!-- Translators: … --> here alone: {element.text}')
    for element in ElementTree.parse(path).iter():
        words = (element.text or '').strip()
        if element.get('translatable') == 'yes':
            check_form(path.relative_to(ROOT), words)
        shown = element.tag == 'item' or element.tag in ('property', 'attribute') \
            and element.get('name') in SHOWING_PROPERTY
        if shown and re.search('[A-Za-z]', words) and words not in NO_WORDS and element.get('translatable') != 'yes':
            complain(path.relative_to(ROOT), f'not marked for translation: {words}')


def has_marks(path):
    text = path.read_text()
    if path.suffix == '.ui':
        return 'translatable="yes"' in text
    return any(MARKS.intersection(calls) for _, _, calls in literals(text))


def check_list():
    lines = (ROOT / 'po' / 'POTFILES.in').read_text().splitlines()
    listed = [line for line in lines if line and not line.startswith('#')]
    found = [path for pattern in ('*.c', '*.h', '*.ui') for path in (ROOT / 'src').rglob(pattern) if has_marks(path)]
    found += [path for pattern in ('*.desktop.in', '*.metainfo.xml.in') for path in (ROOT / 'data').glob(pattern)]
    wanted = sorted(str(path.relative_to(ROOT)) for path in found)
    for missing in sorted(set(wanted) - set(listed)):
        complain('po/POTFILES.in', f'{missing} is missing')
    for extra in sorted(set(listed) - set(wanted)):
        complain('po/POTFILES.in', f'{extra} has nothing to translate')
    if listed != sorted(listed):
        complain('po/POTFILES.in', 'not in order')


# --- Translations ------------------------------------------------------------------------------


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, 'LC_ALL': 'C'})


def joined(block, keyword):
    """The words of one keyword of a message, on one line; None without it."""
    match = re.search(rf'^{keyword} ((?:".*"\n?)+)', block, re.M)
    return ''.join(re.findall(r'"(.*)"', match.group(1))) if match else None


def check_comments(where, message, block):
    """What cannot be understood alone says what it is about."""
    if '#. ' in block:
        return
    if PLACEHOLDER.search(message):
        complain(where, f'no comment says what the placeholder is: {message}')
    elif len(message.split()) == 1 and 'msgctxt' not in block and message.replace('_', '') not in PLAIN_WORDS:
        complain(where, f'one word, and no comment says what it is about: {message}')


def check_plural(where, message, plural):
    """What follows a number depends on it."""
    if plural is None and COUNTED.search(message):
        complain(where, f'has a number, and no plural: {message}')
    if plural is not None and sorted(PLACEHOLDER.findall(message)) != sorted(PLACEHOLDER.findall(plural)):
        complain(where, f'the plural has other placeholders: {plural}')


def check_names(where, words, names, shown):
    """What tells of a button or a page calls it as the window does."""
    for name in names:
        if NAME.match(name) and as_shown(name) not in shown:
            complain(where, f'nothing in the window is called “{name}”: {words}')


def check_guide(path, shown):
    """What a page for people has in bold, or in italics, is called so by the window, or is a word like any other."""
    text = path.read_text()
    names = re.findall(r'(?<![*\w])\*{1,2}([A-Z][^*]+)\*{1,2}(?!\*)', text) + QUOTED.findall(text)
    check_names(path.relative_to(ROOT), '', [' '.join(name.split()) for name in names if name not in NO_NAMES], shown)


def check_template_of_words(template):
    blocks = pathlib.Path(template).read_text().split('\n\n')[1:]
    shown = {as_shown(joined(block, 'msgid')) for block in blocks}
    for guide in GUIDES:
        check_guide(ROOT / guide, shown)
    for block in blocks:
        where = re.search(r'^#: (\S+)', block, re.M).group(1)
        message = joined(block, 'msgid')
        check_names(where, message, QUOTED.findall(message), shown)
        check_comments(where, message, block)
        check_plural(where, message, joined(block, 'msgid_plural'))


def translations(block):
    """Of one message: one for each of its plurals."""
    return [''.join(re.findall(r'"(.*)"', lines)) for lines in
            re.findall(r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', block, re.M)]


def as_shown(label):
    """Without the letter that is underlined, and what follows where something is asked first."""
    return re.sub(r'\(_\w\)|_', '', label).removesuffix('…')


def check_quotations(path):
    """What names a button or a page calls it as the button or the page does."""
    blocks = [block for block in path.read_text().split('\n\n')[1:] if joined(block, 'msgid')]
    shown = collections.defaultdict(set)
    for block in blocks:
        shown[as_shown(joined(block, 'msgid'))].update(as_shown(words) for words in translations(block))
    for block in blocks:
        for name in QUOTED.findall(joined(block, 'msgid')):
            wanted = shown.get(as_shown(name), set())
            for words in translations(block):
                if wanted and wanted.isdisjoint(as_shown(quoted) for quoted in QUOTED.findall(words)):
                    complain(path.relative_to(ROOT), f'“{name}” is {" or ".join(sorted(wanted))} elsewhere: {words}')


def check_translation(path, template):
    """Whole, and no message of the sources missing."""
    name = path.relative_to(ROOT)
    answer = run('msgfmt', '--check', '--statistics', '--output-file=/dev/null', str(path))
    if answer.returncode != 0:
        complain(name, answer.stderr.strip())
    elif 'fuzzy' in answer.stderr or 'untranslated' in answer.stderr:
        complain(name, f'not whole: {answer.stderr.strip()}')
    answer = run('msgcmp', '--use-untranslated', str(path), template)
    behind = answer.stderr.count('this message is used but not defined')
    if behind > 0:
        complain(name, f'{behind} messages are missing: ninja kith-update-po')
    check_quotations(path)


def check_translations():
    lines = (ROOT / 'po' / 'LINGUAS').read_text().splitlines()
    languages = [line for line in lines if line and not line.startswith('#')]
    if sorted(languages) != sorted(path.stem for path in (ROOT / 'po').glob('*.po')) or languages != sorted(languages):
        complain('po/LINGUAS', 'not the languages there are, in order')
    with tempfile.TemporaryDirectory() as folder:
        template = f'{folder}/kith.pot'
        answer = run('xgettext', '--files-from=po/POTFILES.in', f'--output={template}', *XGETTEXT_ARGS)
        if answer.returncode != 0 or 'warning' in answer.stderr:
            complain('po/POTFILES.in', answer.stderr.strip())
            return
        check_template_of_words(template)
        for language in languages:
            check_translation(ROOT / 'po' / f'{language}.po', template)


for source in sorted((ROOT / 'src' / 'ui').rglob('*.c')):
    check_c(source)
for source in sorted((ROOT / 'src' / 'node').rglob('*.c')):
    for where, literal, calls in literals(source.read_text()):
        if MARKS.intersection(calls):
            check_form(f'{source.relative_to(ROOT)}:{where}', literal)
for source in sorted((ROOT / 'src' / 'ui').rglob('*.ui')):
    check_template(source)
check_list()
check_translations()

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
