# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of namespaces with real routers and real processes. Root only; waits for events, never for time.

    with Internet() as internet:
        home = internet.lan('home', '192.168.7.0/24')
        router = internet.router(home)          # NAT by nftables, UPnP, NAT-PMP and PCP by miniupnpd
        ada = home.host('ada')                  # gets the router as its gateway
        ada.popen(['kith-cli', ...])            # a Process, with its lines

Everything is named after the process that made it, so that what a crash left behind is found and removed."""
import atexit
import ipaddress
import os
import pathlib
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import uuid

DEADLINE_S = float(os.environ.get('KITH_TEST_DEADLINE_S', '30'))
PREFIX = 'kith-test-'
# Not private, and not one of those reserved for examples, which miniupnpd refuses to have outside.
BACKBONE = '11.0.0.0/24'
OUTSIDE6, HOME6, GATEWAY6 = '2a00:1::', '2a00:1:7::', 'fe80::1'
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix='kith-netns-'))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

RULES = '''
table inet filter {
  chain forward {
    type filter hook forward priority 0; policy drop;
    jump miniupnpd
    ct state established,related accept
    iifname "lan" accept
  }
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
  chain postrouting {
    type nat hook postrouting priority 100;
    jump postrouting_miniupnpd
    oifname "wan" masquerade
  }
  chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
}
'''


class Skip(Exception):
    """What is tested cannot be had here."""


def run(*command, **options):
    """Runs a command that has to succeed, and returns what it says."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, **options)
    if done.returncode != 0:
        raise RuntimeError(f'{" ".join(command)}: {done.stderr.strip()}')
    return done.stdout


def wait_until(condition, what, deadline_s=DEADLINE_S):
    """For what sends no event: asks every 20 ms."""
    end = time.monotonic() + deadline_s
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f'waited in vain until {what}')
        time.sleep(0.02)
    return value


SERVER = '''
import socket, sys
server = socket.create_server(("", int(sys.argv[1])), family=int(sys.argv[3]))
print("listening", flush=True)
while True:
    peer, address = server.accept()
    print("from", address[0], flush=True)
    peer.sendall(sys.argv[2].encode())
    peer.close()
'''

CLIENT = '''
import socket, sys
print(socket.create_connection((sys.argv[1], int(sys.argv[2])), 5).recv(100).decode())
'''

SNIFFER = '''
import socket, struct, sys
sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(3))
print("listening", flush=True)
while True:
    packet, address = sniffer.recvfrom(65536)
    if address[2] == 4:
        continue  # what we send ourselves
    if packet[0] >> 4 == 4 and packet[9] == 17:
        udp = packet[4 * (packet[0] & 15):]
    elif packet[0] >> 4 == 6 and packet[6] == 17:
        udp = packet[40:]
    else:
        continue
    if struct.unpack(">H", udp[2:4])[0] == int(sys.argv[1]):
        print(packet[0] >> 4, udp[8:].hex(), flush=True)
'''


class Process:
    """A process in a namespace, whose lines can be waited for."""

    def __init__(self, command, **options):
        self.name = pathlib.Path(command[0]).name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, **options)
        self.pid = self.process.pid
        self.queue = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.queue.put(line.rstrip('\n'))
        self.queue.put(None)

    def write(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def line(self, pattern, deadline_s=DEADLINE_S):
        """The next line that fits, as a match; lines before it are passed over."""
        end = time.monotonic() + deadline_s
        while True:
            try:
                line = self.queue.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f'{self.name} did not say {pattern!r}, but: {self.seen}')
            self.seen.append(line)
            if match := re.search(pattern, line):
                return match

    def wait(self, deadline_s=DEADLINE_S):
        return self.process.wait(deadline_s)

    def rest(self):
        """The lines that nobody waited for, once the process has ended."""
        return list(iter(lambda: self.queue.get(timeout=DEADLINE_S), None))

    def kill(self, number=signal.SIGKILL):
        """Ends the process and waits for it. Returns whether it had crashed before."""
        crashed = self.process.poll() is not None and self.process.returncode < 0
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(DEADLINE_S)
        return crashed


