#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures in the window: shown in the conversation, opened and made bigger, cleaned when they are sent;
those that mean no good are refused with words."""

import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

from person import Person, check, finish, insist, let_in, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

folder = tempfile.mkdtemp()
people = []
SECRET = b'52.5200 N 13.4050 E'
LEAST_PICTURE_ROW = 140  # px: an empty place for a picture is that high


def chunk(kind, content):
    return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))


def png(width, height, *extra, pixels=None):
    """A gradient, or a size that is a lie."""
    if pixels is None:
        pixels = b''.join(b'\0' + bytes(c for x in range(width) for c in (x * 255 // width, 80, y * 255 // height))
                          for y in range(height))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
            + b''.join(extra) + chunk(b'IDAT', zlib.compress(pixels)) + chunk(b'IEND', b''))


def gif(colours, delay):
    """One frame of 8 times 8 pixels for each of its two colours."""
    frames = b''.join(b'!\xf9\x04\0' + struct.pack('<H', delay) + b'\0\0' + b',\0\0\0\0\x08\0\x08\0\0\x02\x07'
                      + bytes([0x84 if c == 0 else 0x8c, 0x8f, 0xa9, 0xcb, 0xed, 0x0f, 0x63]) + b'\0'
                      for c in colours)
    return b'GIF89a\x08\0\x08\0\x80\0\0\xff\0\0\0\0\xff!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0' + frames + b';'


def height(name):
    """Of the message that is the file."""
    rows = ann.look_for('list', 'Messages').children
    return next(row.box()[3] for row in rows if name in row.name)


def make(name, content):
    path = pathlib.Path(folder) / name
    path.write_bytes(content)
    return str(path)


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=folder + '/ann')
    people.append(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    ann.select('Ben')

    # Sending: a picture of the clipboard, with the place it was taken in it.
    picture = png(300, 200, chunk(b'tEXt', b'Location\0' + SECRET))
    subprocess.run(['xclip', '-selection', 'clipboard', '-t', 'image/png', '-i'], input=picture, check=True,
                   stdout=subprocess.DEVNULL)

    def paste():
        ann.focus()
        ann.key('ctrl+v')
    check('a picture is pasted', insist(paste, lambda: ann.look_for('label', contains='to Ben?')),
          ann.everything())
    check('its data is removed unless one says otherwise', ann.sees('Remove Place and Camera Data'))
    screenshot('pictures-confirm')
    check('it is sent', ann.press('Send'))
    offered = ben.event('file-offer')
    ben.ok('accept-file', transfer=offered['transfer'])
    got = pathlib.Path(ben.event('file-done')['path']).read_bytes()
    check('the place did not go with it', SECRET in picture and SECRET not in got)
    check('the picture did', got == png(300, 200))
    check('it is shown', ann.find('push button', contains='Picture Picture.png'), ann.everything())
    screenshot('pictures-own')

    # Looking at it.
    check('it opens', insist(lambda: ann.look_for('push button', contains='Picture Picture.png').act(),
                             lambda: ann.look_for('label', '300 × 200')), ann.everything())
    check('it can be made bigger', ann.press('Zoom in') and ann.press('Zoom in'))
    screenshot('pictures-viewer')
    width = ann.find('image', 'Picture.png').box()[2]
    check('with the keyboard as well', ann.key_until(
        lambda: ann.look_for('image', 'Picture.png').box()[2] > width, 'plus', title='Picture.png'), ann.everything)
    check('and it closes', ann.close('Picture.png', 'label', '300 × 200'))

    # Receiving.
    for name, content in (('photo.png', png(200, 150)), ('moving.gif', gif([0, 1], 50))):
        ben.ok('send-file', to=ben.other, path=make(name, content))
        check(f'{name} is offered', ann.has_message('Picture ' + name, 'Not accepted yet'), ann.messages())
        check('accepted', ann.press('Accept') and ben.event('file-done')['state'] == 'done')
        check('and shown', wait(lambda: 'accepted' not in ann.look_for(
            'push button', contains='Picture ' + name).name), ann.everything())
    screenshot('pictures-received')
    moving = ann.find('push button', contains='Picture moving.gif')
    check('what moves does when it is clicked', moving.act())
    screenshot('pictures-playing')

    # Those that mean no good.
    for name, content, words in (
            ('bomb.png', png(50000, 50000, pixels=bytes(1000)), 'too big to be shown'),
            ('film.gif', gif([0, 1] * 5000, 1), 'too long to be shown'),
            ('fetch.png', b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://192.0.2.1/"/></svg>',
             'no picture of a kind'),
            ('broken.png', png(100, 100)[:200], 'damaged')):
        ben.ok('send-file', to=ben.other, path=make(name, content))
        check(f'{name} is offered', ann.has_message(name, 'Not accepted yet'), ann.messages())
        check('accepted', ann.press('Accept') and ben.event('file-done')['state'] == 'done')
        check(f'and refused: {words}', ann.sees(words), ann.everything())
        check('no empty place is left of it', wait(lambda: ann.look_for(
            'push button', contains='Picture ' + name) is None), ann.everything)
        check('it takes no more room than a file', height(name) < LEAST_PICTURE_ROW, height(name))
        screenshot('pictures-' + name.split('.')[0])
    check('the window lives', ann.write('Nice try') and ben.event('message', text='Nice try'))

    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
