#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One text to several people, each in private."""
import tempfile

from kith_cli import Person, befriend, run


def four_people():
    ann, ben, cid, dan = [Person(name) for name in ('Ann', 'Ben', 'Cid Box', 'Dan')]
    for other in ben, cid, dan:
        befriend(other, ann)
    return ann, ben, cid, dan


def test_to_everybody_online():
    ann, ben, cid, dan = four_people()
    dan.quit()
    ann.event('peer-offline', id=dan.id)
    reply = ann.ok('broadcast', text='Hello all')
    assert sorted(r['name'] for r in reply['recipients']) == ['Ben', 'Cid Box']
    for person in ben, cid:
        message = person.event('message')
        assert message['text'] == 'Hello all' and message['broadcast'] and message['from'] == ann.id
        person.ok('send', to='Ann', text=f'Hello from {person.name}')
        answer = ann.event('message', name=person.name)
        assert answer['conversation'] == person.id and not answer['broadcast']
    # One line for all, and a message with each
    listed = ann.ok('broadcasts')['broadcasts']
    assert len(listed) == 1 and listed[0]['text'] == 'Hello all' and listed[0]['recipients'] == 2
    assert listed[0]['message'] == reply['message']
    for who in 'Ben', 'Cid Box':
        history = ann.ok('history', **{'with': who})['messages']
        assert [m['broadcast'] for m in history if m['from'] == 'me'] == [True]
    assert ann.ok('history', **{'with': 'Dan'})['messages'] == []
    # Nobody else learns anything of it
    assert len(ben.ok('contacts')['contacts']) == 1


def test_receipts_of_all():
    ann, ben, cid, dan = four_people()
    reply = ann.ok('tell', to='ben "Cid Box"', text='To two')
    for person in ben, cid:
        person.event('message', text='To two')
    ben.ok('read', **{'with': 'Ann'})
    ann.event('receipt', who=ben.id, state='read')
    ann.event('receipt', who=cid.id, state='delivered')
    states = {r['name']: r['state'] for r in ann.ok('receipts', message=reply['message'])['recipients']}
    assert states == {'Ben': 'read', 'Cid Box': 'delivered'}
    listed, = ann.ok('broadcasts')['broadcasts']
    assert (listed['recipients'], listed['delivered'], listed['read']) == (2, 2, 1)
    ann.fails('not-found', 'receipts', message='0' * 32)


def test_all_or_nothing():
    ann, ben, cid, dan = four_people()
    ann.fails('not-found', 'tell', to='ben nobody', text='lost')
    ann.ok('block', who='Dan')
    ann.fails('not-contact', 'tell', to='ben dan', text='lost')
    ann.fails('invalid', 'tell', to=' ', text='lost')
    ann.fails('invalid', 'tell', to='ben', text=' ')
    assert ann.ok('broadcasts')['broadcasts'] == []
    assert ann.ok('history', **{'with': 'Ben'})['messages'] == []
    alone = Person('Alone')
    alone.fails('not-found', 'broadcast', text='anybody?')


def test_restart():
    with tempfile.TemporaryDirectory() as folder:
        ann, ben = Person('Ann', profile=folder + '/ann'), Person('Ben', profile=folder + '/ben')
        befriend(ann, ben)
        ben.quit()
        ann.event('peer-offline', id=ben.id)
        message = ann.ok('tell', to='ben', text='Later')['message']
        assert [r['state'] for r in ann.ok('receipts', message=message)['recipients']] == ['queued']
        ann.quit()
        ann, ben = Person('Ann', profile=folder + '/ann'), Person('Ben', profile=folder + '/ben')
        assert [b['delivered'] for b in ann.ok('broadcasts')['broadcasts']] == [0]
        ann.ok('connect', address='127.0.0.1', port=ben.port)
        assert ben.event('message', text='Later')['broadcast']
        ann.event('receipt', state='delivered')
        assert [b['delivered'] for b in ann.ok('broadcasts')['broadcasts']] == [1]
        assert ann.ok('receipts', message=message)['recipients'][0]['state'] == 'delivered'
        # It goes with the last of its messages.
        ann.ok('clear', **{'with': 'Ben'})
        ann.fails('not-found', 'receipts', message=message)
        assert ann.ok('broadcasts')['broadcasts'] == []
        ann.quit()


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
