#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A port is mapped on a real router, reached from outside, and gone afterwards."""
import contextlib
import os
import pathlib
import signal
import sys

from netns import Internet, run_tests, wait_until

FAKE_IGD = pathlib.Path(__file__).with_name('fake_igd.py')
PROBE = os.environ['KITH_PORT_MAP_PROBE']
PORT = 40001
SEARCH_MS, AGAIN_MS = 1500, 500

# One that answers NAT-PMP as it was told: packets in hex, one for each request of a kind.
FAKE_ROUTER = '''
import socket, sys
answers = {0: bytes.fromhex(sys.argv[1]), 2: bytes.fromhex(sys.argv[2])}
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 5351))
print("listening", flush=True)
while True:
    request, address = server.recvfrom(100)
    server.sendto(answers.get(request[1], b""), address)
'''
ADDRESS_ANSWER = '0080000000000001'
PORT_ANSWER = '0082000000000001' '9c41' '9c41' '00000e10'


def keep_mapped(host, port=PORT, fast=False):
    probe = host.popen([PROBE, port, *([SEARCH_MS, AGAIN_MS] if fast else [])])
    probe.line('^searching')
    return probe


def end(probe):
    probe.end_input()
    assert probe.wait() == 0
    probe.line('^off none -')


def check_mapping(upnp, nat_pmp, method):
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=upnp, nat_pmp=nat_pmp)
        ada, outside = home.host('ada'), internet.backbone.host('outside')
        ada.serve(PORT, 'hello')
        assert outside.ask(router.address, PORT) is None

        probe = keep_mapped(ada)
        probe.line(f'^mapped {method} {router.address}:{PORT} ')
        assert router.mappings() == {PORT: (ada.address, PORT)}
        assert outside.ask(router.address, PORT) == 'hello'

        end(probe)
        assert router.mappings() == {}
        assert outside.ask(router.address, PORT) is None


def test_either():
    check_mapping(True, True, '(upnp|nat-pmp)')


def test_upnp():
    check_mapping(True, False, 'upnp')


def test_nat_pmp():
    check_mapping(False, True, 'nat-pmp')


def test_no_router():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        internet.router(home, upnp=False, nat_pmp=False)
        probe = keep_mapped(home.host('ada'), fast=True)
        detail = probe.line('^no-router none - (.*)')[1]
        assert 'UPnP: no answer' in detail and 'NAT-PMP: the gateway does not speak it' in detail
        end(probe)


def test_no_network():
    with Internet() as internet:
        ada = internet.lan('home', '192.168.7.0/24').host('ada')
        ada.set_link('eth0', False)
        probe = keep_mapped(ada, fast=True)
        assert 'no default gateway' in probe.line('^no-router none - (.*)')[1]
        end(probe)


def check_dies_and_comes_back(upnp, nat_pmp, number):
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=upnp, nat_pmp=nat_pmp)
        probe = keep_mapped(home.host('ada'), fast=True)
        probe.line('^mapped')
        router.stop(number)
        probe.line('^searching none -')
        probe.line('^no-router none -')
        router.start()
        probe.line('^mapped')
        assert list(router.mappings()) == [PORT]
        end(probe)
        assert router.mappings() == {}


def test_upnp_goes_and_comes_back():
    check_dies_and_comes_back(True, False, signal.SIGTERM)


def test_upnp_dies_and_comes_back():
    check_dies_and_comes_back(True, False, signal.SIGKILL)


def test_nat_pmp_dies_and_comes_back():
    check_dies_and_comes_back(False, True, signal.SIGKILL)


def test_router_forgets():
    """A router that restarts quickly has forgotten everything, and says nothing of it."""
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False)
        probe = keep_mapped(home.host('ada'), fast=True)
        probe.line('^mapped')
        router.stop(signal.SIGKILL)
        router.start()
        wait_until(router.mappings, 'the port is mapped again')
        end(probe)


def check_port_is_taken(upnp, nat_pmp):
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=upnp, nat_pmp=nat_pmp)
        ada, ben, outside = home.host('ada'), home.host('ben'), internet.backbone.host('outside')
        ada.serve(PORT, 'ada')
        ben.serve(PORT, 'ben')
        first, second = keep_mapped(ada), None
        first.line(f'^mapped .* {router.address}:{PORT} ')
        second = keep_mapped(ben)
        other = int(second.line(rf'^mapped .* {router.address}:(\d+) ')[1])
        assert other != PORT
        assert outside.ask(router.address, PORT) == 'ada'
        assert outside.ask(router.address, other) == 'ben'
        end(first)
        end(second)
        assert router.mappings() == {}


def test_upnp_port_is_taken():
    check_port_is_taken(True, False)


def test_nat_pmp_port_is_taken():
    check_port_is_taken(False, True)


