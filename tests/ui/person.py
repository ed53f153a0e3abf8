# SPDX-License-Identifier: GPL-3.0-or-later
"""A person before the window: looks through the accessibility bus, types and clicks through the X
server. Every look waits for its turn with a deadline and starts again when the tree changes. A click or
a key that comes while a window comes or goes reaches nothing: what is to have an effect is done again
until the effect is seen."""

import os
import signal
import subprocess
import sys
import time

from accessible import SELECTED, SENSITIVE, Bus, Tree

KITH = os.environ['KITH']
SHOTS = os.environ.get('KITH_TEST_ARTIFACTS')
DEADLINE_S = 20
AGAIN_S = 3
FRESH_S = .7  # what was read of a window that says of no change
BAR_HEIGHT = 60  # at the bottom of a dialog with several pages
MOST_FRAME = 64  # pixels, of what GTK draws around a window, shadows and all

_results = []
BUS = Bus()


def check(what, ok, detail=''):
    """@detail: what to say of a failure, or a function that finds it out."""
    _results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(_results)} - {what}", flush=True)
    if not ok and callable(detail):
        detail = detail()
    if not ok and detail:
        print('# ' + str(detail).replace('\n', ' '), flush=True)
    return ok


def skip(what, why):
    """What cannot be tried here is not as good as tried."""
    _results.append(True)
    print(f'ok {len(_results)} - {what} # SKIP {why}', flush=True)


def finish():
    print(f'1..{len(_results)}', flush=True)
    sys.exit(0 if all(_results) else 1)


def wait(look, timeout_s=DEADLINE_S):
    """Looks until there is something to see; None when there is nothing in time."""
    end = time.monotonic() + timeout_s
    while True:
        began = time.monotonic()
        try:
            seen = look()
        except Exception:  # objects vanish while the tree changes
            seen = None
        if seen:
            return seen
        if time.monotonic() >= end:
            return None
        # Half of the time is for those who are looked at.
        time.sleep(max(.03, min(time.monotonic() - began, .3)))


def insist(act, effect, again_s=AGAIN_S, timeout_s=DEADLINE_S):
    """Acts, and acts again while the effect is not there."""
    def look():
        seen = wait(effect, 0)
        if seen:
            return seen
        act()
        return wait(effect, again_s)
    return wait(look, timeout_s)


def xdotool(*arguments):
    if not arguments[0].startswith(('search', 'get')):
        BUS.acted()
    return subprocess.run(['xdotool', *map(str, arguments)], capture_output=True, text=True, check=False,
                          timeout=DEADLINE_S).stdout


def screenshot(name):
    if not SHOTS:
        return
    os.makedirs(SHOTS, exist_ok=True)
    time.sleep(.3)  # the tree is ahead of the pixels
    subprocess.run(['import', '-silent', '-window', 'root', f'{SHOTS}/{name}.png'], check=False)


