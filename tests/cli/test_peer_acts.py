#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""More of what docs/protocol.md says, between a real kith-cli and a peer that was written from it alone (tests/peer):
verification, invites and passphrases of the peer's, what becomes of messages, presence, dialling back, files."""
import contextlib
import os
import pathlib
import sqlite3
import tempfile

from kith_cli import Person, in_folder, run
from with_peer import Peer, befriended, chat

import at_rest
import handshake
from cpace import Admitting
from files import OfferedFile, fetched
from identity import public_of_id
from invite import Invite
from primitives import ExchangeKey, Refused
from protobuf import SCHEMA
from sas import DIFFERENT, GIVEN_UP, SAME, Comparing, words_of

LOOPBACK = bytes([127, 0, 0, 1])


def test_known_words():
    """Section 14's, with both numbers known."""
    key = bytes.fromhex('f452da8864549c4b2b8c4775d9bcfef8298c451ad2d48ad7a461dd8270bf99dc')
    identities = [bytes.fromhex('03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8'),
                  public_of_id('fgwlvykbxtfpbmrodkkngtily43b4utnbp7bfsexss6jgiuwnxlzinab')]
    assert words_of(key, b'\xaa' * 32, b'\xbb' * 32, *identities) == ['giraffe', 'trophy', 'two', 'pyramid']


def test_words():
    """2.1: each side begins once; the same words, then another outcome, then a number that was not committed to."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)
    comparing = Comparing(session)
    comparing.begin()
    ben.event('words', id=peer.id, state='asked')
    ben.ok('words', who='Pia', answer='yes')
    words = comparing.reveal()
    assert ben.event('words', state='words')['words'].split() == words
    ben.ok('words', who='Pia', answer='yes')
    assert comparing.outcome() == SAME
    comparing.say(SAME)
    ben.event('words', state='same')
    ben.event('contact', id=peer.id, change='verified')
    contact, = ben.ok('contacts')['contacts']
    assert contact['verified'] and contact['verified_how'] == 'words', contact

    ben.ok('unverify', who='Pia')
    ben.event('contact', id=peer.id, change='verified')
    ben.ok('words', who='Pia')
    comparing = Comparing(session)
    words = comparing.answer()
    assert ben.event('words', state='words')['words'].split() == words
    comparing.say(DIFFERENT)
    ben.event('words', state='different')
    assert not ben.ok('contacts')['contacts'][0]['verified']

    comparing = Comparing(session)
    comparing.begin()
    ben.event('words', state='asked')
    ben.ok('words', who='Pia', answer='no')
    assert comparing.outcome() == GIVEN_UP

    comparing = Comparing(session)
    comparing.begin()
    ben.event('words', state='asked')
    ben.ok('words', who='Pia', answer='yes')
    comparing.ours = os.urandom(32)
    comparing.reveal()
    assert session.until_closed() == SCHEMA.value('BYE_PROTOCOL')


def test_invite_of_the_peer():
    """6.2, from the side of who has made the link: the knock, the proof, and the request that it brings."""
    ben, peer = Person('Ben'), Peer('Pia')
    peer.listen()
    invite = Invite.make(peer.identity.public, [(LOOPBACK, peer.port)], ExchangeKey().public)
    number = ben.begin('add', invite=invite.link, text='You gave me this')
    greeting = handshake.Answering(peer.identity)
    session = peer.greeted(greeting)
    assert invite.is_knock_of(greeting)
    asked = session.take(pending=True)
    assert asked['purpose'] == SCHEMA.value('PURPOSE_INVITE') and asked['invite_id'] == invite.id, asked
    assert asked['invite_proof'] == invite.proof(session.first_hash) and asked['text'] == 'You gave me this'
    assert ben.reply(number)['state'] == 'requested'
    session.accept()
    ben.event('contact', id=peer.id, change='accepted')
    session.wait_for_pair()
    chat(ben, peer, session)
    peer.close()


def test_passphrase_of_the_peer():
    """3.3, from the side of the listener."""
    ben, peer = Person('Ben'), Peer('Pia')
    peer.listen()
    number = ben.begin('join', address='127.0.0.1', port=peer.port, passphrase='correct horse battery staple')
    session = peer.greeted(Admitting(peer.identity, 'correct horse battery staple'))
    assert session.mode == handshake.PASSPHRASE
    session.take(pending=True)
    assert ben.reply(number)['outcome'] == 'requested'
    session.accept()
    session.wait_for_pair()
    chat(ben, peer, session)

    eve = Peer('Eve')
    eve.listen()
    number = ben.begin('join', address='127.0.0.1', port=eve.port, passphrase='correct horse battery staple')
    try:
        eve.greeted(Admitting(eve.identity, 'something else'))
        raise AssertionError('let in')
    except Refused:
        pass
    eve.close()
    assert not ben.reply(number)['ok']
    peer.close()


def test_what_becomes_of_messages():
    """8: edits, reactions, deletion, a timer, a broadcast, and what is missing, both ways."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)

    def tell(**content):
        message = session.message(**content)
        session.send('MSG', **message)
        return message['id']

    ours = session.say('Helo')
    ben.event('message', text='Helo')
    tell(edit={'target': ours, 'text': 'Hello'})
    assert ben.event('message-edited', message=ours.hex())['text'] == 'Hello'
    ben.ok('react', message=ours.hex(), emoji='👍')
    reaction = session.hear()['reaction']
    assert reaction == {'target': ours, 'emoji': '👍'}, reaction
    tell(timer={'ttl_s': 3600})
    assert ben.event('timer')['ttl_s'] == 3600
    tell(delete={'target': ours})
    ben.event('message-deleted', message=ours.hex())

    theirs = ben.ok('send', to='Pia', text='Look', ttl_s=60)['message']
    heard = session.hear()
    assert heard['id'].hex() == theirs and heard['ttl_s'] == 60
    ben.ok('edit', message=theirs, text='Look here')
    edit = session.hear()['edit']
    assert edit['target'].hex() == theirs and edit['text'] == 'Look here'
    tell(reaction={'target': heard['id'], 'emoji': '🎉'})
    assert ben.event('reaction', message=theirs)['emoji'] == '🎉'
    ben.ok('delete', message=theirs)
    assert session.hear()['delete']['target'].hex() == theirs
    ben.ok('broadcast', text='To all')
    assert session.hear()['broadcast']

    lost = session.message(text={'text': 'lost on the way'})
    session.say('after a gap')
    ben.event('missing', **{'from': peer.id})
    asked = session.wait_for('RESEND')
    assert (asked['from'], asked['to'], asked['gone']) == (lost['seq'], lost['seq'], False), asked
    session.send('MSG', **lost)
    ben.event('message', text='lost on the way')

    ben.ok('send', to='Pia', text='once more')
    first = session.hear()
    ben.event('receipt', message=first['id'].hex(), state='delivered')
    session.send('RESEND', **{'from': first['seq'], 'to': first['seq'] + 3})
    gone = session.wait_for('RESEND')
    assert gone['gone'] and (gone['from'], gone['to']) == (first['seq'] + 1, first['seq'] + 3), gone
    again = session.hear()
    assert again['id'] == first['id'] and again['seq'] == first['seq'], again
    gone = session.message(text={'text': 'never to come'})
    session.say('after another gap')
    session.wait_for('RESEND')
    session.send('RESEND', **{'from': gone['seq'], 'to': gone['seq'], 'gone': True})
    session.say('the end')
    ben.event('message', text='the end')


