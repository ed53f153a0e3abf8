#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding each other by a link: made, shown, copied, pasted, scanned from a picture, used."""

import subprocess
import tempfile

from links import TEXT, close_invites, invite, show_link
from person import Person, check, finish, screenshot

people = []
folder = tempfile.TemporaryDirectory()
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    check('inviting is offered', ann.find('push button', 'Invite a Friend'))
    link = invite(ann, 'Ben & <b>')
    check('a link is shown', link.startswith('KITH:I/'))
    check('and its QR code', ann.find('image', contains='QR code'))
    check('with honest words', ann.sees('can use it once'))
    check('and its end', ann.sees('valid until'))
    check('and for whom it is', ann.find('label', 'Ben & <b>'))
    check('it can be copied', ann.press('Copy Link'))
    check('and says so', ann.sees('Copied'))
    screenshot('invite')

    ben = Person('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    people.append(ben)
    check('a link that is pasted anywhere leads to whose it is',
          ben.key_until(lambda: ben.look_for('text', TEXT), 'ctrl+v'))
    check('and is not used by that', ben.press('Back') and ben.close('Add a Friend', 'text', 'Link or ID'))

    # Every wrong one is told apart before anything is done.
    show_link(ben, 'KITH:I/NONSENSE')
    check('nonsense is no link', ben.sees('neither a link'))
    check('and goes no further', not ben.is_sensitive('push button', 'Next'))
    screenshot('wrong-link')
    ben.fill('Link or ID', '')
    check('the link is pasted', ben.key_until(lambda: ben.text('Link or ID') == link, 'ctrl+a', 'ctrl+v',
                                              title='Add a Friend'))
    check('it can go on', ben.press('Next'))
    check('it says until when', ben.sees('Valid Until'))
    check('nobody has been asked yet', not ann.look_for('list item', contains='Request from'))
    screenshot('confirm-link')
    check('there is a way back', ben.press('Back'))
    check('to the start', ben.find('text', 'Link or ID'))

    # The same link as a picture, as a telephone would take it.
    picture = folder.name + '/link.png'
    subprocess.run(['qrencode', '-s', '6', '-o', picture, link], check=True)
    ben.fill('Link or ID', '')
    check('a picture can be scanned',
          ben.choose('Scan a Picture', 'Add a Friend', lambda: ben.look_for('push button', 'Scan')))
    check('a file is chosen', ben.choose_file('Scan a Picture', picture, 'Scan'))
    # What was shown once stays in the tree: the button tells the pages apart.
    check('it leads to the same page', ben.find('push button', 'Back'))
    ben.fill(TEXT, 'It is Ben')
    check('Ben joins', ben.press('Join'))
    check('he is told that it arrived', ben.sees('Your request has reached'))
    check('his dialog closes', ben.is_gone('text', TEXT))

    check('Ann sees who used it', ann.sees('Used by Ben'))
    check('the link is gone', ann.is_gone('label', contains='KITH:I/'))
    check('the list says so, too', ann.press('Back') and ann.row('Ben & <b>'))
    screenshot('used')
    check('the dialog closes', close_invites(ann))
    ann.select('Request from Ben')
    check('Ann accepts', ann.press('Accept'))
    check('Ben is let in', ben.sees('Online'))

    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
    folder.cleanup()
finish()
