#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attacks of docs/attacks.md by who has a session, against a real kith-cli."""
import concurrent.futures
import os
import pathlib
import random
import shutil
import socket
import time
import zlib

from clocks import wrong_by
from kith_cli import DEADLINE_S, SANITIZED, Person, befriend, in_folder, run
from victim import (MAX_REQUESTS, SESSIONS_BEGUN, SESSIONS_OF_ONE, SILENCE, assert_ends, attacked, flipped, many,
                    new_source)
from with_peer import Peer, befriended, invited

from files import OfferedFile, fetched
from handshake import Closed
from identity import Identity
from invite import Invite
from primitives import ExchangeKey, u16
from protobuf import SCHEMA
from records import BODIES, MORE, TYPES, fragments, padded, record

PROTOCOL, NOT_CONTACT, DUPLICATE, OTHER_DEVICE, GARBLED = (
    SCHEMA.value(f'BYE_{name}') for name in ('PROTOCOL', 'NOT_CONTACT', 'DUPLICATE', 'OTHER_DEVICE', 'GARBLED'))
KIB = 1024


def history(victim):
    return victim.ben.ok('history', **{'with': victim.pia.id})['messages']


def packed(session, text):
    """The body of a message."""
    return SCHEMA.encode('Msg', **session.message(text={'text': text}))


def pending(victim, name='Eve'):
    """A session of somebody whose request waits for an answer."""
    session = victim.stranger(name)
    assert session.open('PURPOSE_REQUEST')['pending']
    victim.ben.event('request')
    return session


def test_01_flips_between_contacts():
    """Attack 1: each part of a frame of an open session changed, its length too. It ends, and what was in it comes again."""
    with attacked() as victim:
        places = [(at, bit) for at in (0, 1, 2, 3, 40, 130, 257, 258, 273) for bit in (0, 7)]
        for at, bit in places:
            session = victim.visit()
            frame = session.sealed(padded(record(TYPES['MSG'], packed(session, f'changed at {at}'))))
            session.wire.write_raw(flipped(frame, at, bit))
            session.wire.socket.shutdown(socket.SHUT_WR)
            assert_ends(session, *((GARBLED, PROTOCOL, SILENCE) if at < 2 else (GARBLED,)))
        assert history(victim) == []
        session = victim.visit()
        session.say('whole')
        victim.ben.event('message', text='whole')
        victim.n_messages = session.n_sent
        session.bye()


def test_02_frames_in_another_order():
    """Attack 2: authentic frames that change places, come twice, or of which one is kept back. What stood before is there,
    and nothing behind it."""
    with attacked() as victim:
        for order in ('ba', 'acb', 'aab', 'ac', 'abca'):
            session = victim.visit()
            session.n_sent = victim.n_messages
            before = [text['text'] for text in history(victim)]
            frames = {name: session.sealed(padded(record(TYPES['MSG'], packed(session, f'{order} {name}'))))
                      for name in 'abc'}
            for name in order:
                session.wire.write_raw(frames[name])
            session.wire.socket.shutdown(socket.SHUT_WR)
            assert_ends(session, GARBLED)
            good = os.path.commonprefix([order, 'abc'])
            for name in good:
                victim.ben.event('message', text=f'{order} {name}')
            assert [text['text'] for text in history(victim)] == before + [f'{order} {name}' for name in good]
            victim.n_messages += len(good)


def test_07_cut_off():
    """Attack 7: the stream ends in a frame or in a record, without BYE. Nothing of it is shown."""
    with attacked() as victim:
        for cut in (1, 2, 3, 100, 273):
            session = victim.visit()
            victim.ben.event('peer-online', id=victim.pia.id)
            frame = session.sealed(padded(record(TYPES['MSG'], packed(session, 'half'))))
            session.wire.write_raw(frame[:cut])
            session.wire.socket.close()
            victim.ben.event('peer-offline', id=victim.pia.id)
        session = victim.visit()
        session.send_raw(fragments(TYPES['MSG'], packed(session, 'x' * 1000), piece_bytes=600)[0])
        session.wire.socket.close()
        assert history(victim) == []


def test_08_frames():
    """Attack 8: frames of lengths that are none, and plaintexts of sizes that are none."""
    with attacked() as victim:
        for length in (0, 1, 15, 16, 17, 271, 65535):
            session = victim.visit()
            session.wire.write_raw(u16(length) + os.urandom(length))
            assert_ends(session, PROTOCOL, GARBLED)
        for size in (0, 1, 6, 255, 257, 511, 65518):
            session = victim.visit()
            session.wire.write_raw(session.sealed(bytes(size)))
            assert_ends(session, PROTOCOL, GARBLED)


