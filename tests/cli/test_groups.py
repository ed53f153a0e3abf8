#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of real kith-cli processes: who gets in, who has to go, who is admin, and what arrives where."""
import os

from kith_cli import BINARY, Person, befriend, in_folder, run

PICTURES = os.path.join(os.path.dirname(__file__), '..', 'picture', 'data')


def make_group(admin, *others, name='Ace'):
    """The admin makes a group and all others, contacts of his, join it."""
    reply = admin.ok('group-new', name=name, members=' '.join(other.name for other in others))
    for other in others:
        invitation = other.event('group', change='added', state='invited')
        assert invitation['name'] == name and invitation['group'] == reply['group']
        other.ok('group-join', group=name)
        other.event('group', change='state', state='member')
        admin.event('member', change='joined', id=other.id)
    return reply['group']


def names_of(person, group):
    return sorted('me' if member['me'] else member['name'] for member in person.ok('members', group=group)['members'])


def texts_of(person, group):
    messages = person.ok('history', **{'with': group, 'limit': 100})['messages']
    return [message['text'] for message in messages if message['kind'] == 'text']


def says(author, group, text, *readers):
    message = author.ok('send', to=group, text=text)['message']
    for reader in readers:
        got = reader.event('message', text=text)
        assert got['from'] == author.id and got['conversation'] == group and got['message'] == message, got
    return message


def killed_and_back(person, home):
    person.kill()
    return Person(person.name, profile=home)


def when_it_is_read(person, command, **fields):
    """Just after a start a group is busy."""
    while not (reply := person.reply(person.begin(command, **fields)))['ok']:
        assert reply['error'] == 'busy', reply


@in_folder
def test_what_was_answered_outlives_a_kill(folder):
    """That a group was made, that its link was taken back, and that it was left, is on the disk when it is answered."""
    home = os.path.join(folder, 'ann')
    ann = Person('Ann', profile=home)
    for _ in range(5):
        ann.ok('group-new', name='Ace')
        ann = killed_and_back(ann, home)
        assert [group['state'] for group in ann.ok('groups')['groups']] == ['member']
        when_it_is_read(ann, 'group-invite', group='Ace')
        ann.ok('group-revoke', group='Ace')
        ann = killed_and_back(ann, home)
        assert ann.ok('groups')['groups'][0]['invite'] is None
        when_it_is_read(ann, 'leave', group='Ace')
        ann = killed_and_back(ann, home)
        assert [group['state'] for group in ann.ok('groups')['groups']] == ['left']
        ann.ok('group-delete', group='Ace')


def test_make_join_and_talk():
    ann, ben, cara = Person('Ann'), Person('Ben'), Person('Cara')
    befriend(ben, ann)
    befriend(cara, ann)
    ace = make_group(ann, ben, cara)
    ann.fails('not-found', 'send', to='Nobody', text='x')

    first = says(ann, ace, 'Hello all', ben, cara)
    says(ben, ace, 'Hello Ann', ann, cara)
    says(cara, ace, 'Hello both', ann, ben)
    assert names_of(ann, ace) == ['Ben', 'Cara', 'me'], names_of(ann, ace)
    assert names_of(cara, 'Ace') == ['Ann', 'Ben', 'me'], names_of(cara, 'Ace')
    assert ben.ok('who-admin', group='ace')['admin']['id'] == ann.id
    for person in ann, ben, cara:
        assert texts_of(person, ace) == ['Hello all', 'Hello Ann', 'Hello both']

    ann.event('receipt', message=first, state='delivered')
    ben.ok('read', **{'with': ace})
    cara.ok('read', **{'with': ace})
    ann.event('receipt', message=first, state='read')
    receipts = ann.ok('receipts', message=first)
    assert sorted((r['name'], r['state']) for r in receipts['recipients']) == [('Ben', 'read'), ('Cara', 'read')]
    assert not receipts['at_least']
    for person in ann, ben, cara:
        person.quit()


def test_declined():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ben, ann)
    ann.ok('group-new', name='Ace', members='Ben')
    ben.event('group', change='added', state='invited')
    ben.fails('not-member', 'send', to='Ace', text='too early')
    ben.ok('group-decline', group='Ace')
    ben.event('group', change='removed')
    assert ben.ok('groups')['groups'] == []
    assert names_of(ann, 'Ace') == ['me']


