# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who is attacked, and what has to be true of them afterwards."""
import concurrent.futures
import contextlib
import itertools
import socket
import threading

from kith_cli import DEADLINE_S, SANITIZED, Person
from with_peer import Peer, befriended, connected

from handshake import Closed, Dialing
from identity import public_of_id
from primitives import Refused

MAX_REQUESTS, SESSIONS_OF_ONE, SESSIONS_BEGUN = 32, 4, 128
MAX_GROWTH_KIB = 12 * 1024
SILENCE = None  # the end of a session without BYE
_sources = itertools.count(1)


def new_source():
    """An address that nobody has come from yet: limits per prefix are not what most attacks are about."""
    number = next(_sources)
    return f'127.{1 + (number >> 16)}.{number >> 8 & 255}.{number & 255}'


def memory_kib(person, which='VmHWM'):
    """By default the most that there ever was."""
    with open(f'/proc/{person.process.pid}/status', encoding='ascii') as status:
        return next(int(line.split()[1]) for line in status if line.startswith(which))


class Victim:
    """Ben, a real process, and Pia, an honest contact of his whose keys the test knows."""

    def __init__(self, *options):
        self.ben = Person('Ben', *options)
        self.pia = Peer('Pia')
        self.port, self.key = self.ben.port, public_of_id(self.ben.id)
        befriended(self.ben, self.pia).bye()
        self.ben.event('peer-offline', id=self.pia.id)
        self.n_messages = 0
        self.memory_kib = memory_kib(self.ben)

    def visit(self):
        """Pia comes in by her knock, and chat can flow."""
        session = self.pia.dial(self.port, self.key, new_source())
        assert not session.open()['pending']
        session.n_sent = self.n_messages
        return session

    def dialled(self, peer=None, **greeting):
        """A socket to Ben, and a greeting that has not begun: of a stranger's unless it is said whose."""
        peer = peer or Peer('Eve')
        return connected(self.port, new_source()), Dialing(peer.identity, **greeting)

    def stranger(self, name='Eve', peer=None):
        """A session of somebody unknown, not open yet."""
        return (peer or Peer(name)).dial(self.port, source=new_source())

    def assert_silent_to(self, data):
        """To a stranger from anywhere."""
        assert_silence(connected(self.port, new_source()), data)

    def assert_untouched(self):
        """Nobody has got anywhere."""
        assert self.ben.ok('requests')['requests'] == []
        assert [contact['id'] for contact in self.ben.ok('contacts')['contacts']] == [self.pia.id]

    def assert_well(self):
        """The same process, which answers, has not grown, and lets Pia in."""
        assert self.ben.process.poll() is None
        assert self.ben.ok('status')['id'] == self.ben.id
        session = self.visit()
        session.say('Still there?')
        self.ben.event('message', text='Still there?', **{'from': self.pia.id})
        growth = memory_kib(self.ben) - self.memory_kib
        assert SANITIZED or growth < MAX_GROWTH_KIB, growth
        session.bye()


@contextlib.contextmanager
def attacked(*options):
    victim = Victim(*options)
    yield victim
    victim.assert_well()


def answer_to(wire, data, is_all=True):
    """The message that comes back for these bytes, or nothing when the other side closes. Without is_all
    they may be fewer than they say, and it is told that there are no more."""
    with wire.socket, contextlib.suppress(Closed, ConnectionError):
        wire.write_raw(data)
        if not is_all:
            wire.socket.shutdown(socket.SHUT_WR)
        return wire.read()
    return b''


def assert_silence(wire, data, is_all=True):
    assert answer_to(wire, data, is_all) == b''


def assert_ends(session, *reasons):
    """The other side has ended the session in one of these ways: BYE with a reason, by its number, or SILENCE."""
    reason = session.until_closed()
    session.wire.socket.close()
    assert reason in reasons, reason


def assert_refused(step, *arguments):
    """Our own side does not take what came."""
    try:
        step(*arguments)
    except Refused:
        return
    raise AssertionError('was taken')


def many(attack, variants, at_once=40):
    """Runs an attack in all its variants, several at a time."""
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for _ in pool.map(attack, variants):
            pass


def flipped(data, at, bit=0):
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1:]


def mirror(port):
    """Somebody whose port leads to another one. Returns it."""
    listener = socket.create_server(('127.0.0.1', 0))

    def carry(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve():
        with listener, listener.accept()[0] as one, socket.create_connection(('127.0.0.1', port)) as other:
            back = threading.Thread(target=carry, args=(other, one), daemon=True)
            back.start()
            carry(one, other)
            back.join(DEADLINE_S)
    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]
