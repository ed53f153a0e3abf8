#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People in different homes, behind real routers, find and reach each other."""
from netns import wait_until
from people import PORT, PROXY_PORT, Lookout, World, await_ways, become_contacts, diagnose, measured, run_tests, talk

TCP, UDP, IGMP = 6, 17, 2
ANN_HOME, BEN_HOME = '192.168.7.0/24', '192.168.8.0/24'


def test_both_routers_open_ports():
    with World() as world:
        home, other = world.home('home', ANN_HOME), world.home('other', BEN_HOME)
        with measured('in the DHT, on the routers'):
            ann = world.person('Ann', home.host('ann'))
            ben = world.person('Ben', other.host('ben'))
            await_ways(ann, ben)
        assert ann.ok('status')['port_map']['external'] == f'{home.router.address}:{PORT}'
        with measured('from the invite to both online', 30):
            become_contacts(ben, ann)
        ann.event('invite-used', id=ben.id)
        with measured('a message each way'):
            talk(ann, ben)
        assert f'{home.router.address}:{PORT}' in diagnose(ben, ann)['connected']['detail']
        ann.quit()
        ben.quit()
        assert home.router.mappings() == {} and other.router.mappings() == {}


def test_issuer_cannot_be_reached():
    with World() as world:
        home, other = world.home('home', ANN_HOME), world.home('other', BEN_HOME, upnp=False)
        ann = world.person('Ann', home.host('ann'))
        ben = world.person('Ben', other.host('ben'))
        await_ways(ann)
        await_ways(ben, router='none')
        with measured('from the invite to both online', 30):
            become_contacts(ann, ben)
        talk(ann, ben)
        # It was he who came.
        assert other.router.address in diagnose(ann, ben)['connected']['detail']
        assert f'{home.router.address}:{PORT}' in diagnose(ben, ann)['connected']['detail']


def test_dial_back():
    with World() as world:
        home = world.home('home', ANN_HOME)
        ann = world.person('Ann', home.host('ann'))
        ben = world.person('Ben', world.home('other', BEN_HOME).host('ben'))
        cleo = world.person('Cleo', world.backbone.host('cleo'))
        await_ways(ann, ben)
        become_contacts(ben, ann)
        with measured('asked Ben to dial back'):
            findings = diagnose(ann)
        assert findings['dial-back-reached']['level'] == 'good', findings
        assert f'{home.router.address}:{PORT}: reached' in findings['dial-back-reached']['detail'], findings
        assert 'dial-back-inside' not in findings, findings
        talk(ann, ben)

        # One contact is asked once in half a minute: now it is another one.
        become_contacts(cleo, ann)
        ben.quit()
        ann.event('peer-offline', id=ben.id)
        home.router.stop()
        with measured('asked Cleo to dial back'):
            findings = diagnose(ann)
        failed = findings['dial-back-failed']
        assert failed['level'] == 'problem' and f'TCP port {PORT}' in failed['advice'], findings
        assert f'{home.router.address}:{PORT}: reached' not in failed['detail'], findings
        talk(ann, cleo)


def test_nothing_goes_around_the_proxy():
    with World() as world:
        home, other = world.home('home', ANN_HOME), world.home('other', BEN_HOME)
        proxy = world.proxy()
        host, ann_host = other.host('ben'), home.host('ann')
        ann = world.person('Ann', ann_host)
        await_ways(ann)

        lookout = Lookout(host)
        ben = world.person('Ben', host, '--proxy', f'socks5://{proxy.address}:{PROXY_PORT}')
        become_contacts(ben, ann)
        talk(ann, ben)
        ben.ok('nearby')
        diagnose(ben)
        diagnose(ben, ann)
        host.move('192.168.8.99')
        host.set_link('eth0', False)
        host.set_link('eth0', True)
        host.move(host.address)
        ben.quit()
        expected = {(TCP, proxy.address, PROXY_PORT)}
        assert lookout.seen() == expected, lookout.seen()
        proxy.end_input()
        asked = {tuple(line.split()[-2:]) for line in proxy.rest()}
        assert asked <= {(home.router.address, str(PORT)), (ann_host.address, str(PORT))}, asked

        # That is not because it sees nothing.
        ben = world.person('Ben', host)
        await_ways(ben)
        ben.event('peer-online', id=ann.id)
        wait_until(lambda: {protocol for protocol, _, _ in lookout.seen() - expected} >= {TCP, UDP, IGMP},
                   'it goes by every way')


if __name__ == '__main__':
    run_tests([value for name, value in list(globals().items()) if name.startswith('test_')])
