#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of links: used by somebody else, taken back, one's own, opened from elsewhere."""

from links import TEXT, close_invites, invite, join, open_invites, show_link
from person import Person, check, finish, screenshot

people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    link = invite(ann, 'Ben')
    close_invites(ann)

    ben = Person('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    join(ben, link, 'It is Ben')
    check('Ben uses the link', ann.row('Request from Ben'))
    check('and leaves', ben.leave() == 0)

    # A second one with the same link.
    carl = Person('--name', 'Carl', '--listen', '127.0.0.1:0', x=980)
    people.append(carl)
    join(carl, link, 'So am I')
    check('Carl is told that he cannot', carl.sees('was used already', timeout_s=35))
    screenshot('used-link')
    open_invites(ann)
    check('Ann is warned', ann.sees('Somebody else tried to use it too'))
    screenshot('misused')
    close_invites(ann)

    # Taken back.
    invite(ann, 'Nobody')
    check('it can be taken back', ann.press('Take Back…'))
    check('after a question', ann.press('Take Back'))
    check('it cannot be used any more', ann.sees('Taken back'))
    check('and can be cleared away', ann.press('Remove from the List'))
    check('it is gone', ann.find('push button', 'Make a Link') and ann.is_gone('list item', 'Nobody'))
    close_invites(ann)

    # One's own.
    own = invite(ann)
    close_invites(ann)
    show_link(ann, own)
    check('one cannot join oneself', ann.sees('This is your own'))
    check('also not by the key', not ann.is_sensitive('push button', 'Next'))

    # Opened from elsewhere, in small letters as browsers make them.
    dora = Person('--name', 'Dora', '--listen', '127.0.0.1:0', own.lower(), x=980)
    people.append(dora)
    check('an opened link asks first', dora.find('text', TEXT))
    check('and shows whose it is', dora.row('Their ID'))
    screenshot('opened-link')
    dora.press('Join')
    check('then it joins', dora.sees('Your request has reached'))

    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
finish()