class Namespace:
    """A machine."""

    def __init__(self, internet, name):
        self.internet = internet
        self.name = name
        self.id = f'{PREFIX}{os.getpid()}-{name}'
        self.processes = []
        # What makes a command run here.
        self.prefix = ('nsenter', f'--net=/run/netns/{self.id}')
        run('ip', 'netns', 'add', self.id)
        self.run('ip', 'link', 'set', 'lo', 'up')

    def _enter(self, command):
        return [*self.prefix, *map(str, command)]

    def run(self, *command, **options):
        return run(*self._enter(command), **options)

    def popen(self, command, **options):
        """Starts a process here, to be ended at the latest with the internet."""
        process = Process(self._enter(command), **options)
        process.name = pathlib.Path(str(command[0])).name
        self.processes.append(process)
        return process

    def python(self, script, *arguments):
        return self.popen([sys.executable, '-c', script, *arguments])

    def serve(self, port, words, family=socket.AF_INET):
        """Waits on a TCP port, greets everybody with these words and says who it was."""
        server = self.python(SERVER, port, words, int(family))
        server.line('listening')
        return server

    def ask(self, address, port):
        """What a server in this world says to us, or None when it is not reached."""
        client = subprocess.run(self._enter([sys.executable, '-c', CLIENT, address, port]), capture_output=True,
                                text=True, timeout=DEADLINE_S)
        return client.stdout.strip() if client.returncode == 0 else None

    def sniff(self, port):
        """Listens to all UDP datagrams on the cable to a port: lines of IP version and bytes."""
        sniffer = self.python(SNIFFER, port)
        sniffer.line('listening')
        return sniffer

    def plug(self, lan, device):
        """Connects a new interface to a LAN. It is up, and has no address."""
        port = f'p{next(self.internet.numbers)}'
        run('ip', 'link', 'add', device, 'netns', self.id, 'type', 'veth', 'peer', 'name', port, 'netns',
            self.internet.switch.id)
        self.internet.switch.run('ip', 'link', 'set', port, 'master', lan.bridge, 'up')
        self.run('ip', 'link', 'set', device, 'up')

    def set_link(self, device, up):
        self.run('ip', 'link', 'set', device, 'up' if up else 'down')

    def set_address(self, device, address, gateway=None):
        """Gives an interface this IPv4 address instead of those that it has: 192.168.7.5/24."""
        self.run('ip', '-4', 'address', 'flush', 'dev', device)
        self.run('ip', 'address', 'add', str(address), 'dev', device)
        if gateway is not None:
            self.run('ip', 'route', 'replace', 'default', 'via', str(gateway))

    def set_address6(self, device, address, gateway=None):
        """The same for IPv6. The address is fit for use at once."""
        self.run('ip', '-6', 'address', 'flush', 'dev', device, 'scope', 'global')
        self.run('ip', '-6', 'address', 'add', str(address), 'dev', device, 'nodad')
        if gateway is not None:
            self.run('ip', '-6', 'route', 'replace', 'default', 'via', gateway, 'dev', device)

    def remove(self):
        """Ends all that runs here. Returns whether something had crashed."""
        crashed = [process.name for process in self.processes if process.kill()]
        for name in crashed:
            print(f'# {name} crashed')
        remove_namespace(self.id)
        return bool(crashed)


