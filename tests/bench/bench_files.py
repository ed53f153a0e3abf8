#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast files go from disk to disk, verified, between two kith-cli on loopback; beside it, in the same run,
libsodium's cipher and hash by themselves, scp, if there is an sshd, and toxcore, if it is installed. KITH_BENCH_MIB says how large.

Goals: as fast as scp or faster; no more memory than 64 MiB for a file of any size."""
import ctypes
import ctypes.util
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'cli'))
from kith_cli import Person, befriend, end_processes

MIB = 1 << 20
SIZE = int(os.environ.get('KITH_BENCH_MIB', '1024')) * MIB
ROUNDS = int(os.environ.get('KITH_BENCH_ROUNDS', '3'))


def tell(name, **fields):
    print(json.dumps({'bench': name, **fields}), flush=True)


def goal(what, value, at_least):
    print(json.dumps({'goal': what, 'value': round(value, 2), 'at_least': at_least}), flush=True)


def median(values):
    return sorted(values)[len(values) // 2]


def cpu_of(person):
    fields = pathlib.Path(f'/proc/{person.process.pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def memory_of(person):
    status = pathlib.Path(f'/proc/{person.process.pid}/status').read_text()
    return int(status.split('VmHWM:')[1].split()[0]) / 1024


def bench_libsodium():
    """One core, pieces of 64 KiB: what each byte costs at least, twice a cipher and twice a hash."""
    sodium = ctypes.CDLL(ctypes.util.find_library('sodium'))
    sodium.sodium_init()
    plain, cipher = ctypes.create_string_buffer(65536), ctypes.create_string_buffer(65552)
    key, nonce, out = bytes(32), bytes(12), ctypes.create_string_buffer(32)
    length = ctypes.c_ulonglong()
    speeds = {}
    for name, work in (
            ('cipher', lambda: sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
                cipher, ctypes.byref(length), plain, ctypes.c_ulonglong(65536), None, ctypes.c_ulonglong(0), None,
                nonce, key)),
            ('hash', lambda: sodium.crypto_generichash(out, ctypes.c_size_t(32), plain, ctypes.c_ulonglong(65536),
                                                       None, ctypes.c_size_t(0)))):
        start = time.monotonic()
        for _ in range(8192):
            work()
        speeds[name] = 8192 * 65536 / (time.monotonic() - start) / 1e9
        tell(f'libsodium-{name}', gb_per_s=round(speeds[name], 3))
    return speeds


def bench_kith(folder, path, sodium):
    ann, ben = Person('Ann', profile=folder + '/ann'), Person('Ben', profile=folder + '/ben')
    befriend(ann, ben)
    speeds, costs = [], []
    for _ in range(ROUNDS):
        sent = ann.ok('send-file', to='Ben', path=path)['transfer']
        ben.event('file-offer', transfer=sent)
        cpu = cpu_of(ann) + cpu_of(ben)
        start = time.monotonic()
        ben.ok('accept-file', transfer=sent)
        done = ben.event('file-done', transfer=sent)
        seconds = time.monotonic() - start
        cpu = cpu_of(ann) + cpu_of(ben) - cpu
        assert done['state'] == 'done', done
        os.unlink(done['path'])
        speeds.append(SIZE / seconds / 1e9)
        costs.append(cpu / (SIZE / 1e9))
        tell('kith', gb_per_s=round(speeds[-1], 3), cpu_s_per_gb=round(costs[-1], 2))
    # Encrypted once, decrypted once, and hashed once on its way.
    ideal = 2 / sodium['cipher'] + 1 / sodium['hash']
    tell('kith-ratios', speed_to_cipher=round(median(speeds) / sodium['cipher'], 2),
         ideal_cpu_s_per_gb=round(ideal, 2), memory_mib=[round(memory_of(p)) for p in (ann, ben)])
    return median(speeds), median(costs)


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def bench_scp(folder, path):
    sshd, scp = shutil.which('sshd', path='/usr/sbin:/usr/local/sbin:/usr/bin'), shutil.which('scp')
    if not sshd or not scp:
        print('# scp is not compared with: there is no sshd here', flush=True)
        return None
    for name in ('host', 'user'):
        subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', f'{folder}/{name}'], check=True)
    shutil.copy(f'{folder}/user.pub', f'{folder}/authorized')
    port, user = free_port(), pwd.getpwuid(os.geteuid()).pw_name
    os.makedirs('/run/sshd', exist_ok=True) if os.geteuid() == 0 else None
    server = subprocess.Popen([sshd, '-D', '-e', '-f', '/dev/null', '-p', str(port), '-h', f'{folder}/host', '-o',
                               'ListenAddress=127.0.0.1', '-o', f'AuthorizedKeysFile={folder}/authorized', '-o',
                               'StrictModes=no', '-o', 'PermitRootLogin=yes', '-o', 'UsePAM=no', '-o',
                               f'PidFile={folder}/sshd.pid', '-o', 'Subsystem=sftp internal-sftp'],
                              stderr=subprocess.DEVNULL)
    try:
        speeds = []
        options = ['-q', '-P', str(port), '-i', f'{folder}/user', '-o', 'StrictHostKeyChecking=no', '-o',
                   'UserKnownHostsFile=/dev/null', '-o', 'BatchMode=yes', '-o', 'ConnectionAttempts=10',
                   '-c', 'chacha20-poly1305@openssh.com']
        for _ in range(ROUNDS):
            start = time.monotonic()
            subprocess.run([scp, *options, path, f'{user}@127.0.0.1:{folder}/scp-copy'], check=True,
                           stdin=subprocess.DEVNULL, timeout=600)
            speeds.append(SIZE / (time.monotonic() - start) / 1e9)
            os.unlink(folder + '/scp-copy')
            tell('scp', gb_per_s=round(speeds[-1], 3))
        return median(speeds)
    except subprocess.SubprocessError as error:
        print(f'# scp is not compared with: {error}', flush=True)
        return None
    finally:
        server.terminate()
        server.wait()


def bench_toxcore():
    """From memory to nowhere, unchecked. Returns its speed and its seconds of CPU for a GB, or None."""
    program = os.environ.get('KITH_BENCH_SESSION')
    said = program and subprocess.run([program, 'tox-file'], capture_output=True, text=True, timeout=600).stdout
    if not said:
        print('# toxcore is not compared with: it is not installed (libtoxcore-dev)', flush=True)
        return None
    print(said, end='', flush=True)
    figures = json.loads(said)
    return figures['gb_per_s'], figures['cpu_s_per_gb']


def main():
    with tempfile.TemporaryDirectory(prefix='kith-bench-') as folder:
        path = folder + '/large'
        with open(path, 'wb') as file:
            for _ in range(SIZE // MIB):
                file.write(os.urandom(MIB))
        try:
            ours, cost = bench_kith(folder, path, bench_libsodium())
            scp, toxcore = bench_scp(folder, path), bench_toxcore()
        finally:
            end_processes()
        bars = {'Kith': round(ours, 4)}
        if scp:
            bars['scp'] = round(scp, 4)
            goal('a file, speed, to scp', ours / scp, 1)
        if toxcore:
            bars['toxcore, from memory to nowhere'] = toxcore[0]
            goal('a file, speed, to toxcore', ours / toxcore[0], 40)
            goal('a file, toxcore by the CPU for a GB, to Kith', toxcore[1] / cost, 5)
        print(json.dumps({'measure': 'A file from disk to disk', 'unit': 'GB/s', 'bars': bars}))


if __name__ == '__main__':
    main()
