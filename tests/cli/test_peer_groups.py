#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of real kith-cli processes and of members whose part was written in another language from section 10 of
docs/protocol.md alone (tests/peer)."""
import os
import pathlib
import re
import tempfile

from kith_cli import Person, befriend, in_folder, run
from with_group import answering, dialled_as_member, joined, known, made, names_of, texts_of
from with_peer import TESTS, Peer, befriended, invited

import group_chain as chain
import group_log as log
from files import OfferedFile, fetched
from groups import Group, member_root, name_in, note
from handshake import Answering
from identity import public_of_id
from invite import GroupInvite
from primitives import SigningKey, hash_of
from protobuf import SCHEMA


INVITATIONS = 64  # that are kept


def known_answers():
    """Of section 14, the long numbers behind "gid", without what is said of them."""
    document = (TESTS.parent / 'docs' / 'protocol.md').read_text(encoding='utf-8')
    table = re.search(r'\ngid (.*?)\ndevcert', document, re.S).group(1)
    return re.findall(r'[0-9a-f]{64,}', re.sub(r'(?<=[0-9a-f])\n {10}(?=[0-9a-f])', '', table))


def test_known_answers():
    """The document's own numbers for an operation and an entry."""
    gid, signature, content, entry_id, entry_signature = known_answers()
    key, start_ms = SigningKey(b'\x55' * 32), 1767225600000
    op = chain.seal(key, chain.CREATE, b'\x00\x01\x00\x05Group', time_ms=start_ms)
    assert op.id.hex() == gid and op.raw[-64:].hex() == signature
    assert hash_of('kith1 g-content', b'\x66' * 16, b'hello').hex() == content
    entry = log.seal(key, op, 1, None, start_ms << 16, b'hello', salt=b'\x66' * 16)
    assert entry.id.hex() == entry_id and entry.signature.hex() == entry_signature


def test_join_write_read_and_leave():
    """An honest member: in by an invitation, talks to the admin and to another who is no contact, and leaves."""
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ben, ann)
    ace = ann.ok('group-new', name='Ace', members='Ben')['group']
    ben.event('group', change='added')
    ben.ok('group-join', group=ace)
    ann.event('member', change='joined', id=ben.id)
    first = ann.ok('send', to=ace, text='Before you came')['message']
    pia, session = known(ann, 'Pia')
    replica = joined(ann, ace, session, pia)
    ben.event('member', change='joined', id=pia.id)
    assert replica.state.name == 'Ace' and len(replica.state.members) == 3
    assert replica.state.admin == replica.author_of(public_of_id(ann.id))

    to_ben = dialled_as_member(pia, replica, ben)
    replica.link(to_ben)
    message = replica.say('Hello from another language é')
    for person in ann, ben:
        got = person.event('message', text='Hello from another language é')
        assert got['from'] == pia.id and got['conversation'] == ace and got['message'] == message.message.hex(), got
    ben.ok('send', to=ace, text='Hello from C 😀', reply_to=message.message.hex())
    session.until(lambda: 'Hello from C 😀' in replica.texts())
    assert replica.shown()[-1][2]['reply_to'] == message.message
    session.until(lambda: 'Before you came' in replica.texts())

    ann.ok('react', message=message.message.hex(), emoji='👍')
    session.until(lambda: any(what == 'reaction' for _, what, _ in replica.shown()))
    reaction = next(fields for _, what, fields in replica.shown() if what == 'reaction')
    assert reaction['target'] == message.message and reaction['emoji'] == '👍'
    replica.write(log.edited(message.message, 'Hello again'))
    assert ben.event('message-edited', message=message.message.hex())['text'] == 'Hello again'
    replica.write(log.reacted(bytes.fromhex(first), '🎉'))
    assert ann.event('reaction', message=first)['emoji'] == '🎉'
    replica.write(log.deleted(message.message))
    for person in ann, ben:
        person.event('message-deleted', message=message.message.hex())
    assert texts_of(ben, ace) == ['Before you came', '', 'Hello from C 😀'], texts_of(ben, ace)

    replica.leave()
    session.until(lambda: not replica.is_member())
    assert replica.chain.head().kind == chain.LEFT
    for person in ann, ben:
        person.event('member', change='left', id=pia.id)
    assert names_of(ann, ace) == ['Ben', 'me']


def test_receipts():
    """A message has arrived, and was read, when every member has signed that."""
    ann = Person('Ann')
    pia, session = known(ann, 'Pia')
    ace = ann.ok('group-new', name='Ace')['group']
    replica = joined(ann, ace, session, pia)
    message = ann.ok('send', to=ace, text='Is it read?')['message']
    session.until(lambda: 'Is it read?' in replica.texts())
    replica.tell_status()
    ann.event('receipt', message=message, state='delivered')
    replica.read_all()
    ann.event('receipt', message=message, state='read')


