#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formatted messages, and what is asked before a link is opened."""

import os
import sys

from person import Person, check, finish, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

TEXTS = ['*bold*, _italic_, ~struck out~ and `code` in 2*3*4 snake_case',
         '```int\nmain (void)\n{\n  return 0;\n}```',
         '> Shall we meet *on Sunday*?\nYes, see https://example.org/a_b_c and bring _everything_',
         '<b>not bold</b> &amp; ' + '*a ' * 3000]

# What a screen reader says of them: the marks are for the eye.
SAID = ['bold, italic, struck out and code in 2*3*4 snake_case', 'int', 'Shall we meet on Sunday?',
        '<b>not bold</b> &amp; *a']

people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))

    for text in reversed(TEXTS):
        ben.ok('send', to=ben.other, text=text)
    for words in SAID:
        check(f'it is said without marks: {words}', ann.has_message(words), ann.messages())
    check('the list shows it without marks as well', wait(lambda: any(
        ann.look_for('list item', contains=words)
        for words in ('unread messages, bold, italic, struck', 'Ben, Online, bold, italic, struck out'))), ann.everything())
    screenshot('formatting')

    # Three thousand words: the row shows the beginning.
    check('all of a long one can be seen', ann.press('Show All') and wait(
        lambda: len(ann.text('Text of the message')) == len(TEXTS[3])), ann.everything())
    screenshot('formatting-all')
    check('and copied', ann.press('Copy All') and ann.sees('Copied')
          and ann.is_gone('text', 'Text of the message'), ann.everything())

    ann.write('*Mine* is `code` too, _isn’t it_?')
    check('one’s own as well', ann.has_message('You, ', 'Mine is code too, isn’t it?'))
    check('and in the list', ann.row('You: Mine is code too'), ann.everything())
    screenshot('formatting-own')

    # So long that the middle of its row is on it, and that the sidebar does not show its end.
    link = 'https://ex\u0430mple.org/' + 'page/' * 50 + 'end'
    ben.ok('send', to=ben.other, text=link)
    check('a link that looks like another arrives', ann.has_message('/end'))
    check('it asks before it opens', ann.choose('/end', 'Kith', lambda: ann.look_for(
        'label', contains='Open This Link?')), ann.everything())
    check('with the real name', ann.sees('xn--exmple-4nf.org'))
    check('and a warning', ann.sees('look like others'))
    screenshot('formatting-link')
    check('it is not opened', ann.press('Cancel') and ann.is_gone('label', contains='xn--exmple'))

    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
finish()
