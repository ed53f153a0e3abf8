# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to every page and dialog of the window, in any language, for whoever looks at all of them: a stage has
some people and leads from page to page. Each template of src/ui is seen on one of them, or stands in UNSEEN."""

import collections
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import person as people_before_it
from accessible import FOCUSED, SELECTED
from person import Person, check, insist, wait, xdotool

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent / 'src' / 'ui'
sys.path.insert(0, str(HERE.parent / 'cli'))
import kith_cli  # noqa: E402

# What is not shown on any page, and why.
UNSEEN = {
    'kith-task-panel': 'as long as something works: window-backup, window-restore',
    'kith-nearby-dialog': 'as long as others are looked for: window-nearby',
    'kith-profiles-page': 'which profile to open: window-profiles',
    'kith-rescue-dialog': 'when a profile is damaged: window-rescue',
    'kith-window': 'the frame of all pages',
}
# How a template is known that has no words of its own.
MARKS = {
    'kith-divider-row': ('list item', 'Today'),
    'kith-error-box': ('push button', 'Find Out Why'),
    'kith-notice-bar': ('push button', 'Become Admin'),
    'kith-window-chat': ('push button', 'Conversation menu'),
    'kith-sidebar-list': ('list', 'Conversations'),
    'kith-hit-row': ('list', 'Messages found'),
    'kith-message-row': ('list', 'Messages'),
    'kith-bubble': ('list', 'Messages'),
    'kith-conversation-row': ('push button', 'Conversation menu'),
    'kith-me-button': ('push button', 'Main menu'),
    'kith-profile-list': ('list item', 'New Profile…'),
}
PASSPHRASE = 'correct horse battery staple'
LAST = 'And the little ticks tell me whether you have read this. Nice!'
TONE = {'KITH_VOICE_SOURCE': 'audiotestsrc is-live=true freq=300', 'KITH_VOICE_SINK': 'fakesink sync=true'}

ANYWHERE = 'anywhere'

Page = collections.namedtuple('Page', 'name person window')


def _words(path):
    return {re.sub('_(.)', r'\1', (element.text or '').strip()) for element in ElementTree.parse(path).iter()
            if element.get('translatable') == 'yes'}


def templates():
    """The words that only one template has, by its name."""
    found = {path.stem: _words(path) for path in sorted(SOURCE.rglob('*.ui'))}
    count = collections.Counter(word for words in found.values() for word in words)
    return {name: {word for word in words if count[word] == 1} for name, words in found.items()}


def focused(person):
    """The path of what has the focus in the window, or None."""
    return next((node.path for node in person.tree().walk() if node.was(FOCUSED)), None)


def free_port():
    with socket.socket() as server:
        server.bind(('127.0.0.1', 0))
        return server.getsockname()[1]


class Stage:
    """Some people. pages() leads to one page after the other, and knows of each when it is left that Escape does it
    and that the focus is back where it was."""

    def __init__(self, say=str, environment=None):
        self.say = say
        self.environment = environment or {}
        self.people = []
        self.folder = tempfile.mkdtemp(prefix='kith-ui-')
        self.person = None
        self.seen = set()
        self._open = []
        self._templates = templates()

    # --- People ---

    def start(self, *arguments, **keywords):
        environment = {**self.environment, **keywords.pop('environment', {})}
        person = Person(*arguments, environment=environment, **keywords)
        self.people.append(person)
        return person

    def leave(self):
        kith_cli.end_processes()
        for person in self.people:
            person.leave()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- Words ---

    def label(self, words):
        """As a menu shows it, without the letter for the keyboard."""
        return re.sub('_(.)', r'\1', self.say(words))

    def _spoken(self, words):
        return {self.say(word) for word in words} | {self.label(word) for word in words} | words

    # --- Pages ---

    def page(self, name):
        """What is shown now."""
        windows = self.person.tree().windows
        self._look()
        return Page(name, self.person, self.person.newest_window() if len(windows) > len(self.base) else self.person.window)

    def _look(self):
        left = {name: self._spoken(words) for name, words in self._templates.items()
                if name not in self.seen and name not in MARKS}
        marks = {name: (role, self.say(word)) for name, (role, word) in MARKS.items() if name not in self.seen}
        for node in self.person.tree().walk():
            found = {name for name, words in left.items() if node.name in words}
            found |= {name for name, mark in marks.items() if (node.role, node.name) == mark}
            found -= self.seen
            if found and node.is_shown():
                self.seen |= found

    def n_windows(self):
        return len(self.person.tree().windows)

    def focus_front(self):
        xdotool('windowfocus', self.person.newest_window())

    def open(self, name, act):
        """A dialog before what is shown. act: keys, or a function."""
        n, before = self.n_windows(), focused(self.person)

        def press():
            self.focus_front() if self._open else self.person.focus(self.title)
            self.person.key(act)
        opened = insist(press if isinstance(act, str) else act, lambda: self.n_windows() > n)
        check(f'{name} opens', opened, self.person.everything)
        # With the mouse, it goes to the button of the menu first.
        self._open.append((name, n, before if isinstance(act, str) else ANYWHERE))
        return opened

    def close(self):
        """That dialog again."""
        name, n, before = self._open.pop()

        def press():
            self.focus_front()
            self.person.key('Escape')
        check(f'{name}: Escape leaves it', insist(press, lambda: self.n_windows() <= n, again_s=1), self.person.everything)
        self.focus_front() if self._open else self.person.focus(self.title)
        check(f'{name}: the focus is back', wait(lambda: before in (focused(self.person), ANYWHERE), 5),
              lambda: (before, focused(self.person)))

    def dialog(self, name, act):
        if self.open(name, act):
            yield self.page(name)
            self.close()

    # --- Ways ---

    title = None
    base = ()

    def settle(self):
        """The windows that stand there from now on are no dialogs."""
        self.base = self.person.tree().windows

    def menu(self, button, item):
        """An item of the menu behind a button."""
        def act():
            self.person.focus(self.title)
            self.person.click_at(self.person.look_for('push button', self.say(button)))
            wait(lambda: self.person.look_for('menu item', self.label(item)).act(), 2)
        return act

    def row(self, title):
        """A row in the dialog in front, with the mouse."""
        def act():
            window = self.person.newest_window()
            area = self.person.geometry(window)
            xdotool('mousemove', '--window', window, area['WIDTH'] // 2, area['HEIGHT'] // 2, 'click', '--repeat', 20, 4)
            self.person.scroll_to(self.say(title), window)
            self.person.click_at(self.person.look_for('list item', contains=self.say(title)), window)
        return act

    def button(self, name):
        def act():
            self.person.look_in_front('push button', self.say(name)).act()
        return act

    def message_menu(self, item):
        """Of the last message."""
        def act():
            self.person.focus(self.title)
            self.person.key('Escape')
            self.person.click_at(self.person.look_for('text', self.say('Message text')))
            self.person.key('shift+Tab', 'Menu')
            wait(lambda: self.person.look_for('menu item', self.label(item)).act(), 2)
        return act

    def find(self, role, words):
        return self.person.find(role, self.say(words))

    def all_seen(self):
        """To be asked at the end."""
        missing = set(STAGES[type(self).__name__]) - self.seen
        check('each template was seen', not missing, ', '.join(sorted(missing)))


class First(Stage):
    """Somebody starts Kith for the first time, and looks at all that can be set."""

    def pages(self):
        ann = self.person = self.start('--listen', f'127.0.0.1:{free_port()}', profile=self.folder + '/ann')
        self.find('push button', 'Get Started')
        self.settle()
        yield self.page('hello')
        yield from self.dialog('restore', self.button('Restore from a Backup…'))
        ann.key_until(lambda: ann.look_for('text', self.say('Your Name')), 'Return')
        yield self.page('name')
        ann.enter(self.say('Your Name'), 'Ann')
        ann.key_until(lambda: ann.look_for('push button', self.say('Use This Passphrase')), 'Return')
        yield self.page('setup')
        yield from self.dialog('no-passphrase', self.button('Without a Passphrase…'))
        insist(lambda: (ann.focus(), ann.find('text', self.say('New Passphrase'))),
               lambda: ann.look_for('text', self.say('New Passphrase')))
        ann.focus()
        for entry in 'New Passphrase', 'Once More':
            ann.click_at(ann.find('text', self.say(entry)))
            ann.enter(self.say(entry), PASSPHRASE)
        ann.key('Return')
        check('the window opens', self.find('push button', 'Main menu'), ann.everything)
        yield self.page('empty')
        yield from self.preferences()
        yield from self.locked()

    def preferences(self):
        ann = self.person
        rows = (('passphrase', 'Change the Passphrase…'), ('no-more-passphrase', 'Remove the Passphrase…'),
                ('backup', 'Save a Backup…'), ('erase', 'Erase Everything…'), ('new-profile', 'New Profile…'))
        done = set()
        self.open('preferences', 'ctrl+comma')
        window = ann.newest_window()
        names = [node.name for node in ann.look_for('list', self.say('Pages of the preferences')).walk()
                 if node.role == 'list item' and node.is_shown()]
        for i, name in enumerate(names):
            insist(lambda name=name: ann.click_at(ann.look_for('list item', name), window),
                   lambda name=name: ann.look_for('list item', name).has(SELECTED))
            yield self.page(f'preferences-{i}')
            left = [place for place in rows if place[0] not in done]
            for name, row in left:
                if ann.look_for('list item', contains=self.say(row)):
                    done.add(name)
                    yield from self.dialog(name, self.row(row))
        self.close()

    def locked(self):
        ann = self.person
        ann.key_until(lambda: ann.look_for('push button', self.say('Unlock')), 'ctrl+l')
        yield self.page('locked')
        self.person = self.start(profile=self.folder + '/ann')
        self.person.find('push button', self.say('Try Again'))
        self.settle()
        yield self.page('trouble')


class Alone(Stage):
    """Somebody who knows nobody yet, and whom one asks."""

    KEYS = {'join': 'ctrl+n', 'address': 'ctrl+shift+i', 'jump': 'ctrl+k', 'help': 'F1',
            'shortcuts': 'ctrl+question'}
    MENU = {'profile': 'My _Profile', 'connection': 'Check _Connection', 'several': 'Message _Several People…',
            'sent': 'Sent to S_everal', 'blocked': '_Blocked People', 'about': '_About Kith'}

    def pages(self):
        port = free_port()
        ann = self.person = self.start('--name', 'Ann', '--listen', f'127.0.0.1:{port}')
        self.find('push button', 'Main menu')
        self.settle()
        yield from self.invite()
        for name, keys in self.KEYS.items():
            yield from self.dialog(name, keys)
        yield from self.connect()
        for name, item in self.MENU.items():
            yield from self.dialog(name, self.menu('Main menu', item))
        yield from self.dialog('new-group', self.menu('Invite or add a friend', 'New _Group…'))
        kith_cli.Person('Ben', '--ephemeral').ok('connect', address='127.0.0.1', port=port)
        check('Ben asks', ann.row('Ben'), ann.everything)
        ann.key_until(lambda: ann.look_for('push button', self.say('Accept')), 'alt+Down')
        yield self.page('request')

    def invite(self):
        self.open('invite', 'ctrl+i')
        yield self.page('invite')
        self.button('Make a Link')()
        self.find('push button', 'Copy Link')
        yield self.page('invite-link')
        self.close()

    def connect(self):
        self.open('connect', 'ctrl+shift+n')
        yield self.page('connect')
        self.person.fill(self.say('IP Address'), '127.0.0.1')
        self.person.fill(self.say('Port'), str(free_port()))
        self.button('Connect')()
        self.find('push button', 'Find Out Why')
        yield self.page('connect-error')
        self.close()


class Talk(Stage):
    """Two who talk, in one process."""

    title = 'Ann – Kith'

    def pages(self):
        demo = self.person = self.start('--demo', environment=TONE)
        check('two windows open', wait(lambda: self.n_windows() == 2), demo.everything)
        demo.window = demo.x_window(self.title)
        xdotool('windowmove', demo.x_window('Ben – Kith'), 1000, 0)
        check('they have greeted each other', demo.row(self.say(LAST), 30), demo.everything)
        self.settle()
        yield self.page('conversation')
        for name, item in (('message-details', 'Deta_ils'), ('message-text', '_Select Text…'), ('forward', '_Forward…'),
                           ('delete-message', '_Delete…')):
            yield from self.dialog(name, self.message_menu(item))
        insist(self.message_menu('_Answer'), lambda: demo.look_for('push button', self.say('Cancel')))
        yield self.page('answer')
        demo.key_until(lambda: not demo.look_for('push button', self.say('Cancel')), 'Escape', title=self.title)
        self.open('contact', self.menu('Conversation menu', 'Contact _Details'))
        yield self.page('contact')
        # In the place of the contact.
        insist(self.row('Verify…'), lambda: demo.look_for('label', self.say('With a QR Code')))
        yield self.page('verify')
        self.close()
        for name, item in (('timer', 'Disappearing _Messages…'), ('transcript', 'Save as a Readable _File…'),
                           ('clear', 'De_lete All Messages…'), ('block', '_Block…'), ('remove', '_Remove Contact…')):
            yield from self.dialog(name, self.menu('Conversation menu', item))
        yield from self.dialog('several', self.menu('Main menu', 'Message _Several People…'))
        yield from self.search()
        yield from self.voice()
        yield from self.picture()

    def search(self):
        demo = self.person
        demo.key_until(lambda: demo.look_for('entry', self.say('Search this conversation')), 'ctrl+f', title=self.title)
        demo.type('a')
        self.find('list', 'Messages found')
        yield self.page('search')
        demo.key_until(lambda: not demo.look_for('list', self.say('Messages found')), 'Escape', title=self.title)

    def voice(self):
        demo = self.person
        insist(self.button('Record a voice message'), lambda: demo.look_for('push button', self.say('Send voice message')))
        demo.find('label', '0:01')
        yield self.page('recording')
        self.button('Send voice message')()
        self.find('slider', 'Position in the voice message')
        yield self.page('voice-message')

    def picture(self):
        demo = self.person
        subprocess.run(['convert', '-size', '300x200', 'gradient:red-blue', self.folder + '/picture.png'], check=True)
        subprocess.run(['xclip', '-selection', 'clipboard', '-t', 'image/png', '-i', self.folder + '/picture.png'], check=True,
                       stdout=subprocess.DEVNULL)
        demo.key_until(lambda: demo.look_for('text', self.say('Message text')).has(FOCUSED), 'Escape', title=self.title)
        self.open('send-files', 'ctrl+v')
        yield self.page('send-files')
        self.focus_front()
        name, n, _ = self._open.pop()
        check('they are sent', insist(self.button('Send'), lambda: self.n_windows() == n), demo.everything)
        shown = demo.find('push button', contains='Picture.png')
        yield self.page('file')
        yield from self.dialog('picture', shown.act)


class Groups(Stage):
    """Groups in every state."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        people_before_it.KITH = os.environ['KITH_GROUP_STAGE']

    def rows(self):
        return self.person.look_for('list', self.say('Conversations')).children

    def go(self, name):
        def find():
            # In any language, with a bracket or without.
            return next(i for i, row in enumerate(self.rows()) if re.match(rf'\W?{name}, ', row.name))

        def step():
            here = next((i for i, row in enumerate(self.rows()) if row.has(SELECTED)), -1)
            self.person.focus()
            self.person.key(*['alt+Down' if find() > here else 'alt+Up'] * abs(find() - here))
        return insist(step, lambda: self.rows()[find()].has(SELECTED))

    def pages(self):
        dora = self.person = self.start()
        wait(lambda: len(self.rows()) > 5)
        self.settle()
        for name in 'Invited', 'Vanished', 'Offered', 'Left', 'Split':
            check(f'{name} opens', self.go(name), dora.everything)
            yield self.page(f'group-{name}')
        self.go('Ace')
        yield self.page('group-Ace')
        self.open('group', self.menu('Conversation menu', 'Group _Details'))
        yield self.page('group')
        self.close()
        for name, item in (('group-link', 'Group Lin_k…'), ('group-people', '_Invite People…'), ('leave', 'Leave _Group…')):
            yield from self.dialog(name, self.menu('Conversation menu', item))
        self.go('Left')
        yield from self.dialog('delete-group', self.menu('Conversation menu', 'Delete _Group…'))
        self.go('Village Choir')
        yield from self.dialog('crowd', self.menu('Conversation menu', 'Group _Details'))


