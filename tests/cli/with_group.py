# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of real kith-cli processes and peers of tests/peer."""
import contextlib
import threading

from with_peer import Peer, Session, befriended, connected

import handshake
from group_chain import ADD
from groups import Group, check_join, member_root, name_in
from handshake import Closed, Dialing, directed_tag, preamble
from identity import public_of_id
from primitives import Refused
from protobuf import SCHEMA


@contextlib.contextmanager
def answering(*sessions):
    """While a test waits for a person, these sessions of peers go on. Nothing else may use them meanwhile."""
    done, failures = threading.Event(), []

    def attend(session):
        try:
            while not done.is_set():
                if session.is_readable(0.02):
                    session.step()
        except (Closed, Refused, OSError) as error:
            failures.append(error)

    threads = [threading.Thread(target=attend, args=(session,), daemon=True) for session in sessions]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        done.set()
        for thread in threads:
            thread.join()


def invitation(session):
    """The next message, which is one to a group."""
    return SCHEMA.decode('GroupInvite', session.hear()['group_invite'])


def joined(person, group, session, peer, text=''):
    """A peer is invited by the admin of a group, a contact, and is in. Returns the peer's replica."""
    person.ok('group-invite', group=group, who=peer.name)
    asked = invitation(session)
    assert asked['gid'].hex() == group and asked['admin'] == public_of_id(person.id) and len(asked['token']) == 16, asked
    replica = Group(peer.identity, asked['gid'])
    link = replica.link(session)
    link.join(peer.name, token=asked['token'], text=text)
    person.event('member', change='joined', id=peer.id)
    session.until(lambda: replica.is_member() and replica.secret()[0])
    return replica


def made(peer, name, *people):
    """A peer makes a group, and all these people, with whom the peer has sessions, join it. people: (person, session)"""
    replica = Group.create(peer.identity, name)
    for person, session in people:
        bring_in(replica, peer, person, session)
    return replica


def bring_in(replica, peer, person, session, **body):
    """A peer who is admin invites a person, and lets them in. body: more fields of ADD. Returns the link."""
    token = bytes(range(16))
    session.send('MSG', **session.message(group_invite=SCHEMA.encode(
        'GroupInvite', gid=replica.gid, name=replica.state.name, admin=peer.identity.public, token=token,
        n_members=len(replica.state.members))))
    invited_to = person.event('group', change='added', state='invited', name=replica.state.name)
    assert invited_to['group'] == replica.gid.hex(), invited_to
    link = replica.listen(session)
    person.ok('group-join', group=invited_to['group'])
    request = link.wait_for('GROUP_JOIN')
    check_join(request)
    if request['token'] != token or request['identity'] != session.remote:
        raise Refused('somebody else')
    replica.act(ADD, author=request['author'], identity=request['identity'], **body)
    link.share()
    with answering(session):
        person.event('group', change='state', state='member')
    return link


def dialled_as_member(peer, replica, person, source='127.0.0.1'):
    """A session of purpose 3 with a member who is no contact, by the knock of the group's secret."""
    identity = public_of_id(person.id)
    theirs, (secret, _) = replica.author_of(identity), replica.secret()
    greeting = Dialing(peer.identity, identity)
    tag = directed_tag(member_root(secret, replica.key.public, theirs), 0 if peer.identity.public < identity else 1,
                       greeting.ephemeral.public)
    greeting = Dialing(peer.identity, identity, head=preamble(handshake.KNOCK, tag), ephemeral=greeting.ephemeral)
    wire = connected(person.port, source)
    greeting.run(wire)
    session = Session(peer, wire, greeting)
    assert not session.open('PURPOSE_GROUP', groups=[name_in(session, replica.gid)])['pending']
    return session


def known(person, name):
    """A peer who is a contact of a person, and the session of the two."""
    peer = Peer(name)
    return peer, befriended(person, peer)


def texts_of(person, group):
    messages = person.ok('history', **{'with': group, 'limit': 200})['messages']
    return [message['text'] for message in messages if message['kind'] == 'text']


def names_of(person, group):
    return sorted('me' if member['me'] else member['name'] for member in person.ok('members', group=group)['members'])