def test_08_records():
    """Attack 8: records that do not fit their frame, or are not in order."""
    with attacked() as victim:
        body = b'x' * 100
        bad = [
            padded(record(0x10, body)[:4] + u16(300) + body),
            padded(record(TYPES['PING']) + b'\0' + b'rubbish behind the end'),
            padded(record(TYPES['PING'], flags=0x02)), padded(record(TYPES['PING'], flags=0x80)),
            padded(record(TYPES['MSG'], flags=MORE)),
            padded(record(TYPES['MSG'], body, MORE) + record(TYPES['ACK'], body)),
        ]
        for plaintext in bad:
            session = victim.visit()
            session.wire.write_raw(session.sealed(plaintext))
            assert_ends(session, PROTOCOL, GARBLED)


def test_08_without_end():
    """Attack 8: fragments that never end, on one channel and on all of them; a message of 1 MiB."""
    def send_until_refused(session, parts):
        try:
            for part in parts:
                session.send_raw(part)
        except Closed:
            pass
        assert_ends(session, PROTOCOL)

    with attacked() as victim:
        piece = bytes(8 * KIB)
        for number in (TYPES['MSG'], TYPES['PROFILE'], TYPES['FILE_CHUNK'], TYPES['GROUP_JOIN'], 0xf0):
            send_until_refused(victim.visit(), [record(number, piece, MORE)] * 128)
            send_until_refused(victim.visit(), [record(number, b'x', MORE, channel) for channel in range(256)])
        send_until_refused(victim.visit(), [record(TYPES['FILE_CHUNK'], piece, MORE, n % 60) for n in range(480)])
        session = victim.visit()
        send_until_refused(session, fragments(TYPES['MSG'], packed(session, 'x' * KIB * KIB)))
        send_until_refused(pending(victim), [record(TYPES['PROFILE'], piece, MORE)] * 16)
        assert history(victim) == []


def test_08_floods():
    """Attack 8: small records that make work, as fast as they go: who sends them waits, and nothing piles up."""
    floods = {
        'ACK': lambda: receipts_of_nothing('ACK_READ'),
        'PROFILE': lambda: {'name': os.urandom(8).hex()},
        'ENDPOINTS': lambda: {'endpoints': [{'address': os.urandom(4), 'port': 5484}] * 8},
        'PING': lambda: {'token': 1},
    }
    for name, fields in floods.items():
        with attacked() as victim:
            session = victim.visit()
            flood(victim, session, name, fields)
            session.bye()


def receipts_of_nothing(kind):
    """An ACK with as many ids as it may have, none of them of a message."""
    return {'kind': kind, 'ids': [os.urandom(16) for _ in range(128)]}


def flood(victim, session, name, fields):
    """Sends thousands of records in large frames. Returns what the program has done until what comes behind them was
    taken, in s of the processor: how long that takes depends on who else wants it."""
    records = [record(TYPES[name], SCHEMA.encode(BODIES[name], **fields())) for _ in range(400)]
    frames = [padded(b''.join(records[at:at + 20])) for at in range(0, len(records), 20)]
    before_s = processor_s(victim.ben)
    for _ in range(8):
        for frame in frames:
            session.wire.write_raw(session.sealed(frame))
    session.say('and now')
    victim.ben.event('message', text='and now')
    victim.n_messages = session.n_sent
    return processor_s(victim.ben) - before_s


