# SPDX-License-Identifier: GPL-3.0-or-later
"""Real people in networks of namespaces: kith-cli as everybody has it, with DHT, LAN and port mapping on.

    with World() as world:
        home = world.home('home', '192.168.7.0/24')
        ann = world.person('Ann', home.host('ann'))
        with measured('on the router'):
            ann.event('port-map', state='mapped')"""
import contextlib
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

import netns

CLI_TESTS = str(pathlib.Path(__file__).resolve().parent.parent / 'cli')
sys.path.insert(0, CLI_TESTS)
import kith_cli  # noqa: E402

PORT = 5484
DHT_NETWORK = 77
N_DHT_NODES = 4
DHT_PORT = 4222
PROXY_PORT = 1080

PROXY = f'''
import sys
sys.path.insert(0, {CLI_TESTS!r})
import proxies
class Proxy(proxies.Proxy):
    def _go_on(self, host, port):
        print("asked for", host, port, flush=True)
        return super()._go_on(host, port)
proxy = Proxy("socks5", address="0.0.0.0", port={PROXY_PORT})
print("listening", flush=True)
sys.stdin.read()
'''

# Whatever leaves a machine, on any cable, but for what IPv6 needs to work at all. Of what a machine tells itself
# (that a gateway does not answer, say), only what marks how far it has been read.
LOOKOUT = '''
import ipaddress, socket, struct
lookout = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(3))
print("listening", flush=True)

def tell_4(packet):
    protocol, rest = packet[9], packet[4 * (packet[0] & 15):]
    port = struct.unpack(">H", rest[2:4])[0] if protocol in (6, 17) else 0
    print(protocol, ipaddress.ip_address(packet[16:20]), port, flush=True)

def is_of_the_kernel(protocol, rest):
    if protocol != 58:
        return False
    if rest[0] != 143:
        return 133 <= rest[0] <= 136
    groups = [rest[at + 4:at + 20] for at in range(8, len(rest) - 19, 20)]
    return all(ipaddress.ip_address(group) in ipaddress.ip_network("ff02::1:ff00:0/104") for group in groups)

def tell_6(packet):
    protocol, rest = packet[6], packet[40:]
    if protocol == 0:
        protocol, rest = rest[0], rest[8 + 8 * rest[1]:]
    if not is_of_the_kernel(protocol, rest):
        port = struct.unpack(">H", rest[2:4])[0] if protocol in (6, 17) else 0
        print(protocol, ipaddress.ip_address(packet[24:40]), port, flush=True)

while True:
    packet, (device, kind, direction, *_) = lookout.recvfrom(65536)
    if device == "lo" and packet[16:20] != bytes([127, 0, 0, 1]):
        continue
    if direction == 4 and kind == 0x0800:
        tell_4(packet)
    elif direction == 4 and kind == 0x86dd:
        tell_6(packet)
'''


@contextlib.contextmanager
def measured(what, at_most_s=kith_cli.DEADLINE_S):
    """Says how long something took, and that it took no longer than this."""
    started = time.monotonic()
    yield
    took_s = time.monotonic() - started
    print(f'# {what}: {took_s:.2f} s', flush=True)
    assert took_s <= at_most_s, f'{what} took {took_s:.2f} s, more than {at_most_s} s'


class World(netns.Internet):
    """An internet with a DHT of its own."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.mkdtemp(prefix='kith-people-')
        self.dht = self.backbone.host('dht')
        self.bootstrap = f'{self.dht.address}:{DHT_PORT}'
        for i in range(N_DHT_NODES):
            onward = ['-b', self.bootstrap] if i > 0 else []
            self.dht.popen(['dhtnode', '-s', '-n', DHT_NETWORK, '-p', DHT_PORT + i, *onward])

    def home(self, name, network, upnp=True):
        """A LAN behind a router, which opens ports or does not."""
        lan = self.lan(name, network)
        lan.router = self.router(lan, upnp=upnp, nat_pmp=upnp)
        return lan

    def person(self, name, host, *options, port=PORT, dht=True):
        """Somebody on a machine, who keeps a profile and finds it again when starting anew."""
        network = ['--dht-network', str(DHT_NETWORK), '--bootstrap', self.bootstrap] if dht else ['--no-dht']
        return kith_cli.Person(name, *options, profile=f'{self.folder}/{name}', listen=f'[::]:{port}',
                               network=network, prefix=host.prefix)

    def proxy(self):
        """A SOCKS5 proxy on the backbone, which says what it is asked for."""
        host = self.backbone.host('proxy')
        proxy = host.python(PROXY)
        proxy.line('listening')
        proxy.address = host.address
        return proxy

    def close(self):
        self.crashed |= kith_cli.end_processes()
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Lookout:
    """Sees what leaves a machine."""

    MARK_PORT = 9

    def __init__(self, host):
        self.host = host
        self.process = host.python(LOOKOUT)
        self.process.line('listening')

    def seen(self):
        """All packets until now: {(protocol number, address, port)}."""
        mark = 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", ("127.0.0.1", 9))'
        self.host.run(sys.executable, '-c', mark)
        self.process.line(f'^17 127.0.0.1 {self.MARK_PORT}$')
        lines = [line.split() for line in self.process.seen if re.match(r'\d+ ', line)]
        # The mark, and the kernel's answer to it.
        return {(int(protocol), address, int(port)) for protocol, address, port in lines if address != '127.0.0.1'}


def talk(a, b):
    """A message each way, to the acknowledgement."""
    for sender, receiver in ((a, b), (b, a)):
        text = f'from {sender.name} at {time.monotonic()}'
        message = sender.ok('send', to=receiver.id, text=text)['message']
        receiver.event('message', text=text)
        sender.event('receipt', message=message, state='delivered')


def await_ways(*people, router='mapped'):
    """Until they are in the DHT and know what their router does for them."""
    for person in people:
        person.event('dht', state='connected')
        person.event('port-map', state=router)


def become_contacts(a, b):
    """b invites a, who comes."""
    reply = a.ok('add', invite=b.ok('invite')['invite'])
    b.event('request', id=a.id)
    b.ok('accept', who=a.id)
    a.event('peer-online', id=b.id)
    b.event('peer-online', id=a.id)
    return reply['state']


def diagnose(person, who=None):
    """What is found, by code; of several of one kind the first, which is the latest."""
    findings = person.ok('diagnose', **({'who': who.id} if who else {}))['findings']
    return {finding['code']: finding for finding in reversed(findings)}


def forget_events(*people):
    """What was said until now is not waited for any more."""
    for person in people:
        person.ok('status')
        person.seen.clear()


def run_tests(tests):
    """As netns does it, when there are the programs for it."""
    if shutil.which('dhtnode') is None:
        print('1..0 # SKIP dhtnode is not installed')
        return
    netns.run_tests(tests)
