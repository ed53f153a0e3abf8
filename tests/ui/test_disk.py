#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full: it is said in plain words until one has seen it, the window goes on, and what
cannot be sent stays where it was written."""

import os
import resource
import shutil
import sys
import tempfile

from person import Person, check, finish, screenshot

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

FILE_BYTES = 600_000
N_MESSAGES = 90

folder = tempfile.mkdtemp(prefix='kith-ui-')
people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=os.path.join(folder, 'ann'),
                 file_bytes=FILE_BYTES)
    people.append(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = kith_cli.Person('Ben')
    ben.ok('connect', address='127.0.0.1', port=ann.port())
    ann.select('Request from Ben')
    ann.press('Accept')
    ben.event('contact', change='accepted')
    her = ben.ok('contacts')['contacts'][0]['id']
    ben.ok('send', to=her, text='While there is room')
    check('a message arrives', ann.has_message('While there is room'), ann.messages())

    for i in range(N_MESSAGES):
        ben.ok('send', to=her, text=f'{i} ' + 'x' * 8000)
    check('a full disk is told', ann.sees('The disk is full', timeout_s=120), ann.everything()[-900:])
    screenshot('disk-full')
    # Something short might still find room in the database's log.
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, (4096, FILE_BYTES))
    ann.focus()
    ann.type('This has to wait')
    ann.key('Return')
    check('what cannot be stored is not sent', ann.find('text', 'Message text')
          and not ann.has_message('This has to wait', timeout_s=1), ann.messages()[-1:])
    check('it stays in the composer', ann.text('Message text') == 'This has to wait',
          ann.text('Message text'))
    check('the warning stays', ann.sees('The disk is full'))
    ann.place(0, (360, 640))
    screenshot('disk-full-narrow')
    ann.place(0, (960, 640))
    ben.kill()  # it tries again and again
    ann.sees('Last seen today')
    check('until it is dismissed', ann.press('Dismiss')
          and ann.is_gone('push button', 'Dismiss'), ann.everything()[-900:])
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    check('the window goes on', ann.has_message('0 xxx'), ann.messages()[-1:])
    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