class Host(Namespace):
    """A machine on one LAN, with the interface eth0."""

    def __init__(self, lan, name, address):
        super().__init__(lan.internet, name)
        self.lan = None
        self.plug_into(lan, address)

    def plug_into(self, lan, address=None):
        """Leaves the LAN that it is on for another one, which gives it an address."""
        if self.lan is not None:
            self.run('ip', 'link', 'delete', 'eth0')
        self.lan = lan
        self.plug(lan, 'eth0')
        self.move(address or lan.next_address())

    def move(self, address):
        """Takes another address of the same LAN."""
        self.address = str(address)
        gateway = self.lan.gateway
        self.set_address('eth0', f'{address}/{self.lan.network.prefixlen}', gateway)


class Router(Namespace):
    """NAT between "wan" and "lan", with a daemon that maps ports."""

    def __init__(self, lan, outside, upnp, nat_pmp, ipv6):
        super().__init__(lan.internet, f'{lan.name}-router')
        self.lan = lan
        self.options = {'enable_upnp': upnp, 'enable_natpmp': nat_pmp, 'ipv6_disable': not ipv6}
        self.uuid = str(uuid.uuid4())
        self.daemon = None
        self.plug(outside, 'wan')
        self.plug(lan, 'lan')
        self.address = str(outside.next_address())
        self.set_address('wan', f'{self.address}/{outside.network.prefixlen}', outside.gateway)
        self.set_address('lan', f'{lan.take_gateway()}/{lan.network.prefixlen}')
        self.run('sysctl', '-q', 'net.ipv4.ip_forward=1')
        self.run('nft', '-f', '-', input=RULES)
        if ipv6:
            self.run('sysctl', '-q', 'net.ipv6.conf.all.forwarding=1')
            self.set_address6('wan', f'{OUTSIDE6}1/64')
            self.set_address6('lan', f'{HOME6}1/64')
            self.run('ip', '-6', 'address', 'add', f'{GATEWAY6}/64', 'dev', 'lan', 'nodad')
        if upnp or nat_pmp:
            self.start()

    def start(self):
        """Starts the daemon and waits until it serves."""
        config = FOLDER / f'{self.id}.conf'
        options = {name: 'yes' if value else 'no' for name, value in self.options.items()}
        options |= {
            'ext_ifname': 'wan', 'listening_ip': 'lan', 'secure_mode': 'yes', 'http_port': '5000',
            'upnp_table_name': 'filter', 'upnp_nat_table_name': 'filter', 'upnp_forward_chain': 'miniupnpd',
            'upnp_nat_chain': 'prerouting_miniupnpd', 'upnp_nat_postrouting_chain': 'postrouting_miniupnpd',
            'uuid': self.uuid, 'notify_interval': '30', 'clean_ruleset_interval': '600',
        }
        config.write_text(''.join(f'{name}={value}\n' for name, value in options.items())
                          + 'allow 1024-65535 0.0.0.0/0 1024-65535\n')
        self.daemon = self.popen(['miniupnpd', '-d', '-f', config, '-P', FOLDER / f'{self.id}.pid'])
        if self.options['enable_natpmp']:
            self.daemon.line('Listening for NAT-PMP')
        else:
            self.daemon.line('HTTP listening')

    def stop(self, number=signal.SIGTERM):
        """Ends the daemon: with SIGTERM it says goodbye, with SIGKILL it does not."""
        self.daemon.kill(number)
        self.processes.remove(self.daemon)
        for chain in ('miniupnpd', 'prerouting_miniupnpd', 'postrouting_miniupnpd'):
            self.run('nft', 'flush', 'chain', 'inet', 'filter', chain)

    def mappings(self):
        """The mapped ports: {external: (address, port)}."""
        rules = self.run('nft', 'list', 'chain', 'inet', 'filter', 'prerouting_miniupnpd')
        found = re.findall(r'dport (\d+) dnat ip to ([\d.]+):(\d+)', rules)
        return {int(external): (address, int(port)) for external, address, port in found}

    def pinholes(self):
        """How many holes there are in the firewall for IPv6."""
        return self.run('nft', 'list', 'chain', 'inet', 'filter', 'miniupnpd').count('@nh,192,128')


