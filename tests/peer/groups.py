# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 10 of docs/protocol.md: a replica of a group, and what two of them say to each other. Like all of this peer
it does one thing at a time and forgets at the end; what it knows of a log begins with the first entry it may have."""
import os
import time

import group_chain as chain
import group_log as log
from primitives import Refused, SigningKey, check_signature, derive, hash_of, u8, u16, u64
from protobuf import SCHEMA
from records import GROUP_BODIES, TYPES, fragments

NAME_BYTES = 16
SIGNATURE_BYTES = 64
WHOLE_HISTORY = 2 ** 32 - 1
POLICY = {'history_days': WHOLE_HISTORY, 'vanish_days': 14, 'cap': 1000}
ITEMS_BYTES = 60000


def name_in(session, gid):
    """4.1b: what a group is called in this session, to those who know it."""
    return derive(derive(session.first_export, 'kith1 grp-key'), 'kith1 grp-blind', gid)[:NAME_BYTES]


def member_root(secret, one, other):
    """3.2: in place of the pair root of two members who are no contacts."""
    return derive(secret, 'kith1 grp-pair', min(one, other), max(one, other))


class Group:
    """Our replica of one group."""

    def __init__(self, identity, gid=None, key=None):
        self.identity, self.key, self.gid = identity, key or SigningKey(), gid
        self.chain, self.logs, self.links = chain.Chain(), {}, []
        self.secrets, self.proofs, self.endorsements, self.statuses = {}, [], [], {}
        self.read, self.ports, self._counter, self._hlc = {}, {}, 0, 0

    # What we do as admin

    @classmethod
    def create(cls, identity, name, policy=None):
        group = cls(identity)
        secret = os.urandom(32)
        op = chain.seal(group.key, chain.CREATE, {
            'name': name, 'policy': policy or POLICY, 'identity': identity.public,
            'secret_hash': chain.secret_hash(secret)})
        group.gid = op.id
        group.chain.add(op)
        group.secrets[op.id] = secret
        return group

    def act(self, kind, **body):
        """An operation of ours, which everybody hears of who is linked."""
        op = self.draft(kind, **body)
        self.chain.add(op)
        self.tell_ops([op])
        return op

    def draft(self, kind, before=None, **body):
        """An operation that nobody knows yet; of those with a secret, a new one is kept."""
        if kind in (chain.KICK, chain.LEFT, chain.CLAIM):
            secret = os.urandom(32)
            body['secret_hash'] = chain.secret_hash(secret)
        op = chain.seal(self.key, kind, body, before or self.chain.head())
        if 'secret_hash' in body:
            self.secrets[op.id] = secret
        return op

    def let_in(self, author, identity):
        return self.act(chain.ADD, author=author, identity=identity)

    def cut_of(self, author):
        end = self.logs[author].end() if author in self.logs else None
        return {'author': author, 'seq': end.seq if end else 0, 'entry_id': end.id if end else b''}

    def kick(self, author):
        return self.act(chain.KICK, cut=self.cut_of(author))

    # What we write

    def write(self, content=b'', kind=log.MESSAGE):
        """An entry of ours, which goes to everybody who is linked and may have it."""
        entry = self.seal(content, kind)
        self.take_entry(entry)
        for link in self.links:
            link.tell_entry(entry)
        return entry

    def seal(self, content=b'', kind=log.MESSAGE, **others):
        """The next entry of ours, which nobody knows yet."""
        end = self.logs[self.key.public].end() if self.key.public in self.logs else None
        self._hlc = max(self._hlc + 1, log.now_hlc(), end.hlc + 1 if end else 0)
        fields = {'op': self.chain.head(), 'seq': end.seq + 1 if end else 1, 'prev': end.id if end else log.NOTHING,
                  'hlc': self._hlc, **others}
        return log.seal(self.key, content=content, kind=kind, **fields)

    def say(self, words, **others):
        return self.write(log.text(words, **others))

    def leave(self):
        return self.write(kind=log.LEAVE)

    # What we know

    @property
    def state(self):
        return self.chain.state()

    @property
    def has_chain(self):
        return self.chain.first is not None

    def accepted(self):
        """The signature of who was offered to become admin by our last offer, when it came."""
        for its_log in self.logs.values():
            for entry in its_log.entries.values():
                if entry.kind == log.ACCEPT:
                    said = SCHEMA.decode('GroupControl', entry.content)
                    if said['prev'] == self.chain.head().id:
                        return said['acceptance']
        return None

    def is_member(self, author=None):
        return self.has_chain and (author or self.key.public) in self.state.members

    def author_of(self, identity):
        return self.state.author_of(identity)

    def secret(self):
        """The rendezvous secret that is in force, if we know it, and the operation that made it."""
        op = self.state.secret_op
        return self.secrets.get(op.id), op

    def counts(self, entry):
        """10.3: by its author, a cut, or a fork of their log."""
        person = self.state.people.get(entry.author)
        if person is None or entry.author not in self.logs:
            return False
        fork = self.logs[entry.author].fork
        return (not fork or entry.seq < fork) and (person.removed == chain.NEVER or entry.seq <= person.cut[0])

    def shown(self):
        """The messages that count, in order: author, what it is, and its fields."""
        entries = [entry for one in self.logs.values() for entry in one.entries.values()
                   if entry.kind == log.MESSAGE and entry.content is not None and self.counts(entry)]
        entries.sort(key=lambda entry: (entry.hlc, entry.author, entry.seq))
        return [(entry.author, *entry.said()) for entry in entries]

    def texts(self):
        return [fields['text'] for _, what, fields in self.shown() if what == 'text']

    # What comes

    def take_op(self, raw):
        op = chain.Op(raw)
        if op.gid != self.gid:
            raise Refused('an operation of another group')
        return op if self.chain.add(op) else None

    def take_entry(self, entry):
        """Says whether it was new. Raises Refused when it is not good."""
        if entry.gid != self.gid:
            raise Refused('an entry of another group')
        op = self.chain.ops.get(entry.head)
        if op is None or op.height != entry.height:
            raise Refused('an entry on what is not known')
        if entry.author not in self.chain.state_at(entry.head).members:
            raise Refused('an entry of who was no member')
        its_log = self.logs.setdefault(entry.author, log.Log())
        is_new = entry.seq not in its_log.entries
        fork = its_log.add(entry, is_first=self._may_be_first(entry))
        if fork:
            self.take_proof(fork)
        return is_new

    def _may_be_first(self, entry):
        """10.2: where a newcomer's part of a log begins."""
        ours = self.state.people.get(self.key.public)
        return ours is not None and ours.added > 0 and \
            (entry.time_ms >= ours.history_from_ms or entry.height >= ours.added)

    def take_proof(self, pair):
        one, other = pair
        if (one.author, one.seq) != (other.author, other.seq) or one.id == other.id:
            raise Refused('no proof')
        its_log = self.logs.setdefault(one.author, log.Log())
        its_log.fork = min(its_log.fork or one.seq, one.seq)
        if all(known[0].author != one.author for known in self.proofs):
            self.proofs.append(pair)
            for link in self.links:
                link.tell_proof(pair)

    def take_secret(self, op_id, secret):
        op = self.chain.ops.get(op_id)
        if op is not None and op.body['secret_hash'] == chain.secret_hash(secret):
            self.secrets[op_id] = secret

    def rows(self, reader=None):
        """Of each log that has entries; for a reader, from the first entry on that is theirs to have."""
        rows = []
        for author, its_log in self.logs.items():
            mine = [seq for seq in sorted(its_log.entries) if reader is None or self.may_have(reader, its_log.entries[seq])]
            if mine or its_log.fork:
                rows.append(its_log.row(author, mine[0] if mine else None))
        return rows

    def may_have(self, reader, entry):
        """10.2, 10.4: whether an entry is any of their business."""
        person = self.state.people.get(reader)
        if person is None or person.removed != chain.NEVER:
            return False
        return person.added == 0 or entry.time_ms >= person.history_from_ms or entry.height >= person.added

    # What we say

    def tell_ops(self, ops):
        for link in self.links:
            link.send('GROUP_OPS', ops=[op.raw for op in ops])
            link.tell_secret()

    def renew(self, key=None):
        """Another key of ours, in place of the one that we have. Returns what has to be asked for."""
        old, self.key = self.key, key or SigningKey()
        fields = self.request('', replaces=old.public)
        return {**fields, 'renewal': chain.renewal(old, self.gid, self.key.public)}

    def request(self, name, text='', token=b'', link_proof=b'', replaces=b'', time_ms=None):
        """10.1: the fields of our GROUP_JOIN."""
        fields = {'gid': self.gid, 'author': self.key.public, 'identity': self.identity.public,
                  'time_ms': time_ms or int(time.time() * 1000), 'name': name, 'text': text, 'token': token,
                  'link_proof': link_proof, 'replaces': replaces}
        signed = join_hash(fields)
        return {**fields, 'author_signature': self.key.sign(signed), 'identity_signature': self.identity.key.sign(signed)}

    def status(self):
        """What we have got and read of each log, signed."""
        self._counter += 1
        rows = [{'author': author, 'delivered': its_log.last, 'read': self.read.get(author, 0)}
                for author, its_log in self.logs.items() if author != self.key.public]
        packed = SCHEMA.encode('GroupStatus', counter=self._counter, rows=rows)
        return {'author': self.key.public, 'status': packed,
                'signature': self.key.sign(hash_of('kith1 g-status', self.gid, packed))}

    def read_all(self):
        """Everything that came is read, and said to be."""
        self.read = {author: its_log.last for author, its_log in self.logs.items()}
        self.tell_status()

    def tell_status(self):
        for link in self.links:
            link.send('GROUP_STATUS', **self.status())

    def link(self, session):
        """Names the group in a session; the records flow when the other side has named it as well."""
        link = self.listen(session)
        link.share()
        return link

    def listen(self, session):
        """As link(), but the other side is not told that we take them for a member."""
        link = Link(self, session)
        self.links.append(link)
        session.links[link.name] = link
        return link


