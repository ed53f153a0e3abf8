#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with a message: its menu by mouse and by keyboard, details, forwarding."""

import os
import sys

from accessible import FOCUSED
from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

people = []


def row(person, contains):
    return next(node for node in person.look_for('list', 'Messages').children if contains in node.name)


def show_menu(person, contains, item):
    """With the right button of the mouse on the message."""
    def click():
        person.focus()
        person.key('Escape')
        x, y, width, height = row(person, contains).box()
        xdotool('mousemove', '--window', person.window, x + width // 2, y + height // 2, 'click', 3)
    return insist(click, lambda: person.look_for('menu item', item))


def history(friend):
    return [message.get('text') for message in friend.ok('history', **{'with': friend.other})['messages']]


def choose(person, contains, item):
    found = show_menu(person, contains, item)
    return found and found.act()


def type_and_enter(text):
    """Without a pause between them: what is searched follows at once, and not when nothing was typed for a moment."""
    xdotool('type', '--delay', '1', '--args', '1', text, 'key', 'Return')


def forward_to_carl():
    """Of both, Ben comes first."""
    if ann.focus('Forward To'):
        type_and_enter('Carl')


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    carl = let_in(ann, kith_cli.Person('Carl', '--ephemeral'))
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    ben.ok('send', to=ben.other, text='A message that makes the rounds')
    ann.write('An answer')
    check('both talk', ann.has_message('the rounds') and ann.has_message('An answer', 'Delivered'),
          ann.messages())

    # With the keyboard: the last message of one's own.
    ann.focus()
    check('Up edits the last one', ann.key_until(lambda: ann.look_for('label', 'Editing'), 'Up')
          and ann.text('Message text') == 'An answer', ann.everything())
    screenshot('editing')
    check('Escape leaves it alone', ann.key_until(lambda: not ann.look_for('label', 'Editing'), 'Escape')
          and ann.text('Message text') == '')
    check('Tab leads to the last message', ann.key_until(
        lambda: row(ann, 'An answer').has(FOCUSED), 'shift+Tab'), ann.everything())
    check('the menu key to its menu', ann.key_until(
        lambda: ann.look_for('menu item', 'Edit'), 'Menu'), ann.everything())
    check('an arrow to the one above', ann.key_until(
        lambda: ann.look_for('menu item', 'Edit') is None, 'Escape') and ann.key_until(
            lambda: row(ann, 'the rounds').has(FOCUSED), 'Up'), ann.everything())
    check('which has another one', ann.key_until(
        lambda: ann.look_for('menu item', 'Answer'), 'shift+F10')
          and ann.look_for('menu item', 'Edit') is None, ann.everything())
    screenshot('menu-by-keyboard')
    ann.key_until(lambda: ann.look_for('menu item', 'Answer') is None, 'Escape')
    check('and back to what is written', ann.key_until(
        lambda: ann.look_for('text', 'Message text').has(FOCUSED), 'Tab'), ann.everything())
    check('as Escape does', ann.key_until(lambda: row(ann, 'the rounds').has(FOCUSED), 'shift+Tab', 'Up')
          and ann.key_until(lambda: ann.look_for('text', 'Message text').has(FOCUSED), 'Escape'), ann.everything())
    ann.key_until(lambda: ann.look_for('label', 'Editing'), 'Up')
    ann.write('A better answer')
    check('it is changed', ann.has_message('A better answer') and ann.sees('edited '), ann.messages())
    check('for both', wait(lambda: 'A better answer' in history(ben)))

    check('a message can be answered', choose(ann, 'the rounds', 'Answer') and ann.sees('Answer'),
          ann.everything())
    screenshot('answering')
    ann.write('Where does it go?')
    check('with what it answers', ann.has_message('Where does it go?')
          and ann.find('push button', contains='Answers Ben: A message that makes the rounds'),
          ann.everything())
    ben.event('message', text='Where does it go?')

    check('reactions', show_menu(ann, 'the rounds', 'Answer') and ann.press('React with 👍'),
          ann.everything())
    check('are seen', ann.find('push button', '👍 from You'), ann.everything())
    screenshot('answered')
    check('and taken back with a click', ann.press('👍 from You')
          and ann.is_gone('push button', '👍 from You'), ann.everything())

    check('details', choose(ann, 'A better answer', 'Details') and ann.find('list item', 'Written')
          and ann.find('list item', 'Delivered'), ann.everything())
    screenshot('message-details')
    ann.close('Message Details', 'list item', 'Delivered')

    check('somebody is searched for in the list', ann.key_until(
        lambda: ann.look_for('entry', 'Search people and messages'), 'ctrl+shift+f'), ann.everything())
    type_and_enter('Carl')
    ann.write('Just for you')
    check('and Enter opens the conversation with them', carl.event('message', text='Just for you'))
    ann.select('Ben')

    check('it can be forwarded', choose(ann, 'the rounds', 'Forward…')
          and ann.find('entry', 'Search people'), ann.everything())
    screenshot('forward')
    ann.focus('Forward To')
    ann.key('Return')
    ann.find('entry', 'Search people').set_text('xyzzy')
    check('Enter alone sends it to nobody', ann.find('panel', 'Nothing Found'), ann.everything())
    ann.find('entry', 'Search people').set_text('')
    check('to somebody else', insist(forward_to_carl, lambda: ann.look_for('entry', 'Search people') is None),
          ann.everything())
    check('to nobody else', ann.sees('Forwarded to Carl'), ann.everything())
    check('who gets it', carl.event('message', text='A message that makes the rounds'))
    gone = ben.ok('send', to=ben.other, text='A message that is taken back')['message']
    check('one that is taken back meanwhile', choose(ann, 'is taken back', 'Forward…')
          and ann.find('entry', 'Search people'), ann.everything())
    ben.ok('delete', message=gone)
    wait(lambda: 'A message that is taken back' not in history(ben))
    check('goes to nobody', insist(forward_to_carl, lambda: ann.look_for('label', contains='not there anymore')), ann.everything())
    screenshot('forward-gone')
    ann.key('Escape')
    check('deleting is asked about', choose(ann, 'Where does it go?', 'Delete…')
          and ann.sees('Delete This Message?') and ann.sees('asks the program of Ben'), ann.everything())
    screenshot('delete-message')
    check('for both', ann.press('For Both') and ann.has_message('This message was deleted'),
          ann.messages())
    check('who both see it', wait(lambda: 'Where does it go?' not in history(ben)))
    check('only here', choose(ann, 'the rounds', 'Delete…') and ann.press('Only Here')
          and wait(lambda: not any('the rounds' in row for row in ann.messages())), ann.messages())

    ben.quit()
    check('Ben leaves', ann.sees('Last seen'), ann.everything())
    ann.write('Never mind')
    check('what waits can be held back', choose(ann, 'Never mind', 'Do Not Send')
          and wait(lambda: not any('Never mind' in row for row in ann.messages())), ann.messages())
    screenshot('messages-end')
    check('the keys are listed', ann.key_until(lambda: ann.look_for('label', 'Quit'), 'ctrl+question'),
          ann.everything())
    check('with what has to be pressed', ann.look_for('label', 'Ctrl'), ann.everything())
    check('all of them', insist(lambda: ann.find('page tab', '_2').act(),
                                lambda: ann.look_for('label', 'Change the last message')), ann.everything())
    screenshot('shortcuts')
    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    kith_cli.end_processes()
    for person in people:
        person.leave()
finish()
