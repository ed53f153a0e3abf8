#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kith-cli at a terminal, as somebody types."""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

from kith_cli import BINARY, COMMAND, DEADLINE_S, Person, in_folder, preloading, run


LOOKS = re.compile(r'\x1b\[[0-9;?]*[a-zA-Z]')


class Terminal:
    """One kith-cli behind a pseudo terminal."""

    def __init__(self, *options, **environment):
        self.decoder = codecs.getincrementaldecoder('utf-8')(errors='replace')  # a read may end in a character
        self.screen = ''
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM='xterm', LC_ALL='C.UTF-8', INPUTRC='/dev/null')
            os.environ.update(environment)
            where = [] if '--profile' in options else ['--ephemeral']
            os.execv(BINARY, [*COMMAND, *where, *options])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)

    def type(self, text):
        os.write(self.fd, text.encode())

    def see(self, pattern, looks=False):
        """Waits until the pattern stands on what came since the last one that was seen."""
        end = time.monotonic() + DEADLINE_S
        while True:
            screen = self.screen if looks else LOOKS.sub('', self.screen)
            found = re.search(pattern, screen)
            if found:
                self.screen = screen[found.end():]
                return found
            assert select.select([self.fd], [], [], max(0, end - time.monotonic()))[0], \
                f'waited in vain for {pattern!r}; has {self.screen!r}'
            try:
                self.screen += self.decoder.decode(os.read(self.fd, 4096))
            except OSError:
                raise AssertionError(f'ended before {pattern!r}; has {self.screen!r}')

    def wait(self):
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end and select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]:
            try:
                os.read(self.fd, 4096)
            except OSError:
                break
        assert time.monotonic() < end, 'it did not end'
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def befriended(name, *options, **environment):
    """Somebody at a terminal who is a contact of a person."""
    terminal, person = Terminal('--name', 'Ann', '--no-listen', *options, **environment), Person(name)
    terminal.see(r'> ')
    terminal.type(f'/connect 127.0.0.1 {person.port}\r')
    person.event('request', name='Ann')
    person.ok('accept', who='Ann')
    terminal.see(r'accepted your request')
    return terminal, person


def test_conversation():
    ben = Person('Ben')
    with Terminal('--name', 'Ann', '--listen', '127.0.0.1:0') as ann:
        ann.see(r'You are Ann')
        ann.see(r'127\.0\.0\.1 port \d+')
        ann.see(r'> ')
        ann.type(f'/connect 127.0.0.1 {ben.port} It is me\r')
        ben.event('request', name='Ann', text='It is me')
        ann.see(r'handed over')
        ben.ok('accept', who='ann')
        ann.see(r'Ben accepted')

        ann.type('/saf\tben\r')
        ann.see(r'sees the same number')
        ann.type('/chat be\t\r')
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
        line = ann.see(r'Ben\x1b\[0m: evil ([^\r\n]*) text', looks=True).group(1)
        assert line == '\u241b[2J\u2407', line
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


def test_end_of_input():
    with Terminal('--name', 'Ann', '--no-listen') as ann:
        ann.see(r'> ')
        ann.type('\x04')
        assert ann.wait() == 0


def faster(*others):
    """A minute away takes a second."""
    return preloading(os.environ['KITH_FAST_CLOCK'], *others)


@in_folder
def test_auto_lock(folder):
    """At a terminal where nothing is typed for the time that was set, the profile locks by itself. A program is never
    away: what is set for people has no effect on one."""
    home = os.path.join(folder, 'ann')
    ann = Person('Ann', profile=home, passphrase='correct horse')
    ann.ok('auto-lock', minutes=5)
    ann.quit()
    program = Person('Ben', profile=os.path.join(folder, 'ben'), passphrase='battery staple', environment=faster())
    program.ok('auto-lock', minutes=1)
    with Terminal('--no-listen', '--profile', home, **faster()) as ann:
        ann.see(r'[Pp]assphrase')
        ann.type('correct horse\r')
        ann.see(r'You are Ann')
        ann.see(r'[Ll]ocked')
        ann.type('/contacts\r')
        ann.see(r'[Ll]ocked')
    program.ok('contacts')
    assert not any(item.get('event') == 'locked' for item in program.seen), program.seen


def wait_until(is_so, what):
    end = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def has_open(pid, folder):
    for fd in os.listdir(f'/proc/{pid}/fd'):
        try:
            if os.readlink(f'/proc/{pid}/fd/{fd}').startswith(folder + '/'):
                return True
        except FileNotFoundError:
            pass  # closed meanwhile
    return False


