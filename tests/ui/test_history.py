#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""More messages than are loaded at once: they come as one scrolls, and nothing jumps; people are
marked, blocked and let in again, and all of it is there after a restart."""

import os
import shutil
import tempfile

from accessible import CHECKED
from person import Person, befriend, check, finish, screenshot, wait, xdotool

N_LINES = 130

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
people = []


def start(*arguments, **keywords):
    person = Person(*arguments, **keywords)
    people.append(person)
    return person


def wheel(person, button, times):
    xdotool('mousemove', '--window', person.window, 700, 300, 'click', '--repeat', times, '--delay', 10, button)


try:
    ann = start('--name', 'Ann', '--listen', '127.0.0.1:0', profile=profile)
    check('without a passphrase is asked twice', ann.press('Without a Passphrase…')
          and ann.sees('Go Without a Passphrase?'), ann.everything())
    screenshot('without-passphrase')
    check('and done', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = start('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    check('Ben and Ann become contacts', befriend(ben, ann) and ben.sees('Online'), ben.everything())
    ben.write_lines([f'line {i};' for i in range(N_LINES)])
    check('many messages arrive', ann.has_message(f'line {N_LINES - 1};', timeout_s=30),
          ann.messages()[-3:])
    check('Ann ends in order', ann.leave() == 0)

    ann = start('--listen', '127.0.0.1:0', profile=profile)
    check('it opens by itself', ann.row('Ben'), ann.everything())
    check('at the first one that was not read', ann.is_in_view('line 0;')
          and ann.sees('New messages'), ann.messages()[:3])
    check('the button leads to the newest', ann.press(f'Go to the newest message, {N_LINES} new messages')
          and ann.is_in_view(f'line {N_LINES - 1};'), ann.messages()[-3:])
    ann.focus()
    screenshot('history-newest')
    check('where all is read now', ann.is_gone('list item', contains='unread message'),
          ann.everything())
    for _ in range(30):
        wheel(ann, '4', 10)
        if ann.is_in_view('line 0;', timeout_s=.2):
            break
    check('scrolling up reaches the first one', ann.is_in_view('line 0;'), ann.messages()[:3])
    numbers = [int(row.split('line ')[1].split(';')[0]) for row in ann.messages() if 'line ' in row]
    check('in order, and none twice', numbers == sorted(set(numbers)), numbers)
    screenshot('history-top')
    check('the button leads back', ann.press('Go to the newest message')
          and ann.is_in_view(f'line {N_LINES - 1};'), ann.messages()[-3:])

    check('details open', ann.press(contains='Contact details'), ann.everything())
    check('with a switch for favourites', ann.find('check box', contains='Favorite'))
    check('which is set with a click', ann.choose('Favorite', 'Contact Details',
                                              lambda: ann.look_for('check box', contains='Favorite').has(CHECKED)))
    screenshot('contact')
    ann.close('Contact Details', 'check box', None, 'Favorite')
    check('Ann ends in order again', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