class Person:
    """One process of Kith, and the hands and eyes before it."""

    _seen = _seen_in = None
    _seen_at = 0

    def __init__(self, *arguments, x=0, environment=None, profile=None,
                 shared=False, file_bytes=None, online=False, is_bound=False):
        """@profile: the folder to keep everything in; in memory without it. @shared: a second start
        finds this one. @file_bytes: no file grows beyond that: to the process, a full disk.
        @online: with all that finds others. @is_bound: the permissions of files concern it, also as root."""
        where = ['--profile', profile] if profile else ['--ephemeral']
        alone = [] if shared else ['--new-instance']
        limit = ['prlimit', f'--fsize={file_bytes}'] if file_bytes else []
        bound = ['setpriv', '--inh-caps=-all', '--bounding-set=-dac_override'] if is_bound and os.geteuid() == 0 else []
        # A test meets nobody but those whom it brings: loopback only.
        network = [] if online else ['--no-dht', '--no-lan', '--no-port-map']
        self.process = subprocess.Popen([*limit, *bound, KITH, *alone, *where, *network, *arguments],
                                        env={**os.environ, **(environment or {})})
        self._name = wait(lambda: BUS.find_process(self.process.pid))
        if self._name is None or wait(lambda: self.tree().windows) is None:
            print('Bail out! The window did not come up', flush=True)
            sys.exit(99)
        self.window = self.x_window()
        self.place(x)

    # --- Hands ---

    def x_window(self, title=None, timeout_s=DEADLINE_S):
        """The X window of this process, the newest with @title."""
        def look():
            found = xdotool('search', '--all', '--onlyvisible', '--pid', self.process.pid,
                            '--name', title or 'Kith').split()
            return found[-1] if found else None
        return wait(look, timeout_s)

    def geometry(self, window):
        lines = xdotool('getwindowgeometry', '--shell', window).split()
        return {name: int(value) for name, value in (line.split('=') for line in lines)}

    def place(self, x, size=None):
        def is_placed():
            area = self.geometry(self.window)
            return (area['X'], area['Y']) == (x, 0) \
                and (size is None or (area['WIDTH'], area['HEIGHT']) == size and self.knows_size(size))

        def move():
            xdotool('windowmove', self.window, x, 0)
            if size:
                xdotool('windowsize', self.window, *size)
        return insist(move, is_placed)

    def knows_size(self, size):
        """Whether one of the windows has it for the program itself, less what GTK draws around: what the server was
        asked for reaches the program later."""
        return any(all(0 <= asked - told <= MOST_FRAME for asked, told in zip(size, window.box()[2:]))
                   for window in self.tree().windows)

    def focus(self, title=None):
        def look():
            window = self.x_window(title, 1)
            xdotool('windowfocus', window)
            return wait(lambda: xdotool('getwindowfocus').strip() == window, 1)
        return wait(look)

    @staticmethod
    def key(*keys):
        BUS.acted()
        subprocess.run(['xdotool', 'key', '--delay', '20', *keys], check=True)

    @staticmethod
    def type(text):
        BUS.acted()
        subprocess.run(['xdotool', 'type', '--delay', '8', text], check=True)

    def key_until(self, effect, *keys, title=None):
        """Presses keys in the window of that title until the effect is seen."""
        def press():
            self.focus(title)
            self.key(*keys)
        return insist(press, effect)

    def close(self, title, *what):
        """A dialog, with Escape until what is in it is gone."""
        return self.key_until(lambda: self.look_for(*what) is None, 'Escape', title=title)

    def click_at(self, node, window=None):
        """With the mouse; for what has no action. Use what looks for the effect where there is one."""
        x, y, width, height = node.box()
        xdotool('mousemove', '--window', window or self.window, x + width // 2, y + height // 2,
                'click', 1)

    def select(self, contains):
        """Opens a conversation or a request: clicks until its row is selected. A message may have the
        same words in it."""
        def row():
            return next(row for row in self.look_for('list', 'Conversations').children
                        if contains in row.name)

        def click():
            self.focus()
            self.click_at(row())
        return insist(click, lambda: row().has(SELECTED))

    def newest_window(self):
        """Also one without a title."""
        return xdotool('search', '--all', '--onlyvisible', '--pid', self.process.pid,
                       '--name', '').split()[-1]

    def click_in_popover(self, node):
        """GTK 4.8 does not know where a popover is on the screen: counts from its middle."""
        content = self.find('filler', 'GtkPopoverContent')
        outer_x, outer_y, outer_width, outer_height = content.box()
        x, y, width, height = node.box()
        window = self.newest_window()
        area = self.geometry(window)
        x += area['WIDTH'] // 2 + width // 2 - outer_x - outer_width // 2
        y += area['HEIGHT'] // 2 + height // 2 - outer_y - outer_height // 2
        xdotool('mousemove', '--window', window, x, y, 'click', 1)

    def press(self, name=None, contains=None, timeout_s=DEADLINE_S):
        def look():
            button = self.look_in_front('push button', name, contains)
            return button is not None and button.has(SENSITIVE) and button.act()
        return wait(look, timeout_s)

    def pick(self, button, item):
        """An item of the menu behind a button."""
        def look():
            # A click while a dialog goes away reaches nothing. What is in a closed menu takes none.
            self.focus()
            self.click_at(self.find('push button', button))
            return wait(lambda: self.look_for('menu item', item).act(), AGAIN_S)
        return wait(look)

    def choose(self, contains, title, effect):
        """A row in the dialog of that title, with the mouse, until the effect is seen."""
        def click():
            window = self.x_window(title)
            self.scroll_to(contains, window)
            self.click_at(self.look_for('list item', contains=contains), window)
        return insist(click, effect)

    def scroll_to(self, contains, window):
        """Turns the wheel until a row is in the upper part of a window, which no bar at its bottom covers."""
        area = self.geometry(window)

        def is_there():
            _, y, _, row_height = self.look_for('list item', contains=contains).box()
            return y + row_height < area['HEIGHT'] - BAR_HEIGHT

        for _ in range(20):
            if wait(is_there, .3):
                return
            xdotool('mousemove', '--window', window, area['WIDTH'] // 2, area['HEIGHT'] // 2, 'click', 5)

    def choose_file(self, title, path, label, effect=None):
        """In the file dialog of GTK, which has a button of that label, until the effect is seen, or
        it is gone."""
        button = ('push button', label)

        def entry():
            return self.look_for('text', 'Name:') or self.look_for('text', 'GtkFileChooserEntry')

        def enter():
            # What is entered while the dialog still reads a folder has no effect.
            if self.look_for(*button) is None:
                return
            self.focus(title)
            if entry() is None:
                self.key('ctrl+l')
            wait(entry).set_text(path)
            # With the keyboard: what could be meant is offered in the way of the button.
            self.key('Return')

        return self.find(*button) \
            and insist(enter, effect or (lambda: self.look_for(*button) is None))

    def enter(self, name, text):
        """With the keyboard, where the cursor is: a passphrase cannot be set from outside."""
        def look():
            self.key('ctrl+a')
            self.type(text)
            return wait(lambda: len(self.text(name)) == len(text), AGAIN_S)
        return wait(look)

    def fill(self, name, text):
        return insist(lambda: self.find('text', name).set_text(text),
                      lambda: self.text(name) == text)

    # --- Eyes ---

    def tree(self, with_hidden=False):
        """Read again when something has changed, and after a while in any case: half of all looks find what the
        last one found."""
        now = time.monotonic()
        state = BUS.changes(self._name), with_hidden
        if self._seen is None or state != self._seen_in or now - self._seen_at > FRESH_S:
            self._seen = Tree(BUS, self._name, with_hidden)
            self._seen_in, self._seen_at = state, now
        return self._seen

    def look_for(self, role, name=None, contains=None):
        return self._look(self.tree().windows, role, name, contains)

    def look_in_front(self, role, name=None, contains=None):
        """A question has its buttons before those of the window that it stands before."""
        return self._look(reversed(self.tree().windows), role, name, contains)

    @staticmethod
    def _look(windows, role, name, contains):
        for node in (node for window in windows for node in window.walk()):
            if node.role != role:
                continue
            if name is not None and node.name != name:
                continue
            if contains is not None and contains not in node.name:
                continue
            if node.is_shown():
                return node
        return None

    def find(self, role, name=None, contains=None, timeout_s=DEADLINE_S):
        return wait(lambda: self.look_for(role, name, contains), timeout_s)

    def is_gone(self, role, name=None, contains=None):
        return wait(lambda: self.look_for(role, name, contains) is None)

    def sees(self, text, timeout_s=DEADLINE_S):
        return self.find('label', contains=text, timeout_s=timeout_s)

    def is_sensitive(self, role, name):
        node = self.look_for(role, name)
        return node is not None and node.has(SENSITIVE)

    def text(self, name):
        return self.find('text', name).text()

    def messages(self):
        """What a screen reader says for each row of the conversation."""
        rows = self.look_for('list', 'Messages')
        return [row.name for row in rows.children] if rows is not None else []

    def has_message(self, *parts, timeout_s=DEADLINE_S):
        return wait(lambda: any(all(part in row for part in parts) for row in self.messages()),
                    timeout_s)

    def is_in_view(self, contains, timeout_s=DEADLINE_S):
        """Whether a message stands where the user can see it. The view keeps rows that are far away
        with the place they had once: what counts is what a pointer would find there."""
        def look():
            frame = self.look_for('list', 'Messages')
            _, top, area_width, area_height = frame.box()
            for row in frame.children:
                if contains not in row.name:
                    continue
                _, y, _, height = row.box()
                middle = y + height // 2 - top
                if height <= 0 or not 0 <= middle < area_height:
                    continue
                found = frame.at(area_width // 2, middle)
                while found is not None and found.role not in ('list item', 'list'):
                    found = found.parent
                if found is None or found.name == row.name:
                    return True
            return False
        return wait(look, timeout_s)

    def row(self, contains, timeout_s=DEADLINE_S):
        return self.find('list item', contains=contains, timeout_s=timeout_s)

    def everything(self):
        """For the log of a test that failed."""
        try:
            return ' | '.join(f'{node.role}:{node.name}' for node in self.tree().walk() if node.name)
        except Exception as error:  # while the tree changes
            return repr(error)

    # --- What people do ---

    def port(self):
        """The port that the window shows as one's own."""
        button = self.find('push button', contains='Reachable at ')
        return int(button.name.rsplit(':', 1)[1]) if button else 0

    def connect(self, address, port, words=''):
        self.key_until(lambda: self.look_for('text', 'IP Address'), 'ctrl+shift+n')
        self.fill('IP Address', address)
        self.fill('Port', str(port))
        if words:
            self.fill('Introduce Yourself (Optional)', words)
        return self.press('Connect')

    def write(self, text):
        """With the keyboard, into the composer of the open conversation."""
        composer = self.find('text', 'Message text')

        def type_it():
            self.focus()
            if composer.text():
                composer.set_text('')
            self.type(text)
        insist(type_it, lambda: composer.text() == text)
        return insist(lambda: self.key('Return'), lambda: not composer.text())

    def write_lines(self, lines):
        """One message each; the cursor stays where the first one was written."""
        self.write(lines[0])
        xdotool(*(word for line in lines[1:] for word in (
            'type', '--delay', '8', '--args', '1', line, 'key', 'Return')))

    def leave(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return 'killed'


def hears(ear, words):
    """Whether a screen reader says something with these words in it; to be asked after it was seen."""
    return wait(lambda: any(words in heard for heard in ear.heard()))


def let_in(asked, friend):
    """A friend in a terminal asks, and learns the ID of who lets them in."""
    friend.ok('connect', address='127.0.0.1', port=asked.port())
    asked.select(f'Request from {friend.name}')
    asked.press('Accept')
    friend.event('contact', change='accepted')
    friend.other = friend.ok('contacts')['contacts'][0]['id']
    return friend


def befriend(asking, asked, words=''):
    asking.connect('127.0.0.1', asked.port(), words)
    asking.is_gone('text', 'IP Address')
    asked.select('Request from')
    return asked.press('Accept')