def test_admin_from_python():
    """The peer makes the group, lets two people in, names it, removes one and makes the other admin, as the document
    says; both take each operation, and the new admin acts."""
    ann, ben = Person('Ann'), Person('Ben')
    pia, session = known(ann, 'Pia')
    to_ben = befriended(ben, pia)
    replica = made(pia, 'Ace', (ann, session), (ben, to_ben))
    ace = replica.gid.hex()
    ann.event('member', change='joined', id=ben.id)
    replica.say('Welcome')
    with answering(session, to_ben):
        ann.event('message', text='Welcome')
        ben.event('message', text='Welcome')
    replica.act(chain.RENAME, name='Aces')
    ben.event('group', change='name', name='Aces')
    replica.act(chain.CHECKPOINT, state_hash=replica.state.hash())
    ann.ok('send', to=ace, text='Hello')
    session.until(lambda: 'Hello' in replica.texts())
    replica.kick(replica.author_of(to_ben.remote))
    ann.event('member', change='kicked', id=ben.id)
    ben.event('group', change='state', state='kicked')

    anns = replica.author_of(session.remote)
    replica.write(SCHEMA.encode('GroupControl', author=anns, prev=replica.chain.head().id), log.OFFER)
    ann.event('group', change='transfer')
    ann.ok('accept-admin', group=ace)
    session.until(lambda: replica.accepted())
    replica.act(chain.TRANSFER, author=anns, acceptance=replica.accepted())
    ann.event('member', change='admin', id=ann.id)
    ann.ok('group-rename', group=ace, name='Mine')
    session.until(lambda: replica.state.name == 'Mine')
    assert replica.state.admin == anns and names_of(ann, ace) == ['Pia', 'me']


def test_checkpoint():
    """After 256 operations an admin says what follows from them: the same as the document says."""
    ann = Person('Ann')
    pia, session = known(ann, 'Pia')
    ace = ann.ok('group-new', name='Ace')['group']
    replica = joined(ann, ace, session, pia)
    for number in range(260):
        ann.reply(ann.begin('group-rename', group=ace, name=f'Ace {number}'))
    session.until(lambda: replica.state.name == 'Ace 259')
    assert any(op.kind == chain.CHECKPOINT for op in replica.chain.path()[0])


def test_link():
    """10.7: the knock, the session, the proof in the request, and the answer to who is turned away."""
    ann = Person('Ann')
    ann.ok('reach', who='contacts')
    ace = ann.ok('group-new', name='Ace')['group']
    invite = GroupInvite(ann.ok('group-invite', group=ace)['invite'])
    assert invite.gid.hex() == ace and invite.issuer == public_of_id(ann.id)

    def asking(name):
        peer = Peer(name)
        session = invited(ann, peer, invite)
        session.open('PURPOSE_GROUP', invite_id=invite.id, invite_proof=invite.proof(session.first_hash))
        replica = Group(peer.identity, invite.gid)
        link = replica.listen(session)
        link.join(name, text='From the club', link_proof=invite.join_proof(replica.key.public))
        assert ann.event('group-request', id=peer.id)['text'] == 'From the club'
        return session, replica, link

    session, _, link = asking('Eve')
    ann.ok('deny', group=ace, who='Eve')
    assert link.wait_for('GROUP_ANSWER') == b'\x01'
    session, replica, link = asking('Pia')
    request, = ann.ok('group-requests', group=ace)['requests']
    assert request['by_link'] and not request['contact'], request
    ann.ok('approve', group=ace, who='Pia')
    session.until(lambda: link.name in session.shared)
    link.share()
    session.until(replica.is_member)
    replica.say('In by a link')
    ann.event('message', text='In by a link')
    assert ann.ok('contacts')['contacts'] == []


