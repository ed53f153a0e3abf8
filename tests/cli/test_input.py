#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes into kith-cli from programs, pipes and shells: nothing is done by halves."""
import json
import os
import signal
import socket
import subprocess

from kith_cli import COMMAND, DEADLINE_S, Person, befriend, run


class Pipe:
    """kith-cli for people, with pipes instead of a terminal."""

    def __init__(self, *options):
        self.process = subprocess.Popen([*COMMAND, '--ephemeral', '--name', 'Ann', '--no-listen', *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def write(self, raw):
        self.process.stdin.write(raw)
        self.process.stdin.flush()

    def befriend(self, person):
        self.write(f'/connect 127.0.0.1 {person.port}\n'.encode())
        person.ok('accept', who=person.event('request')['id'])
        self.see(b'accepted your request')

    def see(self, words):
        for line in self.process.stdout:
            if words in line:
                return
        raise AssertionError(f'ended before {words}')


def silent_server():
    """Takes connections and says nothing."""
    return socket.create_server(('127.0.0.1', 0))


def cli(*arguments, **options):
    return subprocess.run([*COMMAND, '--ephemeral', *arguments], capture_output=True, text=True, timeout=DEADLINE_S,
                          stdin=subprocess.DEVNULL, **options)


def refused(person, raw):
    person.write(raw)
    reply = person.reply(None)
    assert not reply['ok'] and reply['error'] == 'invalid' and reply['message'], reply


def test_wrong_types_change_nothing():
    """What is written wrongly must not count as left out: to listen at 5 is not to listen everywhere."""
    ann, ben = Person('Ann', listen=None), Person('Ben')
    befriend(ann, ben)
    ann.ok('alias', who='Ben', alias='Benny')
    for wrong in [5, 1.5, True, [], ['x'], {}, {'a': 1}]:
        ann.fails('invalid', 'listen', address=wrong, port=0)
        ann.fails('invalid', 'alias', who='Benny', alias=wrong)
        ann.fails('invalid', 'connect', address='127.0.0.1', port=ben.port, text=wrong)
        ann.fails('invalid', 'send', to='Benny', text=wrong)
        ann.fails('invalid', 'send', to=wrong, text='x')
        ann.fails('invalid', 'name', name=wrong)
        ann.fails('invalid', 'history', **{'with': 'Benny', 'before': wrong})
    for wrong in [-1, 1.5, True, 'x', '', '5x', ' 5', [], {}, 2**31 * 2**40]:
        ann.fails('invalid', 'listen', address='127.0.0.1', port=wrong)
        ann.fails('invalid', 'history', **{'with': 'Benny', 'limit': wrong})
    assert ann.ok('status')['listening'] == []
    assert ann.ok('contacts')['contacts'][0]['alias'] == 'Benny'
    assert ann.ok('history', **{'with': 'Benny'})['messages'] == []
    ann.ok('alias', who='Benny', alias=None)
    assert ann.ok('contacts')['contacts'][0]['alias'] is None


def test_every_command_needs_its_arguments():
    ann = Person('Ann', listen=None)
    for command in ann.ok('help')['commands']:
        required = [word for word in command['arguments'].split() if not word.startswith('[')]
        if required:
            ann.fails('invalid', command['cmd'])
            ann.fails('invalid', command['cmd'], **{required[0].rstrip('…'): None})


def test_nobody_of_that_name():
    """There is one answer, and nothing is asked of the command afterwards (for the sanitizers)."""
    somebody = {'who', 'with', 'to', 'group', 'transfer', 'message', 'invite'}
    numbers = {'port', 'limit', 'ttl_s', 'for_s'}
    ann = Person('Ann', listen=None)
    for command in ann.ok('help')['commands']:
        names = command['arguments'].translate(str.maketrans('', '', '[]…')).split()
        if somebody.isdisjoint(names) or command['cmd'] in ('add', 'ask', 'group-join'):
            continue
        given = {name: 7 if name in numbers else 'Nobody' for name in names}
        reply = ann.reply(ann.begin(command['cmd'], **given))
        assert not reply['ok'] and reply['error'] in ('not-found', 'invalid'), (command, reply)
    ann.fails('invalid', 'erase', what='everything')
    ann.ok('status')


def test_lines_that_are_none():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    quit_line = b'{"cmd": "quit"}'
    for raw in [quit_line + b'\0\n', quit_line + b' x\n', b'\0\n', b'[' * 60000 + b'\n', b'{"a":' * 13000 + b'\n',
                b'[{}' * 20000 + b'\n', b'{"cmd":"quit","id":' + b'[' * 30000 + b']' * 30000 + b'}\n',
                b'{"id": 1, "cmd": "send", "to": "Ben", "text": "cut\\u0000off"}\n',
                b'{"id": {}, "cmd": "status"}\n', b'{"id": "\\ud800", "cmd": "status"}\n', b'\r\r\n',
                b'x' * 65537 + b'\n', quit_line + b' ' * 65536 + b'\n']:
        refused(ann, raw)
    for text in ['\\ud800', 'a\\ud800b', '\\udfff', '\\ud83d', '\\ude00\\ud83d']:
        ann.write(b'{"id": "bad", "cmd": "send", "to": "Ben", "text": "%s"}\n' % text.encode())
        reply = ann.next(lambda x: x.get('reply', 0) in (None, 'bad'), 'reply')
        assert not reply['ok'] and reply['error'] == 'invalid', reply
    assert ann.ok('history', **{'with': 'Ben'})['messages'] == []
    ann.write(b'\n\r\n{"id": "with\\u2028CR", "cmd": "status"}\r\n')
    assert ann.reply('with\u2028CR')['ok']
    ann.write(b'{"id": 1.5, "cmd": "status"}\n')
    assert ann.reply(1.5)['ok']
    text = json.dumps({'id': 'long', 'cmd': 'send', 'to': 'Ben', 'text': 'x' * 16000})
    ann.write(text.encode() + b' ' * (65536 - len(text)) + b'\n')
    assert ann.reply('long')['ok']
    assert len(ben.event('message')['text']) == 16000


def test_too_long_for_people():
    """A line that is refused is not sent to anybody, nor is what stands for it."""
    ben = Person('Ben')
    with Pipe() as ann:
        ann.befriend(ben)
        ann.write(b'/chat Ben\n' + b'x' * 70000 + b'\nnul\0here\n' + b'\xff\xfe\nlast\r\n')
        assert ben.event('message')['text'] == 'last'
        assert len(ben.ok('history', **{'with': 'Ann'})['messages']) == 1


def test_names_with_quotes():
    """What is meant for one must never reach another, whatever he calls himself."""
    names = ['ann', 'ann"x', '"ann" x', 'ann" y', 'ann\\']
    people = [Person(name) for name in names]
    with Pipe() as me:
        for person in people:
            me.befriend(person)
        me.write(b'@ann"x one\n@"\\"ann\\" x" two\n@"ann\\" y" three\n@ann\\ four\n@ann five\n'
                 b'/send "ann\\" y" "six"\n')
        assert people[1].event('message')['text'] == 'one'
        assert people[2].event('message')['text'] == 'two'
        assert people[3].event('message')['text'] == 'three'
        assert people[4].event('message')['text'] == 'four'
        assert people[0].event('message')['text'] == 'five'
        assert people[3].event('message')['text'] == '"six"'


def test_commands_go_on_while_one_waits():
    ann = Person('Ann')
    with silent_server() as server:
        waiting = ann.begin('connect', address='127.0.0.1', port=server.getsockname()[1])
        assert ann.ok('status')['name'] == 'Ann'
        ann.fails('not-found', 'send', to='nobody', text='x')
        assert not any(item.get('reply') == waiting for item in ann.seen)
        ann.quit()
        reply = ann.reply(waiting)
        assert not reply['ok'] and reply['error'] in ('closed', 'cancelled'), reply


def test_input_ends_while_one_waits():
    """Every command is answered, also when nothing comes after it."""
    ben = Person('Ben')
    result = cli('--json', '--no-listen', '--name', 'Ann')
    assert result.returncode == 0 and json.loads(result.stdout.splitlines()[-1])['event'] == 'bye'
    lines = f'{{"id": 1, "cmd": "connect", "address": "127.0.0.1", "port": {ben.port}}}\n{{"id": 2, "cmd": "status"}}'
    result = subprocess.run([*COMMAND, '--ephemeral', '--json', '--no-listen', '--name', 'Ann'], input=lines, text=True,
                            capture_output=True, timeout=DEADLINE_S)
    out = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 0 and out[-1]['event'] == 'bye', out
    assert {item['reply']: item['ok'] for item in out if 'reply' in item} == {1: True, 2: True}, out
    ben.event('request', name='Ann')


def test_output_closed():
    read_end, write_end = os.pipe()
    process = subprocess.Popen([*COMMAND, '--ephemeral', '--json', '--no-listen'], stdin=subprocess.PIPE, stdout=write_end,
                               stderr=subprocess.DEVNULL)
    os.close(write_end)
    os.read(read_end, 4096)
    os.close(read_end)
    process.stdin.write(b'{"cmd": "status"}\n')
    process.stdin.flush()
    assert process.wait(DEADLINE_S) == 1
    process.stdin.close()


def test_interrupted():
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        ann, ben = Person('Ann'), Person('Ben')
        befriend(ann, ben)
        ann.process.send_signal(number)
        ann.event('bye')
        assert ann.process.wait(DEADLINE_S) == 0
        ben.event('peer-offline', id=ann.id)


def test_one_command():
    ben = Person('Ben')
    result = cli('--name', 'Ann', '--no-listen', 'connect', '127.0.0.1', str(ben.port), 'It is "me"', 'again')
    assert result.returncode == 0 and 'handed over' in result.stdout, result
    assert 'gone when this command ends' in result.stderr, result
    assert ben.event('request')['text'] == 'It is "me" again'

    failed = cli('--no-listen', '--quiet', 'connect', '127.0.0.1', '1')
    assert failed.returncode == 1 and failed.stdout == '' and 'Nobody answers' in failed.stderr, failed
    as_json = cli('--no-listen', '--json', 'connect', '127.0.0.1', '1')
    assert as_json.returncode == 1 and json.loads(as_json.stdout.splitlines()[0])['error'] == 'refused', as_json
    for wrong in [['fly'], ['accept'], ['status', 'more'], ['connect']]:
        result = cli('--no-listen', *wrong)
        assert result.returncode == 2 and result.stdout == '' and result.stderr, (wrong, result)
    assert cli('--no-listen', '/status').returncode == 0


def test_options():
    assert cli('--no-listen', '--listen', '127.0.0.1:0', 'status').stdout.count('127.0.0.1 port') == 1
    assert '127.0.0.1 port' not in cli('--listen', '127.0.0.1:0', '--no-listen', 'status').stdout
    for wrong in ['2001:db8::1', '::1:5484', '1.2.3.4', ':', '', '[::1]', '1.2.3.4:65536', '1.2.3.4:-1', '[::1:5']:
        result = cli('--listen', wrong, 'status')
        assert result.returncode == 2 and '--listen' in result.stderr, (wrong, result)
    result = cli('--profile=/nowhere', 'status')
    assert result.returncode == 2 and '--ephemeral keeps nothing' in result.stderr, result
    result = cli('--name', '\u202e', '--no-listen', 'status')
    assert result.returncode == 2 and result.stderr, result
    result = cli('--ephemeral', '--no-listen', 'status')
    assert result.returncode == 0 and 'Nothing is written to the disk' in result.stdout, result


def test_one_language():
    """What programs read does not depend on where they run."""
    for words in [['--nonsense'], ['--no-listen', '--quiet', 'connect', '127.0.0.1', '1']]:
        said = [cli(*words, env={**os.environ, 'LC_ALL': 'C.UTF-8', 'LANGUAGE': language}).stderr for language in ('en', 'de')]
        assert said[0] == said[1] != '', said


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
