# SPDX-License-Identifier: GPL-3.0-or-later
"""A network with nobody else in it, for what would reach out otherwise: import it before all else. The test
goes on in a namespace that has the loopback and one cable, whose other end leads nowhere."""

import os
import subprocess
import sys

SETUP = '''
ip link set lo up &&
ip link add lan0 type veth peer name far0 &&
ip link set far0 up && ip link set lan0 up &&
ip address add 192.168.77.2/24 dev lan0 &&
exec "$@"
'''
WAYS = ['unshare', '--net'], ['unshare', '--user', '--map-current-user', '--keep-caps', '--net']


def enter():
    for way in WAYS:
        start = [*way, 'sh', '-c', SETUP, 'sh']
        if subprocess.run([*start, 'true'], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            os.environ['KITH_TEST_OWN_NETWORK'] = '1'
            os.execvp(start[0], [*start, sys.executable, *sys.argv])
    print('1..0 # SKIP no network namespace can be made here')
    sys.exit(0)


if 'KITH_TEST_OWN_NETWORK' not in os.environ:
    enter()
