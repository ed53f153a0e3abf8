#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others see of you beside your messages."""
import tempfile

from kith_cli import Person, befriend, run


def test_typing():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ann.ok('typing', to='Ben')
    ben.event('typing', id=ann.id, name='Ann', on=True)
    ann.ok('typing', to='Ben', on='off')
    ben.event('typing', id=ann.id, on=False)
    ann.fails('invalid', 'typing', to='Ben', on='maybe')
    ann.fails('not-found', 'typing', to='Nobody')


def test_privacy():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    assert {k: v for k, v in ben.ok('privacy').items() if '-' in k or k == 'typing'} == {
        'read-receipts': True, 'typing': True}
    assert not ben.ok('privacy', setting='read-receipts', value='off')['read-receipts']
    ben.fails('invalid', 'privacy', setting='read-receipts', value='perhaps')
    ben.fails('invalid', 'privacy', setting='secrets', value='off')
    message = ann.ok('send', to='Ben', text='read me')['message']
    ben.event('message', text='read me')
    ben.ok('read', **{'with': 'Ann'})
    ben.ok('send', to='Ann', text='done')
    ann.event('message', text='done')
    assert ann.state_of(message) == 'delivered'
    ben.ok('privacy', setting='read-receipts', value='on')
    second = ann.ok('send', to='Ben', text='and me')['message']
    ben.event('message', text='and me')
    ben.ok('read', **{'with': 'Ann'})
    ann.event('receipt', message=second, state='read')


def test_appearing_offline():
    with tempfile.TemporaryDirectory() as folder:
        ann, ben = Person('Ann', profile=folder + '/ann'), Person('Ben')
        befriend(ann, ben)
        assert not ann.ok('appear')['hidden'] and not ann.ok('status')['hidden']
        assert ann.ok('appear', how='offline')['hidden'] and ann.ok('status')['hidden']
        ben.event('peer-offline', id=ann.id)
        assert ben.ok('online')['contacts'] == []
        assert [c['name'] for c in ben.ok('lasthour')['contacts']] == ['Ann']
        assert [c['name'] for c in ann.ok('online')['contacts']] == ['Ben']
        ben.ok('send', to='Ann', text='I know you are there')
        ann.event('message', text='I know you are there')
        ann.fails('invalid', 'appear', how='busy')
        ann.quit()

        ann = Person('Ann', profile=folder + '/ann')
        assert ann.ok('status')['hidden']
        ann.event('peer-online', id=ben.id)
        message = ann.ok('send', to='Ben', text='still not here')['message']
        ann.event('receipt', message=message, state='delivered')
        assert ben.ok('online')['contacts'] == []
        ann.ok('appear', how='online')
        ben.event('peer-online', id=ann.id)
        ann.quit()


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
