#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether each letter that is underlined in a menu, or in a dialog, leads to one thing there, in every language."""
import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(sys.argv[1]) / 'src' / 'ui'
PO = pathlib.Path(sys.argv[1]) / 'po'
# What of a source stands in one menu: the functions and tables that make it.
BUILT = {
    'kith-message-menu.c': [('file_items', 'append_file', 'append_changes'),
                            ('append_texts', 'append_links', 'append_changes')],
    'kith-conversation-menu.c': [('kith_conversation_menu_fill',)],
}
# Of these there is one at a time.
INSTEAD = [{'Accept and _Save As…', '_Save As…'}, {'_Pin', 'Un_pin'}, {'Mark as _Read', 'Mark as Un_read'},
           {'_Mute until I Turn It On', 'Un_mute'}, {'_Archive', 'Un_archive'}, {'_Block…', '_Unblock'},
           {'Leave _Group…', 'Delete _Group…'}, {'Acc_ept', '_Edit'}, {'Un_mute', 'Mute for 1 _Hour'},
           {'Un_mute', 'Mute for _8 Hours'}, {'Un_mute', '_Mute until I Turn It On'}]
RESPONSES = re.compile(r'add_responses \((.*?)\);', re.S)
MARKED = re.compile(r'\bN?_ \("((?:[^"\\]|\\.)*)"|\bN?_\("((?:[^"\\]|\\.)*)"')
LETTER = re.compile(r'_(\w)')

complaints = []
n_looked_at = 0


def joined(block, keyword):
    match = re.search(rf'^{keyword} ((?:".*"\n?)+)', block, re.M)
    return ''.join(re.findall(r'"(.*)"', match.group(1))) if match else ''


def read_translations(path):
    """Those of all labels with a letter. None may go without one, in any language."""
    words = {}
    for block in path.read_text(encoding='utf-8').split('\n\n')[1:]:
        label = joined(block, 'msgid')
        if label.count('_') != 1 or not LETTER.search(label) or re.search(r'^#~', block, re.M):
            continue
        words[label] = joined(block, 'msgstr')
        if words[label].count('_') != 1 or not LETTER.search(words[label]):
            complaints.append(f'{path.name}: no letter of {label} is underlined: {words[label]}')
    return words


LANGUAGES = {path.name: read_translations(path) for path in sorted(PO.glob('*.po'))}


def check_letters(place, labels, words):
    """Words are translations, of the labels that have one."""
    by_letter = collections.defaultdict(set)
    for label in labels:
        match = LETTER.search(words.get(label, label))
        if match:
            by_letter[match.group(1).casefold()].add(label)
    for letter, same in sorted(by_letter.items()):
        if len(same) > 1 and not any(same <= alternatives for alternatives in INSTEAD):
            complaints.append(f'{place}: {letter} is that of {", ".join(sorted(same))}')


def check(place, labels):
    global n_looked_at
    labels = [label for label in labels if LETTER.search(label)]
    n_looked_at += len(labels)
    check_letters(place, labels, {})
    for name, words in LANGUAGES.items():
        check_letters(f'{place} in {name}', labels, words)


def marked(text):
    return [first or second for first, second in MARKED.findall(text)]


def own_labels(menu):
    """Of the items in it and in its sections; what is below it is a menu of its own."""
    for child in menu:
        if child.tag == 'section':
            yield from own_labels(child)
        elif child.tag in ('item', 'submenu'):
            yield from (attribute.text for attribute in child.findall('attribute') if attribute.get('name') == 'label')


def check_template(path):
    tree = ElementTree.parse(path)
    for menu in (element for element in tree.iter() if element.tag in ('menu', 'submenu')):
        check(f'{path.name}: {menu.get("id")}', own_labels(menu))
    for template in tree.iter('template'):
        properties = [{child.get('name'): child.text for child in button.findall('property')}
                      for button in template.iter('object')]
        check(path.name, [values['label'] for values in properties
                          if values.get('use-underline') == 'True' and values.get('label')])


def part(text, name):
    """A function or a table, from its name at the beginning of a line to the brace that ends it."""
    match = re.search(rf'^(?:{name} \(|}} {name}\[\]).*?^}}', text, re.S | re.M)
    return match.group()


for template in sorted(ROOT.rglob('*.ui')):
    check_template(template)
for name, menus in BUILT.items():
    source = (ROOT / name).read_text(encoding='utf-8')
    for parts in menus:
        check(name, [label for one in parts for label in marked(part(source, one))])
for source in sorted(ROOT.rglob('*.c')):
    for call in RESPONSES.findall(source.read_text(encoding='utf-8')):
        check(source.name, marked(call))
if n_looked_at < 60:
    complaints.append(f'only {n_looked_at} letters were found')

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
