#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways of files into the window and out of it: dragged, chosen, pasted; accepted by themselves, put into
another folder, saved elsewhere."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, insist, let_in, screenshot, wait, xdotool

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp()
people = []


def make(name, size):
    path = pathlib.Path(folder) / name
    path.write_bytes(os.urandom(size))
    return str(path)


def same(a, b):
    return os.path.exists(b) and pathlib.Path(a).read_bytes() == pathlib.Path(b).read_bytes()


def drag(path):
    """From another program onto the conversation, as a hand does it: in steps."""
    with subprocess.Popen([sys.executable, HERE + '/drag_source.py', path], stdout=subprocess.PIPE) as source:
        source.stdout.readline()
        area = ann.geometry(ann.window)
        xdotool('mousemove', 1800, 650, 'mousedown', 1)
        x, y = area['X'] + area['WIDTH'] - 150, area['Y'] + 300

        def drop():
            for step in range(1, 11):
                xdotool('mousemove', 1800 + (x - 1800) * step // 10, 650 + (y - 650) * step // 10)
            xdotool('mousemove', x + 3, y + 3)
            xdotool('mouseup', 1)
            return wait(lambda: ann.look_for('label', contains='to Ben?'), 5)
        try:
            return drop()
        finally:
            source.kill()


def sent(name):
    """What is asked about goes to Ben, and arrives."""
    if not ann.press('Send'):
        return False
    offered = ben.event('file-offer', name=name)
    ben.ok('accept-file', transfer=offered['transfer'])
    return same(folder + '/' + name, ben.event('file-done', state='done')['path'])


def press(name, button):
    """That of the message with the file of this name."""
    def look():
        rows = [row for row in ann.look_for('list', 'Messages').children if name in row.name]
        return next(node for node in rows[-1].walk() if node.role == 'push button' and node.name == button
                    and node.is_shown()).act()
    return wait(look)


def show_preferences():
    ann.focus('Preferences')
    ann.click_at(ann.look_for('list item', 'Storage'), ann.x_window('Preferences'))


try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0', profile=folder + '/ann')
    people.append(ann)
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    ben = let_in(ann, kith_cli.Person('Ben', profile=folder + '/ben'))
    ann.select('Ben')

    # Into it
    make('dragged.txt', 2000)
    check('what is dropped is asked about', insist(lambda: drag(folder + '/dragged.txt'), lambda: ann.look_for(
        'label', contains='to Ben?'), 20), ann.everything())
    check('it is named', ann.sees('dragged.txt'))
    screenshot('file-ways-dropped')
    check('and goes', sent('dragged.txt'))
    make('chosen.txt', 3000)
    ann.focus()
    check('the file dialog opens', ann.key_until(lambda: ann.look_for('push button', 'Choose'), 'ctrl+o'),
          ann.everything())
    check('a file is chosen', ann.choose_file('Send Files', folder + '/chosen.txt', 'Choose') and ann.sees('chosen.txt'),
          ann.everything())
    check('and goes', sent('chosen.txt'))
    make('film.mp4', 500)
    ann.focus()
    check('a film', ann.key_until(lambda: ann.look_for('push button', 'Choose'), 'ctrl+o')
          and ann.choose_file('Send Files', folder + '/film.mp4', 'Choose') and ann.sees('film.mp4'), ann.everything())
    check('may tell where it was taken', ann.sees('may be written in them'), ann.everything())
    screenshot('file-ways-film')
    check('and stays here', ann.press('Cancel') and ann.is_gone('label', contains='to Ben?'))

    # Out of it
    check('the preferences open', ann.key_until(
        lambda: ann.look_for('list item', 'Storage'), 'ctrl+comma'), ann.everything())
    check('they say where files go', insist(show_preferences, lambda: ann.look_for(
        'list item', contains='Folder for Received Files')), ann.everything())
    os.mkdir(folder + '/elsewhere')
    ann.scroll_to('Folder for Received Files', ann.x_window('Preferences'))
    screenshot('file-ways-preferences')
    check('another folder is chosen', ann.press('Choose Folder…') or ann.press('Choose _Folder… Choose Folder…'))
    check('with the dialog for that', ann.choose_file('Folder for Received Files', folder + '/elsewhere', 'Choose')
          and ann.sees(folder + '/elsewhere'), ann.everything())
    ann.close('Preferences', 'list item', None, 'Folder for Received Files')
    paper = make('paper.txt', 4000)
    ben.ok('send-file', to=ben.other, path=paper)
    check('what is accepted goes there', press('paper.txt', 'Accept') and wait(
        lambda: same(paper, folder + '/elsewhere/paper.txt')), ann.everything())

    copy = make('copy.txt', 10)
    check('it can be saved elsewhere', press('paper.txt', 'Save As…') and wait(
        lambda: ann.look_for('push button', 'Save')), ann.everything())
    check('what is there is asked about', ann.choose_file('Save As', copy, 'Save', lambda: ann.look_for(
        'push button', contains='Replace')), ann.everything())
    screenshot('file-ways-replace')
    check('it is as it was until then', os.path.getsize(copy) == 10)
    check('and is replaced', ann.press(contains='Replace') and wait(lambda: same(paper, copy)), ann.everything())
    check('which is said', ann.sees('Saved'))

    check('all leave in order', all(person.leave() == 0 for person in people))
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
