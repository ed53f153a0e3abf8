#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the keyboard is afterwards: a jump leads to the message itself, a button that goes leaves the focus to what
comes next, and nothing that is hidden has it."""

import os
import sys

from accessible import FOCUSED, Ear
from person import BUS, Person, check, finish, hears, insist, let_in, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

NEEDLE, N_LINES = 'The needle is here', 60
COMPOSER, SEND_VOICE = 'Message text', 'Send voice message'
TONE = {'KITH_VOICE_SOURCE': 'audiotestsrc is-live=true freq=300'}


def row(contains):
    return next(node for node in ann.look_for('list', 'Messages').children if contains in node.name)


def has_focus(role, name=None, contains=None):
    node = ann.look_for(role, name, contains)
    return node is not None and node.has(FOCUSED)


def is_at(contains):
    """A message has the focus, for the arrows and for a screen reader."""
    return wait(lambda: row(contains).has(FOCUSED))


def is_writing():
    return has_focus('text', COMPOSER)


def sends_voice():
    return has_focus('push button', SEND_VOICE)


def waits():
    """A voice message that was recorded before has the focus, and no button of it."""
    return has_focus('panel', contains='Draft: Voice message')


def waits_on():
    return ann.look_for('panel', contains='Draft: Voice message') is not None and not ben.ok('transfers')['transfers']


def in_messages():
    return any(node.role == 'list item' and node.was(FOCUSED) for node in ann.look_for('list', 'Messages').children)


def writes(text):
    """What is typed where one is stands in the composer then, and is taken away again."""
    ann.type(text)
    arrived = wait(lambda: ann.text(COMPOSER) == text and is_writing())
    return wait(lambda: ann.look_for('text', COMPOSER).set_text('')) and arrived


def focused():
    return [f'{node.role}:{node.name}' for node in ann.tree().walk() if node.has(FOCUSED)]


def send(friend, text):
    return friend.ok('send', to=friend.other, text=text)['message']


def jump():
    check('a search of the conversation opens', ann.key_until(
        lambda: ann.look_for('entry', 'Search this conversation'), 'ctrl+f'), focused)
    ann.type('needle')
    check('it finds', wait(lambda: NEEDLE in ann.look_for('list', 'Messages found').children[0].name), ann.everything)
    ann.key('Return')
    check('Enter leads to the message itself', is_at(NEEDLE), focused)
    ann.key('Down')
    check('and the arrows go on from there', is_at('straw 0;'), focused)
    check('a letter begins to write', writes('x'), focused)
    check('Ctrl+F leads back to the search', ann.key_until(lambda: not is_writing(), 'ctrl+f'), focused)
    check('and Escape out of it', ann.key_until(is_writing, 'Escape'), focused)


def jump_to_date():
    ann.pick('Conversation menu', 'Jump to Date…')
    check('a date is chosen', ann.press('Jump to This Date'), ann.everything)
    check('its first message has the focus', is_at(NEEDLE), focused)


def jump_to_line():
    """Some messages are lines across the conversation."""
    ann.pick('Conversation menu', 'Jump to Date…')
    ann.press('Jump to This Date')
    check('a line has the focus as well', is_at('disappear'), focused)
    ann.key_until(is_writing, 'Escape')


def search_everywhere():
    ann.key_until(lambda: ann.look_for('entry', 'Search people and messages'), 'ctrl+shift+f')
    ann.type('needle')
    check('a search of all finds', ann.row(NEEDLE) and ann.is_gone('list item', contains='Ben, Online'), ann.everything)
    ann.key('Down', 'Return')
    check('Enter leads to the message there, too', is_at(NEEDLE), focused)
    check('and one can write at once', writes('y'), focused)
    ann.key_until(lambda: ann.look_for('list item', contains='Carl, '), 'ctrl+shift+f', 'Escape')
    ann.key_until(is_writing, 'F6')


def to_the_end():
    send(ben, 'First news')
    send(ben, 'Second news')
    button = ann.find('push button', contains='Go to the newest message, 2 new messages')
    check('the button says how many are new', button, ann.everything)
    ann.key_until(in_messages, 'shift+F6')
    check('Tab leads to it', ann.key_until(lambda: button.has(FOCUSED), 'Tab'), focused)
    ann.key('Return')
    check('and it to the newest message', is_at('Second news'), focused)


def buttons_that_go():
    send(ben, 'What do you think?')
    ann.has_message('What do you think?')
    ann.key_until(in_messages, 'shift+F6')
    check('a message is answered', ann.key_until(lambda: ann.look_for('menu item', 'Answer'), 'End', 'Menu')
          and ann.look_for('menu item', 'Answer').act() and ann.find('label', 'Answer'), ann.everything)
    ann.focus()
    ann.click_at(ann.find('push button', 'Cancel'))
    check('it is taken back with the mouse', ann.is_gone('label', 'Answer'), ann.everything)
    check('and one goes on writing', writes('Well'), focused)

    ann.type('By the button')
    wait(lambda: ann.text(COMPOSER) == 'By the button')
    check('Tab leads to the button that sends', ann.key_until(lambda: has_focus('push button', 'Send'), 'Tab'), focused)
    ann.key('space')
    check('it sends', ann.has_message('You', 'By the button'), ann.messages)
    check('and one goes on writing', writes('And'), focused)


def recording():
    check('it records', insist(lambda: ann.look_for('push button', 'Record a voice message').act(),
                               lambda: ann.look_for('push button', SEND_VOICE)), ann.everything)
    check('that is said', hears(ear, 'Recording'), ear.heard)
    # What is recorded is drawn all the time, and to look takes long meanwhile.
    check('F6 leads away', insist(lambda: ann.focus() and ann.key('shift+F6'), in_messages, again_s=10), focused)
    check('and back to the button that sends', ann.key_until(sends_voice, 'F6'), focused)
    ann.key_until(in_messages, 'shift+F6')
    check('so does Escape', ann.key_until(sends_voice, 'Escape'), focused)
    ann.select('Carl')
    check('who goes elsewhere is told that it waits', ann.sees('The voice message was not sent. It waits in “Ben”'),
          ann.everything)
    check('so is who looks at the list', ann.row('Draft: Voice message'), ann.everything)
    check('nothing was sent', not ben.ok('transfers')['transfers'])
    check('and can write there', wait(is_writing), focused)
    ann.select('Ben')
    check('it is there again', wait(waits), focused)
    ann.key('space')
    ann.type('x')
    ann.key('Return', 'Escape')
    check('no key sends it by chance, or discards it', ann.key_until(sends_voice, 'Tab') and waits_on(), focused)
    ann.key('Return')
    check('who wants to sends it', ben.event('file-offer')['name'].startswith('voice-'), ann.everything)
    check('and can write', wait(is_writing), focused)
    ann.select('Carl')


def block():
    """With the keyboard in the composer until it goes."""
    ann.key('ctrl+a')
    ann.type('block')
    ann.click_at(wait(lambda: next(node for node in ann.look_for('list', 'Go To').children if node.name == 'Block')),
                 ann.x_window('Go To'))


def nothing_to_write():
    check('the keys lead to what blocks', ann.key_until(lambda: ann.look_for('list', 'Go To'), 'ctrl+k')
          and ann.focus('Go To') and insist(block, lambda: ann.look_for('label', 'Block Carl?')), ann.everything)
    check('Carl is blocked', ann.press('Block') and ann.is_gone('text', COMPOSER), ann.everything)
    check('what can be read has the focus', wait(in_messages), focused)
    check('F6 leads to the bar', ann.key_until(lambda: has_focus('push button', 'Unblock'), 'shift+F6'), focused)
    check('a search is elsewhere', ann.key_until(lambda: not has_focus('push button', 'Unblock'), 'ctrl+f'), focused)
    check('its end leads back', ann.key_until(in_messages, 'Escape'), focused)
    ann.key_until(lambda: ann.look_for('label', 'Delete This Message?'), 'Delete')
    check('a message is deleted', ann.press('Only Here') and wait(
        lambda: not any('Hello from Carl' in name for name in ann.messages())), ann.messages)
    check('what is left has the focus', wait(in_messages), focused)
    ann.key('Escape')
    check('Escape leads nowhere else', ann.key_until(lambda: has_focus('push button', 'Unblock'), 'shift+F6'), focused)
    ann.key('Return')
    check('who is let in can be written to at once', wait(is_writing), focused)


STEPS = {'jumps': (jump, jump_to_date, search_everywhere, to_the_end),
         'writing': (buttons_that_go, recording, jump_to_line, nothing_to_write)}
ear = Ear(BUS)
ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', environment=TONE)
try:
    check('something has the focus from the start', wait(focused), ann.everything)
    ben = let_in(ann, kith_cli.Person('Ben', '--ephemeral'))
    carl = let_in(ann, kith_cli.Person('Carl', '--ephemeral'))
    carl.ok('timer', **{'with': carl.other}, ttl_s=3600)
    send(carl, 'Hello from Carl')
    for text in [NEEDLE, *(f'straw {i};' for i in range(N_LINES))]:
        send(ben, text)
    check('much has come', ann.row(f'{N_LINES + 1} unread messages'), ann.everything)
    ann.select('Ben')
    check('it is there', ann.has_message(f'straw {N_LINES - 1};'), ann.messages)
    for step in STEPS[sys.argv[1]]:
        step()
    check('all leave in order', ann.leave() == 0)
finally:
    kith_cli.end_processes()
    ann.leave()
finish()
