#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kith-cli at a terminal, as somebody types."""
import os
import pty
import re
import select
import signal
import time

from kith_cli import BINARY, DEADLINE_S, Person, run


class Terminal:
    """One kith-cli behind a pseudo terminal."""

    def __init__(self, *options):
        self.screen = ''
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM='xterm', LC_ALL='C.UTF-8', INPUTRC='/dev/null')
            os.execv(BINARY, [BINARY, *options])

    def type(self, text):
        os.write(self.fd, text.encode())

    def see(self, pattern):
        """Waits until the pattern stands on what came since the last one that was seen."""
        end = time.monotonic() + DEADLINE_S
        while True:
            found = re.search(pattern, self.screen)
            if found:
                self.screen = self.screen[found.end():]
                return found
            assert select.select([self.fd], [], [], max(0, end - time.monotonic()))[0], \
                f'waited in vain for {pattern!r}; has {self.screen!r}'
            try:
                self.screen += os.read(self.fd, 4096).decode(errors='replace')
            except OSError:
                raise AssertionError(f'ended before {pattern!r}; has {self.screen!r}')

    def wait(self):
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            try:
                os.read(self.fd, 4096)
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_conversation():
    ann = Terminal('--name', 'Ann', '--listen', '127.0.0.1:0')
    ben = Person('Ben')
    try:
        ann.see(r'You are Ann')
        ann.see(r'127\.0\.0\.1 port \d+')
        ann.see(r'> ')
        ann.type(f'/connect 127.0.0.1 {ben.port} It is me\r')
        ben.event('request', name='Ann', text='It is me')
        ann.see(r'handed over')
        ben.ok('accept', who='ann')
        ann.see(r'Ben accepted')

        ann.type('/cha\tBe\t\r')
        ann.see(r'goes to Ben')
        ann.see(r'Ben> ')
        ann.type('Hello Ben\r')
        assert ben.event('message')['text'] == 'Hello Ben'
        ann.type('//slash\r')
        assert ben.event('message')['text'] == '/slash'
        ann.type('@ben private\r')
        assert ben.event('message')['text'] == 'private'

        # What arrives does not destroy what is being typed, and cannot steer the terminal.
        ann.type('half')
        ann.see(r'half')
        ben.ok('send', to='Ann', text='evil \x1b[2J\x07 text')
        line = ann.see(r'Ben: evil ([^\r\n]*) text').group(1)
        assert '\x1b' not in line and '\x07' not in line, line
        ann.see(r'Ben> half')
        ann.type(' and whole\r')
        assert ben.event('message')['text'] == 'half and whole'
        ben.event('receipt', state='read')

        ann.type('/fly\r')
        ann.see(r'no command /fly')
        ann.type('/accept\r')
        ann.see(r'Usage: /accept who')
        ann.type('/help\r')
        ann.see(r'/connect address')
        ann.type('/quit\r')
        assert ann.wait() == 0
        ben.event('peer-offline')
    finally:
        try:
            os.kill(ann.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def test_end_of_input():
    ann = Terminal('--name', 'Ann', '--no-listen')
    ann.see(r'> ')
    ann.type('\x04')
    assert ann.wait() == 0


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
