#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that open links and files are none of Kith's: a profile that is carried about keeps nothing on the computer,
and they keep what they always keep, where they always do."""

import os
import pathlib
import shutil
import sys
import tempfile

from person import Person, check, finish, insist, let_in, wait, xdotool

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

# As the user has them.
OWN = {'ENCHANT_CONFIG_DIR': '/home/ann/words', 'MESA_SHADER_CACHE_DISABLE': 'false'}
# What Kith sets for the libraries below it, where the user has nothing.
KITHS = 'MESA_GLSL_CACHE_DISABLE', '__GL_SHADER_DISK_CACHE', 'GNOTIFICATION_BACKEND'
LINK = 'https://example.org/' + 'page/' * 50 + 'end'

folder = pathlib.Path(tempfile.mkdtemp(prefix='kith-ui-'))
people = []


def install_handler():
    """A program that opens everything, and writes down what it got."""
    applications = pathlib.Path(os.environ['XDG_DATA_HOME']) / 'applications'
    applications.mkdir(parents=True, exist_ok=True)
    program = folder / 'handler'
    program.write_text(f'#!/bin/sh\nenv -0 > "{folder}/part"\nprintf "URI=%s\\0" "$1" >> "{folder}/part"\n'
                       f'mv "{folder}/part" "{folder}/told"\n')
    program.chmod(0o755)
    (applications / 'handler.desktop').write_text(
        f'[Desktop Entry]\nType=Application\nName=Handler\nExec="{program}" %u\n'
        'MimeType=x-scheme-handler/https;text/plain;application/octet-stream;inode/directory;\n')
    (applications / 'mimeapps.list').write_text(
        '[Default Applications]\nx-scheme-handler/https=handler.desktop\ntext/plain=handler.desktop\n'
        'application/octet-stream=handler.desktop\ninode/directory=handler.desktop\n')


def await_handler():
    """What it was started with."""
    told = wait(lambda: (folder / 'told').read_bytes()) or b''
    (folder / 'told').unlink(missing_ok=True)
    return dict(line.split('=', 1) for line in told.decode().split('\0') if '=' in line)


def check_environment(what, environment, name):
    check(f'{what} is opened by another program', environment.get('URI', '').endswith(name), environment.get('URI'))
    check('which has what the user has', {name: environment.get(name) for name in OWN} == OWN,
          {name: environment.get(name) for name in OWN})
    check('and nothing that is Kith’s own', not set(KITHS) & set(environment), set(KITHS) & set(environment))
    check('with its caches where they are', environment.get('XDG_CACHE_HOME') == os.environ['XDG_CACHE_HOME'])


def press(name, button):
    def look():
        rows = [row for row in ann.look_for('list', 'Messages').children if name in row.name]
        return next(node for node in rows[-1].walk() if node.role == 'push button' and node.name == button
                    and node.is_shown()).act()
    return wait(look)


def follow_licence():
    """The link in the window about Kith, which is somewhere in its text."""
    window = ann.newest_window()
    label = ann.look_for('label', contains='GNU General Public License')
    x, y, width, height = label.box()
    for part in .75, .5, .25:
        xdotool('mousemove', '--window', window, x + width // 2, y + int(height * part), 'click', 1)
        if wait((folder / 'told').exists, 1):
            return


try:
    install_handler()
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=str(folder / 'stick'), environment=OWN)
    people.append(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=str(folder / 'ben')))
    people.append(ben)
    ann.select('Ben')

    ben.ok('send', to=ben.other, text=LINK)
    check('a link arrives', ann.has_message('/end'))
    check('it asks before it opens', ann.choose('/end', 'Kith', lambda: ann.look_for(
        'label', contains='Open This Link?')), ann.everything())
    ann.press('Open')
    check_environment('it', await_handler(), LINK)

    letter = folder / 'letter.txt'
    letter.write_text('Dear Ann')
    ben.ok('send-file', to=ben.other, path=str(letter))
    check('a file arrives', press('letter.txt', 'Accept') and wait(lambda: press('letter.txt', 'Open')), ann.everything())
    check_environment('that', await_handler(), '/letter.txt')

    ann.pick('Main menu', 'About Kith')
    check('the licence is shown', insist(lambda: ann.click_at(ann.look_for('list item', 'Legal'), ann.newest_window()),
                                         lambda: ann.look_for('label', contains='GNU General Public License')), ann.everything)
    insist(follow_licence, (folder / 'told').exists)
    check_environment('a link of the toolkit', await_handler(), 'gpl-3.0.html')

    check('Ann ends in order', ann.leave() == 0)
finally:
    for person in people:
        person.leave() if isinstance(person, Person) else person.kill()
    shutil.rmtree(folder, ignore_errors=True)
finish()