@in_folder
def test_auto_lock_with_a_hung_disk(folder):
    """Somebody left while a backup was being written, and its disk hangs: it is locked all the same, and when the disk
    answers nothing is left there."""
    home, stick = os.path.join(folder, 'ann'), os.path.join(folder, 'stick')
    hung, waits = f'{stick}.hung', f'{stick}.waits'
    Person('Ann', profile=home, passphrase='correct horse', listen=None).quit()
    os.mkdir(stick)
    with open(hung, 'wb'):
        pass
    environment = {**faster(os.environ['KITH_HUNG_DISK']), 'KITH_TEST_HUNG_DISK': stick}
    with Terminal('--no-listen', '--profile', home, **environment) as ann:
        ann.see(r'[Pp]assphrase')
        ann.type('correct horse\r')
        ann.see(r'You are Ann')
        ann.type('/auto-lock 0\r')
        ann.see(r'Locks when the computer')
        ann.type(f'/export {stick}/backup one\r')
        wait_until(lambda: os.path.exists(waits), 'it did not come as far as the disk')
        ann.type('/auto-lock 1\r')
        ann.see(r'Kith is locked')
        ann.type('/contacts\r')
        ann.see(r'[Ll]ocked')
        assert os.path.exists(hung)
        os.unlink(hung)
        wait_until(lambda: not has_open(ann.pid, stick), 'the backup is still open')
        assert os.listdir(stick) == []


def test_interrupt():
    ann, ben = befriended('Ben')
    with ann:
        ann.type('half a line\x03')
        assert ann.wait() == 0
        ben.event('peer-offline')


def test_interrupt_ends_what_takes_long_first():
    """Ctrl+C gives up a backup, and only what nothing is under way for any more, the program."""
    with tempfile.TemporaryDirectory(prefix='kith-terminal-') as folder:
        backup = os.path.join(folder, 'backup')
        hold = os.path.join(folder, 'hold')
        environment = preloading(os.environ['KITH_SLOW_KEY'], KITH_TEST_SLOW_KEY=hold)
        with Terminal('--profile', os.path.join(folder, 'ann'), '--name', 'Ann', '--no-listen', **environment) as ann:
            ann.see(r'keeps on this disk.*: ')
            ann.type('\r')
            ann.see(r'> ')
            for _ in range(2):
                with open(hold, 'wb'):
                    pass
                ann.type(f'/export {backup} one\r')
                ann.see(r'backup one\s')  # the system throws away what was typed and not yet read
                ann.type('\x03')
                ann.type('/fly\r')
                ann.see(r'no command')  # by now it has heard of both
                os.unlink(hold)
                ann.see(r'Canceled')
                assert os.listdir(folder) == ['ann'], os.listdir(folder)
            ann.type('/cancel-command\r')
            ann.see(r'No command is under way')
            ann.type(f'/export {backup} one\r')
            ann.see(r'100 %')
            ann.see(r'Done')
            assert os.path.exists(backup)
            ann.type('\x03')
            assert ann.wait() == 0


@in_folder
def test_ctrl_c_takes_typed_keys_away(folder):
    """The keys were seen to be there, and are gone before they are read: nothing may wait for the next ones."""
    hold, home = os.path.join(folder, 'hold'), os.path.join(folder, 'ann')
    Person('Ann', profile=home, passphrase='words', listen=None).quit()
    environment = preloading(os.environ['KITH_HELD_READ'], KITH_TEST_HELD_READ=hold)

    def type_and_leave(terminal, keys):
        os.mkfifo(hold)
        terminal.type(keys)
        reading = os.open(hold, os.O_RDONLY | os.O_NONBLOCK)
        assert select.select([reading], [], [], DEADLINE_S)[0], 'nothing was read'
        os.close(reading)
        terminal.type('\x03')
        os.unlink(hold)
        go = os.open(f'{hold}.go', os.O_RDWR)
        code = terminal.wait()
        os.close(go)
        return code

    os.mkfifo(f'{hold}.go')
    with Terminal('--no-listen', **environment) as ann:
        ann.see(r'> ')
        assert type_and_leave(ann, '/hel') == 0
    with Terminal('--profile', home, '--no-listen', **environment) as ann:
        ann.see(r'Passphrase: ')
        type_and_leave(ann, 'words\r')