def join_hash(fields):
    """What both keys sign of a GROUP_JOIN."""
    return hash_of('kith1 g-join', fields['gid'], fields['author'], fields['identity'], u64(fields['time_ms']),
                   fields['name'].encode(), fields['text'].encode(), fields['token'], fields['link_proof'],
                   fields['replaces'])


def brought(fields, key):
    """10.1: the same as the member with this author key hands it on."""
    signed = hash_of('kith1 g-bring', join_hash(fields), key.public)
    return {**fields, 'bringer': key.public, 'bringer_signature': key.sign(signed)}


def check_join(fields):
    check_signature(fields['author'], fields['author_signature'], join_hash(fields))
    check_signature(fields['identity'], fields['identity_signature'], join_hash(fields))


def note(group, endpoints, time_s=None, author=None):
    """10.6: where a member says they are; endpoints: (packed address, port)."""
    packed = (author or group.key.public) + u64(int(time.time()) if time_s is None else time_s) + u8(len(endpoints))
    packed += b''.join(u8(4 if len(address) == 4 else 6) + address + u16(port) for address, port in endpoints)
    return packed + group.key.sign(hash_of('kith1 g-where', group.gid, packed))


def read_note(gid, raw):
    """Whose it is, and the ports it names. Raises Refused when the signature is wrong."""
    check_signature(raw[:32], raw[-SIGNATURE_BYTES:], hash_of('kith1 g-where', gid, raw[:-SIGNATURE_BYTES]))
    at, ports = 41, []
    for _ in range(raw[40]):
        at += 3 + {4: 4, 6: 16}[raw[at]]
        ports.append(int.from_bytes(raw[at - 2:at], 'big'))
    return raw[:32], ports