def processor_s(person):
    """What the process has used of it, all threads together."""
    with open(f'/proc/{person.process.pid}/stat', encoding='ascii') as stat:
        user, system = stat.read().rpartition(')')[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf('SC_CLK_TCK')


def test_08_floods_of_receipts():
    """Attack 8: receipts for what nobody wrote cost no more when two thousand messages wait for theirs: to arrive, or to
    be read."""
    n_waiting = 2000
    for kind, has_arrived in (('ACK_DELIVERED', False), ('ACK_READ', True)):
        with attacked() as victim:
            session = victim.visit()
            quiet_s = flood(victim, session, 'ACK', lambda: receipts_of_nothing(kind))
            calls = [victim.ben.begin('send', to=victim.pia.id, text='?') for _ in range(n_waiting)]
            for _ in calls:
                last = session.wait_for('MSG')
            for number in calls:
                assert victim.ben.reply(number)['ok']
            if has_arrived:
                session.send('ACK', kind='ACK_DELIVERED', ids=[], up_to_seq=last['seq'])
                victim.ben.event('receipt', message=last['id'].hex(), state='delivered')
            victim.ben.seen.clear()
            waiting_s = flood(victim, session, 'ACK', lambda: receipts_of_nothing(kind))
            assert SANITIZED or waiting_s < 3 * quiet_s + 2, (kind, quiet_s, waiting_s)
            session.send('ACK', kind='ACK_READ', ids=[], up_to_seq=last['seq'])
            session.bye()


@in_folder
def test_08_floods_of_offers(folder):
    """Attack 8: thousands of files are offered while nobody looks, and more is said of files that never were. What was
    offered first can still be had."""
    n_offers, at_once, data = 4000, 100, b'the first'
    with attacked() as victim:
        session, first = victim.visit(), OfferedFile(data)
        message = session.message(file=first.offer('first'))
        session.send('MSG', **message)
        offered = victim.ben.event('file-offer', name='first')
        for _ in range(n_offers // at_once):
            offers = [session.message(file={'root': os.urandom(32), 'size': 9, 'name': 'more'}) for _ in range(at_once)]
            session.wire.write_raw(session.sealed(padded(b''.join(
                record(TYPES['MSG'], SCHEMA.encode('Msg', **offer)) for offer in offers))))
        flood(victim, session, 'FILE_STATE', lambda: {'root': os.urandom(32), 'status': 'FILE_GONE'})
        assert len(victim.ben.ok('transfers')['transfers']) < n_offers // 2

        before = victim.ben.ok('history', **{'with': victim.pia.id, 'limit': 1, 'after': message['id'].hex()})['messages']
        victim.ben.ok('history', **{'with': victim.pia.id, 'before': before[0]['message']})
        path = pathlib.Path(folder) / 'first'
        victim.ben.ok('accept-file', transfer=offered['transfer'], path=str(path))
        n_chunks = 0
        while n_chunks < len(first.pieces):
            n_chunks += first.answer(session)
        assert victim.ben.event('file-done', transfer=offered['transfer'])['state'] == 'done'
        assert path.read_bytes() == data
        session.bye()


def test_09_what_nobody_knows_yet():
    """Attack 9: a record of the future is skipped if it says that it may be, and ends the session if not."""
    with attacked() as victim:
        session = victim.visit()
        session.send_raw(record(0x80, b'?'), record(0xff), *fragments(0xf0, b'?' * 3000, piece_bytes=1000))
        victim.n_messages += 1
        session.say('after all that')
        victim.ben.event('message', text='after all that')
        for number in (0x20, 0x2a, 0x34, 0x7f):
            session = victim.visit()
            session.send_raw(record(number, b'?'))
            assert_ends(session, PROTOCOL)


def test_12_again_and_again():
    """Attack 12: dozens of sessions of one contact, each with the same message, and several at once."""
    with attacked() as victim:
        first = victim.visit()
        again = first.message(text={'text': 'once'})
        victim.n_messages = 1
        first.send('MSG', **again)

        def visit(_):
            try:
                victim.visit().send('MSG', **again)
            except Closed:
                pass
        for number in range(25):
            visit(number)
        many(visit, range(25), 4)
        victim.ben.event('message', text='once')
        assert [message['text'] for message in history(victim)] == ['once']


def test_12_opened_for_hours():
    """Attack 12: a contact who comes and goes, in order and not, hundreds of times; nothing of it stays."""
    with attacked() as victim:
        files = pathlib.Path(f'/proc/{victim.ben.process.pid}/fd')
        before = len(list(files.iterdir()))
        for number in range(2000 if os.environ.get('KITH_TEST_LONG') else 120):
            session = victim.visit()
            if number % 3 == 0:
                session.bye()
            elif number % 3 == 1:
                session.rekey(victim.pia.roots[victim.key])
            session.wire.socket.close()
            victim.ben.seen.clear()
        end = time.monotonic() + DEADLINE_S
        while len(list(files.iterdir())) > before:
            assert time.monotonic() < end


@in_folder
def test_12_both_at_once(folder):
    """Attack 12: two who know each other are killed and come back at the same moment, and each dials the other. One
    session stays, and what both have written meanwhile arrives once."""
    names, ports, n_rounds = ('Ann', 'Ben'), {}, 100 if os.environ.get('KITH_TEST_LONG') else 6

    def come(name):
        return Person(name, profile=os.path.join(folder, name), listen=f'127.0.0.1:{ports.get(name, 0)}')

    people = ann, ben = [come(name) for name in names]
    befriend(ben, ann)
    ports.update({person.name: person.port for person in people})
    expected, n_files = {'Ann': [], 'Ben': []}, []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number in range(n_rounds):
            for person in people:
                person.kill()
            people = ann, ben = list(pool.map(come, names))
            for sender, receiver in ((ann, ben), (ben, ann)):
                sender.begin('reconnect', who=receiver.id)
                text = f'{sender.name} in round {number}'
                message = sender.ok('send', to=receiver.id, text=text)['message']
                receiver.event('message', text=text)
                sender.event('receipt', message=message, state='delivered')
                expected[receiver.name].append(text)
            n_files.append(count_sockets(ann))
    for person, other in ((ann, ben), (ben, ann)):
        messages = person.ok('history', **{'with': other.id, 'limit': 100})['messages']
        heard = [message['text'] for message in messages if message['text'].startswith(other.name)]
        assert heard == expected[person.name][-len(heard):] and len(heard) == min(n_rounds, 50), heard
    end = time.monotonic() + DEADLINE_S
    while count_sockets(ann) > min(n_files):
        assert time.monotonic() < end, n_files


def count_sockets(person):
    links = pathlib.Path(f'/proc/{person.process.pid}/fd').iterdir()
    return sum(os.readlink(link).startswith('socket:') for link in links)


def test_13_one_with_many_devices():
    """Attack 13: whoever has one key makes certificates for any number of devices."""
    with attacked() as victim:
        for peer in (Peer('Eve'), victim.pia):
            own, sessions = (peer.identity.device, peer.identity.device_key), []
            for _ in range(40):
                peer.identity.device, peer.identity.device_key = os.urandom(8), ExchangeKey()
                sessions.append(victim.stranger(peer=peer))
                sessions[-1].open('PURPOSE_REQUEST')
            for session in sessions[:-SESSIONS_OF_ONE]:
                assert_ends(session, DUPLICATE, OTHER_DEVICE)
            peer.identity.device, peer.identity.device_key = own
            for session in sessions:
                session.wire.socket.close()


def test_13_begun_and_left():
    """Attack 13: handshakes of hundreds of strangers who then say nothing, or something that is refused."""
    with attacked() as victim:
        sessions = [victim.stranger() for _ in range(200)]
        for session in sessions[160:]:
            session.send('OPEN', **session.opening())
        visitor = victim.visit()
        visitor.say('Am I in?')
        victim.ben.event('message', text='Am I in?')
        victim.n_messages = visitor.n_sent
        visitor.bye()
        for session in sessions[:-SESSIONS_BEGUN]:
            session.wire.socket.settimeout(5)  # before the time in which they might have said OPEN
            assert_ends(session, SILENCE)
        for session in sessions[160:]:
            assert_ends(session, NOT_CONTACT)
        for session in sessions:
            session.wire.socket.close()
        victim.assert_untouched()


def test_15_requests():
    """Attack 15: a hundred who ask, with names and texts that nobody should see as they are."""
    names = ['x' * 3000, '<b>Pia</b>', '\u202eaiP', 'P\u200bi\u200da', 'a' + '\u0301' * 1000, 'Pia\nBen', '\0', '',
             '\ud7ff\ufffe', '👨\u200d👩\u200d👧' * 40]
    with attacked() as victim:
        sessions = []
        for number in range(100):
            session = victim.stranger(names[number % len(names)])
            sessions.append(session)
            session.send('OPEN', **session.opening('PURPOSE_REQUEST', 'é' * (499 + number % 3) + '<a href="x">'))
        for session in sessions[-20:]:
            try:
                session.wait_for('OPEN_OK')
            except Closed:
                pass  # what is no name or text of a request is no OPEN
        requests = victim.ben.ok('requests')['requests']
        assert 0 < len(requests) <= MAX_REQUESTS, len(requests)
        for request in requests:
            assert len(request['name'].encode()) <= 64 and len(request['text']) <= 500, request
            assert not set(request['name']) & set('\n\0\u202e\u200b'), request
        for request in requests:
            victim.ben.ok('decline', who=request['id'])
        session = pending(victim)
        for text in range(200):
            session.send('PROFILE', name=f'Eve {text}')
        session.bye()
        session = victim.stranger()
        session.send('OPEN', **session.opening('PURPOSE_REQUEST', 'x' * 5000))
        assert_ends(session, SILENCE)


def test_16_invites():
    """Attack 16: somebody else's, one that is taken back, and a proof that was good in another session."""
    with attacked() as victim:
        ben, eve, guest = victim.ben, Peer('Eve'), Peer('Guest')
        invite = Invite(ben.ok('invite')['invite'])

        def refused(peer, **proof):
            session = victim.stranger(peer=peer)
            session.send('OPEN', **session.opening('PURPOSE_INVITE'), **proof)
            assert_ends(session, NOT_CONTACT)

        first = invited(ben, guest, invite, new_source())
        good = {'invite_id': invite.id, 'invite_proof': invite.proof(first.first_hash)}
        refused(eve, **good)
        refused(eve, **{**good, 'invite_proof': os.urandom(32)})
        refused(eve, invite_id=os.urandom(8), invite_proof=good['invite_proof'])
        assert first.open_with(invite)['pending']
        ben.event('invite-used', id=guest.id)
        again = invited(ben, guest, invite, new_source())
        assert again.open_with(invite)['pending']
        session = invited(ben, eve, invite, new_source())
        session.send('OPEN', **session.opening('PURPOSE_INVITE'), invite_id=invite.id,
                     invite_proof=invite.proof(session.first_hash))
        assert_ends(session, NOT_CONTACT)
        ben.event('invite-misused')
        assert [request['id'] for request in ben.ok('requests')['requests']] == [guest.id]

        link = ben.ok('invite')['invite']
        ben.ok('revoke', invite=link)
        try:
            invited(ben, eve, Invite(link), new_source())
            raise AssertionError('a knock of what was taken back')
        except Closed:
            pass
        ben.ok('decline', who=guest.id)


def test_17_the_same_name():
    """Attack 17: Pia's name under another key is somebody new, and the user is told."""
    with attacked() as victim:
        for name in ('Pia', 'pia', ' PIA\u200b '):
            impostor = Peer(name, Identity())
            session = victim.stranger(peer=impostor)
            assert session.open('PURPOSE_REQUEST')['pending']
            request = victim.ben.event('request', id=impostor.id)
            assert request['name_taken'] and request['warning'], request
            victim.ben.ok('decline', who=impostor.id)
            assert_ends(session, NOT_CONTACT)
        contact, = victim.ben.ok('contacts')['contacts']
        assert contact['id'] == victim.pia.id


def test_19_times():
    """Attack 19: what a contact says of the time moves neither order nor clock."""
    with attacked() as victim:
        session = victim.visit()
        for text, hlc in (('one', None), ('two', 2**64 - 1), ('three', 2**63), ('four', 0), ('five', None)):
            session.say(text, **({} if hlc is None else {'hlc': hlc}))
            victim.ben.event('message', text=text)
        victim.n_messages = session.n_sent
        texts = [message['text'] for message in history(victim)]
        assert texts.index('one') < texts.index('two') < texts.index('three') < texts.index('five'), texts
        ours = victim.ben.ok('send', to=victim.pia.id, text='ours')['message']
        assert history(victim)[-1]['message'] == ours
        session.bye()


HOUR_S, DAY_S = 3600, 86400


@in_folder
def test_19_clocks(folder):
    """Attack 19: Ben comes back with a clock that is hours or days wrong. He is told so; where certificates are good by
    it messages go both ways and keep their order, else nobody is let pass; with the right clock all is as it was."""
    def come(environment=None):
        return Person('Ben', profile=os.path.join(folder, 'Ben'), listen=f'127.0.0.1:{port}', environment=environment)

    if SANITIZED or not shutil.which('faketime'):
        print('# 19-clocks needs faketime, which does not go together with a sanitizer')
        return

    port, friends = 0, [Person(name) for name in ('Ann', 'Cem', 'Dia')]
    ann, ben, expected = friends[0], come(), []
    port = ben.port
    for friend in friends:
        befriend(friend, ben)

    def talk(number):
        for sender, receiver in ((ben, ann), (ann, ben)):
            text = f'{sender.name} {number}'
            message = sender.ok('send', to=receiver.id, text=text)['message']
            receiver.event('message', text=text)
            sender.event('receipt', message=message, state='delivered')
            expected.append(text)

    talk('in time')
    for seconds in (3 * HOUR_S, -3 * HOUR_S, 3 * DAY_S, -3 * DAY_S):
        ben.quit()
        ben = come(wrong_by(seconds))
        ben.ok('send', to=ann.id, text=f'wrong by {seconds}')
        written_ms = ben.ok('history', **{'with': ann.id})['messages'][-1]['time']
        assert abs(written_ms / 1000 - time.time() - seconds) < 60, (written_ms, seconds)
        ben.event('warning', error='wrong-clock')
        if seconds > -2 * DAY_S:
            ann.event('message', text=f'wrong by {seconds}')
            expected.append(f'wrong by {seconds}')
            talk(seconds)
        else:
            assert ben.ok('online')['contacts'] == []
    ben.quit()
    ben = come()
    ann.event('message', text=f'wrong by {-3 * DAY_S}')
    expected.append(f'wrong by {-3 * DAY_S}')
    talk('in time again')
    assert [message['text'] for message in ann.ok('history', **{'with': ben.id})['messages'] if message['text']] == expected
    mine = [message['text'] for message in ben.ok('history', **{'with': ann.id})['messages'] if message['text']]
    assert sorted(mine) == sorted(expected), mine


@in_folder
def test_23_links_in_the_way(folder):
    """Attack 23: where a file is to be put there is a link, to something or to nothing. It stays, and so does what it
    leads to."""
    with attacked() as victim:
        secret, session = pathlib.Path(folder) / 'secret', victim.visit()
        secret.write_text('mine', encoding='utf-8')
        for name, target in (('to-a-file', secret), ('to-nothing', pathlib.Path(folder) / 'nothing'), ('to-a-folder', folder)):
            file, path = OfferedFile(b'theirs'), pathlib.Path(folder) / name
            path.symlink_to(target)
            session.send('MSG', **session.message(file=file.offer(name)))
            offered = victim.ben.event('file-offer', name=name)
            victim.ben.fails('exists', 'accept-file', transfer=offered['transfer'], path=str(path))
            # It comes while the file is on its way.
            late = pathlib.Path(folder) / f'late-{name}'
            victim.ben.ok('accept-file', transfer=offered['transfer'], path=str(late))
            late.symlink_to(target)
            n_chunks = 0
            while n_chunks < len(file.pieces):
                n_chunks += file.answer(session)
            done = victim.ben.event('file-done', transfer=offered['transfer'])
            assert done['state'] == 'done' and pathlib.Path(done['path']) not in (path, late), done
            assert pathlib.Path(done['path']).read_bytes() == b'theirs' and not os.path.islink(done['path'])
            assert path.is_symlink() and late.is_symlink() and secret.read_text(encoding='utf-8') == 'mine'
            assert not (pathlib.Path(folder) / 'nothing').exists()
        victim.n_messages = session.n_sent
        session.bye()


@in_folder
def test_23_files(folder):
    """Attack 23: names that lead elsewhere, pieces and lists that are not what was offered."""
    names = ['../../x', '/etc/passwd', 'C:\\x', 'CON', '.bashrc', 'a\u202egpj.exe', '..', '', '\0', 'x' * 5000, 'a/../b']
    with attacked() as victim:
        session = victim.visit()
        for name in names:
            session.send('MSG', **session.message(file=OfferedFile(b'hello').offer(name[:3000])))
            shown = victim.ben.event('file-offer')['name']
            assert shown and '/' not in shown and '\\' not in shown and not shown.startswith('.'), shown
            assert len(shown.encode()) <= 150 and not set(shown) & set('\0\u202e'), shown
        victim.n_messages = session.n_sent
        session.bye()

        for spoil, n_answers in ((spoil_piece, 2), (spoil_leaves, 1), (spoil_size, 1)):
            session = victim.visit()
            file = OfferedFile(bytes(100000))
            path = pathlib.Path(folder) / spoil.__name__
            offer = spoil(file)
            session.send('MSG', **session.message(file=offer))
            victim.n_messages = session.n_sent
            offered = victim.ben.event('file-offer', name=spoil.__name__)
            victim.ben.ok('accept-file', transfer=offered['transfer'], path=str(path))
            for _ in range(n_answers):
                file.answer(session)
            done = victim.ben.event('file-done', transfer=offered['transfer'])
            assert done['state'] == 'failed' and 'not what was offered' in done['error'], done
            assert not path.exists()
            session.wire.socket.close()


def in_a_folder(paths, n_bytes=4):
    """A file that calls itself a folder, and how long its list is."""
    listed = SCHEMA.encode('FolderList', entries=[{'path': path, 'size': n_bytes} for path in paths])
    return OfferedFile(listed + b'evil' * len(paths)), len(listed)


@in_folder
def test_23_lists_of_folders(folder):
    """Attack 23: lists of folders with ways out of them, with a file that is a folder too, too deep, too long, or of
    another length than they say. Nothing of them is left, and nothing is anywhere else; only what is harmless comes."""
    inbox, outside = pathlib.Path(folder) / 'in', pathlib.Path(folder) / 'escaped'
    inbox.mkdir()
    bad = [
        ['../escaped'], ['fine', 'a/../../escaped'], [str(outside)], ['a', 'a/escaped'], ['a//escaped'],
        ['a\\..\\escaped'], ['.'], ['..'], [''], ['/'], ['a/'], ['a/./b'], ['/'.join(['d'] * 40)],
        ['x' * 5000 + '/' + '../' * 3 + 'escaped'], [b'\xff\xfe/../../escaped'],
    ]
    with attacked() as victim:
        session = victim.visit()

        def offered(file, list_bytes, name):
            session.send('MSG', **session.message(file={**file.offer(name), 'list_bytes': list_bytes}))
            victim.n_messages = session.n_sent
            found = victim.ben.event('file-offer', name=name)
            victim.ben.ok('accept-file', transfer=found['transfer'], path=str(inbox / name))
            return found['transfer']

        def end_of(file, transfer):
            """Gives what is asked for, until it is over. Returns how."""
            while not any(event.get('event') == 'file-done' for event in victim.ben.seen):
                if session.is_readable(.02):
                    session.step()
                session._heard = [item for item in session._heard
                                  if item[0] != 'FILE_GET' or item[1]['root'] == file.root]
                while any(name == 'FILE_GET' for name, _ in session._heard):
                    file.answer(session)
                victim.ben.ok('status')
            return victim.ben.event('file-done', transfer=transfer)

        for number, paths in enumerate(bad):
            file, list_bytes = in_a_folder(paths)
            done = end_of(file, offered(file, list_bytes, f'bad-{number}'))
            assert done['state'] == 'failed' and done['error'], (paths, done)
        file, list_bytes = in_a_folder(['a', 'b'])
        for number, lie in enumerate((1, list_bytes - 1, list_bytes + 1, file.size)):
            assert end_of(file, offered(file, lie, f'lie-{number}'))['state'] == 'failed', lie
        for number, size in enumerate((2 ** 63, 2 ** 64 - 1, 5)):
            file, list_bytes = in_a_folder(['a', 'b'], size)
            assert end_of(file, offered(file, list_bytes, f'size-{number}'))['state'] == 'failed', size
        assert list(inbox.iterdir()) == [] and not outside.exists(), list(inbox.rglob("*"))

        file, list_bytes = in_a_folder(['.bashrc', 'CON', 'a\u202egpj.exe', 'x', 'X', 'x ', 'deep/er/still', 'deep',
                                        'z\0/../../escaped', b'\xff\xfe/y'])
        assert end_of(file, offered(file, list_bytes, 'good'))['state'] == 'done'
        found = [path for path in inbox.rglob('*') if path.is_file()]
        assert len(found) == 10 and all(path.read_bytes() == b'evil' for path in found), found
        for path in inbox.rglob('*'):
            assert not path.name.startswith('.') and path.name != 'CON' and '\u202e' not in path.name, path
            assert path.name.encode(errors='strict')
            assert path.stat().st_mode & 0o111 == 0 or path.is_dir(), path
        assert sorted(path.name for path in pathlib.Path(folder).iterdir()) == ['in']
        session.bye()


@in_folder
def test_23_what_was_offered_to_others(folder):
    """Attack 23: what was offered to Hal is served to Hal, and to Pia, who knows root and id, it is as if it were not
    there."""
    with attacked() as victim:
        hal, data, path = Peer('Hal'), os.urandom(1000), pathlib.Path(folder) / 'secret.txt'
        to_hal = befriended(victim.ben, hal)
        path.write_bytes(data)
        victim.ben.ok('send-file', to='Hal', path=str(path))
        message = to_hal.hear()
        root = message['file']['root']
        session = victim.visit()
        for what in (0, 1):
            for offer in (message['id'], b'', os.urandom(16)):
                session.send('FILE_GET', root=root, request=7, what=what, count=1, offer=offer, **{'from': 0})
                while session.wait_for('FILE_STATE')['status'] != SCHEMA.value('FILE_GONE'):
                    pass
                assert not any(name in ('FILE_LEAVES', 'FILE_CHUNK') for name, _ in session._heard)
        session.bye()
        assert fetched(to_hal, message['file'], message['id']) == data
        victim.ben.ok('remove', who='Hal')


def spoil_piece(file):
    offer = file.offer('spoil_piece')
    file.pieces[1] = b'x' + file.pieces[1][1:]
    return offer


def spoil_leaves(file):
    offer = file.offer('spoil_leaves')
    file.leaves[1] = os.urandom(32)
    return offer


def spoil_size(file):
    return {**file.offer('spoil_size'), 'size': file.size - 1}


def test_24_texts():
    """Attack 24: what is no text is refused, and what is one is shown as it is."""
    with attacked() as victim:
        literal = ['<span size="999999">&amp;</span>', '<a href="javascript:x">x</a>', '\u202egpj.exe',
                   'a' + '\u0301' * 1000, '👨\u200d👩\u200d👧\u200d👦' * 300, '\\u0000 %s %n', 'a\u2028b']
        session = victim.visit()
        for text in literal:
            message = session.say(text)
            assert victim.ben.event('message', message=message.hex())['text']
        session.say('no more\0than this')
        assert victim.ben.event('message')['text'] == 'no more'
        victim.n_messages = session.n_sent
        shown = history(victim)
        assert shown[0]['text'] == literal[0] and shown[1]['text'] == literal[1]
        session.bye()
        for raw in (b'\xff\xfe', b'\xed\xa0\x80', b'\xc0\x80', b'\xf4\x90\x80\x80', b'', b' \n ', b'x' * 16200):
            session = victim.visit()
            session.say(raw)
            assert_ends(session, PROTOCOL)
        assert len(history(victim)) == len(literal) + 1


def bomb(width, height):
    """The beginning of a PNG that says it is that big."""
    def chunk(name, data):
        return len(data).to_bytes(4, 'big') + name + data + zlib.crc32(name + data).to_bytes(4, 'big')
    header = width.to_bytes(4, 'big') + height.to_bytes(4, 'big') + bytes([8, 6, 0, 0, 0])
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(bytes(10 ** 6))) + chunk(b'IEND', b'')


@in_folder
def test_25_pictures(folder):
    """Attack 25: offers that call themselves pictures of any size or sort, and what they lead to: files, which nothing
    here looks into."""
    pictures = [
        (bomb(50000, 50000), {'media_type': 'image/png', 'width': 50000, 'height': 50000}),
        (bomb(2 ** 31 - 1, 1), {'media_type': 'image/png', 'width': 2 ** 32 - 1, 'height': 2 ** 32 - 1}),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', {'media_type': 'image/svg+xml', 'width': 1, 'height': 1}),
        (b'MZ' + bytes(100), {'media_type': 'image/jpeg', 'width': 0, 'height': 7}),
        (b'OggS' + bytes(100), {'media_type': 'audio/ogg', 'duration_ms': 2 ** 32 - 1, 'waveform': b'\xff' * 64}),
        (b'x', {'media_type': 'text/html\u202e<script>' + 'x' * 300}),
    ]
    with attacked() as victim:
        session = victim.visit()
        for number, (data, hints) in enumerate(pictures):
            file, path = OfferedFile(data), pathlib.Path(folder) / f'{number}'
            session.send('MSG', **session.message(file={**file.offer(f'{number}.png'), **hints}))
            offered = victim.ben.event('file-offer', name=f'{number}.png')
            victim.ben.ok('accept-file', transfer=offered['transfer'], path=str(path))
            n_chunks = 0
            while n_chunks < len(file.pieces):
                n_chunks += file.answer(session)
            victim.ben.event('file-done', transfer=offered['transfer'], state='done')
            assert path.read_bytes() == data and path.stat().st_mode & 0o777 == 0o600
        for waveform in (b'\xff' * 65, b'\xff' * 4000):
            hints = {'media_type': 'audio/ogg', 'waveform': waveform, 'duration_ms': 1}
            session.send('MSG', **session.message(file={**OfferedFile(b'x').offer('x'), **hints}))
            victim.ben.event('file-offer', name='x')
        victim.n_messages = session.n_sent
        session.bye()


NEVER = ['OPEN', 'OPEN_OK', 'ACCEPT', 'REKEY_REQ', 'REKEY2', 'REKEY3']
NEVER_AS_LISTENER = ['OPEN', 'OPEN_OK', 'REKEY1', 'REKEY2', 'REKEY3']
NOT_PENDING = ['PAIR', 'MSG', 'ACK', 'RESEND', 'TYPING', 'PRESENCE', 'ENDPOINTS', 'DIAL_BACK', 'DIAL_BACK_RESULT',
               'SAS_COMMIT', 'SAS_REPLY', 'SAS_REVEAL', 'FILE_GET', 'FILE_LEAVES', 'FILE_CHUNK', 'FILE_STATE']


def test_states():
    """What is not allowed now: before OPEN, while a request waits, and when all is open."""
    with attacked() as victim:
        for name in [name for name in TYPES if name not in ('OPEN', 'BYE')]:
            session = victim.stranger()
            session.send(name, b'')
            assert_ends(session, SILENCE)
        for name in NEVER + NOT_PENDING:
            session = pending(victim)
            session.send(name, b'')
            assert_ends(session, PROTOCOL)
            victim.ben.ok('decline', who=session.peer.id)
        for name in NEVER:
            session = victim.visit()
            session.send(name, b'')
            assert_ends(session, PROTOCOL)
        victim.assert_untouched()


def test_states_of_who_was_dialled():
    """What somebody who was dialled may not send: anything before OPEN_OK, and what only a dialer says."""
    with attacked() as victim:
        pia = victim.pia
        pia.listen()
        victim.visit().bye()
        victim.ben.event('peer-offline', id=pia.id)
        early = [name for name in TYPES if name not in ('BYE', 'OPEN_OK')]
        for name, is_early in [(name, True) for name in early] + [(name, False) for name in NEVER_AS_LISTENER]:
            victim.ben.ok('reconnect', who=pia.id)
            session = pia.accept()
            session.wait_for('OPEN')
            if not is_early:
                session.send('OPEN_OK', **session.introduction())
                victim.ben.event('peer-online', id=pia.id)
            session.send(name, b'')
            assert_ends(session, SILENCE if is_early else PROTOCOL)
            if not is_early:
                victim.ben.event('peer-offline', id=pia.id)
        pia.close()


def test_bodies():
    """Rubbish as the body of every record, and what is cut off of good ones."""
    chance = random.Random(5)
    with attacked() as victim:
        for name in [name for name in TYPES if name not in NEVER]:
            for length in (7, 300):
                session = victim.visit()
                try:
                    session.send(name, chance.randbytes(length))
                    if name in BODIES:
                        session.send(name, b'\x0a' + b'\xff' * 9 + b'\x01')
                except Closed:
                    pass
                session.wire.socket.close()
        assert history(victim) == []


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