@in_folder
def test_ctrl_c_while_a_passphrase_is_tried(folder):
    """The key is never made: nobody has to wait for it."""
    hold, home = os.path.join(folder, 'hold'), os.path.join(folder, 'ann')
    Person('Ann', profile=home, passphrase='words', listen=None).quit()
    environment = preloading(os.environ['KITH_SLOW_KEY'], KITH_TEST_SLOW_KEY=hold)

    def hold_back():
        with open(hold, 'wb'):
            pass

    hold_back()
    with Terminal('--profile', home, '--no-listen', **environment) as ann:
        ann.see(r'Passphrase: ')
        ann.type('words\r')
        ann.see(r'\n')
        ann.type('\x03')
        assert ann.wait() == 0

    os.unlink(hold)
    with Terminal('--profile', home, '--no-listen', **environment) as ann:
        ann.see(r'Passphrase: ')
        ann.type('words\r')
        ann.see(r'You are Ann')
        ann.see(r'> ')
        ann.type('/lock\r')
        ann.see(r'[Ll]ocked')
        hold_back()
        ann.type('/unlock words\r')
        ann.see(r'words\s')
        ann.type('\x03')
        assert ann.wait() == 0
    os.unlink(hold)
    Person('Ann', profile=home, passphrase='words', listen=None).quit()


def test_search_goes_on():
    ann, ben = befriended('Ben')
    with ann:
        for i in range(3):
            ben.ok('send', to='Ann', text=f'see number{i}')
            ann.see(f'see number{i}')
        ann.type('/search see "" 2\r')
        ann.see(r'see number2')
        ann.see(r'see number1')
        more = ann.see(r'There may be more: (/search see "" 2 [0-9a-f]{32}/[a-z2-7]{56})').group(1)
        ann.type(f'{more}\r')
        ann.see(r'see number0')
        ann.see(r'> ')


def test_what_a_search_shows():
    """What was found stands out, who wrote it is said, and each hit has what history goes on from."""
    ann, ben = befriended('Ben')
    with ann:
        ben.ok('send', to='Ann', text='the quick fox')
        ann.see(r'quick fox')
        ann.type('/send Ben my quick answer\r')
        ben.event('message', text='my quick answer')
        ann.type('/search quick\r')
        found = ann.see(r', me: my \033\[1mquick\033\[0m answer  \033\[2m([0-9a-f]{32})\033', looks=True).group(1)
        ann.see(r'Ben[^\n,]*: the \033\[1mquick\033\[0m fox', looks=True)
        ann.type(f'/history Ben 5 {found}\r')
        ann.see(r'Ben: the quick fox')


def test_names_with_spaces_and_quotes():
    """Whatever somebody calls himself: completion and hints mean him, and nobody else."""
    ann, evil = befriended('ben"x y')
    ben = Person('ben')
    with ann:
        ann.type(f'/connect 127.0.0.1 {ben.port}\r')
        ben.event('request')
        ben.ok('accept', who='Ann')
        ann.see(r'ben accepted your request')
        ann.type('@"ben\\"x \tfor the one with the quote\r')
        assert evil.event('message')['text'] == 'for the one with the quote'
        ann.type('@ben for the other\r')
        assert ben.event('message')['text'] == 'for the other'
        ann.type('/chat ben"x y\r')
        ann.see(r'goes to ben"x y')
        ann.type('again\r')
        assert evil.event('message')['text'] == 'again'


def test_any_word_of_a_name_completes():
    ann, ben = befriended('Ben van Dyke')
    tom = Person('Tom vaN Dam')
    with ann:
        ann.type(f'/connect 127.0.0.1 {tom.port}\r')
        tom.event('request')
        tom.ok('accept', who='Ann')
        ann.see(r'Tom vaN Dam accepted your request')
        ann.type('@dyk\tby the last word\r')
        assert ben.event('message')['text'] == 'by the last word'
        # Two fit, and have nothing in common that was typed: that stays.
        ann.type('@van\t')
        ann.type('\t\t')
        ann.see(r'"Ben van Dyke"')
        ann.see(r'"Tom vaN Dam"')
        ann.type('\x15@tom\tdone\r')
        assert tom.event('message')['text'] == 'done'


def test_formats_complete():
    """A name with spaces stands in quotes; behind it comes what the file shall be."""
    ann, ben = befriended('Ben van Dyke')
    with ann, tempfile.TemporaryDirectory(prefix='kith-terminal-') as folder:
        path = os.path.join(folder, 'my talk')
        ann.type(f'/transcript be\t"{path}" ht\t\r')
        ann.see(r'Done')
        with open(path, encoding='utf-8') as page:
            assert page.read().startswith('<!DOCTYPE html>')


