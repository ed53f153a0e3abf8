#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real kith-cli processes against a peer that was written in another language from docs/protocol.md alone
(tests/peer): what the document says is what goes over the wire."""
import os
import pathlib
import re
import tempfile

from kith_cli import Person, run
from with_peer import TESTS, Peer, Session, befriended, chat, connected, invited

import handshake
from cpace import REPLY_BYTES, Joining, key_of
from files import OfferedFile
from identity import Identity, public_of_id, safety_number
from invite import Invite
from primitives import derive, hash_of, u8, u32
from protobuf import SCHEMA


# Of the example for CPACE-RISTR255-SHA512 in draft-irtf-cfrg-cpace.
DRAFT_ISK = bytes.fromhex('b69effbf61b51d56401c0f65601abe428de8206feaaf0e32198896dcae7b35cd'
                          '2b38950a39dfd5d4a79164614c2984f7daa460b588c1e80c3fa2068af7900447')


def section_14():
    document = (TESTS.parent / 'docs' / 'protocol.md').read_text(encoding='utf-8')
    return re.search(r'## 14\..*?```\n(.*?)```', document, re.S).group(1)


def known_answers():
    """The table of section 14: name -> text."""
    lines = re.sub(r'\n {10}(?=[0-9a-f]+)', '', section_14()).splitlines()
    return {line[:10].strip(): re.sub(r' {2,}\(.*', '', line[10:]) for line in lines}


def known_line(name):
    return next(line for line in section_14().splitlines() if line.startswith(name))


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
    sas_key = derive(export, 'kith1 sas-key')
    assert sas_key.hex() == known['sas key']
    assert hash_of('kith1 sas-com', b'\xaa' * 32, b'\x44' * 32).hex() == known['sas com']
    lan_tags = [derive(root, 'kith1 lan', bytes(range(16)), u8(side))[:8].hex() for side in (0, 1)]
    assert re.findall(r'[0-9a-f]{16}', known_line('lan tag')) == lan_tags
    assert key_of(DRAFT_ISK).hex() == known['cpace psk'].split()[0]
    assert one.certificate(1, start).hex() == known['devcert']
    assert OfferedFile(b'').root.hex() in section_14()
    assert OfferedFile(bytes(7 * i % 256 for i in range(200000))).root.hex() in section_14()


def test_request_chat_and_return():
    """Everything from the side of the dialer."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)
    chat(ben, peer, session)
    session.bye()
    ben.event('peer-offline', id=peer.id)

    stranger_to_root = peer.dial(ben.port, public_of_id(ben.id))
    assert not stranger_to_root.open()['pending']
    assert not stranger_to_root.rekey(os.urandom(32))
    stranger_to_root.bye()
    ben.event('peer-online', id=peer.id)
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
    ben.quit()


def test_being_asked_and_dialled():
    """Everything from the side of the listener."""
    ann, peer = Person('Ann'), Peer('Pia')
    peer.listen()
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
    again.send('REKEY_REQ', b'')
    assert again.wait_for_rekey()
    ann.quit()
    assert again.wait_for('BYE')['reason'] == 0
    peer.close()


def test_invite():
    """A link is all that is needed to come in and ask, also where strangers get no answer."""
    ben, peer = Person('Ben'), Peer('Pia')
    ben.ok('reach', who='contacts')
    invite = Invite(ben.ok('invite')['invite'])
    assert invite.issuer == public_of_id(ben.id)
    session = invited(ben, peer, invite)
    assert session.open_with(invite)['pending']
    ben.event('invite-used', id=peer.id)
    ben.ok('accept', who=peer.id)
    session.wait_for('ACCEPT')
    session.wait_for_pair()
    chat(ben, peer, session)
    session.bye()
    ben.quit()


def test_passphrase():
    """Who has the passphrase may ask where strangers get no answer; who has another one is not told so."""
    ben, peer = Person('Ben'), Peer('Pia')
    ben.ok('passphrase', text='correct h\u00f6rse battery staple')
    ben.ok('reach', who='passphrase')
    wire, greeting = connected(ben.port), Joining(peer.identity, ' correct ho\u0308rse battery staple\n')
    greeting.run(wire)
    session = Session(peer, wire, greeting)
    assert session.open('PURPOSE_REQUEST')['pending']
    ben.ok('accept', who=ben.event('request')['id'])
    session.wait_for('ACCEPT')
    session.wait_for_pair()
    chat(ben, peer, session)
    session.bye()

    wire, greeting = connected(ben.port), Joining(peer.identity, 'something else')
    wire.write_raw(greeting.head)
    wire.write(greeting.first(wire.read_exactly(REPLY_BYTES)))
    try:
        wire.read()
        raise AssertionError('an answer')
    except handshake.Closed:
        pass
    ben.quit()


def test_file():
    """Three pieces, of which the last is short."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)
    data = os.urandom(2 * 65536 + 1000)
    file = OfferedFile(data)
    session.send('MSG', **session.message(file=file.offer('photo.jpg')))
    offered = ben.event('file-offer')
    assert offered['name'] == 'photo.jpg' and offered['size'] == len(data), offered
    with tempfile.TemporaryDirectory(prefix='kith-test-') as folder:
        path = pathlib.Path(folder) / 'photo.jpg'
        ben.ok('accept-file', transfer=offered['transfer'], path=str(path))
        n_chunks = 0
        while n_chunks < len(file.pieces):
            n_chunks += file.answer(session)
        ben.event('file-done', state='done')
        assert path.read_bytes() == data
    while session.wait_for('FILE_STATE')['status'] != SCHEMA.value('FILE_DONE'):
        pass
    session.bye()
    ben.quit()


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
