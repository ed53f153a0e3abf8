#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One-time invites between real kith-cli processes, all of them on this machine."""
import base64
import subprocess
import time

from clocks import wrong_by
from kith_cli import COMMAND, DEADLINE_S, Person, in_folder, run

HOUR_MS = 3600 * 1000


def invite(person, **fields):
    return person.ok('invite', **fields)['invite']


def state_of_invite(person, link_or_id):
    return next(i for i in person.ok('invites')['invites'] if link_or_id in (i['invite_id'], i['invite']))


def accept(issuer, joiner):
    issuer.event('request', id=joiner.id)
    issuer.ok('accept', who=joiner.id)
    joiner.event('contact', id=issuer.id, change='accepted')
    joiner.event('peer-online', id=issuer.id)
    issuer.event('peer-online', id=joiner.id)


def talk(a, b):
    for sender, receiver in ((a, b), (b, a)):
        message = sender.ok('send', to=receiver.id, text=f'from {sender.name}')['message']
        assert receiver.event('message')['text'] == f'from {sender.name}'
        sender.event('receipt', message=message, state='delivered')


def test_link_and_chat():
    ann, ben = Person('Ann'), Person('Ben')
    made = ann.ok('invite', note='for Ben')
    assert made['invite'].startswith('KITH:I/') and made['note'] == 'for Ben' and made['state'] == 'live', made
    assert abs(made['expires'] - made['created'] - 48 * HOUR_MS) <= 60000, made
    assert [i['invite_id'] for i in ann.ok('invites')['invites']] == [made['invite_id']]

    added = ben.ok('add', invite=made['invite'], text='It is me')
    assert added['state'] == 'requested' and added['contact']['id'] == ann.id, added
    used = ann.event('invite-used')
    assert used['invite_id'] == made['invite_id'] and used['id'] == ben.id and used['note'] == 'for Ben', used
    assert ann.ok('requests')['requests'][0]['text'] == 'It is me'
    accept(ann, ben)
    talk(ann, ben)

    listed = state_of_invite(ann, made['invite_id'])
    assert listed['state'] == 'used' and listed['used_by'] == ben.id and listed['invite'] == '', listed
    assert not listed['misused']
    ann.quit()
    ben.quit()


def test_link_is_read_in_any_case():
    for change in (str.lower, lambda link: f'  {link}\n'):
        ann, ben = Person('Ann'), Person('Ben')
        assert ben.ok('add', invite=change(invite(ann)))['state'] == 'requested'
        accept(ann, ben)


def test_third_person_is_refused():
    ann, ben, eve = Person('Ann'), Person('Ben'), Person('Eve')
    link = invite(ann, note='Ben')
    ben.ok('add', invite=link)
    accept(ann, ben)
    eve.fails('not-contact', 'add', invite=link)
    misused = ann.event('invite-misused')
    assert misused['note'] == 'Ben'
    assert state_of_invite(ann, misused['invite_id'])['misused']
    assert ann.ok('requests')['requests'] == []
    assert [c['id'] for c in ann.ok('contacts')['contacts']] == [ben.id]
    assert [c['relation'] for c in eve.ok('contacts')['contacts']] == ['declined']
    talk(ann, ben)


def test_same_person_again():
    ann, ben = Person('Ann'), Person('Ben')
    link = invite(ann)
    assert ben.ok('add', invite=link)['state'] == 'requested'
    ann.event('request', id=ben.id)
    assert ben.ok('add', invite=link)['state'] == 'requested'
    assert len(ann.ok('requests')['requests']) == 1
    ann.ok('accept', who=ben.id)
    ben.event('peer-online', id=ann.id)
    assert ben.ok('add', invite=link)['state'] == 'online'
    assert len(ben.ok('contacts')['contacts']) == 1
    assert not ann.ok('invites')['invites'][0]['misused']


