#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People move between networks, lose the internet, and find each other again."""
from people import World, await_ways, become_contacts, diagnose, forget_events, measured, run_tests, talk

ANN_HOME, BEN_HOME = '192.168.7.0/24', '192.168.8.0/24'
# From a change of network to messages that flow again.
AGAIN_S = 30


def test_address_changes():
    """Ben's router gives him another address, while they are connected."""
    with World() as world:
        home, other = world.home('home', ANN_HOME), world.home('other', BEN_HOME)
        host = other.host('ben')
        ann, ben = world.person('Ann', home.host('ann')), world.person('Ben', host)
        await_ways(ann, ben)
        become_contacts(ben, ann)
        talk(ann, ben)
        host.move('192.168.8.77')
        with measured('messages after the address changed', AGAIN_S):
            talk(ann, ben)
        assert 'connected' in diagnose(ben, ann)
        ben.event('port-map', state='mapped')
        assert '192.168.8.77' in [address for address, _ in other.router.mappings().values()]


def test_comes_to_visit():
    """Ben carries his laptop into Ann's home, while they are connected."""
    with World() as world:
        home, other = world.home('home', ANN_HOME), world.home('other', BEN_HOME)
        host = other.host('ben')
        ann, ben = world.person('Ann', home.host('ann')), world.person('Ben', host)
        await_ways(ann, ben)
        become_contacts(ben, ann)
        talk(ann, ben)
        forget_events(ann, ben)

        host.set_link('eth0', False)
        assert ben.ok('send', to='Ann', text='on my way')
        assert diagnose(ben)['no-network']['level'] == 'problem'
        host.plug_into(home)
        with measured('messages after the move', AGAIN_S):
            ann.event('message', text='on my way')
            talk(ann, ben)
        where = diagnose(ann, ben)['connected']['detail']
        assert where.startswith(f'{host.address}:'), where
        ben.event('port-map', state='mapped')
        assert diagnose(ben)['router-mapped']['level'] == 'good'


def test_moves_away_from_somebody_unreachable():
    """Ben moves into another home, and Ann's router lets nobody in: it is she who has to find him."""
    with World() as world:
        home, other = world.home('home', ANN_HOME, upnp=False), world.home('other', BEN_HOME)
        new = world.home('new', '192.168.9.0/24')
        host = other.host('ben')
        ann, ben = world.person('Ann', home.host('ann')), world.person('Ben', host)
        await_ways(ann, router='none')
        await_ways(ben)
        become_contacts(ann, ben)
        talk(ann, ben)
        ben.quit()
        ann.event('peer-offline', id=ben.id)
        host.plug_into(new)
        with measured('asked why'):
            findings = diagnose(ann, ben)
        assert findings['absent']['level'] == 'problem' and findings['not-found']['advice'], findings
        assert findings['try']['level'] == 'note' and 'Tried' in findings['try']['title'], findings
        with measured('start to online', AGAIN_S):
            ben = world.person('Ben', host)
            ben.event('peer-online', id=ann.id)
            ann.event('peer-online', id=ben.id)
        talk(ann, ben)
        assert new.router.address in diagnose(ann, ben)['connected']['detail']


def test_without_internet():
    """Both have restarted on other ports, and nothing leads out of their home."""
    with World() as world:
        home = world.home('home', ANN_HOME)
        first, second, third = home.host('first'), home.host('second'), home.host('third')
        ann, ben = world.person('Ann', first), world.person('Ben', second)
        become_contacts(ben, ann)
        talk(ann, ben)
        ann.quit()
        ben.quit()
        home.router.set_link('wan', False)
        home.router.stop()

        with measured('from the start to both online', AGAIN_S):
            ann, ben = world.person('Ann', first, port=6001), world.person('Ben', second, port=6002)
            ann.event('peer-online', id=ben.id)
            ben.event('peer-online', id=ann.id)
        ann.event('nearby', id=ben.id, change='appeared', contact=True)
        ben.event('nearby', id=ann.id, change='appeared', contact=True)
        talk(ann, ben)

        silent = world.person('Silent', third, port=6003)
        silent.event('lan', state='on')
        with measured('a stranger appears', AGAIN_S):
            eve = world.person('Eve', home.host('fourth'), '--lan-present', port=6004)
            found = ann.event('nearby', id=eve.id, change='appeared')
        assert found['name'] == 'Eve' and not found['contact'], found
        nearby = {person['id'] for person in ann.ok('nearby')['nearby']}
        assert nearby == {ben.id, eve.id}, nearby

        with measured('from the question to both online', AGAIN_S):
            assert ann.ok('ask', who='Eve', text='Who are you?')['outcome'] == 'requested'
            assert eve.event('request', id=ann.id)['text'] == 'Who are you?'
            eve.ok('accept', who=ann.id)
            ann.event('peer-online', id=eve.id)
        talk(ann, eve)


if __name__ == '__main__':
    run_tests([value for name, value in list(globals().items()) if name.startswith('test_')])