def test_what_becomes_of_messages():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ben, ann)
    ace = make_group(ann, ben)
    message = says(ann, ace, 'Helo', ben)
    ann.ok('edit', message=message, text='Hello')
    assert ben.event('message-edited', message=message)['text'] == 'Hello'
    ben.ok('react', message=message, emoji='👍')
    assert ann.event('reaction', message=message)['emoji'] == '👍'
    answer = ben.ok('send', to=ace, text='Yes', reply_to=message)['message']
    assert ann.event('message', message=answer)['reply_to'] == message
    ben.ok('delete', message=answer)
    ann.event('message-deleted', message=answer)
    ben.fails('invalid', 'edit', message=message, text='not mine')
    hits = ann.ok('search', text='hello')['hits']
    assert [(hit['message'], hit['conversation'], hit['with']) for hit in hits] == [(message, ace, 'Ace')]
    assert ben.ok('send', to=ace, text='Look, @Ann')['message']
    assert ann.event('message', text='Look, @Ann')['mention']
    assert ann.ok('groups')['groups'][0]['mentions'] == 1


@in_folder
def test_away_and_back(folder):
    """Who was away gets what was written meanwhile from whoever has it."""
    ann, ben = Person('Ann'), Person('Ben')
    cara = Person('Cara', profile=os.path.join(folder, 'cara'))
    for a, b in (ben, ann), (cara, ann), (cara, ben):
        befriend(a, b)
    ace = make_group(ann, ben, cara)
    says(ann, ace, 'one', ben, cara)
    port = cara.port
    cara.kill()
    says(ann, ace, 'two', ben)
    says(ben, ace, 'three', ann)
    ann.kill()
    cara = Person('Cara', profile=os.path.join(folder, 'cara'), listen=f'127.0.0.1:{port}')
    cara.event('message', text='two', **{'from': ann.id})
    cara.event('message', text='three', **{'from': ben.id})
    assert texts_of(cara, ace) == ['one', 'two', 'three']
    says(cara, ace, 'four', ben)
    ben.quit()
    cara.quit()


@in_folder
def test_a_newcomer_while_the_admin_is_away(folder):
    """Five: the admin is killed, a member brings a newcomer's request, the admin returns and lets them in."""
    ann = Person('Ann', profile=os.path.join(folder, 'ann'))
    ben, cara, dora, emil = (Person(name) for name in ('Ben', 'Cara', 'Dora', 'Emil'))
    for a, b in (ben, ann), (cara, ann), (dora, ann), (cara, ben), (dora, ben), (emil, ben):
        befriend(a, b)
    ace = make_group(ann, ben, cara, dora)
    port = ann.port
    ann.kill()
    says(cara, ace, 'Where is Ann?', ben)
    ben.ok('group-invite', group=ace, who='Emil')
    emil.event('group', change='added', state='invited')
    assert emil.ok('group-join', group='Ace', text='Ben knows me')['state'] == 'asking'
    emil.fails('not-member', 'send', to='Ace', text='too early')

    ann = Person('Ann', profile=os.path.join(folder, 'ann'), listen=f'127.0.0.1:{port}')
    request = ann.event('group-request', group=ace)
    assert request['id'] == emil.id and request['name'] == 'Emil', request
    waiting = ann.ok('group-requests', group='Ace')['requests'][0]
    assert waiting['id'] == emil.id and not waiting['by_link'], waiting
    assert waiting['brought_by'] == ben.id and waiting['text'] == 'Ben knows me', waiting
    cara.fails('not-admin', 'kick', group=ace, who='Ben')
    ann.ok('approve', group=ace, who='Emil')
    emil.event('group', change='state', state='member')
    says(emil, ace, 'I am in', ben)
    for person in ann, cara, dora:
        person.event('message', text='I am in')
        assert 'Emil' in names_of(person, ace)
    says(dora, ace, 'Welcome', ann, ben, cara, emil)
    for person in ann, ben, cara, dora, emil:
        person.quit()