def test_revoked():
    ann, ben = Person('Ann'), Person('Ben')
    made = ann.ok('invite')
    ann.ok('revoke', invite=made['invite'])
    assert state_of_invite(ann, made['invite_id'])['state'] == 'revoked'
    ben.fails('not-contact', 'add', invite=made['invite'])
    assert ann.ok('requests')['requests'] == []
    ann.ok('revoke', invite=made['invite_id'])
    assert ann.ok('invites')['invites'] == []
    ann.fails('not-found', 'revoke', invite=made['invite_id'])


def test_expired_for_the_joiner():
    ann = Person('Ann')
    ben = Person('Ben', environment=wrong_by(120))
    ben.fails('expired', 'add', invite=invite(ann, expires_s=60))
    assert ben.ok('contacts')['contacts'] == [] and ann.ok('requests')['requests'] == []


@in_folder
def test_expired_for_the_issuer(folder):
    ann = Person('Ann', profile=folder + '/ann')
    made, port = ann.ok('invite', expires_s=60), ann.port
    ann.quit()
    ann = Person('Ann', profile=folder + '/ann', listen=f'127.0.0.1:{port}', environment=wrong_by(120))
    listed = state_of_invite(ann, made['invite_id'])
    assert listed['state'] == 'expired' and listed['invite'] == '', listed
    ben = Person('Ben')
    ben.fails('not-contact', 'add', invite=made['invite'])
    assert ann.ok('requests')['requests'] == []


@in_folder
def test_issuer_is_absent_at_first(folder):
    ann, ben = Person('Ann', profile=folder + '/ann'), Person('Ben')
    link, port, ann_id = invite(ann), ann.port, ann.id
    ann.quit()
    added = ben.ok('add', invite=link, text='Hello from before')
    assert added['state'] == 'waiting' and added['contact']['id'] == ann_id, added
    assert added['contact']['relation'] == 'requested'
    ann = Person('Ann', profile=folder + '/ann', listen=f'127.0.0.1:{port}')
    assert ann.event('request', id=ben.id)['text'] == 'Hello from before'
    ann.ok('accept', who=ben.id)
    ben.event('contact', id=ann.id, change='accepted')
    ben.event('peer-online', id=ann.id)
    talk(ann, ben)


@in_folder
def test_joiner_starts_again_in_between(folder):
    ann, ben = Person('Ann', profile=folder + '/ann'), Person('Ben', profile=folder + '/ben')
    link, port = invite(ann), ann.port
    ann.quit()
    assert ben.ok('add', invite=link)['state'] == 'waiting'
    ben.kill()
    ben = Person('Ben', profile=folder + '/ben')
    assert [c['relation'] for c in ben.ok('contacts')['contacts']] == ['requested']
    ann = Person('Ann', profile=folder + '/ann', listen=f'127.0.0.1:{port}')
    accept(ann, ben)
    talk(ann, ben)


@in_folder
def test_invites_survive_the_end(folder):
    ann = Person('Ann', profile=folder + '/ann')
    kept, taken_back, port = ann.ok('invite', note='kept'), ann.ok('invite'), ann.port
    ann.ok('revoke', invite=taken_back['invite_id'])
    ann.kill()
    ann = Person('Ann', profile=folder + '/ann', listen=f'127.0.0.1:{port}')
    assert state_of_invite(ann, kept['invite_id']) == {k: v for k, v in kept.items() if k not in ('reply', 'ok')}
    assert state_of_invite(ann, taken_back['invite_id'])['state'] == 'revoked'
    ben, eve = Person('Ben'), Person('Eve')
    ben.ok('add', invite=kept['invite'])
    eve.fails('not-contact', 'add', invite=taken_back['invite'])
    accept(ann, ben)
    ann.kill()
    ann = Person('Ann', profile=folder + '/ann', listen=f'127.0.0.1:{port}')
    eve.fails('not-contact', 'add', invite=kept['invite'])
    ann.event('invite-misused', invite_id=kept['invite_id'])


def test_declined():
    ann, ben = Person('Ann'), Person('Ben')
    link = invite(ann)
    ben.ok('add', invite=link)
    ann.event('request', id=ben.id)
    ann.ok('decline', who=ben.id)
    ben.event('contact', id=ann.id, change='declined')
    assert ann.ok('contacts')['contacts'] == []


