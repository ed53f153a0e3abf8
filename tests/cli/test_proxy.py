#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""With a proxy everything goes through it and nothing around it."""
import subprocess

from kith_cli import BINARY, DEADLINE_S, NO_NETWORK, Person, run
from proxies import ESTABLISHED, LISTENING, Proxy, sockets_of


def behind(proxy, listen=None):
    """Somebody who has all ways switched on, and a proxy."""
    return Person('Ann', '--proxy', proxy.uri, network=[], listen=listen)


def goes_around(person, proxy):
    """The sockets of a person that are not for the proxy, but for the one that waits for others."""
    return {s for s in sockets_of(person.process.pid) if s[2] != proxy.port and s[3] != LISTENING}


def check_through(scheme):
    proxy, ben = Proxy(scheme), Person('Ben')
    ann = behind(proxy)
    assert ann.ok('connect', address='127.0.0.1', port=ben.port)['outcome'] == 'requested'
    ben.event('request', id=ann.id)
    ben.ok('accept', who=ann.id)
    ann.event('peer-online', id=ben.id)
    ann.ok('send', to='Ben', text='through')
    assert ben.event('message')['text'] == 'through'
    ben.ok('send', to='Ann', text='and back')
    assert ann.event('message')['text'] == 'and back'
    assert set(proxy.seen) == {('127.0.0.1', ben.port)}, proxy.seen
    assert goes_around(ann, proxy) == set(), goes_around(ann, proxy)
    # Ben is where he is; the proxy is not what is remembered and dialled next time.
    known = ann.ok('contacts')['contacts'][0]
    assert known['address'] == f'127.0.0.1:{ben.port}', known
    peers = {s[2] for s in sockets_of(ben.process.pid) if s[3] == ESTABLISHED}
    assert peers and peers <= proxy.own_ports, (peers, proxy.own_ports)


def test_socks5():
    check_through('socks5')


def test_socks4a():
    check_through('socks4a')


def test_http():
    check_through('http')


def test_invite():
    proxy, ben = Proxy('socks5'), Person('Ben')
    # Who listens on this machine alone takes addresses of this machine from an invite.
    ann = behind(proxy, listen='127.0.0.1:0')
    assert ann.ok('add', invite=ben.ok('invite')['invite'])['state'] == 'requested'
    ben.event('invite-used', id=ann.id)
    ben.ok('accept', who=ann.id)
    ann.event('peer-online', id=ben.id)
    assert ('127.0.0.1', ben.port) in proxy.seen
    assert goes_around(ann, proxy) == set(), goes_around(ann, proxy)


def test_nothing_goes_around():
    proxy = Proxy('socks5')
    ann = behind(proxy)
    status = ann.ok('status')
    assert status['proxy'] == proxy.uri, status
    assert status['dht']['state'] == status['lan']['state'] == status['port_map']['state'] == 'proxy', status
    ann.ok('nearby')
    findings = ann.ok('diagnose')['findings']
    assert any(f['code'] == 'proxy' for f in findings), findings
    assert goes_around(ann, proxy) == set(), goes_around(ann, proxy)


def test_proxy_is_down():
    proxy, ben = Proxy('socks5'), Person('Ben')
    proxy.stop()
    ann = behind(proxy)
    ann.fails('blocked-by-proxy', 'connect', address='127.0.0.1', port=ben.port)
    assert goes_around(ann, proxy) == set(), goes_around(ann, proxy)
    assert ben.ok('requests')['requests'] == []


def test_proxy_refuses():
    ben = Person('Ben')
    for scheme in ('socks5', 'socks4a', 'http'):
        proxy = Proxy(scheme, refuse=True)
        ann = behind(proxy)
        ann.fails('blocked-by-proxy', 'connect', address='127.0.0.1', port=ben.port)
        assert proxy.seen == [('127.0.0.1', ben.port)], proxy.seen
    assert ben.ok('requests')['requests'] == []


def test_proxy_is_set_later():
    ann, ben, proxy = Person('Ann', network=[*NO_NETWORK], listen=None), Person('Ben'), Proxy('socks5')
    ann.ok('connect', address='127.0.0.1', port=ben.port)
    ben.event('request', id=ann.id)
    ben.ok('accept', who=ann.id)
    ann.event('peer-online', id=ben.id)
    assert ann.ok('network', setting='proxy', value=proxy.uri)['proxy'] == proxy.uri
    ann.event('peer-offline', id=ben.id)
    ann.event('peer-online', id=ben.id)
    assert ('127.0.0.1', ben.port) in proxy.seen
    assert goes_around(ann, proxy) == set(), goes_around(ann, proxy)


def test_what_is_no_proxy():
    wrong = ['', 'nonsense', 'ftp://127.0.0.1:21', 'socks5://', 'socks5://127.0.0.1:0', 'socks5://127.0.0.1:65536',
             'http://:8080', 'https://127.0.0.1:1', 'socks5://127.0.0.1:1080/x y']
    for uri in wrong:
        done = subprocess.run([BINARY, '--ephemeral', '--no-listen', '--proxy', uri, 'status'], capture_output=True,
                              text=True, timeout=DEADLINE_S)
        assert done.returncode == 2 and '--proxy' in done.stderr, (uri, done)
    ann = Person('Ann')
    for uri in wrong[1:]:
        ann.fails('invalid', 'network', setting='proxy', value=uri)
    assert ann.ok('network')['proxy'] is None


run([test_socks5, test_socks4a, test_http, test_invite, test_nothing_goes_around, test_proxy_is_down,
     test_proxy_refuses, test_proxy_is_set_later, test_what_is_no_proxy])