def test_file_in_group():
    """11: a file goes to every member, from whoever has it."""
    ann = Person('Ann')
    pia, session = known(ann, 'Pia')
    ace = ann.ok('group-new', name='Ace')['group']
    replica = joined(ann, ace, session, pia)
    link = replica.links[0]
    with tempfile.TemporaryDirectory(prefix='kith-test-') as folder:
        data, path = os.urandom(150000), pathlib.Path(folder) / 'photo.bin'
        path.write_bytes(data)
        ann.ok('send-file', to=ace, path=str(path))
        session.until(lambda: any(what == 'file' for _, what, _ in replica.shown()))
        author, _, fields = replica.shown()[-1]
        offer, message = SCHEMA.decode('FileOffer', fields['offer']), replica.logs[author].end().message
        link.send('GROUP_FILES', wanted=message)
        while link.wait_for('GROUP_FILES')['here'] != message:
            pass
        assert fetched(session, offer, message) == data

        file = OfferedFile(os.urandom(70000))
        ours = replica.write(log.file(file.offer('ours.bin')))
        offered = ann.event('file-offer', name='ours.bin')
        ann.ok('accept-file', transfer=offered['transfer'], path=str(pathlib.Path(folder) / 'ours.bin'))
        while link.wait_for('GROUP_FILES')['wanted'] != ours.message:
            pass
        link.send('GROUP_FILES', here=ours.message)
        n_chunks = 0
        while n_chunks < len(file.pieces):
            n_chunks += file.answer(session)
        ann.event('file-done', state='done', transfer=offered['transfer'])
        assert (pathlib.Path(folder) / 'ours.bin').read_bytes() == b''.join(file.pieces)


def test_notes():
    """10.6: members tell where they are, over others; Ben dials where Pia says she listens."""
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ben, ann)
    ace = ann.ok('group-new', name='Ace', members='Ben')['group']
    ben.event('group', change='added')
    ben.ok('group-join', group=ace)
    ann.event('member', change='joined', id=ben.id)
    pia, session = known(ann, 'Pia')
    pia.listen()
    replica = joined(ann, ace, session, pia)
    bens = replica.author_of(public_of_id(ben.id))
    session.until(lambda: ben.port in replica.ports.get(bens, []))
    replica.links[0].send('GROUP_PEERS', notes=[note(replica, [(bytes([127, 0, 0, 1]), pia.port)])])
    greeting = Answering(pia.identity)
    from_ben = pia.greeted(greeting)
    assert from_ben.remote == public_of_id(ben.id)
    assert greeting.is_knock_of(from_ben.remote, member_root(replica.secret()[0], replica.key.public, bens))
    asked = from_ben.take()
    assert asked['purpose'] == SCHEMA.value('PURPOSE_GROUP')
    assert asked['groups'] == [name_in(from_ben, replica.gid)]
    replica.link(from_ben)
    ben.ok('send', to=ace, text='Straight to you')
    from_ben.until(lambda: 'Straight to you' in replica.texts())


def test_another_key():
    """10.1, 10.2: a member asks for another author key in place of theirs, and goes on with it."""
    ann = Person('Ann')
    pia, session = known(ann, 'Pia')
    ace = ann.ok('group-new', name='Ace')['group']
    replica = joined(ann, ace, session, pia)
    replica.say('with the first')
    ann.event('message', text='with the first')
    replica.links[0].send('GROUP_JOIN', **replica.renew())
    session.until(replica.is_member)
    assert replica.chain.head().kind == chain.REKEY
    replica.say('with the second')
    assert ann.event('message', text='with the second')['from'] == pia.id
    assert names_of(ann, ace) == ['Pia', 'me'] and len(replica.shown()) == 2


def test_named_too_early():
    """Who takes us for a member before we are one is asked all the same."""
    ann = Person('Ann')
    pia, session = known(ann, 'Pia')
    replica = Group.create(pia.identity, 'Ace')
    session.send('MSG', **session.message(group_invite=SCHEMA.encode(
        'GroupInvite', gid=replica.gid, name='Ace', admin=pia.identity.public)))
    ann.event('group', change='added', state='invited')
    link = replica.link(session)
    ann.ok('group-join', group='Ace')
    request = link.wait_for('GROUP_JOIN')
    replica.let_in(request['author'], request['identity'])
    link.hello()
    with answering(session):
        ann.event('group', change='state', state='member')


@in_folder
def test_invited_too_often(folder):
    """However many invitations come at once: a few are kept, on the disk as well, and groups can still be made."""
    ann = Person('Ann', profile=folder + '/ann')
    pia, session = known(ann, 'Pia')
    messages = [session.message(group_invite=SCHEMA.encode(
        'GroupInvite', gid=os.urandom(32), name=f'No {i}', admin=pia.identity.public)) for i in range(300)]
    for message in messages:
        session.send('MSG', **message)
    session.wait_for_receipt(messages[-1]['id'], 'ACK_DELIVERED')
    assert len(ann.ok('groups')['groups']) == INVITATIONS, len(ann.ok('groups')['groups'])
    ann.quit()
    ann = Person('Ann', profile=folder + '/ann')
    assert len(ann.ok('groups')['groups']) == INVITATIONS, len(ann.ok('groups')['groups'])
    ann.ok('group-new', name='Ace')
    ann.quit()


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