def test_search_over_one_id_in_two_conversations():
    """Who writes a message chooses its id: an answer goes on where it ended all the same."""
    ben, peers = Person('Ben'), [Peer('Pia'), Peer('Paul')]
    sessions = [befriended(ben, peer) for peer in peers]
    same = sessions[0].say('the first needle')
    ben.event('message', text='the first needle')
    sessions[1].say('the second needle', id=same)
    ben.event('message', text='the second needle', message=same.hex())
    sessions[0].say('the third needle')
    ben.event('message', text='the third needle')

    found, before = [], {}
    while True:
        answer = ben.ok('search', text='needle', limit=1, **before)
        found += [hit['text'] for hit in answer['hits']]
        if answer['next'] is None:
            break
        before = {'before': answer['next']}
    assert found == ['the third needle', 'the second needle', 'the first needle'], found
    assert ben.ok('search', text='needle', limit=4)['next'] is None

    def after(before, **fields):
        return [hit['text'] for hit in ben.ok('search', text='needle', before=before, **fields)['hits']]

    last, of_paul, of_pia = [f'{hit["message"]}/{hit["conversation"]}'
                             for hit in ben.ok('search', text='needle')['hits']]
    assert after(last) == ['the second needle', 'the first needle']
    assert after(of_paul) == ['the first needle'] and after(of_pia) == []
    assert after(last, **{'with': peers[0].id}) == ['the first needle']
    assert 'next' in ben.fails('ambiguous', 'search', text='needle', before=same.hex())['message']
    assert after(same.hex(), **{'with': peers[1].id}) == []
    ben.fails('invalid', 'search', text='needle', before=of_paul, **{'with': peers[0].id})
    for wrong in (f'{same.hex()}/', f'{same.hex()}/nobody', f'/{peers[0].id}', '/', f'{same.hex()}/{ben.id}'):
        ben.fails('invalid', 'search', text='needle', before=wrong)


