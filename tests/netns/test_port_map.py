#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A port is mapped on a real router, reached from outside, and gone afterwards."""
import contextlib
import os
import pathlib
import signal
import socket
import sys

from netns import GATEWAY6, HOME6, OUTSIDE6, Internet, run_tests, wait_until

FAKE_IGD = pathlib.Path(__file__).with_name('fake_igd.py')
PROBE = os.environ['KITH_PORT_MAP_PROBE']
PORT = 40001
SEARCH_MS, AGAIN_MS = 1500, 500

# One that answers NAT-PMP as it was told: packets in hex, one for each request of a kind.
FAKE_ROUTER = '''
import socket, sys
answers = {0: bytes.fromhex(sys.argv[1]), 1: bytes.fromhex(sys.argv[3]), 2: bytes.fromhex(sys.argv[2])}
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 5351))
print("listening", flush=True)
while True:
    request, address = server.recvfrom(100)
    server.sendto(answers.get(request[1], b""), address)
'''

# One that answers PCP as it was told: "result lifetime epoch" for each request, of which the last is for all
# that follow. Says what it was asked: the client, and the lifetime.
FAKE_PCP = '''
import select, socket, struct, sys
how, answers = sys.argv[1], [tuple(map(int, answer.split())) for answer in sys.argv[2:]]

def listen(port):
    sockets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sockets[0].bind(("", port))
    sockets[1].bind(("fe80::1", port, 0, socket.if_nametoindex("lan")))
    return sockets

servers, strangers = listen(5351), listen(5352)
print("listening", flush=True)
n = 0
while True:
    server = select.select(servers, [], [])[0][0]
    is_ipv6 = server is servers[1]
    request, address = server.recvfrom(1100)
    if request[0] != 2:
        continue
    result, lifetime, epoch = answers[min(n, len(answers) - 1)]
    n += 1
    print("asked", 6 if is_ipv6 else 4, *struct.unpack(">I", request[4:8]), flush=True)
    answer = bytearray(struct.pack(">BBBBII12x", 2, 0x81, 0, result, lifetime, epoch) + request[24:44])
    answer += request[8:24] if is_ipv6 else request[44:56] + bytes([11, 0, 0, 7])
    if how == "nonce":
        answer[30] ^= 1
    (strangers[is_ipv6] if how == "stranger" else server).sendto(answer, address)
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
    check_mapping(True, True, '(upnp|pcp)')


def test_upnp():
    check_mapping(True, False, 'upnp')


def test_pcp():
    check_mapping(False, True, 'pcp')


def test_nat_pmp():
    """The router does not answer PCP, which is not waited for."""
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False)
        router.run('nft', 'add chain inet filter input { type filter hook input priority 0; }')
        router.run('nft', 'add rule inet filter input udp dport 5351 @th,64,8 2 drop')
        probe = keep_mapped(home.host('ada'))
        probe.line(f'^mapped nat-pmp {router.address}:{PORT} ')
        end(probe)
        assert router.mappings() == {}


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


def test_comes_back_after_a_crash():
    """Nobody told the router that what it maps is not wanted any more."""
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False)
        ada = home.host('ada')
        first = keep_mapped(ada)
        first.line(f'^mapped pcp {router.address}:{PORT} ')
        first.kill()
        ada.processes.remove(first)
        second = keep_mapped(ada)
        second.line(f'^mapped pcp {router.address}:')
        end(second)


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


def check_fake(address, port, expected, pcp=''):
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False, nat_pmp=False)
        router.python(FAKE_ROUTER, address, port, pcp).line('listening')
        probe = keep_mapped(home.host('ada'), fast=True)
        probe.line(expected)
        end(probe)


def host6(lan, name):
    """Somebody at home, with a global IPv6 address."""
    host = lan.host(name)
    host.set_address6('eth0', f'{HOME6}5/64', GATEWAY6)
    return host


def outside6(internet):
    outside = internet.backbone.host('outside')
    outside.set_address6('eth0', f'{OUTSIDE6}9/64', f'{OUTSIDE6}1')
    return outside


def end6(probe):
    probe.end_input()
    assert probe.wait() == 0
    assert {'off none - ', 'pinhole off '} <= set(probe.rest())


def test_pinhole():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False, ipv6=True)
        ada, outside = host6(home, 'ada'), outside6(internet)
        ada.serve(PORT, 'hello', socket.AF_INET6)
        assert outside.ask(f'{HOME6}5', PORT) is None

        probe = keep_mapped(ada)
        probe.line('^pinhole mapped ')
        assert router.pinholes() == 1
        assert outside.ask(f'{HOME6}5', PORT) == 'hello'
        assert outside.ask(f'{HOME6}5', PORT + 1) is None

        end6(probe)
        assert router.pinholes() == 0
        assert outside.ask(f'{HOME6}5', PORT) is None


def test_pinhole_of_another_port():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False, ipv6=True)
        ada, outside = host6(home, 'ada'), outside6(internet)
        ada.serve(PORT, 'former', socket.AF_INET6)
        ada.serve(40002, 'hello', socket.AF_INET6)
        probe = keep_mapped(ada)
        probe.line('^pinhole mapped ')
        probe.write('40002')
        wait_until(lambda: outside.ask(f'{HOME6}5', 40002) == 'hello', 'the other port is open')
        wait_until(lambda: router.pinholes() == 1, 'the former one is closed')
        assert outside.ask(f'{HOME6}5', PORT) is None
        end6(probe)
        assert router.pinholes() == 0


def test_no_pinhole_without_ipv6():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        internet.router(home, upnp=False)
        probe = keep_mapped(home.host('ada'))
        probe.line('^mapped pcp ')
        end(probe)
        assert not any('pinhole' in line for line in probe.seen + probe.rest())


@contextlib.contextmanager
def fake_pcp(how, *answers, again_ms=60000):
    """A probe with IPv4 and IPv6, and the router that both ask."""
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home, upnp=False, nat_pmp=False, ipv6=True)
        server = router.python(FAKE_PCP, how, *answers)
        server.line('listening')
        probe = host6(home, 'ada').popen([PROBE, PORT, SEARCH_MS, again_ms])
        yield probe, server
        probe.end_input()
        assert probe.wait() == 0


def families_asked(server, lifetime, n):
    return [server.line(f'^asked ([46]) {lifetime}$')[1] for _ in range(n)]


def test_pcp_lifetime():
    """What is given for a short time is asked for again at its half, and given back at the end."""
    with fake_pcp('', '0 8 1000') as (probe, server):
        probe.line('^mapped pcp 11.0.0.7:40001 ')
        assert sorted(families_asked(server, 3600, 2)) == ['4', '6']
        assert sorted(families_asked(server, 3600, 2)) == ['4', '6']
        probe.end_input()
        assert sorted(families_asked(server, 0, 2)) == ['4', '6']


def test_pcp_forgets():
    """It was started anew, which one of two mappings shows: both are asked for long before their time."""
    with fake_pcp('', '0 8 1000', '0 80000 1000', '0 80000 1') as (_, server):
        families_asked(server, 3600, 3)
        assert sorted(families_asked(server, 3600, 2)) == ['4', '6']


def test_pcp_refuses():
    with fake_pcp('', '2 1800 1000', again_ms=500) as (probe, _):
        probe.line('^pinhole refused PCP: not authorized')
        assert 'PCP: not authorized' in probe.line('^refused none - (.*)')[1]


def test_pcp_gives_nothing():
    with fake_pcp('', '0 0 1000') as (probe, _):
        assert 'PCP: the gateway gave no port' in probe.line('^refused none - (.*)')[1]


def test_pcp_other_nonce():
    with fake_pcp('nonce', '0 3600 1000') as (probe, _):
        assert 'PCP: no answer' in probe.line('^no-router none - (.*)')[1]


def test_pcp_other_source():
    with fake_pcp('stranger', '0 3600 1000') as (probe, _):
        assert 'PCP: no answer' in probe.line('^no-router none - (.*)')[1]


def test_private_outside():
    check_fake(ADDRESS_ANSWER + '0a000001', PORT_ANSWER, '^double-nat nat-pmp - ')


def test_provider_nat_outside():
    check_fake(ADDRESS_ANSWER + '647f0001', PORT_ANSWER, '^double-nat nat-pmp - ')


def test_fake_maps():
    check_fake(ADDRESS_ANSWER + '0b000001', PORT_ANSWER, '^mapped nat-pmp 11.0.0.1:40001 ')


def test_other_version():
    """A router of before PCP says so in its own words."""
    check_fake(ADDRESS_ANSWER + '0b000001', PORT_ANSWER, '^mapped nat-pmp 11.0.0.1:40001 ', '0081000100000001')


def test_port_zero():
    check_fake(ADDRESS_ANSWER + '0b000001', PORT_ANSWER.replace('9c419c41', '9c410000'), '^refused none - .*gave no port')


def test_not_authorized():
    check_fake(ADDRESS_ANSWER + '0b000001', '00820002' + PORT_ANSWER[8:], '^refused none - .*not authorized')


def test_nonsense():
    check_fake('ff', '', '^no-router none -')


def home_with_igd(internet):
    """A home, and what starts the router there that answers UPnP as it was told."""
    home = internet.lan('home', '192.168.7.0/24')
    router = internet.router(home, upnp=False, nat_pmp=False)

    def start(external, control, *errors):
        igd = router.popen([sys.executable, FAKE_IGD, home.gateway, external, control, *errors])
        igd.line('listening')
        return igd
    return home, start


@contextlib.contextmanager
def fake_igd(external, *errors, control='/control'):
    """A probe, and the router that it finds."""
    with Internet() as internet:
        home, start = home_with_igd(internet)
        igd = start(external, control, *errors)
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


def test_never_says_that_it_is_there():
    """It was still starting when we searched, and does not announce itself: it is searched for again."""
    with Internet() as internet:
        home, start = home_with_igd(internet)
        probe = keep_mapped(home.host('ada'), fast=True)
        probe.line('^no-router none - ')
        start('11.0.0.9', '/control')
        probe.line('^mapped upnp 11.0.0.9:40001 ')
        end(probe)


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
