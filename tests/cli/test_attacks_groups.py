#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attacks of docs/attacks.md by who is or was in a group, against real kith-cli processes: a member whose part was
written from the document does what no honest one would."""
import contextlib
import copy
import os
import time

from kith_cli import DEADLINE_S, SANITIZED, Person, befriend, in_folder, run
from victim import MAX_REQUESTS, assert_ends, memory_kib
from with_group import answering, bring_in, dialled_as_member, joined, known, made, names_of, texts_of
from with_peer import Peer, befriended

import group_chain as chain
import group_log as log
from groups import Group, brought, note
from handshake import Closed
from identity import Identity, public_of_id
from primitives import Refused, SigningKey, hash_of
from protobuf import SCHEMA

MAX_GROWTH_KIB = 16 * 1024


class Attacked:
    """Ann, who is admin, Ben, and Eve, a member who is hostile and linked with both."""

    def __init__(self, *options, profiles=None):
        profiles = profiles or {}
        self.ann, self.ben = (Person(name, *options, profile=profiles.get(name)) for name in ('Ann', 'Ben'))
        befriend(self.ben, self.ann)
        self.ace = self.ann.ok('group-new', name='Ace', members='Ben')['group']
        self.ben.event('group', change='added')
        self.ben.ok('group-join', group=self.ace)
        self.ann.event('member', change='joined', id=self.ben.id)
        self.eve, self.to_ann = known(self.ann, 'Eve')
        self.replica = joined(self.ann, self.ace, self.to_ann, self.eve)
        self.ben.event('member', change='joined', id=self.eve.id)
        self.to_ben = dialled_as_member(self.eve, self.replica, self.ben)
        self.replica.link(self.to_ben)
        self.links = self.replica.links
        for link in self.links:
            link.wait_for('GROUP_HELLO')
        self.memory_kib = [memory_kib(person) for person in self.people]
        self.expected = []

    @property
    def people(self):
        return self.ann, self.ben

    def author_of(self, person):
        return self.replica.author_of(public_of_id(person.id))

    def say(self, author, reader, text):
        """Until it is read. Whoever writes as fast as a test is told to wait."""
        deadline = time.monotonic() + DEADLINE_S
        while not (reply := author.reply(author.begin('send', to=self.ace, text=text)))['ok']:
            assert reply['error'] == 'busy' and time.monotonic() < deadline, reply
        assert reader.event('message', text=text)['conversation'] == self.ace
        self.expected.append(text)

    def assert_well(self):
        """The same processes talk to each other, show the same, and have not grown."""
        for author, reader in (self.people, reversed(self.people)):
            self.say(author, reader, f'{author.name} is still there {time.monotonic()}')
        for person, before in zip(self.people, self.memory_kib):
            assert texts_of(person, self.ace) == self.expected, (person.name, texts_of(person, self.ace))
            assert person.process.poll() is None
            growth = memory_kib(person) - before
            assert SANITIZED or growth < MAX_GROWTH_KIB, (person.name, growth)


@contextlib.contextmanager
def attacked(*options):
    group = Attacked(*options)
    yield group
    group.assert_well()


def two_of(replica, content, other, **fields):
    """Two entries of ours with one number."""
    return replica.seal(log.text(content), **fields), replica.seal(log.text(other), **fields)


def test_20_two_entries():
    """Attack 20: Ann is told yes, Ben no. The proof goes round, and nobody shows either."""
    with attacked() as group:
        to_ann, to_ben = group.links
        yes, no = two_of(group.replica, 'yes', 'no')
        to_ann.send('GROUP_ENTRIES', items=[yes.item()])
        to_ben.send('GROUP_ENTRIES', items=[no.item()])
        for link in group.links:
            proof = link.wait_for('GROUP_PROOF')
            pair = log.of_item(proof['first']), log.of_item(proof['second'])
            assert {entry.id for entry in pair} == {yes.id, no.id}
        later = log.seal(group.replica.key, group.replica.chain.head(), 2, yes.id, log.now_hlc(1), log.text('later'))
        for link in group.links:
            link.send('GROUP_ENTRIES', items=[later.item()])


def test_20_deep_fork():
    """Attack 20: two histories that are the same at first and then not: what both have stays, and nothing else."""
    with attacked() as group:
        replica, start = group.replica, int(time.time() * 1000) - 200000
        for side, link in enumerate(group.links):
            prev, items = None, []
            for number in range(1, 131):
                content = log.text(f'{number} {"ab"[side] if number > 5 else ""}')
                entry = log.seal(replica.key, replica.chain.head(), number, prev, start + number * 1000 << 16, content,
                                 salt=bytes(16))
                items.append(entry.item())
                prev = entry.id
            link.send('GROUP_ENTRIES', items=items)
        for link in group.links:
            link.wait_for('GROUP_PROOF')
        group.expected = [f'{number} ' for number in range(1, 6)]
        with answering(group.to_ann, group.to_ben):
            for person in group.people:
                await_texts(person, group.ace, group.expected)


def test_20_two_operations():
    """Attack 20: the admin removes Cara before one and gives the group another name before the other. Both stop there,
    without either; they agree on another admin, and go on without her."""
    ann, ben, cara = Person('Ann'), Person('Ben'), Person('Cara')
    for one, other in ((ben, ann), (cara, ann), (cara, ben)):
        befriend(one, other)
    eve, to_ann = known(ann, 'Eve')
    to_ben, to_cara = befriended(ben, eve), befriended(cara, eve)
    replica = made(eve, 'Ace', (ann, to_ann), (ben, to_ben), (cara, to_cara))
    ace, sessions = replica.gid.hex(), (to_ann, to_ben, to_cara)
    with answering(*sessions):
        for person in ann, ben:
            person.event('member', change='joined', id=cara.id)
    removal = replica.draft(chain.KICK, cut=replica.cut_of(replica.author_of(public_of_id(cara.id))))
    name = replica.draft(chain.RENAME, name='Mine')
    first, second = replica.links[:2]
    first.send('GROUP_OPS', ops=[removal.raw])
    second.send('GROUP_OPS', ops=[name.raw])
    with answering(*sessions):
        for person in ann, ben:
            person.event('group', change='state', state='frozen')
            assert names_of(person, ace) == sorted({'Ann', 'Ben', 'Eve', 'me'} - {person.name}), names_of(person, ace)
        for person in ann, ben:
            person.ok('endorse', group=ace, who=ben.id)
        for person in ann, ben:
            person.event('member', change='admin', id=ben.id)
    for person in ann, ben:
        group, = person.ok('groups')['groups']
        assert group['name'] == 'Ace' and group['state'] == 'member', group
    ben.ok('group-rename', group=ace, name='Ours')
    ann.event('group', change='name', name='Ours')


def as_of(replica, op_id):
    """What a member would know who has not heard of anything behind an operation."""
    former = Group(replica.identity, replica.gid, replica.key)
    for op in replica.chain.way_to(op_id):
        former.take_op(op.raw)
    former.secrets = dict(replica.secrets)
    former.logs = {author: copy.deepcopy(its_log) for author, its_log in replica.logs.items()}
    return former


def let_in_soon(peer, replica, person):
    """Who has just started has its contacts first, then its groups."""
    end = time.monotonic() + DEADLINE_S
    while True:
        try:
            return dialled_as_member(peer, replica, person)
        except Closed:
            assert time.monotonic() < end


@in_folder
def test_21_backdated(folder):
    """Attack 21: Eve was removed while Ben was away. He hears of it last, and of her first: what she dates back is hidden
    once he knows, and nothing that is written then reaches her."""
    group = Attacked(profiles={name: os.path.join(folder, name) for name in ('Ann', 'Ben')})
    ann, ben, replica = group.ann, group.ben, group.replica
    good = replica.say('good')
    for person in group.people:
        person.event('message', text='good')
    ben.quit()
    group.to_ben.wire.socket.close()
    ann.ok('kick', group=group.ace, who='Eve')
    group.to_ann.until(lambda: not replica.is_member())
    former = replica.chain.head().prev
    ann.quit()

    eve = as_of(replica, former)
    ben = group.ben = Person('Ben', profile=os.path.join(folder, 'Ben'), listen=f'127.0.0.1:{ben.port}')
    session = let_in_soon(group.eve, eve, ben)
    link = eve.link(session)
    link.wait_for('GROUP_HELLO')
    late = log.seal(replica.key, eve.chain.ops[former], 2, good.id, good.hlc + 1, log.text('dated back'))
    link.send('GROUP_ENTRIES', items=[late.item()])
    ben.event('message', text='dated back')
    ben.ok('send', to=group.ace, text='Ben does not know')
    session.until(lambda: 'Ben does not know' in eve.texts())

    ann = group.ann = Person('Ann', profile=os.path.join(folder, 'Ann'), listen=f'127.0.0.1:{ann.port}')
    with answering(session):
        ben.event('member', change='kicked', id=group.eve.id)
        ann.event('message', text='Ben does not know')
    ben.ok('send', to=group.ace, text='Only us')
    ann.event('message', text='Only us')
    with contextlib.suppress(Closed, Refused):
        for text in ('dated back again', 'and again'):
            link.send('GROUP_ENTRIES', items=[eve.seal(log.text(text), seq=3, prev=late.id).item()])
        while True:
            session.step()
    assert 'Only us' not in eve.texts()
    try:
        dialled_as_member(group.eve, as_of(replica, former), ben)
        raise AssertionError('let in')
    except (Closed, Refused):
        pass
    group.expected = ['good', 'Ben does not know', 'Only us']
    group.memory_kib = [memory_kib(person) for person in group.people]
    group.assert_well()


def test_22_forged_claim():
    """Attack 22: those who were removed say that they had been the majority, on what was before. To Ann the admin's own
    operation counts; Ben, to whom it was handed as settled, is shown that the group has split."""
    ann, ben = Person('Ann'), Person('Ben')
    pia, to_ann = known(ann, 'Pia')
    to_ben = befriended(ben, pia)
    replica = made(pia, 'Ace', (ann, to_ann))
    former = [SigningKey() for _ in range(3)]
    for key in former:
        replica.let_in(key.public, os.urandom(32))
    before = replica.chain.head()
    for key in former:
        kick = replica.kick(key.public)
    bring_in(replica, pia, ben, to_ben, pin_height=kick.height, pin_id=kick.id)
    leader = former[0]
    voices = [key.public + chain.endorsement(key, replica.gid, before.height + 1, before.id, leader.public)
              for key in former]
    forged = chain.seal(leader, chain.CLAIM, {
        'endorsements': b''.join(voices), 'secret_hash': os.urandom(32)}, before)
    after = chain.seal(leader, chain.RENAME, {'name': 'Theirs'}, forged)
    for link in replica.links:
        link.send('GROUP_OPS', ops=[forged.raw, after.raw])
    ben.event('group', change='state', state='split')
    replica.say('Still here')
    with answering(to_ann, to_ben):
        for person in ann, ben:
            person.event('message', text='Still here')
            assert person.ok('who-admin', group=replica.gid.hex())['admin']['id'] == pia.id
            assert person.ok('groups')['groups'][0]['name'] == 'Ace'


def test_what_a_member_may_not_do():
    """Operations by who is not admin, claims without voices, and entries in the name of others: no effect."""
    with attacked() as group:
        replica, ann = group.replica, group.author_of(group.ann)
        head, eve = replica.chain.head(), replica.key
        voice = eve.public + chain.endorsement(eve, replica.gid, head.height + 1, head.id, eve.public)
        bodies = [
            (chain.RENAME, {'name': 'Mine'}), (chain.KICK, {'cut': replica.cut_of(ann), 'secret_hash': bytes(32)}),
            (chain.ADD, {'author': os.urandom(32), 'identity': os.urandom(32)}),
            (chain.POLICY, {'policy': {'cap': 1}}), (chain.CHECKPOINT, {'state_hash': replica.state.hash()}),
            (chain.TRANSFER, {'author': eve.public, 'acceptance': chain.acceptance(eve, head.id)}),
            (chain.REKEY, {'author': os.urandom(32), 'cut': replica.cut_of(ann), 'acceptance': bytes(64)}),
            (chain.LEFT, {'cut': replica.cut_of(ann), 'secret_hash': bytes(32)}),
            *((chain.CLAIM, {'endorsements': voices, 'secret_hash': bytes(32)})
              for voices in (b'', voice, voice * 2, voice[:64] + bytes(32) + voice)),
        ]
        ops = [chain.seal(eve, kind, body, head) for kind, body in bodies]
        texts = [
            log.seal(SigningKey(), head, 1, None, log.now_hlc(), log.text('of a stranger')),
            forged(eve, ann, head), replica.seal(log.text('x' * 17000)), replica.seal(log.text('of the future'), hlc=2**63),
            replica.seal(log.text('a gap'), seq=7, prev=bytes(32)),
        ]
        for link in list(replica.links):
            for op in ops:
                link.send('GROUP_OPS', ops=[op.raw])
            for entry in texts:
                with contextlib.suppress(Closed):
                    link.send('GROUP_ENTRIES', items=[entry.item()])
        for person in group.people:
            found, = person.ok('groups')['groups']
            assert found['name'] == 'Ace' and found['state'] == 'member' and found['members'] == 3, found
            assert person.ok('who-admin', group=group.ace)['admin']['id'] == group.ann.id


def test_an_admin_speaks_for_others():
    """The admin gives Ben's name to a key of her own and writes with it: Ann takes none of that. Only what the old key
    has signed makes a new one."""
    ann, ben = Person('Ann'), Person('Ben')
    eve, to_ann = known(ann, 'Eve')
    to_ben = befriended(ben, eve)
    replica = made(eve, 'Ace', (ann, to_ann), (ben, to_ben))
    ace, bens, mine = replica.gid.hex(), replica.author_of(to_ben.remote), SigningKey()
    with answering(to_ann, to_ben):
        ann.event('member', change='joined', id=ben.id)
    for accepted in (b'', bytes(64), chain.renewal(mine, replica.gid, mine.public),
                     chain.renewal(replica.key, replica.gid, mine.public)):
        stolen = replica.draft(chain.REKEY, author=mine.public, cut=replica.cut_of(bens), acceptance=accepted)
        said = log.seal(mine, stolen, 1, None, log.now_hlc(), log.text('I am Ben'))
        for link in replica.links:
            link.send('GROUP_OPS', ops=[stolen.raw])
            link.send('GROUP_ENTRIES', items=[said.item()])
    ben.ok('send', to=ace, text='I am Ben indeed')
    to_ben.until(lambda: 'I am Ben indeed' in replica.texts())
    for link in replica.links:
        link.tell_entries([entry for one in replica.logs.values() for entry in one.entries.values()])
    with answering(to_ann, to_ben):
        assert ann.event('message')['text'] == 'I am Ben indeed'
    assert texts_of(ann, ace) == ['I am Ben indeed']
    members = ann.ok('members', group=ace)['members']
    assert len(members) == 3 and ben.id in [member['id'] for member in members], members


def test_floods_of_a_member():
    """Everything that a member may say, hundreds of times, as fast as it goes: it is bounded, skipped, or ends the
    session, and the others talk on."""
    with attacked() as group:
        replica, head = group.replica, group.replica.chain.head()
        eve, ann = replica.key, group.author_of(group.ann)
        once = replica.seal(log.text('again and again'))
        voice = chain.endorsement(eve, replica.gid, head.height + 1, head.id, eve.public)
        floods = {
            'GROUP_HELLO': lambda n: {'ops_digest': os.urandom(32), 'vector_digest': os.urandom(32), 'height': n,
                                      'head': os.urandom(32), 'locator': os.urandom(36)},
            'GROUP_OPS': lambda n: {'ops': [orphan(replica, n).raw] + [op.raw for op in replica.chain.ops.values()]},
            'GROUP_VECTOR': lambda n: {'rows': [row(os.urandom(32), 2 ** 18) for _ in range(50)] + [row(ann, n + 1)],
                                       'full': n % 2 == 0},
            'GROUP_WANT': lambda n: {'ranges': [{'author': ann, 'from': 1, 'to': 2 ** 18}] * 4},
            'GROUP_ENTRIES': lambda n: {'items': [once.item(), stranger_entry(head).item(), log.seal(
                eve, head, 5 + n, os.urandom(32), log.now_hlc(), log.text('x' * 900)).item()]},
            'GROUP_ENDORSE': lambda n: {'height': head.height + 1, 'prev': head.id, 'candidate': eve.public,
                                        'author': eve.public, 'signature': voice},
            'GROUP_STATUS': lambda n: replica.status(),
            'GROUP_SECRET': lambda n: {'height': 0, 'op_id': replica.gid, 'secret': os.urandom(32)},
            'GROUP_PEERS': lambda n: {'notes': [note(replica, [(bytes([10, 0, 0, 1]), 5000)], int(time.time()) + n)]},
            'GROUP_FILES': lambda n: {'wanted': os.urandom(16 * 64), 'here': os.urandom(16 * 64)},
        }
        with answering(group.to_ann):
            for name, fields in floods.items():
                group.to_ben.wire.socket.close()
                session = dialled_as_member(group.eve, replica, group.ben)
                group.to_ben, link = session, replica.link(session)
                with contextlib.suppress(Closed):
                    for number in range(200):
                        link.send(name, **fields(number))
                        if session.is_readable(0):
                            session.step()
                replica.links.remove(link)
        group.expected = texts_of(group.ben, group.ace)
        assert group.expected in ([], ['again and again']), group.expected
        await_texts(group.ann, group.ace, group.expected)


def row(author, last):
    return {'author': author, 'from': 1, 'to': last, 'id': os.urandom(8)}


def orphan(replica, number):
    """An operation on what nobody has."""
    before = chain.seal(replica.key, chain.RENAME, {'name': 'x'}, replica.chain.head())
    before.height, before.id = number + 5, os.urandom(32)
    return chain.seal(replica.key, chain.RENAME, {'name': 'y'}, before)


def stranger_entry(op):
    return log.seal(SigningKey(), op, 1, None, log.now_hlc(), log.text('of nobody'))


def test_requests_that_are_brought():
    """A member brings the request of somebody: as it is, with other words, with a key of her own in it, as if another had
    brought it, and forty of people whom nobody knows."""
    with attacked() as group:
        ann, replica = group.ann, group.replica
        zoe = Group(Identity(), replica.gid)
        good = zoe.request('Zoe', 'Let me in')
        other = Group(zoe.identity, replica.gid).request('Zoe', 'Let me in')
        altered = [{**good, 'text': 'I am your bank'}, {**good, 'author': replica.key.public}, {**good, 'gid': os.urandom(32)},
                   {**good, 'author': other['author'], 'author_signature': other['author_signature']},
                   {**brought(good, replica.key), 'bringer': group.author_of(group.ben)}]
        for fields in altered:
            session = group.eve.dial(ann.port, public_of_id(ann.id))
            session.open()
            link = replica.link(session)
            session.until(lambda: link.is_up)
            with contextlib.suppress(Closed):
                link.send('GROUP_JOIN', **fields)
                session.until_closed()
            replica.links.remove(link)
        assert ann.ok('group-requests', group=group.ace)['requests'] == []

        link = replica.links[1]
        link.send('GROUP_JOIN', **brought(good, replica.key))
        asked = ann.event('group-request', name='Zoe')
        waiting, = ann.ok('group-requests', group=group.ace)['requests']
        assert waiting['text'] == 'Let me in' and waiting['brought_by'] == group.eve.id, (asked, waiting)
        for number in range(40):
            fields = Group(Identity(), replica.gid).request(f'Nobody {number}')
            with contextlib.suppress(Closed):
                link.send('GROUP_JOIN', **brought(fields, replica.key))
        ann.event('group-request', name='Nobody 20')
        assert len(ann.ok('group-requests', group=group.ace)['requests']) <= MAX_REQUESTS


def forged(key, author, op):
    """An entry in the name of another, signed by us."""
    honest = log.seal(key, op, 1, None, log.now_hlc(), log.text('in the name of another'), salt=bytes(16))
    header = honest.header[:34] + author + honest.header[66:]
    entry = honest
    entry.header, entry.signature = header, key.sign(hash_of('kith1 g-entry', header))
    return entry


def await_texts(person, group, expected):
    """Nothing tells of what is hidden again: the history says it."""
    end = time.monotonic() + DEADLINE_S
    while texts_of(person, group) != expected:
        assert time.monotonic() < end, texts_of(person, group)


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