def test_both_invite_each_other():
    ann, ben = Person('Ann'), Person('Ben')
    from_ann, from_ben = invite(ann), invite(ben)
    ben.ok('add', invite=from_ann)
    accept(ann, ben)
    assert ann.ok('add', invite=from_ben)['state'] == 'online'
    assert len(ann.ok('contacts')['contacts']) == 1 and len(ben.ok('contacts')['contacts']) == 1
    talk(ann, ben)


def test_own_links():
    ann = Person('Ann')
    ann.fails('self', 'add', invite=invite(ann))
    ann.fails('self', 'add', invite=ann.id)


def test_ids():
    ann, ben = Person('Ann'), Person('Ben')
    added = ben.ok('add', invite=ann.id)
    assert added['state'] == 'waiting' and added['contact']['relation'] == 'requested', added
    assert ann.ok('requests')['requests'] == []
    ann.ok('connect', address='127.0.0.1', port=ben.port)
    ann.event('peer-online', id=ben.id)
    ben.event('peer-online', id=ann.id)
    talk(ann, ben)


def test_what_is_no_link():
    ann, ben = Person('Ann'), Person('Ben')
    link = invite(ann)
    body = link.removeprefix('KITH:I/')
    raw = bytearray(base64.b32decode(body + '=' * (-len(body) % 8)))
    changed = []
    for i in range(0, len(raw), 7):
        flipped = bytearray(raw)
        flipped[i] ^= 1
        changed.append('KITH:I/' + base64.b32encode(flipped).decode().rstrip('='))
    wrong = [link[:-1], link + 'A', link[:40], 'KITH:I/', 'KITH:I/!!!!', 'KITH:X/' + body, body, 'hello',
             'https://example.org/' + body, ben.id[:-1], ben.id + 'a', 'KITH:I/' + 'A' * 5000, '\u202e' + link, *changed]
    for text in wrong:
        ben.fails('invalid', 'add', invite=text)
    ben.fails('invalid', 'add', invite='')
    ben.fails('invalid', 'add')
    assert ben.ok('contacts')['contacts'] == [] and ann.ok('requests')['requests'] == []
    assert ben.ok('add', invite=link)['state'] == 'requested'


def test_limits():
    ann = Person('Ann')
    for seconds in (1, 59, 30 * 24 * 3600 + 1, 2 ** 62):
        ann.fails('invalid', 'invite', expires_s=seconds)
    for seconds in (60, 30 * 24 * 3600):
        made = ann.ok('invite', expires_s=seconds)
        assert abs(made['expires'] - made['created'] - seconds * 1000) <= 60000, made
    for _ in range(48):
        ann.ok('invite')
    ann.fails('busy', 'invite')
    ann.ok('revoke', invite=made['invite_id'])
    ann.ok('invite')


def test_one_command():
    def command(*arguments):
        return subprocess.run([*COMMAND, '--ephemeral', '--listen', '127.0.0.1:0', *arguments], capture_output=True, text=True,
                              timeout=DEADLINE_S, stdin=subprocess.DEVNULL)
    done = command('invite')
    assert done.returncode == 0 and 'KITH:I/' in done.stdout and '█' not in done.stdout, done
    done = command('add', 'KITH:I/AAAA')
    assert done.returncode == 1 and 'neither an invite nor an ID' in done.stderr, done
    assert command('add').returncode == 2
    ann = Person('Ann')
    started = time.monotonic()
    done = command('add', invite(ann), 'It', 'is', 'me')
    assert done.returncode == 0 and time.monotonic() - started < DEADLINE_S, done
    assert ann.event('request')['text'] == 'It is me'


run([test_link_and_chat, test_link_is_read_in_any_case, test_third_person_is_refused, test_same_person_again,
     test_revoked, test_expired_for_the_joiner, test_expired_for_the_issuer, test_issuer_is_absent_at_first,
     test_joiner_starts_again_in_between, test_invites_survive_the_end, test_declined, test_both_invite_each_other,
     test_own_links, test_ids, test_what_is_no_link, test_limits, test_one_command])
