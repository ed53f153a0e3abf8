#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not go well with messages: one that is missing until it comes, one that failed and is tried
again; and the way back from an answer to what it answers."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

FRIEND = os.environ['KITH_FORGETFUL_FRIEND']
N_LINES = 40
FLASHES = 60  # a bubble that flashes has so much more red than blue in it

folder = tempfile.mkdtemp(prefix='kith-ui-')
processes = []


def row(contains):
    return next(node for node in ann.look_for('list', 'Messages').children if contains in node.name)


def choose(contains, item):
    def click():
        ann.focus()
        ann.key('Escape')
        x, y, width, height = row(contains).box()
        xdotool('mousemove', '--window', ann.window, x + width // 2, y + height // 2, 'click', 3)
    found = insist(click, lambda: ann.look_for('menu item', item))
    return found and found.act()


def is_in_order(*texts):
    """The rows of the conversation that have these texts."""
    def look():
        found = [text for name in ann.messages() for text in texts if f', {text}' in name or name == text]
        return found == list(texts)
    return wait(look)


def brightest(contains):
    """How much more red than blue the pixels of a row have, at most."""
    x, y, width, height = row(contains).box()
    area = ann.geometry(ann.window)
    seen = subprocess.run(['import', '-silent', '-window', 'root', '-crop',
                           f'{width}x{height}+{area["X"] + x}+{area["Y"] + y}', '-depth', '8', 'txt:-'],
                          capture_output=True, text=True, check=True).stdout
    colours = [tuple(int(value[i:i + 2], 16) for i in (0, 2, 4)) for value in set(re.findall('#([0-9A-F]{6})', seen))]
    return max(red - blue for red, _, blue in colours)


ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
try:
    # One that is missing.
    ben = subprocess.Popen([FRIEND, str(ann.port())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    processes.append(ben)
    ann.select('Request from Ben')
    ann.press('Accept')
    check('a friend writes, and says nothing more', ben.stdout.readline() == 'silent\n')
    check('what is missing is seen', is_in_order('One', '1 message is missing', 'Three'), ann.messages())
    screenshot('missing')
    ben.stdin.write('\n')
    ben.stdin.flush()
    check('until it comes', is_in_order('One', 'Two', 'Three') and ann.is_gone('list item', '1 message is missing'),
          ann.messages())
    screenshot('missing-filled')
    ben.stdin.close()
    check('the friend goes', ben.wait(20) == 0)

    # One that has failed.
    cy = let_in(ann, kith_cli.Person('Cy', profile=os.path.join(folder, 'cy')))
    cy.quit()
    check('Cy is away', ann.sees('Last seen'), ann.everything())
    ann.write('Not now')
    check('what is written waits', ann.has_message('Not now', 'Waiting'), ann.messages())
    ann.pick('Conversation menu', 'Remove Contact…')
    ann.sees('Remove Cy?')
    ann.press('Remove')
    ann.pick('Sort and filter', 'Former Contacts')
    ann.select('Cy')
    check('what waited has failed', ann.has_message('Not now', 'You removed this contact'), ann.messages())
    screenshot('failed')
    check('without the friend there is no way', choose('Not now', 'Try Again') and ann.sees('not a contact'),
          ann.everything())
    ann.pick('Sort and filter', 'Everybody')
    cy = kith_cli.Person('Cy', profile=os.path.join(folder, 'cy'))
    cy.other = cy.ok('contacts')['contacts'][0]['id']
    ann.connect('127.0.0.1', cy.port)
    check('they are contacts again', ann.row('Cy, Online'), ann.everything())
    ann.select('Cy')
    check('with them it is tried again', choose('Not now', 'Try Again')
          and ann.has_message('Not now', 'Delivered'), ann.messages())
    check('and comes', cy.event('message', text='Not now'))
    screenshot('tried-again')

    # From an answer to what it answers.
    first = cy.ok('send', to=cy.other, text='Where is the key?')['message']
    for i in range(N_LINES):
        cy.ok('send', to=cy.other, text=f'line {i};')
    cy.ok('send', to=cy.other, text='Under the mat', reply_to=first)
    check('an answer comes after many others', ann.is_in_view('Under the mat'), ann.messages()[-3:])
    # It does not last, and a busy machine may look too late.
    check('a click leads to what stands out then', insist(
        lambda: ann.press(contains='Answers Cy: Where is the key?'), lambda: brightest('Where is the key?') > FLASHES))
    screenshot('jumped-to')
    check('it is what is answered', ann.is_in_view('Where is the key?'), ann.messages()[:3])
    check('for a moment', wait(lambda: brightest('Where is the key?') < FLASHES))
    check('Ann leaves in order', ann.leave() == 0)
finally:
    for process in processes:
        process.kill()
    kith_cli.end_processes()
    ann.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