# Where each template is seen. Who adds one adds the way to it.
STAGES = {
    'First': ['kith-welcome-page', 'kith-restore-dialog', 'kith-setup-page', 'kith-passphrase-fields', 'kith-preferences',
              'kith-preferences-pages', 'kith-notifications-page', 'kith-network-page', 'kith-privacy-page',
              'kith-appearance-group', 'kith-writing-group', 'kith-bootstrap-row',
              'kith-files-group', 'kith-reach-group', 'kith-storage-group', 'kith-profile-list', 'kith-passphrase-dialog',
              'kith-backup-dialog', 'kith-erase-dialog', 'kith-lock-page', 'kith-trouble-page', 'kith-sidebar', 'kith-me-button'],
    'Alone': ['kith-invite-dialog', 'kith-invite-page', 'kith-join-dialog', 'kith-scan-row', 'kith-address-dialog', 'kith-jump-dialog',
              'kith-help-dialog', 'help-overlay', 'kith-connect-dialog', 'kith-error-box', 'kith-profile-dialog',
              'kith-doctor-dialog', 'kith-broadcast-dialog', 'kith-broadcasts-dialog', 'kith-blocked-dialog',
              'kith-group-people-dialog', 'kith-request-page', 'kith-sidebar-list'],
    'Talk': ['kith-message-view', 'kith-message-row', 'kith-bubble', 'kith-conversation-row', 'kith-people-chooser', 'kith-divider-row', 'kith-conversation-view', 'kith-composer',
             'kith-composer-mode', 'kith-details-dialog', 'kith-text-dialog', 'kith-forward-dialog', 'kith-contact-dialog',
             'kith-verify-dialog', 'kith-transcript-dialog', 'kith-hit-list', 'kith-hit-row', 'kith-voice-bar',
             'kith-voice-card', 'kith-send-files-dialog', 'kith-file-card', 'kith-picture-viewer', 'kith-window-chat'],
    'Groups': ['kith-group-page', 'kith-notice-bar', 'kith-group-dialog', 'kith-member-list', 'kith-group-link-dialog'],
}


def check_all_known():
    """A template that no stage leads to is one that nobody has heard or read."""
    known = {name for names in STAGES.values() for name in names} | set(UNSEEN)
    there = set(templates())
    check('there is a way to each template', there == known, sorted(there ^ known))