def test_denied():
    ann, ben, cara = Person('Ann'), Person('Ben'), Person('Cara')
    befriend(ben, ann)
    befriend(cara, ben)
    ace = make_group(ann, ben)
    ben.ok('group-invite', group=ace, who='Cara')
    cara.event('group', change='added', state='invited')
    cara.ok('group-join', group='Ace')
    ann.event('group-request', id=cara.id)
    ann.ok('deny', group=ace, who='Cara')
    cara.event('group', change='state', state='refused')
    assert ann.ok('group-requests', group=ace)['requests'] == []


def test_removed_and_left():
    ann, ben, cara = Person('Ann'), Person('Ben'), Person('Cara')
    befriend(ben, ann)
    befriend(cara, ann)
    befriend(cara, ben)
    ace = make_group(ann, ben, cara)
    says(cara, ace, 'before', ann, ben)
    ann.ok('kick', group=ace, who='Cara')
    ben.event('member', change='kicked', id=cara.id)
    cara.event('group', change='state', state='kicked')
    cara.fails('not-member', 'send', to=ace, text='after')
    says(ann, ace, 'Only us', ben)
    assert texts_of(ben, ace) == ['before', 'Only us'] and texts_of(cara, ace) == ['before']
    assert names_of(ben, ace) == ['Ann', 'me']

    ann.fails('invalid', 'leave', group=ace)
    ben.ok('leave', group=ace)
    ben.event('group', change='state', state='left')
    ann.event('member', change='left', id=ben.id)
    assert names_of(ann, ace) == ['me']
    ben.ok('group-delete', group=ace)
    assert ben.ok('groups')['groups'] == []


def test_another_admin():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ben, ann)
    ace = make_group(ann, ben)
    ann.ok('transfer-admin', group=ace, who='Ben')
    ben.event('group', change='transfer')
    assert ann.ok('who-admin', group=ace)['admin']['me']
    ben.ok('accept-admin', group=ace)
    ann.event('member', change='admin', id=ben.id)
    ben.event('member', change='admin', id=ben.id)
    assert ann.ok('who-admin', group=ace)['admin']['id'] == ben.id
    ann.fails('not-admin', 'group-rename', group=ace, name='Mine')
    ben.ok('group-rename', group=ace, name='Aces')
    ann.event('group', change='name', name='Aces')
    ben.ok('group-topic', group=ace, topic='Cards')
    ann.event('group', change='topic')
    assert ann.ok('groups')['groups'][0]['topic'] == 'Cards'
    ann.fails('not-admin', 'group-picture', group=ace)
    ben.ok('group-picture', group=ace)
    ben.fails('invalid', 'group-picture', group=ace, path='/proc/self/fd')
    if os.path.exists(os.path.join(os.path.dirname(BINARY), 'kith-picture')):
        ben.fails('invalid', 'group-picture', group=ace, path=__file__)
        ben.ok('group-picture', group=ace, path=os.path.join(PICTURES, 'two.png'))
        ann.event('group', change='picture')
        assert ann.ok('groups')['groups'][0]['picture']
        ben.ok('group-picture', group=ace)
        ann.event('group', change='picture')
        assert not ann.ok('groups')['groups'][0]['picture']
    ann.ok('leave', group='Aces')
    ben.event('member', change='left', id=ann.id)


def test_a_link():
    ann, ben, cara = Person('Ann'), Person('Ben'), Person('Cara')
    befriend(ben, ann)
    ace = make_group(ann, ben)
    link = ann.ok('group-invite', group=ace)['invite']
    assert cara.ok('group-join', group=link, text='from the club')['state'] == 'asking'
    assert ann.event('group-request')['id'] == cara.id
    assert ann.ok('group-requests', group=ace)['requests'][0]['by_link']
    ann.ok('approve', group=ace, who='Cara')
    cara.event('group', change='state', state='member')
    says(cara, ace, 'Hello', ann, ben)
    assert cara.ok('contacts')['contacts'] == [], 'members are no contacts'
    assert ann.ok('groups')['groups'][0]['requests'] == 0
    ann.ok('group-revoke', group=ace)
    assert ann.ok('groups')['groups'][0]['invite'] is None


if __name__ == '__main__':
    run([test_what_was_answered_outlives_a_kill, test_make_join_and_talk, test_declined,
         test_what_becomes_of_messages, test_away_and_back, test_a_newcomer_while_the_admin_is_away, test_denied,
         test_removed_and_left, test_another_admin, test_a_link])
