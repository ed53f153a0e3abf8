#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People on one network find each other; others learn nothing, and those of another network are not heard."""
import hashlib
import os
import struct

from netns import Internet, run_tests

PROBE = os.environ['KITH_LAN_PROBE']
UDP_PORT = 5484


def join(host, name, port, *contacts):
    person = host.popen([PROBE, name, port, *contacts])
    person.line('started')
    return person


def identity_of(name):
    """As the probe makes it."""
    field = struct.pack('>I', len(name)) + name.encode()
    return hashlib.blake2b(field, digest_size=32, person=b'test'.ljust(16, b'\0')).hexdigest()


def has_joined(host, device):
    return '239.255.75.84' in host.run('ip', '-4', 'maddress', 'show', 'dev', device)


def test_two_lans():
    with Internet() as internet:
        home, office = internet.lan('home', '192.168.7.0/24'), internet.lan('office', '192.168.8.0/24')
        internet.router(home, upnp=False, nat_pmp=False)
        internet.router(office, upnp=False, nat_pmp=False)
        ada, ben, eve = home.host('ada'), home.host('ben'), office.host('eve')
        remote = join(eve, 'Eve', 40003, 'Ada', 'Ben')
        first = join(ada, 'Ada', 40001, 'Ben', 'Eve')
        second = join(ben, 'Ben', 40002, 'Ada', 'Eve')
        first.line(f'contact Ben {ben.address}:40002$')
        second.line(f'contact Ada {ada.address}:40001$')
        # What crossed the routers would have come before what they say next.
        for person, other, port in ((first, second, 40011), (second, first, 40012)):
            person.write(str(port))
            other.line(f'somebody .*:{port}')
        remote.end_input()
        assert remote.wait() == 0
        assert remote.rest() == []


def test_stranger_learns_nothing():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        ada, ben, eve = home.host('ada'), home.host('ben'), home.host('eve')
        sniffer = eve.sniff(UDP_PORT)
        stranger = join(eve, 'Eve', 0)
        first = join(ada, 'Ada', 40001, 'Ben')
        second = join(ben, 'Ben', 40002, 'Ada')
        first.line('contact Ben')
        second.line('contact Ada')
        stranger.line(f'somebody {ada.address}:40001 $')

        first.write('40011')
        seen = [bytes.fromhex(sniffer.line(r'^4 (\w+)')[1]) for _ in range(3)]
        for datagram in seen:
            assert datagram[:5] == b'KITH\1' and len(datagram) == 25 + 16 * 8, datagram
            assert datagram[5] in (0, 1), 'nobody presents himself'
            for name in ('Ada', 'Ben'):
                assert name.encode() not in datagram and bytes.fromhex(identity_of(name)) not in datagram
        # Nothing of one comes again in another: neither nonce nor tags.
        parts = [datagram[at:at + 8] for datagram in seen for at in (8, 16, *range(25, len(datagram), 8))]
        assert len(set(parts)) == len(parts)
        assert not any('contact' in line for line in stranger.seen)

        # The user's switch.
        first.write('Ada')
        stranger.line(f'somebody {ada.address}:40011 Ada$')
        sniffer.line('^4 .*' + identity_of('Ada') + '03' + b'Ada'.hex() + '$')


def test_several_on_one_machine():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        ada = home.host('ada')
        first = join(ada, 'Ada', 40001, 'Ben')
        second = join(ada, 'Ben', 40002, 'Ada')
        first.line(f'contact Ben {ada.address}:40002')
        second.line(f'contact Ada {ada.address}:40001')


def test_network_comes_and_goes():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        ada, ben = home.host('ada'), home.host('ben')
        ada.set_link('eth0', False)
        first = join(ada, 'Ada', 40001, 'Ben')
        second = join(ben, 'Ben', 40002, 'Ada')
        ada.set_link('eth0', True)
        first.line(f'contact Ben {ben.address}:40002')
        second.line(f'contact Ada {ada.address}:40001')
        ada.move('192.168.7.77')
        second.line('contact Ada 192.168.7.77:40001')


def test_ipv6_without_ipv4():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        ada, ben = home.host('ada'), home.host('ben')
        for host, address in ((ada, 'fd00:7::a'), (ben, 'fd00:7::b')):
            host.run('ip', '-4', 'address', 'flush', 'dev', 'eth0')
            host.run('ip', 'address', 'add', f'{address}/64', 'dev', 'eth0', 'nodad')
        first = join(ada, 'Ada', 40001, 'Ben')
        second = join(ben, 'Ben', 40002, 'Ada')
        first.line(r'contact Ben \[fd00:7::b\]:40002')
        second.line(r'contact Ada \[fd00:7::a\]:40001')


def test_tunnel_is_left_out():
    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        ada = home.host('ada')
        ada.run('ip', 'tuntap', 'add', 'tun0', 'mode', 'tun')
        ada.run('ip', 'address', 'add', '10.9.0.1/24', 'dev', 'tun0')
        ada.run('ip', 'link', 'set', 'tun0', 'up')
        join(ada, 'Ada', 40001)
        assert has_joined(ada, 'eth0') and not has_joined(ada, 'tun0') and not has_joined(ada, 'lo')


if __name__ == '__main__':
    run_tests([value for name, value in list(globals().items()) if name.startswith('test_')])
