# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of profiles on disk have in common."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import kith_cli

ROOT = pathlib.Path(tempfile.mkdtemp(prefix='kith-vault-'))
MARK = 'zebrafinch'


def folder(name):
    path = ROOT / name
    shutil.rmtree(path, ignore_errors=True)
    return str(path)


def send_and_await(sender, receiver, text):
    message = sender.ok('send', to=receiver.id, text=text)['message']
    receiver.event('message', text=text)
    sender.event('receipt', message=message, state='delivered')
    return message


def texts(person, other, **fields):
    return [m['text'] for m in person.ok('history', **{'with': other.id, **fields})['messages']]


def run_command(*arguments, passphrase=None, stdin=subprocess.DEVNULL):
    command = [*kith_cli.COMMAND, '--no-listen']
    fds = ()
    if passphrase is not None:
        source, sink = os.pipe()
        os.write(sink, ''.join(line + '\n' for line in passphrase).encode())
        os.close(sink)
        command += ['--passphrase-fd', str(source)]
        fds = (source,)
    done = subprocess.run(command + list(arguments), stdin=stdin, capture_output=True, text=True,
                          pass_fds=fds, timeout=kith_cli.DEADLINE_S)
    for fd in fds:
        os.close(fd)
    return done


def run(tests):
    """As kith_cli.run(), in a folder that goes with it."""
    try:
        kith_cli.run(tests)
    finally:
        shutil.rmtree(ROOT, ignore_errors=True)