def test_other_port():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home)
        probe = keep_mapped(home.host('ada'))
        probe.line(f'^mapped .*:{PORT} ')
        probe.write('40002')
        probe.line('^mapped .*:40002 ')
        wait_until(lambda: list(router.mappings()) == [40002], 'the former mapping is removed')
        end(probe)
        assert router.mappings() == {}


def test_other_address():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home)
        ada = home.host('ada')
        probe = keep_mapped(ada)
        probe.line('^mapped')
        ada.move('192.168.7.77')
        probe.write('n')
        external = int(probe.line(r'^mapped .*:(\d+) ')[1])
        assert router.mappings()[external] == ('192.168.7.77', PORT)
        end(probe)


def test_behind_two_routers():
    with Internet() as internet:
        provider = internet.lan('provider', '10.5.0.0/24')
        internet.router(provider, upnp=False, nat_pmp=False)
        home = internet.lan('home', '192.168.7.0/24')
        internet.router(home, outside=provider)
        probe = keep_mapped(home.host('ada'), fast=True)
        assert 'public address' in probe.line('^double-nat none - (.*)')[1]
        end(probe)


def check_fake(address, port, expected):
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False, nat_pmp=False)
        router.python(FAKE_ROUTER, address, port).line('listening')
        probe = keep_mapped(home.host('ada'), fast=True)
        probe.line(expected)
        end(probe)


def test_private_outside():
    check_fake(ADDRESS_ANSWER + '0a000001', PORT_ANSWER, '^double-nat nat-pmp - ')


def test_provider_nat_outside():
    check_fake(ADDRESS_ANSWER + '647f0001', PORT_ANSWER, '^double-nat nat-pmp - ')


def test_fake_maps():
    check_fake(ADDRESS_ANSWER + '0b000001', PORT_ANSWER, '^mapped nat-pmp 11.0.0.1:40001 ')


def test_port_zero():
    check_fake(ADDRESS_ANSWER + '0b000001', PORT_ANSWER.replace('9c419c41', '9c410000'), '^refused none - .*gave no port')


def test_not_authorized():
    check_fake(ADDRESS_ANSWER + '0b000001', '00820002' + PORT_ANSWER[8:], '^refused none - .*not authorized')


def test_nonsense():
    check_fake('ff', '', '^no-router none -')


@contextlib.contextmanager
def fake_igd(external, *errors, control='/control'):
    """A probe, and the router that it finds."""
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False, nat_pmp=False)
        igd = router.popen([sys.executable, FAKE_IGD, home.gateway, external, control, *errors])
        igd.line('listening')
        probe = keep_mapped(home.host('ada'), fast=True)
        yield probe, igd
        end(probe)


def test_lease():
    with fake_igd('11.0.0.9') as (probe, igd):
        igd.line('^AddPortMapping NewExternalPort=40001 NewLeaseDuration=3600$')
        probe.line('^mapped upnp 11.0.0.9:40001 ')
        # Renewed with the same.
        igd.line('^AddPortMapping NewExternalPort=40001 NewLeaseDuration=3600$')
    igd.line('^DeletePortMapping NewExternalPort=40001')


def test_permanent_only():
    with fake_igd('11.0.0.9', '725') as (probe, igd):
        igd.line('NewLeaseDuration=3600')
        igd.line('NewExternalPort=40001 NewLeaseDuration=0$')
        probe.line('^mapped upnp 11.0.0.9:40001 ')


def test_every_port_is_taken():
    with fake_igd('11.0.0.9', *['718'] * 100) as (probe, igd):
        ports = [igd.line(r'^AddPortMapping NewExternalPort=(\d+)')[1] for _ in range(4)]
        assert ports[0] == '40001' and len(set(ports)) > 1
        assert 'AddPortMapping was refused (718)' in probe.line('^refused none - (.*)')[1]


def test_refused():
    with fake_igd('11.0.0.9', *['606'] * 100) as (probe, _):
        assert 'AddPortMapping was refused (606)' in probe.line('^refused none - (.*)')[1]


def test_upnp_private_outside():
    with fake_igd('192.168.1.7') as (probe, _):
        probe.line('^double-nat upnp - ')


def test_upnp_nonsense_outside():
    for address in ('not an address', '', '::1', '999.1.2.3', '127.0.0.1', '&lt;&gt;'):
        with fake_igd(address) as (probe, igd):
            probe.line('^(refused|double-nat) ')


def test_upnp_control_elsewhere():
    """Somebody who pretends to be a router does not make us ask others for him."""
    with fake_igd('11.0.0.9', control='http://11.0.0.1:5000/control') as (probe, igd):
        assert 'UPnP: no answer;' in probe.line('^no-router none - (.*)')[1] + ';'
        assert not any('AddPortMapping' in line for line in igd.seen + list(igd.queue.queue))


if __name__ == '__main__':
    run_tests([value for name, value in list(globals().items()) if name.startswith('test_')])
