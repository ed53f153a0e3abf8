# SPDX-License-Identifier: GPL-3.0-or-later
"""Small proxies that write down what goes through them, and a look at the sockets of a process."""
import os
import socket
import struct
import threading


ESTABLISHED, LISTENING = 1, 10  # of TCP, as the kernel numbers them


class Refused(Exception):
    pass


def read_exactly(connection, n_bytes):
    data = b''
    while len(data) < n_bytes:
        more = connection.recv(n_bytes - len(data))
        if not more:
            raise ConnectionError('ended early')
        data += more
    return data


def read_until(connection, end):
    data = b''
    while not data.endswith(end):
        data += read_exactly(connection, 1)
    return data[:-len(end)]


class Proxy:
    """Lets everything through, unless it is told to refuse. `seen` has what was asked for: (host, port).
    `own_ports` are those that it went on from."""

    def __init__(self, scheme, refuse=False, address='127.0.0.1', port=0):
        self.scheme, self.refuse = scheme, refuse
        self.seen, self.own_ports = [], set()
        self.connections = []
        self.listener = socket.create_server((address, port))
        self.port = self.listener.getsockname()[1]
        self.uri = f'{scheme}://127.0.0.1:{self.port}'
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        negotiate = {'socks5': self._socks5, 'socks4a': self._socks4a, 'http': self._http}[self.scheme]
        try:
            onward = negotiate(connection)
        except (OSError, Refused):
            connection.close()
            return
        self.connections.append(onward)
        threading.Thread(target=self._pump, args=(onward, connection), daemon=True).start()
        self._pump(connection, onward)

    def _pump(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _go_on(self, host, port):
        self.seen.append((host, port))
        if self.refuse:
            return None
        try:
            onward = socket.create_connection((host, port), 10)
        except OSError:
            return None
        onward.settimeout(None)
        self.own_ports.add(onward.getsockname()[1])
        return onward

    def _socks5(self, connection):
        version, n_methods = read_exactly(connection, 2)
        assert version == 5
        read_exactly(connection, n_methods)
        connection.sendall(b'\x05\x00')
        _, command, _, kind = read_exactly(connection, 4)
        assert command == 1
        if kind == 1:
            host = socket.inet_ntop(socket.AF_INET, read_exactly(connection, 4))
        elif kind == 4:
            host = socket.inet_ntop(socket.AF_INET6, read_exactly(connection, 16))
        else:
            host = read_exactly(connection, read_exactly(connection, 1)[0]).decode()
        onward = self._go_on(host, struct.unpack('>H', read_exactly(connection, 2))[0])
        connection.sendall(bytes([5, 0 if onward else 2, 0, 1, 0, 0, 0, 0, 0, 0]))
        if onward is None:
            raise Refused
        return onward

    def _socks4a(self, connection):
        _, command, port, address = struct.unpack('>BBH4s', read_exactly(connection, 8))
        assert command == 1
        read_until(connection, b'\0')
        is_name = address[:3] == b'\0\0\0' and address[3] != 0
        host = read_until(connection, b'\0').decode() if is_name else socket.inet_ntoa(address)
        onward = self._go_on(host, port)
        connection.sendall(bytes([0, 90 if onward else 91, 0, 0, 0, 0, 0, 0]))
        if onward is None:
            raise Refused
        return onward

    def _http(self, connection):
        method, target, _ = read_until(connection, b'\r\n\r\n').decode().split('\r\n')[0].split(' ')
        assert method == 'CONNECT'
        host, _, port = target.rpartition(':')
        onward = self._go_on(host.strip('[]'), int(port))
        connection.sendall(b'HTTP/1.0 200 OK\r\n\r\n' if onward else b'HTTP/1.0 403 Forbidden\r\n\r\n')
        if onward is None:
            raise Refused
        return onward


def sockets_of(pid):
    """What IP sockets a process has: {(protocol, local port, remote port, state)}."""
    inodes = set()
    for fd in os.listdir(f'/proc/{pid}/fd'):
        try:
            target = os.readlink(f'/proc/{pid}/fd/{fd}')
        except OSError:
            continue
        if target.startswith('socket:['):
            inodes.add(target[len('socket:['):-1])
    found = set()
    for protocol in ('tcp', 'tcp6', 'udp', 'udp6'):
        with open(f'/proc/{pid}/net/{protocol}', encoding='ascii') as table:
            for line in table.readlines()[1:]:
                fields = line.split()
                if fields[9] in inodes:
                    found.add((protocol, int(fields[1].rpartition(':')[2], 16),
                               int(fields[2].rpartition(':')[2], 16), int(fields[3], 16)))
    return found