class Lan:
    """A network cable that everybody is plugged into."""

    def __init__(self, internet, name, network):
        self.internet = internet
        self.name = name
        self.network = ipaddress.ip_network(network)
        self.addresses = self.network.hosts()
        self.gateway = None
        self.bridge = f'br{next(internet.numbers)}'
        # Without a querier, a bridge that snoops forgets who listens to a multicast group.
        internet.switch.run('ip', 'link', 'add', self.bridge, 'type', 'bridge', 'mcast_snooping', '0')
        internet.switch.run('ip', 'link', 'set', self.bridge, 'up')

    def next_address(self):
        return next(self.addresses)

    def take_gateway(self):
        self.gateway = str(self.next_address())
        return self.gateway

    def host(self, name):
        return self.internet.add(Host(self, name, self.next_address()))


class Internet:
    """A backbone, and the LANs behind their routers."""

    def __init__(self):
        check_possible()
        remove_left_behind()
        self.numbers = iter(range(1, 1000))
        self.namespaces = []
        self.crashed = False
        self.switch = self.add(Namespace(self, 'switch'))
        self.backbone = Lan(self, 'backbone', BACKBONE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
        if self.crashed and sys.exc_info()[0] is None:
            raise AssertionError('a process crashed')

    def add(self, namespace):
        self.namespaces.append(namespace)
        return namespace

    def lan(self, name, network):
        return Lan(self, name, network)

    def router(self, lan, outside=None, upnp=True, nat_pmp=True, ipv6=False):
        """Puts a router between a LAN and the backbone, or another LAN. To be called before
        the LAN gets its hosts, which take it for their gateway. It answers PCP where it answers NAT-PMP."""
        return self.add(Router(lan, outside or self.backbone, upnp, nat_pmp, ipv6))

    def close(self):
        for namespace in reversed(self.namespaces):
            self.crashed |= namespace.remove()
        self.namespaces.clear()


def remove_namespace(name):
    """Ends each process that is still in it, by its id, and removes it."""
    for pid in subprocess.run(['ip', 'netns', 'pids', name], capture_output=True, text=True).stdout.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    subprocess.run(['ip', 'netns', 'delete', name], capture_output=True)


def remove_left_behind():
    """What processes left that did not come to remove it."""
    for path in pathlib.Path('/run/netns').glob(f'{PREFIX}*'):
        pid = path.name.removeprefix(PREFIX).split('-')[0]
        if not pathlib.Path('/proc', pid).exists():
            remove_namespace(path.name)


def check_possible():
    if os.geteuid() != 0:
        raise Skip('network namespaces need root')
    for tool in ('ip', 'nft', 'nsenter', 'miniupnpd'):
        if shutil.which(tool, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin') is None:
            raise Skip(f'{tool} is not installed')
    trial = f'{PREFIX}{os.getpid()}-trial'
    try:
        run('ip', 'netns', 'add', trial)
        run('nsenter', f'--net=/run/netns/{trial}', 'nft', '-f', '-', input=RULES)
    except RuntimeError as error:
        raise Skip(f'this kernel does not let us: {error}') from error
    finally:
        remove_namespace(trial)


def run_tests(tests):
    """Runs test functions as TAP; all are skipped where there can be no namespaces."""
    os.environ['PATH'] = os.environ.get('PATH', '') + ':/usr/sbin:/sbin'
    try:
        check_possible()
    except Skip as reason:
        print(f'1..0 # SKIP {reason}')
        return

    print(f'1..{len(tests)}', flush=True)
    n_failed = 0
    for number, test in enumerate(tests, 1):
        name = test.__name__.removeprefix('test_').replace('_', '-')
        try:
            test()
            result = 'ok'
        except Exception:
            n_failed += 1
            result = 'not ok'
            for line in traceback.format_exc().splitlines():
                print(f'# {line}')
        print(f'{result} {number} {name}', flush=True)
    sys.exit(1 if n_failed else 0)
