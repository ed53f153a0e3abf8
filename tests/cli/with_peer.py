# SPDX-License-Identifier: GPL-3.0-or-later
"""A real kith-cli and a peer of tests/peer, who become contacts and talk."""
import pathlib
import sys

TESTS = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / 'peer'))

from identity import public_of_id  # noqa: E402
from peer import Peer, Session, connected  # noqa: E402


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


def invited(person, peer, invite, source='127.0.0.1'):
    """A session of who comes with the knock of a link, not open yet."""
    wire, greeting = connected(person.port, source), invite.knocking(peer.identity)
    greeting.run(wire)
    return Session(peer, wire, greeting)