class Link:
    """One group on one session (4.1b, 10.4)."""

    def __init__(self, group, session):
        self.group, self.session, self.name = group, session, name_in(session, group.gid)
        self.is_named = self.is_up = False
        self.theirs, self.heard = {}, []

    @property
    def reader(self):
        """The author key of who is at the other end, if they are a member."""
        return self.group.author_of(self.session.remote) if self.group.has_chain else None

    def share(self):
        self.is_named = True
        self.session.send('GROUP_SHARED', groups=[link.name for link in self.session.links.values() if link.is_named])
        self.shared()

    def shared(self):
        """One of the two has said which groups they share."""
        was_up, self.is_up = self.is_up, self.is_named and self.name in self.session.shared
        if self.is_up and not was_up:
            self.hello()

    def close(self):
        self.group.links.remove(self)
        del self.session.links[self.name]

    def send(self, name, /, **fields):
        body = self.name + SCHEMA.encode(GROUP_BODIES[name], **fields)
        for part in fragments(TYPES[name], body):
            self.session.send_raw(part)

    def hello(self):
        group = self.group
        fields = {'ops_digest': log.NOTHING, 'vector_digest': log.NOTHING}
        if group.has_chain:
            head = group.chain.head()
            fields.update(height=head.height, head=head.id, locator=group.chain.locator())
        if self.reader:
            secret, op = group.secret()
            fields.update(ops_digest=group.chain.digest(), vector_digest=log.digest_of(group.rows(self.reader)),
                          secret_height=op.height + 1 if secret else 0)
        self.send('GROUP_HELLO', **fields)

    def take(self, name, body):
        if name == 'GROUP_ANSWER':
            self.heard.append((name, body))
            return
        fields = SCHEMA.decode(GROUP_BODIES[name], body)
        taker = getattr(self, '_take_' + name.removeprefix('GROUP_').lower(), None)
        if taker:
            taker(fields)
        self.heard.append((name, fields))

    def wait_for(self, name):
        """The fields of the next record of this sort that was not given out yet; it has had its effect."""
        while True:
            for item in self.heard:
                if item[0] == name:
                    self.heard.remove(item)
                    return item[1]
            self.session.step()

    def until(self, is_so):
        self.session.until(is_so)

    # What they say

    def _take_hello(self, fields):
        group = self.group
        if not group.has_chain or self.reader is None:
            return
        if fields['ops_digest'] != group.chain.digest():
            known = [fields['locator'][at + 4:at + 36] for at in range(0, len(fields['locator']), 36)]
            start = max((group.chain.ops[op].height for op in known if op in group.chain.ops), default=-1)
            missing = [op for op in group.chain.ops.values() if op.height > start]
            self.send('GROUP_OPS', ops=[op.raw for op in sorted(missing, key=lambda op: op.height)])
        if fields['vector_digest'] != log.digest_of(group.rows(self.reader)):
            self.send('GROUP_VECTOR', rows=group.rows(self.reader), full=True)
        if fields['secret_height'] < group.state.secret_op.height + 1:
            self.tell_secret()

    def _take_ops(self, fields):
        new = [op for op in map(self.group.take_op, fields['ops']) if op]
        if new:
            self.hello()

    def _take_vector(self, fields):
        self.theirs.update({row['author']: row for row in fields['rows']})
        self.ask()

    def ask(self):
        """Asks for what they have and we do not."""
        ranges = []
        for author, row in self.theirs.items():
            its_log = self.group.logs.get(author)
            last = its_log.last if its_log else 0
            start = max(last + 1, row['from']) if not its_log or not its_log.entries else last + 1
            if row['to'] >= start:
                ranges.append({'author': author, 'from': start, 'to': row['to']})
            elif last and row['to'] == last and row['id'] != its_log.end().id[:8]:
                ranges.append({'author': author, 'from': last, 'to': last})
        if ranges:
            self.send('GROUP_WANT', ranges=ranges)

    def _take_want(self, fields):
        for wanted in fields['ranges']:
            its_log = self.group.logs.get(wanted['author'], log.Log())
            self.tell_entries([entry for seq, entry in sorted(its_log.entries.items())
                               if wanted['from'] <= seq <= wanted['to']])

    def _take_entries(self, fields):
        authors = set()
        for item in fields['items']:
            entry = log.of_item(item)
            self.group.take_entry(entry)
            authors.add(entry.author)
        rows = [row for row in self.group.rows(self.reader) if row['author'] in authors]
        if rows:
            self.send('GROUP_VECTOR', rows=rows)

    def _take_proof(self, fields):
        self.group.take_proof((log.of_item(fields['first']), log.of_item(fields['second'])))

    def _take_endorse(self, fields):
        group = self.group
        check_signature(fields['author'], fields['signature'], hash_of(
            'kith1 g-endorse', group.gid, fields['height'].to_bytes(4, 'big'), fields['prev'], fields['candidate']))
        group.endorsements.append(fields)

    def _take_status(self, fields):
        check_signature(fields['author'], fields['signature'],
                        hash_of('kith1 g-status', self.group.gid, fields['status']))
        status = SCHEMA.decode('GroupStatus', fields['status'])
        known = self.group.statuses.get(fields['author'])
        if known is None or known['counter'] < status['counter']:
            self.group.statuses[fields['author']] = status

    def _take_peers(self, fields):
        for raw in fields['notes']:
            author, ports = read_note(self.group.gid, raw)
            self.group.ports[author] = ports

    def _take_secret(self, fields):
        self.group.take_secret(fields['op_id'], fields['secret'])

    # What we say

    def tell_secret(self):
        secret, op = self.group.secret()
        if secret and self.reader:
            self.send('GROUP_SECRET', height=op.height, op_id=op.id, secret=secret)

    def tell_entry(self, entry):
        self.tell_entries([entry])

    def tell_entries(self, entries):
        """Those that are theirs to have, in records that are not too long."""
        items, n_bytes = [], 0
        for entry in entries:
            if self.reader is None or not self.group.may_have(self.reader, entry):
                continue
            items.append(entry.item())
            n_bytes += 400 + len(entry.content or b'')
            if n_bytes > ITEMS_BYTES:
                self.send('GROUP_ENTRIES', items=items)
                items, n_bytes = [], 0
        if items:
            self.send('GROUP_ENTRIES', items=items)

    def tell_proof(self, pair):
        one, other = pair
        self.send('GROUP_PROOF', first={**one.item(), 'salt': b'', 'content': b'', 'hollow': True},
                  second={**other.item(), 'salt': b'', 'content': b'', 'hollow': True})

    def join(self, name, **fields):
        self.send('GROUP_JOIN', **self.group.request(name, **fields))