def test_filters_complete():
    ann, ben = befriended('Arch')
    with ann:
        ann.type('/contacts arch\t \t\t')
        ann.see(r'activity')
        ann.see(r'contacts archived')
        ann.type('na\t\r')
        ann.see(r'Nobody\.')
        ann.type('/contacts fav\t\r')
        ann.see(r'Nobody\.')
        ann.type('/contacts onl\t\r')
        ann.see(r'Arch  online')


def test_requests_complete():
    with Terminal('--name', 'Ann', '--listen', '127.0.0.1:0') as ann:
        port = int(ann.see(r'127\.0\.0\.1 port (\d+)').group(1))
        ben = Person('Zo\u00eb Z', listen=None)
        ben.ok('connect', address='127.0.0.1', port=port)
        ann.see(r'Zo\u00eb Z asks to be your contact\. /accept "Zo\u00eb Z" or /decline')
        ann.type('/accept zo\t\r')
        ann.see(r'Zo\u00eb Z is your contact now')
        ben.event('peer-online', name='Ann')


def test_long_typed_line_survives():
    """A line that takes several rows of the screen, when something arrives and when it is edited."""
    ann, ben = befriended('Ben')
    with ann:
        ann.type('/chat ben\r')
        ann.see(r'Ben> ')
        ann.type('word ' * 40)
        ben.ok('send', to='Ann', text='in between\nand below')
        ann.see(r'Ben: in between\s+and below')
        ann.type('end\x01begin \r')
        assert ben.event('message')['text'] == 'begin ' + 'word ' * 40 + 'end'


def test_history_of_lines():
    ann, ben = befriended('Ben')
    with ann:
        ann.type('@ben one\r')
        ben.event('message', text='one')
        ann.type('\x1b[A\x7f\x7f\x7ftwo\r')
        ben.event('message', text='two')


def test_without_colours():
    ann, ben = befriended('Ben', NO_COLOR='1')
    with ann:
        ben.ok('send', to='Ann', text='plain')
        ann.see(r'\d Ben: plain', looks=True)


def test_new_passphrases_are_typed_twice():
    """What is under a passphrase that was mistyped cannot be opened again."""
    with tempfile.TemporaryDirectory(prefix='kith-terminal-') as folder:
        backup = os.path.join(folder, 'backup')
        with Terminal('--profile', os.path.join(folder, 'ann'), '--name', 'Ann', '--no-listen') as ann:
            ann.see(r'keeps on this disk.*: ')
            ann.type('first\r')
            ann.see(r'The same again: ')
            ann.type('first\r')
            ann.see(r'> ')
            ann.type(f'/export {backup}\r')
            ann.see(r'A passphrase for the backup: ')
            ann.type('one\r')
            ann.see(r'The same again: ')
            ann.type('two\r')
            ann.see(r'not the same')
            assert not os.path.exists(backup)
            ann.type('/change-passphrase\r')
            ann.see(r'The passphrase until now: ')
            ann.type('first\r')
            ann.see(r'The new passphrase.*: ')
            ann.type('second\r')
            ann.see(r'The same again: ')
            ann.type('secnod\r')
            ann.see(r'not the same')
            ann.type('/quit\r')
            assert ann.wait() == 0
        with Terminal('--profile', os.path.join(folder, 'ann'), '--no-listen') as ann:
            ann.see(r'Passphrase: ')
            ann.type('first\r')
            ann.see(r'> ')


def test_no_passphrase_comes_back():
    """Whoever is at the terminal next finds none by going up, and nothing of what was written before."""
    up = '\x1b[A'
    with tempfile.TemporaryDirectory(prefix='kith-terminal-') as folder:
        with Terminal('--profile', os.path.join(folder, 'ann'), '--name', 'Ann', '--no-listen') as ann:
            for _ in range(2):
                ann.see(r'(keeps on this disk.*|The same again): ')
                ann.type('first\r')
            ann.see(r'> ')
            for line in ('/name Private', '/change-passphrase first second'):
                ann.type(f'{line}\r')
                ann.see(r'Done\.')
            ann.type(up)
            ann.see(r'/name Private')
            ann.type('\r')
            ann.see(r'Done\.')
            ann.type('/lock\r')
            ann.see(r'Done\.')
            ann.type('/unlokc second\r')
            ann.see(r'no command')
            ann.type('/unlock second\r')
            ann.see(r'Done\.')
            ann.type(f'{up}{up}{up}/quit\r')
            screen = ann.see(r'(?s).*/quit').group(0)
            assert 'second' not in screen and 'name' not in screen, screen
            assert ann.wait() == 0


