#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to machines: they sleep in the middle of a talk, have little memory, and run out of descriptors."""
import contextlib
import os
import resource
import signal
import socket

from kith_cli import SANITIZED, Person, befriend, in_folder, run
from victim import SESSIONS_BEGUN, attacked, many, new_source
from with_peer import connected

from handshake import Closed
from records import MORE, TYPES, record

MIB = 1024 * 1024
# All that strangers may make somebody hold, and some room.
ROOM_BYTES = 96 * MIB
# In pieces of so many bytes, how many go on one channel: of files, and of what nobody knows.
PIECE_BYTES = 4000
PIECES = {TYPES['FILE_CHUNK']: 4, 0xf0: 1}


@in_folder
def test_asleep(folder):
    """Ben's machine sleeps in the middle of a talk. Ann writes on, ends, comes back and writes again; he wakes up."""
    ann, ben = Person('Ann', profile=f'{folder}/ann'), Person('Ben')
    befriend(ann, ben)
    ben.process.send_signal(signal.SIGSTOP)
    for i in range(3):
        assert ann.ok('send', to=ben.id, text=f'before {i}')
    ben.process.send_signal(signal.SIGCONT)
    for i in range(3):
        assert ben.event('message')['text'] == f'before {i}'

    ben.process.send_signal(signal.SIGSTOP)
    for i in range(3):
        assert ann.ok('send', to=ben.id, text=f'asleep {i}')
    ann.kill()
    ann = Person('Ann', profile=f'{folder}/ann')
    last = ann.ok('send', to=ben.id, text='asleep 3')['message']
    assert ann.state_of(last) in ('queued', 'sent')
    ben.process.send_signal(signal.SIGCONT)
    for i in range(4):
        assert ben.event('message')['text'] == f'asleep {i}'
    ann.event('receipt', message=last, state='delivered')
    ann.quit()
    ben.quit()


def address_space_of(pid):
    with open(f'/proc/{pid}/statm', encoding='ascii') as statm:
        return int(statm.read().split()[0]) * os.sysconf('SC_PAGE_SIZE')


def hold(victim, kind):
    """A stranger who begins records that never end, as many as are taken."""
    session = victim.stranger()
    with contextlib.suppress(Closed, OSError):
        for channel in range(1, 60):
            for _ in range(PIECES[kind]):
                session.send_raw(record(kind, bytes(PIECE_BYTES), MORE, channel))
    return session


def test_little_memory():
    """As many strangers as may begin, each with as much as they can make Ben hold: he has little more than he needs,
    and an allocation that fails would be his end."""
    with attacked() as victim:
        pid = victim.ben.process.pid
        if not SANITIZED:
            limit = address_space_of(pid) + ROOM_BYTES
            resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))
        sessions = []
        many(lambda n: sessions.append(hold(victim, list(PIECES)[n % 2])), range(SESSIONS_BEGUN), 8)
        silent = [connected(victim.port, new_source()) for _ in range(200)]
        session = victim.visit()
        session.say('Let me through')
        victim.ben.event('message', text='Let me through')
        victim.n_messages = session.n_sent
        session.bye()
        for wire in [other.wire for other in sessions] + silent:
            wire.socket.close()
        victim.assert_untouched()


def test_no_descriptors():
    """Others take all descriptors. Nobody else gets in then; and everybody does once they are gone."""
    with attacked() as victim:
        pid = victim.ben.process.pid
        in_use = len(os.listdir(f'/proc/{pid}/fd'))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (in_use + 10, in_use + 10))
        sockets = [socket.create_connection(('127.0.0.1', victim.port), source_address=(new_source(), 0))
                   for _ in range(60)]
        assert victim.ben.ok('status')['id'] == victim.ben.id
        for one in sockets:
            one.close()


if __name__ == '__main__':
    run([test_asleep, test_little_memory, test_no_descriptors])
