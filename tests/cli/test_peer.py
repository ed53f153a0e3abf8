#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real kith-cli processes against a peer that was written in another language from docs/protocol.md alone
(tests/peer): what the document says is what goes over the wire."""
import pathlib
import re
import sys

from kith_cli import Person, run

TESTS = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / 'peer'))

import handshake  # noqa: E402
from identity import Identity, public_of_id, safety_number  # noqa: E402
from peer import Peer  # noqa: E402
from primitives import derive, u32  # noqa: E402


def known_answers():
    """The table of section 14: name -> text."""
    document = (TESTS.parent / 'docs' / 'protocol.md').read_text(encoding='utf-8')
    table = re.search(r'## 14\..*?```\n(.*?)```', document, re.S).group(1)
    lines = re.sub(r'\n {10}(?=[0-9a-f]+)', '', table).splitlines()
    return {line[:10].strip(): re.sub(r' {2,}\(.*', '', line[10:]) for line in lines}


def test_known_answers():
    """The document's own numbers, from an implementation that shares no line with Kith's."""
    known, start = known_answers(), 1767225600
    one = Identity(bytes(range(32)), b'\x11' * 32, bytes(range(1, 9)))
    other = Identity(bytes(range(32, 64)))
    assert one.id == known['ID_a'] and other.id == known['ID_b']
    assert public_of_id(one.id) == one.public
    assert safety_number(one.public, other.public) == safety_number(other.public, one.public) == known['safety']
    export = bytes.fromhex(known['export'])
    root = derive(export, 'kith1 pairroot', one.public, other.public, b'\xaa' * 32, b'\xbb' * 32)
    assert root.hex() == known['pair_root']
    tag = handshake.knock_tag(root, one.public, other.public, b'\x77' * 32, start // 600)
    assert tag.hex() == known['knock tag'].split()[0]
    assert derive(export, 'kith1 rekey', u32(1), root).hex() == known['rekey psk']
    assert one.certificate(1, start).hex() == known['devcert']


def befriended(person, peer):
    """The peer asks, the person accepts. Returns the session, in which both can write."""
    session = peer.dial(person.port)
    assert session.remote == public_of_id(person.id)
    answer = session.open('PURPOSE_REQUEST', 'Shall we?')
    assert answer['pending'] and answer['profile'] is None, answer
    request = person.event('request', id=peer.id)
    assert request['name'] == peer.name and request['text'] == 'Shall we?', request
    session.rekey()
    person.ok('accept', who=peer.id)
    assert session.wait_for('ACCEPT')['profile']['name'] == person.name
    person.event('peer-online', id=peer.id)
    session.wait_for_pair()
    return session


def chat(person, peer, session):
    """A message each way, with receipts."""
    message = session.say('Hello from another language é')
    got = person.event('message', **{'from': peer.id})
    assert got['text'] == 'Hello from another language é' and got['message'] == message.hex(), got
    session.wait_for_receipt(message, 'ACK_DELIVERED')
    person.ok('read', **{'with': peer.id})
    session.wait_for_receipt(message, 'ACK_READ')
    sent = person.ok('send', to=peer.id, text='Hello from C 😀')['message']
    heard = session.hear()
    assert heard['text']['text'] == 'Hello from C 😀' and heard['id'].hex() == sent, heard
    person.event('receipt', message=sent, state='delivered')


def test_request_chat_and_return():
    """Everything from the side of the dialer."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)
    chat(ben, peer, session)
    session.bye()
    ben.event('peer-offline', id=peer.id)

    again = peer.dial(ben.port, public_of_id(ben.id))
    assert again.mode == handshake.KNOCK
    assert not again.open()['pending']
    assert again.rekey(peer.roots[again.remote])
    ben.event('peer-online', id=peer.id)
    again.n_sent, again.n_received = session.n_sent, session.n_received
    chat(ben, peer, again)
    again.bye()
    ben.event('peer-offline', id=peer.id)
    peer.close()
    ben.quit()


def test_being_asked_and_dialled():
    """Everything from the side of the listener."""
    ann, peer = Person('Ann'), Peer('Pia')
    number = ann.begin('connect', address='127.0.0.1', port=peer.port, text='It is me')
    session = peer.accept()
    asked = session.take(pending=True)
    assert session.mode == handshake.OPEN and session.remote == public_of_id(ann.id)
    assert asked['profile']['name'] == 'Ann' and asked['text'] == 'It is me', asked
    assert ann.reply(number)['outcome'] == 'requested'
    session.accept()
    ann.event('contact', id=peer.id, change='accepted', name='Pia')
    ann.event('peer-online', id=peer.id)
    session.wait_for_pair()
    chat(ann, peer, session)
    session.wire.socket.close()
    ann.event('peer-offline', id=peer.id)

    again = peer.accept()
    assert again.mode == handshake.KNOCK and again.is_knock()
    assert again.take()['purpose'] == 0
    ann.event('peer-online', id=peer.id)
    assert again.wait_for_rekey()
    again.n_sent, again.n_received = session.n_sent, session.n_received
    chat(ann, peer, again)
    ann.quit()
    assert again.wait_for('BYE')['reason'] == 0
    peer.close()


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
