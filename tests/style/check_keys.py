#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window of keyboard shortcuts has every key: those that are bound by themselves in src/ui, and those of which
docs/accessibility.md speaks. Escape closes every dialog."""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(sys.argv[1])
UI = ROOT / 'src' / 'ui'
MODIFIERS = {'primary': 'Ctrl', 'shift': 'Shift', 'alt': 'Alt',
             'GDK_CONTROL_MASK': 'Ctrl', 'GDK_SHIFT_MASK': 'Shift', 'GDK_ALT_MASK': 'Alt'}
NAMES = {'?': 'question', 'Ins': 'Insert', 'Enter': 'Return'}
# What is pressed without Shift where it is plus with Shift.
ALIKE = {'equal': 'plus'}
BOUND = re.compile(r'(?:add_binding(?:_action)?|matches) \(\w+, GDK_KEY_(\w+),\s*([\w| ]+?)[,)]')
SPOKEN = re.compile(r'\b((?:(?:Ctrl|Alt|Shift)\+)+)(\w+|\?)|\b()(F\d+)\b')


def key(modifiers, name):
    name = NAMES.get(name, name)
    return frozenset(modifiers), name.lower() if len(name) == 1 else name


def accelerator(words):
    return key({MODIFIERS[name] for name in re.findall('<(.*?)>', words)}, re.sub('<.*?>', '', words))


def of_application():
    """Keys by the name of the action."""
    table = re.search(r'shortcuts\[\] = \{\n(.*?)\n\};', (UI / 'kith-application.c').read_text(), re.S).group(1)
    return {action: {accelerator(words) for words in re.findall('"(.*?)"', keys)}
            for action, keys in re.findall(r'\{ "(.*?)", \{ (.*?) \} \}', table)}


def listed():
    actions = of_application()
    found = set()
    for element in ElementTree.parse(UI / 'help-overlay.ui').iter('property'):
        if element.get('name') == 'action-name':
            found |= actions[element.text]
        elif element.get('name') == 'accelerator':
            found |= {accelerator(words) for words in element.text.split()}
    return found, set().union(*actions.values())


def bound():
    for path in sorted(UI.rglob('*.c')):
        for name, modifiers in BOUND.findall(path.read_text()):
            if not name.startswith('KP_'):
                yield path.name, key({MODIFIERS[word] for word in re.findall(r'GDK_\w+', modifiers)}, ALIKE.get(name, name))


def spoken():
    for match in SPOKEN.finditer((ROOT / 'docs' / 'accessibility.md').read_text()):
        modifiers, name = (match.group(1), match.group(2)) if match.group(2) else ('', match.group(4))
        yield 'docs/accessibility.md', key(set(filter(None, modifiers.split('+'))), name)


def stays_open():
    for path in sorted((UI / 'dialogs').glob('*.ui')):
        is_window = 'parent="AdwWindow"' in path.read_text()
        if is_window and 'kith_keys_bind_close (' not in path.with_suffix('.c').read_text():
            yield f'{path.name}: Escape does not close it'


there, of_actions = listed()
asked = [('kith-application.c', one) for one in of_actions] + list(bound()) + list(spoken())
missing = sorted({f'{where}: {"+".join([*sorted(one[0]), one[1]])} is not in help-overlay.ui'
                  for where, one in asked if one not in there} | set(stays_open()))
print('\n'.join(missing), end='\n' if missing else '')
if len(asked) < 30:
    sys.exit('Too few keys were found to be all of them')
sys.exit(bool(missing))
