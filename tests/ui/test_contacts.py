#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one does with contacts: a note, favourites, the order of the list, and leaving each other with
and without the messages."""

import os
import shutil
import sys
import tempfile
import time

from accessible import CHECKED
from person import Person, check, finish, insist, let_in, screenshot, wait
from sidebar import Sidebar

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
people = []
DETAILS = 'Contact Details'
SIZE = 900, 600
MUTES_S = 8, 30, 90  # the first is long enough unless the machine is very busy


def start(*arguments, **keywords):
    person = Person(*arguments, profile=profile, **keywords)
    people.append(person)
    return person


def say(friend, text):
    friend.ok('send', to=friend.other, text=text)


def order():
    """The names in the list, from the top."""
    rows = ann.look_for('list', 'Conversations')
    return [row.name.split(',')[0] for row in rows.children if row.name] if rows else []


def size_is_kept():
    area = ann.geometry(ann.window)
    return (area['WIDTH'], area['HEIGHT']) == SIZE


def open_details(name):
    ann.select(name)
    ann.press(contains=f'{name}, ')
    ann.find('text', 'Note')


def is_favourite():
    return ann.look_for('check box', contains='Favorite').has(CHECKED)


def close_details():
    ann.close(DETAILS, 'text', 'Note')


def mute_ends(time_s):
    """Whether the row says it and then does not, unless the time was over before the window was there."""
    global ann
    ann.leave()
    end = time.monotonic() + time_s
    cli = kith_cli.Person('Ann', profile=profile, listen=None)
    cli.ok('mute', **{'with': 'Cy', 'for_s': time_s})
    cli.quit()
    ann = start('--listen', '127.0.0.1:0')
    sidebar = Sidebar(ann)
    is_muted = wait(lambda: any('Muted' in name for name in sidebar.rows()) or time.monotonic() > end, time_s)
    if time.monotonic() > end:
        return False
    return check('who is muted for a time is', is_muted and sidebar.says('Cy', 'Muted'), sidebar.rows()) \
        and wait(lambda: 'Muted' not in sidebar.row('Cy').name, time_s + 10)


try:
    ann = start('--name', 'Ann', '--listen', '127.0.0.1:0')
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben, cy, dora = (let_in(ann, kith_cli.Person(name)) for name in ('Ben', 'Cy', 'Dora'))
    for friend in (cy, dora, ben):
        say(friend, f'Hello from {friend.name}')
        ann.row(f'Hello from {friend.name}')
    check('the list is in the order of activity', wait(lambda: order() == ['Ben', 'Dora', 'Cy']), order())
    ann.pick('Sort and filter', 'By Name')
    check('or of the names', wait(lambda: order() == ['Ben', 'Cy', 'Dora']), order())

    open_details('Cy')
    check('a note can be written', ann.fill('Note', 'Likes tea'), ann.everything())
    check('and is saved', ann.press('Save Note') and ann.sees('Note saved'), ann.everything())
    check('once', wait(lambda: not ann.is_sensitive('push button', 'Save Note')))
    check('a favourite is marked', ann.choose('Favorite', DETAILS, is_favourite), ann.everything())
    screenshot('contact-note')
    ann.fill('Note', 'च' * 350)
    check('a note that is too long says so', ann.sees('This one is 26 bytes too long.')
          and not ann.is_sensitive('push button', 'Save Note'), ann.everything())
    check('and is not lost with the dialog', ann.key_until(
        lambda: ann.look_for('label', contains='Shorten the note first'), 'Escape', title=DETAILS)
          and ann.text('Note') == 'च' * 350, ann.everything())
    screenshot('contact-note-too-long')
    ann.fill('Note', 'Likes tea, no milk')
    check('a shorter one is right', ann.is_gone('label', contains='too long.'), ann.everything())
    close_details()
    check('the row tells of it', ann.row('Cy, Online, Favorite'), ann.everything())
    ann.pick('Sort and filter', 'Favorites')
    check('only favourites are listed', wait(lambda: 'Ben' not in order() and 'Cy' in order()), order())
    screenshot('favourites')
    ann.pick('Sort and filter', 'Unread')
    check('or only what is unread, beside what is open', wait(lambda: order() == ['Ben', 'Cy']), order())
    ann.pick('Sort and filter', 'Everybody')
    check('or everybody', wait(lambda: len(order()) == 3), order())

    ann.select('Ben')
    ann.pick('Conversation menu', 'Remove Contact…')
    check('removing is asked about', ann.sees('Remove Ben?'), ann.everything())
    screenshot('remove')
    ann.press('Remove')
    ben.event('peer-offline', id=ben.other)
    ann.select('Dora')
    check('then it is gone from the list', wait(lambda: order() == ['Cy', 'Dora']), order())
    ann.pick('Sort and filter', 'Former Contacts')
    check('to the former contacts', wait(lambda: 'Ben' in order() and 'Cy' not in order()), order())
    ann.select('Ben')
    check('where it is read', ann.has_message('Hello from Ben'), ann.messages())
    screenshot('former')
    check('and not written to', ann.look_for('text', 'Message text') is None
          or not ann.is_sensitive('text', 'Message text'), ann.everything())
    ann.press('Delete')
    check('the rest can be deleted', ann.sees('Delete the Messages with Ben?'), ann.everything())
    ann.press('Delete')
    check('and nothing is left', wait(lambda: 'Ben' not in order()), order())
    screenshot('former-gone')

    ann.pick('Sort and filter', 'Everybody')
    ann.select('Dora')
    ann.pick('Conversation menu', 'Remove Contact…')
    ann.sees('Remove Dora?')
    box = ann.find('check box', contains='elete the messages')
    check('the messages can go at once', box, ann.everything())
    check('with a click', insist(lambda: ann.click_at(box, ann.newest_window()),
                                 lambda: box.has(CHECKED)))
    screenshot('remove-all')
    ann.press('Remove')
    dora.event('peer-offline', id=dora.other)
    check('and all is gone', wait(lambda: order() == ['Cy']), order())
    check('nothing of it is open', ann.is_gone('label', contains='Hello from Dora'), ann.everything())
    before = ann.tree().windows[0].box()
    ann.place(0, SIZE)
    wait(lambda: ann.tree().windows[0].box() != before)  # the window has heard of it
    check('Ann ends in order', ann.leave() == 0)

    ann = start('--listen', '127.0.0.1:0')
    check('only Cy is there after a restart', ann.row('Cy, ') and order() == ['Cy'], order())
    check('the window is as large as it was', wait(size_is_kept), ann.geometry(ann.window))
    open_details('Cy')
    check('with the note as it was last', wait(lambda: ann.text('Note') == 'Likes tea, no milk'),
          ann.everything())
    close_details()
    check('Ann ends in order again', ann.leave() == 0)

    check('who was muted for a time is so no more when it is over', any(mute_ends(time_s) for time_s in MUTES_S),
          order())
    check('Ann ends in order at last', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
