#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page and dialog, to look at before a release; no test. Says which windows are wider than they
were asked to be. With the environment of tests/ui (KITH, KITH_GROUP_STAGE):

SCREEN=2200x1500x24 LIMIT=600 tests/ui/desktop.sh python3 tests/ui/gallery.py FOLDER
    [--width 360] [--text 200] [--scale 2] [--dark] [--contrast] [--language de] [--only talk,groups,alone]"""

import argparse
import gettext
import os
import subprocess
import time

import person
from accessible import SELECTED
from person import KITH, Person, insist, wait, xdotool

FRAME = 10  # what GTK draws around a window where nothing composes
HEIGHT = 720
KEYS = {'invite': 'ctrl+i', 'join': 'ctrl+n', 'connect': 'ctrl+shift+n', 'address': 'ctrl+shift+i', 'jump': 'ctrl+k',
        'help': 'F1', 'shortcuts': 'ctrl+question'}
MENU = {'profile': 'My _Profile', 'connection': 'Check _Connection', 'several': 'Message _Several People…',
        'sent': 'Sent to S_everal', 'blocked': '_Blocked People', 'about': '_About Kith'}
LAST = 'And the little ticks tell me whether you have read this. Nice!'

parser = argparse.ArgumentParser()
parser.add_argument('folder')
parser.add_argument('--width', type=int)
parser.add_argument('--text', type=int, default=100)
parser.add_argument('--scale', type=int, default=1)
parser.add_argument('--dark', action='store_true')
parser.add_argument('--contrast', action='store_true')
parser.add_argument('--language')
parser.add_argument('--pages', help='names of pictures, to leave out all others')
parser.add_argument('--only', default='alone,talk,groups')
asked = parser.parse_args()

os.makedirs(asked.folder, exist_ok=True)
environment = {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark' if asked.dark else 'prefer-light',
               'ADW_DEBUG_HIGH_CONTRAST': '1' if asked.contrast else '0', 'GDK_SCALE': str(asked.scale)}
# Without a desktop, the X server says how large text is.
subprocess.run(['xprop', '-root', '-f', 'RESOURCE_MANAGER', '8s', '-set', 'RESOURCE_MANAGER',
                f'Xft.dpi: {96 * asked.text // 100}\n'], check=True)
say = str
if asked.language:
    translations = os.path.join(os.path.dirname(KITH), '..', 'po')
    say = gettext.translation('kith', translations, [asked.language]).gettext
    environment |= {'KITH_LOCALEDIR': translations, 'LANGUAGE': asked.language}


def label(words):
    """As a menu shows it."""
    return say(words).replace('_', '')


class Visitor(Person):
    def n_windows(self):
        return len(self.tree().windows)

    def shoot(self, name, window=None):
        window = window or self.window
        before = self.geometry(window)
        size = None
        if asked.width:
            size = ((asked.width + FRAME) * asked.scale, min(before['HEIGHT'], (HEIGHT + FRAME) * asked.scale))
            xdotool('windowsize', window, *size)
        xdotool('windowmove', window, 0, 0)
        time.sleep(.5)  # the tree is ahead of the pixels
        area = self.geometry(window)
        if size and area['WIDTH'] > size[0]:
            print(f'# too wide: {name} {area["WIDTH"] // asked.scale - FRAME}', flush=True)
        subprocess.run(['import', '-silent', '-window', 'root', '-crop',
                        f'{area["WIDTH"]}x{area["HEIGHT"]}+{max(0, area["X"])}+{max(0, area["Y"])}',
                        f'{asked.folder}/{name}.png'], check=False)

    def leave_dialog(self, n):
        def escape():
            xdotool('windowfocus', self.newest_window())
            self.key('Escape')
        return insist(escape, lambda: self.n_windows() <= n, again_s=1, timeout_s=5)

    def visit(self, name, act, n=1):
        """A dialog that @act opens."""
        if asked.pages and name not in asked.pages.split(','):
            return
        if not insist(act, lambda: self.n_windows() > n, timeout_s=9):
            print(f'# not seen: {name}', flush=True)
            return
        time.sleep(.4)
        self.shoot(name, self.newest_window())
        self.leave_dialog(n)

    def by_keys(self, name, *keys, n=1):
        def press():
            self.focus(self.title)
            self.key(*keys)
        self.visit(name, press, n)

    def by_menu(self, name, button, item, n=1):
        def act():
            self.focus(self.title)
            self.click_at(self.find('push button', say(button), timeout_s=2))
            wait(lambda: self.look_for('menu item', label(item)).act(), 2)
        self.visit(name, act, n)

    title = None


def look_alone():
    ann = Visitor(environment=environment)
    try:
        ann.shoot('welcome')
        ann.fill(say('Your Name'), 'Ann')
        ann.press(say('Start'))
        ann.find('push button', say('Main menu'))
        ann.shoot('empty')
        for name, keys in KEYS.items():
            ann.by_keys(name, keys)
        for name, item in MENU.items():
            ann.by_menu(name, 'Main menu', item)
        ann.by_menu('new-group', 'Invite or add a friend', 'New _Group…')
        ann.by_menu('nearby', 'Invite or add a friend', 'People _Nearby')
        if asked.pages:
            return
        ann.focus()
        ann.key('F10')
        ann.shoot('menu')
        ann.key('Escape')
        ann.key_until(lambda: ann.n_windows() > 1, 'ctrl+comma')
        window = ann.newest_window()
        pages = [row.name for row in ann.look_for('list', say('Pages of the preferences')).children]
        for i, page in enumerate(pages):
            if not ann.look_for('list item', page):
                ann.press(say('Back'))
            ann.click_at(ann.find('list item', page), window)
            ann.shoot(f'preferences-{i}', window)
            xdotool('windowsize', window, *[side * asked.scale for side in ((asked.width or 640) + FRAME, 1450)])
            ann.shoot(f'preferences-{i}-all', window)
    finally:
        ann.leave()


def look_at_talk():
    demo = Visitor('--demo', environment=environment)
    try:
        wait(lambda: demo.n_windows() == 2)
        demo.title = 'Ann – Kith'
        xdotool('windowmove', demo.x_window('Ben – Kith'), 1100 * asked.scale, 0)
        demo.window = demo.x_window(demo.title)
        demo.row(say(LAST), 30)
        if asked.width and asked.width < 600:
            demo.shoot('talk-list')
            demo.focus(demo.title)
            demo.key('alt+Down')
        demo.shoot('talk')
        demo.key_until(lambda: demo.look_for('menu item', label('_Select Text…')), 'shift+Tab', 'Menu', title=demo.title)
        demo.shoot('talk-menu')
        demo.visit('talk-details', lambda: demo.look_for('menu item', label('De_tails')).act(), 2)
        demo.by_menu('talk-contact', 'Conversation menu', 'Contact _Details', 2)
        for name, item in (('talk-timer', 'Disappearing _Messages…'), ('talk-file', 'Save as a Readable _File…'),
                           ('talk-clear', 'De_lete All Messages…'), ('talk-block', '_Block…'),
                           ('talk-remove', '_Remove Contact…')):
            demo.by_menu(name, 'Conversation menu', item, 2)
    finally:
        demo.leave()


def look_at_groups():
    person.KITH = os.environ['KITH_GROUP_STAGE']
    dora = Visitor(environment=environment)
    try:
        def rows():
            return dora.look_for('list', say('Conversations')).children

        def go(name):
            def step():
                here = next((i for i, row in enumerate(rows()) if row.has(SELECTED)), -1)
                there = next(i for i, row in enumerate(rows()) if row.name.startswith(name))
                dora.focus()
                dora.key(*['alt+Down' if there > here else 'alt+Up'] * abs(there - here))
            return insist(step, lambda: next(row for row in rows() if row.name.startswith(name)).has(SELECTED))
        wait(lambda: len(rows()) > 5)
        dora.shoot('groups-list')
        names = [row.name.split(',')[0] for row in rows()]
        for name in ('Ace', 'Village Choir', 'Invited', 'Vanished', 'Missing', names[-1]):
            if go(name):
                dora.shoot(f'group-{name[:12]}')
        go('Ace')
        dora.by_menu('group-details', 'Conversation menu', 'Group _Details')
        for name, item in (('group-invite', '_Invite People…'), ('group-link', 'Group Lin_k…')):
            dora.by_menu(name, 'Conversation menu', item)
        go('Village Choir')
        dora.by_menu('group-crowd', 'Conversation menu', 'Group _Details')
        go(names[-1])
        dora.by_menu('group-long', 'Conversation menu', 'Group _Details')
    finally:
        dora.leave()


for part in asked.only.split(','):
    {'alone': look_alone, 'talk': look_at_talk, 'groups': look_at_groups}[part]()
