#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that cannot be used at once: too old, as a picture that was copied, of somebody who is away."""

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile

from accessible import Ear
from links import TEXT, close_invites, invite, join, show_link
from person import BUS, Person, check, finish, hears, screenshot

EXPIRY_AT, EXPIRY_BYTES, SUM_BYTES = 82, 4, 4  # in a link of protocol 6.2

ear = Ear(BUS)
people = []
folder = tempfile.mkdtemp(prefix='kith-ui-')


def expire(link):
    """The same link, as if it had been made in 1970."""
    head, _, text = link.partition('/')
    data = bytearray(base64.b32decode(text + '=' * (-len(text) % 8)))
    data[EXPIRY_AT:EXPIRY_AT + EXPIRY_BYTES] = (1).to_bytes(EXPIRY_BYTES, 'big')
    body = bytes(data[:-SUM_BYTES])
    sum_of = hashlib.blake2b(len(body).to_bytes(4, 'big') + body, digest_size=32, person=b'kith1 inv-sum')
    data[-SUM_BYTES:] = sum_of.digest()[:SUM_BYTES]
    return f'{head}/{base64.b32encode(bytes(data)).decode().rstrip("=")}'


def copy_code(text):
    """A picture with it stands in the clipboard until this process ends."""
    picture = os.path.join(folder, 'link.png')
    subprocess.run(['qrencode', '-s', '6', '-o', picture, text], check=True)
    return subprocess.Popen(['xclip', '-quiet', '-selection', 'clipboard', '-t', 'image/png', picture],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start(*arguments, **keywords):
    person = Person(*arguments, **keywords)
    people.append(person)
    return person


try:
    ann = start('--name', 'Ann', '--listen', '127.0.0.1:0', profile=os.path.join(folder, 'ann'))
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    port = ann.port()
    link = invite(ann, 'Ben')
    check('and has a link', link.startswith('KITH:I/'), ann.everything())
    close_invites(ann)

    ben = start('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    show_link(ben, expire(link))
    check('a link of yesterday is told', ben.sees('This link has expired'), ben.everything())
    check('and goes no further', not ben.is_sensitive('push button', 'Next'))
    screenshot('expired-link')
    ben.fill('Link or ID', '')

    # A picture that was copied somewhere is pasted.
    clipboard = copy_code('https://example.org')
    check('a picture of something else is told', ben.key_until(
        lambda: ben.look_for('label', contains='not one of Kith'), 'ctrl+v', title='Add a Friend'), ben.everything)
    check('that it is read is said', hears(ear, 'Reading the picture'), ear.heard)
    check('and what was in it', hears(ear, 'The QR code in this picture is not one of Kith.'), ear.heard)
    clipboard.terminate()
    clipboard.wait()
    clipboard = copy_code(link)
    check('a picture can be pasted',
          ben.key_until(lambda: ben.look_for('push button', 'Back'), 'ctrl+v', title='Add a Friend'),
          ben.everything())
    clipboard.terminate()
    clipboard.wait()
    check('it is found in it whose it is', ben.row('Their ID'), ben.everything())

    # She is away.
    check('Ann leaves', ann.leave() == 0)
    ben.fill(TEXT, 'It is Ben')
    ben.press('Join')
    check('Ben is told that it goes on', ben.sees('Kith Keeps Trying', timeout_s=40), ben.everything())
    screenshot('waiting')
    check('he can find out why', ben.press('Find Out Why') and ben.x_window('Connection to'), ben.everything())
    ben.close('Connection to', 'label', 'Connection to Ann')
    check('the dialog can be closed', ben.close('Add a Friend', 'label', 'Kith Keeps Trying'),
          ben.everything())
    check('Ann is in his list', ben.find('list', 'Conversations').children, ben.everything())
    screenshot('waiting-list')

    ann = start('--listen', f'127.0.0.1:{port}', profile=os.path.join(folder, 'ann'))
    check('when she is back, his request arrives', ann.find('list item', contains='Request from Ben', timeout_s=60),
          ann.everything())
    ann.select('Request from Ben')
    check('she accepts', ann.press('Accept'))
    check('and he is in', ben.sees('Online'), ben.everything())

    # Used up: nobody else gets in with it.
    carl = start('--name', 'Carl', '--listen', '127.0.0.1:0', x=980)
    join(carl, link)
    check('it is of no use to another', carl.sees('was used already', timeout_s=35), carl.everything())
    check('all leave in order', all(person.leave() in (0, None) for person in (ann, ben, carl)))
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