def test_presence():
    """8.1: who writes, and who would not be seen."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)
    session.send('TYPING', on=True)
    ben.event('typing', id=peer.id, on=True)
    session.send('TYPING', on=False)
    ben.event('typing', id=peer.id, on=False)
    ben.ok('typing', to='Pia', on='on')
    assert session.wait_for('TYPING')['on']
    session.send('PRESENCE', hidden=True)
    ben.event('peer-offline', id=peer.id)
    session.send('PRESENCE', hidden=False)
    ben.event('peer-online', id=peer.id)
    ben.ok('appear', how='offline')
    assert session.wait_for('PRESENCE')['hidden']
    ben.ok('name', name='Benjamin')
    assert session.wait_for('PROFILE')['name'] == 'Benjamin'
    session.send('PROFILE', name='Pia the second')
    ben.event('contact', change='name', name='Pia the second')


def test_dial_back():
    """7.7: asked by the peer, Ben dials with a knock, ends with the handshake, and says how it went."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)
    peer.listen()
    session.send('DIAL_BACK', token=7, endpoints=peer.endpoints)
    greeting = handshake.Answering(peer.identity)
    try:
        peer.greeted(greeting)
    except handshake.Closed:
        pass
    assert greeting.is_knock_of(session.remote, peer.roots[session.remote])
    result = session.wait_for('DIAL_BACK_RESULT')
    assert result['token'] == 7 and result['seen_address'] == LOOPBACK, result
    tried, = result['tries']
    assert tried['endpoint'] == peer.endpoints[0] and tried['result'] == SCHEMA.value('DIAL_REACHED'), tried
    peer.close()


def test_file_from_kith():
    """11, from the side of the receiver: every leaf and every piece is what the root says."""
    ben, peer = Person('Ben'), Peer('Pia')
    session = befriended(ben, peer)
    with tempfile.TemporaryDirectory(prefix='kith-test-') as folder:
        for size in (0, 65536, 300001):
            data, path = os.urandom(size), pathlib.Path(folder) / f'{size}.bin'
            path.write_bytes(data)
            ben.ok('send-file', to='Pia', path=str(path))
            message = session.hear()
            offer = message['file']
            assert offer['root'] == OfferedFile(data).root and offer['size'] == size and offer['name'] == path.name
            assert fetched(session, offer, message['id']) == data
            session.send('FILE_STATE', root=offer['root'], offer=message['id'], status='FILE_DONE')
            while session.wait_for('FILE_STATE')['status'] != SCHEMA.value('FILE_HEARD'):
                pass
            ben.event('file-done', state='done', name=path.name)
        made = pathlib.Path(folder) / 'Trip'
        (made / 'sub').mkdir(parents=True)
        (made / 'a.txt').write_bytes(b'first')
        (made / 'sub' / 'b.txt').write_bytes(b'second')
        ben.ok('send-file', to='Pia', path=str(made))
        message = session.hear()
        offer = message['file']
        whole = fetched(session, offer, message['id'])
        entries = SCHEMA.decode('FolderList', whole[:offer['list_bytes']])['entries']
        rest, found = whole[offer['list_bytes']:], {}
        for entry in entries:
            found[entry['path']], rest = rest[:entry['size']], rest[entry['size']:]
        assert rest == b'' and found['a.txt'] == b'first' and found['sub/b.txt'] == b'second', found
    session.send('FILE_GET', root=os.urandom(32), request=1, count=1, **{'from': 0})
    while session.wait_for('FILE_STATE')['status'] != SCHEMA.value('FILE_GONE'):
        pass


@in_folder
def test_at_rest(folder):
    """13: the vault, every page of the database and a backup, opened with nothing but their passphrases."""
    home, backup, peer = pathlib.Path(folder) / 'ben', pathlib.Path(folder) / 'backup', Peer('Pia')
    ben = Person('Ben', profile=str(home), passphrase='correct h\u00f6rse battery')
    session = befriended(ben, peer)
    session.say('written down')
    ben.event('message')
    ben.ok('export', path=str(backup), passphrase='another passphrase')
    session.bye()
    ben.event('peer-offline')
    ben.quit()

    vault = (home / 'vault').read_bytes()
    assert len(vault) == at_rest.WRAPPED_BYTES
    master = at_rest.unwrapped(vault, at_rest.VAULT, 'correct ho\u0308rse battery')
    plain = pathlib.Path(folder) / 'plain.db'
    plain.write_bytes(at_rest.plain_database((home / 'kith.db').read_bytes(), master))
    with contextlib.closing(sqlite3.connect(plain)) as database:
        assert database.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
        assert database.execute('SELECT text FROM message').fetchall() == [('written down',)]
        identity, = database.execute('SELECT identity FROM contact').fetchone()
        assert identity == peer.identity.public
    held = at_rest.opened_backup(backup.read_bytes(), 'another passphrase')
    assert int.from_bytes(held[:4], 'big') > 0 and b'written down' in held and peer.identity.public in held


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