def test_prompts_can_be_left():
    """Ctrl+C and Ctrl+D at the question for a passphrase end it, and are no wrong passphrase."""
    with tempfile.TemporaryDirectory(prefix='kith-terminal-') as folder:
        profile = os.path.join(folder, 'ann')
        for key in ('\x03', '\x04'):
            with Terminal('--profile', profile, '--name', 'Ann', '--no-listen') as ann:
                ann.see(r'keeps on this disk.*: ')
                ann.type(key)
                assert ann.wait() != 1
                assert not os.path.exists(profile)
        with Terminal('--profile', profile, '--name', 'Ann', '--no-listen') as ann:
            for _ in range(2):
                ann.see(r'(keeps on this disk.*|The same again): ')
                ann.type('first\r')
            ann.see(r'> ')
            ann.type('/export /nowhere\r')
            ann.see(r'A passphrase for the backup: ')
            ann.type('\x04')
            ann.see(r'Canceled')
            ann.type('/quit\r')
            assert ann.wait() == 0
        for key in ('\x03', '\x04'):
            with Terminal('--profile', profile, '--no-listen') as ann:
                ann.see(r'Passphrase: ')
                assert not termios.tcgetattr(ann.fd)[3] & termios.ECHO
                ann.type(key)
                assert ann.wait() in (0, 3)
        assert not os.path.exists(os.path.join(profile, 'attempts'))


def test_a_prompt_stops_nobody():
    """While it is asked for a passphrase, messages come and are acknowledged."""
    terminal, ben = befriended('Ben')
    with terminal as ann:
        ann.type('/join 127.0.0.1 1\r')
        ann.see(r'Their passphrase: ')
        message = ben.ok('send', to='Ann', text='while you type')['message']
        ben.event('receipt', message=message, state='delivered')
        ann.type('\x04')
        ann.see(r'missing')


def read_code(rows):
    """What a QR code of half blocks says, to somebody with a camera."""
    light = {' ': (0, 0), '▀': (1, 0), '▄': (0, 1), '█': (1, 1)}
    modules = [[light[c][half] for c in row] for row in rows for half in (0, 1)]
    size = 6
    pixels = b''.join(bytes(255 * m for m in row for _ in range(size)) * size for row in modules)
    image = b'P5 %d %d 255\n' % (size * len(modules[0]), size * len(modules)) + pixels
    with tempfile.NamedTemporaryFile(suffix='.pgm') as file:
        file.write(image)
        file.flush()
        return subprocess.run(['zbarimg', '--raw', '-q', file.name], capture_output=True, text=True,
                              check=True).stdout.strip()


def test_invite_as_a_code():
    with Terminal('--name', 'Ann', '--listen', '127.0.0.1:0') as ann:
        fcntl.ioctl(ann.fd, termios.TIOCSWINSZ, struct.pack('4H', 60, 100, 0, 0))
        ann.see(r'> ')
        ann.type('/invite\r')
        shown = ann.see(r'((?:[ ▀▄█]{29,}\r?\n)+)(KITH:I/[A-Z2-7]+)\s')
        assert read_code(shown.group(1).splitlines()) == shown.group(2)
        ann.see(r'Whoever has this link')

        fcntl.ioctl(ann.fd, termios.TIOCSWINSZ, struct.pack('4H', 60, 40, 0, 0))
        ann.type('/invite Ben\r')
        ann.see(r'KITH:I/')
        ann.type('/invites\r')
        invite_id = ann.see(r'([0-9a-f]{16})  live  Ben').group(1)
        ann.type(f'/revoke {invite_id[:10]}\t\r')
        ann.see(r'Done')


def test_network_settings():
    with Terminal('--name', 'Ann', '--no-listen') as ann:
        ann.see(r'> ')
        ann.type('/netw\tpre\t\r')
        ann.see(r'What should it be')
        ann.type('/network present on\r')
        ann.see(r'present      on')
        ann.type('/network proxy ftp://x\r')
        ann.see(r'That is not a proxy')
        ann.type('/nearby\r')
        ann.see(r'Nobody on this network')


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
