# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives real kith-cli processes over their JSON lines. Waits for events, never for time."""
import atexit
import functools
import json
import os
import pathlib
import queue
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

BINARY = os.environ.get('KITH_CLI', 'build/src/kith-cli')
SANITIZED = os.path.exists(BINARY) and b'__asan_init' in pathlib.Path(BINARY).read_bytes()
DEADLINE_S = float(os.environ.get('KITH_TEST_DEADLINE_S', '120' if SANITIZED else '60'))
# No test looks for anybody beyond this machine unless it says so.
NO_NETWORK = ['--no-dht', '--no-lan', '--no-port-map']
COMMAND = [BINARY, *NO_NETWORK]
_processes = []
# Nothing of the tests goes to where a person's own profiles are.
os.environ['XDG_DATA_HOME'] = tempfile.mkdtemp(prefix='kith-data-')
atexit.register(shutil.rmtree, os.environ['XDG_DATA_HOME'], ignore_errors=True)


def preloading(*libraries, **environment):
    """An environment with libraries of ours before all others but what the sanitizers bring."""
    return {'LD_PRELOAD': ':'.join(filter(None, [os.environ.get('LD_PRELOAD'), *libraries])), **environment}


def _limit_files(n_bytes):
    """No file grows beyond that: to the process, a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))


class Person:
    """One kith-cli --json process."""

    def __init__(self, name, *options, listen='127.0.0.1:0', profile=None, passphrase=None, locked=False,
                 file_bytes=None, network=NO_NETWORK, environment=None, prefix=()):
        self.name = name
        command = [BINARY, '--json', '--name', name]
        command += ['--profile', profile] if profile else ['--ephemeral']
        pass_fd = ()
        if passphrase is not None:
            source, sink = os.pipe()
            os.write(sink, passphrase.encode() + b'\n')
            os.close(sink)
            command += ['--passphrase-fd', str(source)]
            pass_fd = (source,)
        command += ['--listen', listen] if listen else ['--no-listen']
        self.process = subprocess.Popen([*prefix, *command, *network, *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=pass_fd,
                                        env={**os.environ, **(environment or {})},
                                        preexec_fn=file_bytes and functools.partial(_limit_files, file_bytes))
        for fd in pass_fd:
            os.close(fd)
        _processes.append(self.process)
        self.lines = queue.Queue()
        self.seen = []
        self.n_calls = 0
        self.errors = []
        threading.Thread(target=self._read, daemon=True).start()
        self.errors_reader = threading.Thread(target=self._read_errors, daemon=True)
        self.errors_reader.start()
        if locked:
            self.event('locked')
        else:
            self.await_ready()

    def await_ready(self):
        ready = self.event('ready')
        self.id = ready['id']
        self.port = ready['listening'][0]['port'] if ready['listening'] else 0

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))
        self.lines.put(None)

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line.decode(errors='replace'))

    def next(self, matches, what):
        """The first line, old or new, that matches; each is given out once."""
        for item in self.seen:
            if matches(item):
                self.seen.remove(item)
                return item
        end = time.monotonic() + DEADLINE_S
        while True:
            try:
                item = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f'{self.name} waited in vain for {what}; has {self.seen}')
            if item is None:
                raise AssertionError(f'{self.name} ended before {what}: {"".join(self.errors)}')
            if matches(item):
                return item
            self.seen.append(item)

    def event(self, event, /, **fields):
        return self.next(lambda x: x.get('event') == event
                          and all(x.get(k) == v for k, v in fields.items()), (event, fields))

    def write(self, raw):
        self.process.stdin.write(raw)
        self.process.stdin.flush()

    def begin(self, cmd, **fields):
        self.n_calls += 1
        self.write(json.dumps({'id': self.n_calls, 'cmd': cmd, **fields}).encode() + b'\n')
        return self.n_calls

    def reply(self, number):
        return self.next(lambda x: 'reply' in x and x['reply'] == number, f'reply {number}')

    def ok(self, cmd, **fields):
        reply = self.reply(self.begin(cmd, **fields))
        assert reply['ok'], reply
        return reply

    def fails(self, error, cmd, **fields):
        reply = self.reply(self.begin(cmd, **fields))
        assert not reply['ok'] and reply['error'] == error, (cmd, fields, reply)
        assert reply['message'], reply
        return reply

    def state_of(self, message):
        return self.ok('receipts', message=message)['recipients'][0]['state']

    def await_end(self):
        """Until all is read that a process has said which ends."""
        self.process.wait(DEADLINE_S)
        self.errors_reader.join(DEADLINE_S)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def quit(self):
        self.ok('quit')
        self.event('bye')
        assert self.process.wait(DEADLINE_S) == 0


def befriend(a, b):
    """a asks, b accepts."""
    reply = a.ok('connect', address='127.0.0.1', port=b.port)
    assert reply['outcome'] == 'requested', reply
    b.event('request', id=a.id)
    b.ok('accept', who=a.id)
    a.event('contact', id=b.id, change='accepted')
    a.event('peer-online', id=b.id)
    b.event('peer-online', id=a.id)


def keep_until_the_end(process):
    """Ends a process that is not a person with the test."""
    _processes.append(process)
    return process


def in_folder(test):
    """Gives a test a folder for profiles, which goes with it."""
    @functools.wraps(test)
    def with_folder():
        with tempfile.TemporaryDirectory(prefix='kith-test-') as folder:
            test(folder)
    return with_folder


def end_processes():
    """Ends what a test has left running. Says whether one of them had crashed before that."""
    crashed = False
    for process in _processes:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
        elif process.returncode < 0 and process.returncode != -signal.SIGKILL:
            print(f'# a process ended with signal {-process.returncode}')
            crashed = True
        for stream in (process.stdin, process.stdout, process.stderr):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                pass
    _processes.clear()
    return crashed


def _passes(test):
    try:
        test()
        passed = True
    except Exception:
        passed = False
        for line in traceback.format_exc().splitlines():
            print(f'# {line}')
    return not end_processes() and passed


def run(tests):
    """Runs test functions as TAP: all, or those whose names hold one of the words on the command line."""
    words = [word.replace('-', '_') for word in sys.argv[1:]]
    tests = [test for test in tests if not words or any(word in test.__name__ for word in words)]
    print(f'1..{len(tests)}', flush=True)
    failed = 0
    for number, test in enumerate(tests, 1):
        name = test.__name__.removeprefix('test_').replace('_', '-')
        passed = _passes(test)
        failed += not passed
        print(f'{"ok" if passed else "not ok"} {number} {name}', flush=True)
    sys.exit(1 if failed else 0)
