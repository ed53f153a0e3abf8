#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Life in a group: who has read it, who is told of what, what is found again, written out, and disappears."""

import os
import shutil
import tempfile

from accessible import CHECKED, FOCUSED
from group_people import make_group
from notifications import Notifications
from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool

folder = tempfile.mkdtemp(prefix='kith-ui-')
people = []


def row(name):
    return next(row for row in ann.look_for('list', 'Conversations').children if row.name.startswith(f'{name}, '))


def details_of(contains):
    """Those of a message, with the right button of the mouse."""
    def click():
        ann.focus()
        ann.key('Escape')
        message = next(row for row in ann.look_for('list', 'Messages').children if contains in row.name)
        x, y, width, height = message.box()
        xdotool('mousemove', '--window', ann.window, x + width // 2, y + height // 2, 'click', 3)
    found = insist(click, lambda: ann.look_for('menu item', 'Details'))
    return found and found.act()


def write(text):
    """After a dialog, which leaves the cursor elsewhere."""
    def click():
        ann.focus()
        ann.click_at(ann.look_for('text', 'Message text'))
    insist(click, lambda: ann.look_for('text', 'Message text').has(FOCUSED))
    ann.write(text)


def set_timer(choice):
    def click():
        ann.click_at(ann.look_for('check box', choice), ann.x_window('Disappearing Messages'))
    return insist(click, lambda: ann.look_for('check box', choice).has(CHECKED)) and ann.press('Set')


try:
    desktop = Notifications()
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    (ben, cara), ace = make_group(ann, 'Ace', 'Ben', 'Cara')
    check('the group is there', ann.find('push button', 'Ace, 3 members, 3 online. Group details'), ann.everything)

    ann.write('Who has read this?')
    ben.event('message', text='Who has read this?')
    cara.event('message', text='Who has read this?')
    ben.ok('read', **{'with': ace})
    details_of('Who has read this?')
    check('each member is listed', ann.find('list', 'Who has it')
          and ann.sees('Delivered to 2 of 2, read by 1'), ann.everything)
    screenshot('group-receipts')
    cara.ok('read', **{'with': ace})
    check('and followed', ann.sees('Delivered to 2 of 2, read by 2'), ann.everything)
    ann.close('Message Details', 'list', 'Who has it')

    write('/mentions only')
    insist(lambda: ann.press(contains='Group details'), lambda: ann.look_for('list', 'Members'))
    check('only mentions are to be told of', ann.sees('Messages that mention you'), ann.everything)
    ann.close('Group Details', 'list', 'Members')
    ann.select('Ben')
    n_shown = desktop.n_shown
    cara.ok('send', to=ace, text='Anybody there?')
    check('others are counted', wait(lambda: '1 unread message' in row('Ace').name
                                     and 'mentions you' not in row('Ace').name), row('Ace').name)
    cara.ok('send', to=ace, text='Hello @Ann')
    check('one with her name is marked', wait(lambda: '2 unread messages, mentions you' in row('Ace').name),
          row('Ace').name)
    screenshot('group-unread-mention')
    check('and alone is told', desktop.sees('Cara in Ace', '2 new messages: Hello @Ann')
          and desktop.n_shown == n_shown + 1, desktop.shown)
    ann.select('Ace, Group')
    check('what is read is no mention any more', wait(lambda: 'mentions you' not in row('Ace').name), row('Ace').name)

    check('Ctrl+F searches the group', ann.key_until(
        lambda: ann.look_for('entry', 'Search this conversation'), 'ctrl+f'), ann.everything)
    ann.type('anybod')
    check('with who said it', wait(lambda: any(
        row.name.startswith('Cara, ') and 'Anybody there?' in row.name
        for row in ann.look_for('list', 'Messages found').children)), ann.everything)
    screenshot('group-search')
    check('Escape ends it', ann.key_until(lambda: not ann.look_for('list', 'Messages found'), 'Escape'), ann.everything)

    ann.pick('Conversation menu', 'Save as a Readable File…')
    check('there is a warning before a readable file', ann.sees('is not encrypted'), ann.everything)
    ann.press('Choose a File and Save…')
    check('a file is chosen and written', ann.choose_file(
        'Save, Not Encrypted', os.path.join(folder, 'ace.txt'), 'Save',
        lambda: ann.look_for('label', contains='Saved, not encrypted')), ann.everything)
    with open(os.path.join(folder, 'ace.txt'), encoding='utf-8') as file:
        text = file.read()
    check('it says who wrote what', all(words in text for words in ('Ace', 'Cara', 'Anybody there?', 'Ann',
                                                                    'Who has read this?')), text)

    ann.pick('Conversation menu', 'Disappearing Messages…')
    check('everybody chooses for themselves', ann.sees('The others choose for themselves'), ann.everything)
    screenshot('group-timer')
    check('messages can disappear', set_timer('1 hour') and ann.sees('1 hour'), ann.everything)
    write('Not for ever')
    ben.event('message', text='Not for ever')
    check('and the others keep to it', ben.ok('history', **{'with': ace})['messages'][-1]['ttl_s'] == 3600)

    # The details stand before the list that would show it.
    insist(lambda: ann.press(contains='Group details'), lambda: ann.look_for('list', 'Members'))
    cara.ok('group-new', name='Bees', members='Ann')
    check('an invitation is told of', desktop.sees('Cara', 'Invites you to a group'), desktop.shown)
    ann.close('Group Details', 'list', 'Members')
    ann.select('Bees, Group')
    check('until it is answered', ann.press('Decline') and desktop.is_empty(), desktop.shown)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
