# SPDX-License-Identifier: GPL-3.0-or-later
"""A network of the test alone: a namespace with addresses that look public, and nothing else in it.
Kith takes no address of this machine itself (127.0.0.1) from the DHT, as anybody could put one there."""
import ctypes
import os
import subprocess

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000


def _unshare():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) == 0:
        return
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'no network of its own')
    for name, text in (('setgroups', 'deny'), ('uid_map', f'0 {uid} 1'), ('gid_map', f'0 {gid} 1')):
        with open(f'/proc/self/{name}', 'w', encoding='ascii') as file:
            file.write(text)


def ip(*arguments):
    subprocess.run(['ip', *arguments], check=True)


def enter(addresses):
    """Puts this process, which has no threads yet, and its children into a network with these
    addresses. Skips all tests where the system does not let us."""
    try:
        _unshare()
    except OSError as error:
        print(f'1..0 # SKIP {error}')
        raise SystemExit(0) from error
    ip('link', 'set', 'lo', 'up')
    for address in addresses:
        ip('address', 'add', f'{address}/24', 'dev', 'lo')
    ip('route', 'add', 'default', 'dev', 'lo')
