#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real kith-cli processes against each other."""
import os
import signal
import socket
import subprocess
import threading

from kith_cli import COMMAND, DEADLINE_S, Person, befriend, run


def test_request_accept_and_chat():
    ann, ben = Person('Ann'), Person('Ben')
    reply = ann.ok('connect', address='127.0.0.1', port=ben.port, text='It is me')
    assert reply['outcome'] == 'requested'
    request = ben.event('request')
    assert request['name'] == 'Ann' and request['text'] == 'It is me' and request['id'] == ann.id
    assert ben.ok('requests')['requests'][0]['id'] == ann.id
    assert ben.ok('contacts')['contacts'] == []
    assert ben.ok('accept', who='ann')['contact']['name'] == 'Ann'
    ann.event('contact', change='accepted', name='Ben')
    ann.event('peer-online', name='Ben')

    message = ann.ok('send', to='Ben', text='Hello Ben 😀\nsecond line')['message']
    got = ben.event('message')
    assert got['text'] == 'Hello Ben 😀\nsecond line' and got['from'] == ann.id
    assert got['message'] == message
    ann.event('receipt', message=message, state='sent')
    ann.event('receipt', message=message, state='delivered')
    assert ben.ok('contacts')['contacts'][0]['unread'] == 1
    ben.ok('read', **{'with': 'Ann'})
    ann.event('receipt', message=message, state='read')
    times = ann.ok('receipts', message=message)['recipients'][0]['times']
    assert times['queued'] <= times['sent'] <= times['delivered'] <= times['read']

    ben.ok('send', to=ann.id, text='Hello Ann')
    assert ann.event('message')['text'] == 'Hello Ann'
    history = ann.ok('history', **{'with': 'Ben', 'limit': 10})['messages']
    assert [m['text'] for m in history] == ['Hello Ben 😀\nsecond line', 'Hello Ann']
    assert [m['from'] for m in history] == ['me', ben.id]
    assert ann.ok('safety', who='Ben')['safety'] == ben.ok('safety', who='Ann')['safety']
    ann.quit()
    ben.event('peer-offline', id=ann.id)
    ben.quit()


def test_decline():
    ann, ben = Person('Ann'), Person('Ben')
    ann.ok('connect', address='127.0.0.1', port=ben.port)
    ben.event('request')
    ben.ok('decline', who='Ann')
    ann.event('contact', id=ben.id, change='declined')
    assert ben.ok('requests')['requests'] == [] and ben.ok('contacts')['contacts'] == []


def test_three_people_and_names():
    ann, bob, bob2 = Person('Ann'), Person('Bob'), Person('Bob')
    befriend(bob, ann)
    bob2.ok('connect', address='127.0.0.1', port=ann.port)
    assert ann.event('request', id=bob2.id)['name_taken']
    ann.ok('accept', who=bob2.id)
    bob2.event('peer-online', id=ann.id)
    reply = ann.fails('ambiguous', 'send', to='bob', text='which?')
    assert bob.id in reply['message'] and bob2.id in reply['message']
    ann.ok('alias', who=bob2.id, alias='Robert')
    ann.ok('send', to='robert', text='you')
    assert bob2.event('message')['text'] == 'you'
    ann.ok('send', to='bob', text='and you')
    assert bob.event('message')['text'] == 'and you'
    assert {c['name'] for c in ann.ok('online')['contacts']} == {'Bob', 'Robert'}
    bob.quit()
    ann.event('peer-offline', id=bob.id)
    assert [c['name'] for c in ann.ok('online')['contacts']] == ['Robert']
    assert len(ann.ok('lasthour')['contacts']) == 2


def test_kill_and_return():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ben.kill()
    ann.event('peer-offline', id=ben.id)
    message = ann.ok('send', to='Ben', text='are you there?')['message']
    assert ann.state_of(message) == 'queued'


def test_renaming_reaches_the_other_side():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ann.ok('name', name='Anna')
    ben.event('contact', id=ann.id, change='name', name='Anna')
    assert ann.ok('status')['name'] == 'Anna'


def test_connecting_to_the_wrong_place():
    ann = Person('Ann')
    for address in ['', 'nonsense', '300.1.1.1', '1.2.3', '::g', 'localhost', '1.2.3.4 ']:
        ann.fails('invalid', 'connect', address=address, port=5484)
    for port in [0, 65536, -1, 'x', 1.5, None, [5484]]:
        if port is not None:
            ann.fails('invalid', 'connect', address='127.0.0.1', port=port)
    ann.fails('invalid', 'connect', port=5484)
    ann.fails('self', 'connect', address='127.0.0.1', port=ann.port)
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        ann.fails('refused', 'connect', address='127.0.0.1', port=free.getsockname()[1])
    assert ann.ok('contacts')['contacts'] == []


def serve(answer):
    """A server that is not Kith. Returns its port."""
    listener = socket.create_server(('127.0.0.1', 0))

    def loop():
        with listener, listener.accept()[0] as peer:
            answer(peer)
    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def test_connecting_to_something_else():
    ann = Person('Ann')
    http = b'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'
    servers = {
        'http': lambda peer: (peer.recv(100), peer.sendall(http)),
        'ssh': lambda peer: (peer.sendall(b'SSH-2.0-OpenSSH_9.2\r\n'), peer.recv(200)),
        'garbage': lambda peer: peer.sendall(os.urandom(5000)),
        'echo': lambda peer: [peer.sendall(peer.recv(200)) for _ in range(2)],
    }
    for answer in servers.values():
        ann.fails('not-kith', 'connect', address='127.0.0.1', port=serve(answer))
    ann.fails('peer-closed', 'connect', address='127.0.0.1', port=serve(lambda peer: peer.recv(200)))
    assert ann.ok('contacts')['contacts'] == []


def test_garbage_to_our_port():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    for raw in [b'GET / HTTP/1.1\r\nHost: x\r\n\r\n' * 4, os.urandom(3000), b'KITH\x02\x00' + bytes(200),
                b'KITH\x01\x09' + bytes(200), b'KITH\x01\x00' + bytes(58) + b'\xff\xff' + bytes(2000)]:
        with socket.create_connection(('127.0.0.1', ben.port), DEADLINE_S) as peer:
            peer.settimeout(DEADLINE_S)
            try:
                peer.sendall(raw)
                answer = peer.recv(1000)
            except ConnectionError:
                answer = b''
            assert answer == b'', answer
    half_open = socket.create_connection(('127.0.0.1', ben.port), DEADLINE_S)
    ann.ok('send', to='Ben', text='still here')
    ben.event('message', text='still here')
    half_open.close()


def test_input_that_makes_no_sense():
    ann = Person('Ann')
    for raw in [b'hello\n', b'[]\n', b'42\n', b'{"cmd": 7}\n', b'{"cmd": "fly"}\n', b'{}\n', b'\xff\xfe\n',
                b'{"cmd": "status"\n', b'x' * 200000 + b'\n']:
        ann.write(raw)
        reply = ann.reply(None)
        assert not reply['ok'] and reply['error'] == 'invalid', reply
    ann.fails('invalid', 'send', to='nobody')
    ann.fails('not-found', 'send', to='nobody', text='x')
    ann.fails('not-found', 'accept', who='nobody')
    ann.fails('not-found', 'receipts', message='zz')
    ann.fails('invalid', 'name', name='\u202e\u200b')
    ann.fails('invalid', 'history', **{'with': 'x', 'limit': 0})
    assert ann.ok('status')['name'] == 'Ann'


def test_texts():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ann.fails('invalid', 'send', to='Ben', text='')
    ann.fails('invalid', 'send', to='Ben', text=' \n ')
    ann.fails('too-big', 'send', to='Ben', text='x' * 20000)
    for text in ['<span size="999999">&amp;', '\u202egpj.exe', 'é' * 5000, 'a\u0301' * 100, '\\u0000']:
        ann.ok('send', to='Ben', text=text)
        ben.event('message')


def test_listening():
    ann, ben = Person('Ann'), Person('Ben', listen=None)
    assert ben.ok('status')['listening'] == []
    ben.fails('port-in-use', 'listen', address='127.0.0.1', port=ann.port)
    ben.fails('invalid', 'listen', address='elsewhere', port=0)
    ben.fails('invalid', 'listen', address='127.0.0.1', port=70000)
    ben.fails('address-unavailable', 'listen', address='192.0.2.1', port=0)
    port = ben.ok('listen', address='127.0.0.1', port=0)['listening'][0]['port']
    ben.port = port
    befriend(ann, ben)
    ann.ok('unlisten')
    assert ann.ok('status')['listening'] == []
    ann.ok('send', to='Ben', text='sessions stay')
    ben.event('message', text='sessions stay')


def test_listening_where_it_always_does():
    """Without a port it is the usual one, or the next that is free."""
    ann = Person('Ann', listen=None)
    first = ann.ok('listen', address='127.0.0.1')['listening'][0]['port']
    assert 5484 <= first < 5584, first
    ben = Person('Ben', listen=None)
    second = ben.ok('listen', address='127.0.0.1')['listening'][0]['port']
    assert 5484 <= second < 5584 and second != first, (first, second)


def test_history_in_pages():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ids = [ann.ok('send', to='Ben', text=str(i))['message'] for i in range(25)]
    for i in range(25):
        ben.event('message', text=str(i))
    pages, before = [], None
    while True:
        page = ben.ok('history', **{'with': 'Ann', 'limit': 10, 'before': before})['messages']
        if not page:
            break
        pages = [m['message'] for m in page] + pages
        before = page[0]['message']
    assert pages == ids
    ben.fails('invalid', 'history', **{'with': 'Ann', 'before': '00' * 16})
    ben.fails('invalid', 'history', **{'with': 'Ann', 'limit': 1001})


def test_what_becomes_of_messages():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    first = ann.ok('send', to='Ben', text='at five')['message']
    ben.event('message', message=first)
    ann.ok('edit', message=first, text='at six')
    assert ben.event('message-edited', message=first, **{'from': ann.id})['text'] == 'at six'
    ben.ok('react', message=first, emoji='\U0001f44d')
    ann.event('reaction', message=first, emoji='\U0001f44d', **{'from': ben.id})
    reply = ben.ok('send', to='Ann', text='fine', reply_to=first)['message']
    ann.event('message', message=reply, reply_to=first)
    ben.fails('invalid', 'edit', message=first, text='no')
    ben.fails('invalid', 'react', message=first, emoji='no')
    ben.fails('invalid', 'delete', message=first)
    ann.fails('invalid', 'delete', message=first, where='nowhere')
    shown = {m['message']: m for m in ann.ok('history', **{'with': 'Ben'})['messages']}
    assert shown[first]['edited'] > 0 and not shown[first]['deleted']
    assert shown[first]['reactions'] == [{'from': ben.id, 'emoji': '\U0001f44d'}]
    assert shown[reply]['reply_to'] == first

    ann.ok('delete', message=first)
    ben.event('message-deleted', message=first)
    history = ben.ok('history', **{'with': 'Ann'})['messages']
    assert history[0]['deleted'] and history[0]['text'] == '' and len(history) == 2
    ann.ok('delete', message=reply, where='here')
    assert [m['message'] for m in ann.ok('history', **{'with': 'Ben'})['messages']] == [first]
    ann.fails('invalid', 'timer', **{'with': 'Ben', 'ttl_s': 5})
    ann.ok('timer', **{'with': 'Ben', 'ttl_s': 3600})
    ben.event('timer', ttl_s=3600)
    later = ben.ok('send', to='Ann', text='for an hour')['message']
    ann.event('message', message=later, ttl_s=3600)
    assert [m['kind'] for m in ann.ok('history', **{'with': 'Ben'})['messages']] == ['text', 'timer', 'text']

    for command, member in [('mute', 'muted_until'), ('pin', 'pinned'), ('archive', 'archived'), ('unread', 'marked_unread')]:
        ann.ok(command, **{'with': 'Ben'})
        assert ann.ok('contacts')['contacts'][0][member]
    for command, member in [('unmute', 'muted_until'), ('unpin', 'pinned'), ('unarchive', 'archived'), ('read', 'marked_unread')]:
        ann.ok(command, **{'with': 'Ben'})
        assert not ann.ok('contacts')['contacts'][0][member]

    ben.kill()
    ann.event('peer-offline', id=ben.id)
    never = ann.ok('send', to='Ben', text='never')['message']
    ann.ok('cancel', message=never)
    ann.event('message-gone', message=never)
    ann.fails('not-found', 'cancel', message=never)
    ann.fails('invalid', 'retry', message=later)


def compare(ann, ben):
    """As far as both see the words."""
    assert ann.ok('words', who='Ben')['state'] == 'waiting'
    assert ben.event('words', id=ann.id, state='asked')['words'] is None
    ben.ok('words', who='Ann', answer='yes')
    words = ann.event('words', state='words')['words']
    assert ben.event('words', state='words')['words'] == words and len(words.split()) == 4
    return words


def test_words():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ann.fails('not-found', 'words', who='Ben', answer='yes')
    ann.fails('invalid', 'words', who='Ben', answer='perhaps')
    first = compare(ann, ben)
    assert ann.ok('words', who='Ben', answer='yes')['state'] == 'confirmed'
    assert ben.ok('words', who='Ann', answer='no')['state'] == 'different'
    ann.event('words', state='different')
    assert not ann.ok('safety', who='Ben')['verified']

    assert compare(ann, ben) != first
    ben.ok('words', who='Ann', answer='yes')
    ann.ok('words', who='Ben', answer='yes')
    ben.event('words', state='same')
    ann.event('contact', id=ben.id, change='verified')
    contact = ann.ok('contacts')['contacts'][0]
    assert contact['verified'] and contact['verified_how'] == 'words' and contact['verified_time'] > 0
    ben.quit()
    ann.event('peer-offline', id=ben.id)
    ann.fails('unreachable', 'words', who='Ben')


def test_codes():
    ann, ben, eve = Person('Ann'), Person('Ben'), Person('ben')
    befriend(ann, ben)
    code = ben.ok('safety', who='Ann')['code']
    ann.fails('self', 'verify', who='Ben', code=ann.ok('safety', who='Ben')['code'])
    ann.fails('invalid', 'verify', who='Ben', code='KITH:V/NOTHING')
    eve.ok('connect', address='127.0.0.1', port=ann.port)
    request = ann.event('request', id=eve.id)
    assert request['name_taken'] and 'somebody called ben' in request['warning']
    ann.ok('accept', who=eve.id)
    eve.event('peer-online', id=ann.id)
    ann.fails('wrong-identity', 'verify', who=eve.id, code=code)
    ann.ok('verify', who=ben.id, code=code)
    known = {contact['id']: contact for contact in ann.ok('contacts')['contacts']}
    assert known[ben.id]['verified_how'] == 'code' and not known[ben.id]['name_taken']
    assert not known[eve.id]['verified'] and known[eve.id]['name_taken']


def test_verify_and_remove():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    safety = ann.ok('safety', who='Ben')
    digits = safety['safety'].split()
    assert len(digits) == 12 and all(len(group) == 5 and group.isdigit() for group in digits), safety
    assert not safety['verified']
    ann.ok('verify', who='Ben')
    ann.event('contact', id=ben.id, change='verified')
    assert ann.ok('safety', who='Ben')['verified']
    ann.ok('unverify', who='Ben')
    assert not ann.ok('contacts')['contacts'][0]['verified']
    ann.ok('remove', who='Ben')
    ann.event('contact', id=ben.id, change='removed')
    ben.event('peer-offline', id=ann.id)
    ann.fails('not-found', 'send', to='Ben', text='gone')
    assert ann.ok('contacts')['contacts'] == []


def test_ipv6():
    if not socket.has_ipv6 or not os.path.exists('/proc/net/if_inet6'):
        return
    ann, ben = Person('Ann', listen='[::1]:0'), Person('Ben', listen='[::1]:0')
    assert ann.ok('connect', address='::1', port=ben.port)['outcome'] == 'requested'
    ben.event('request', id=ann.id)
    ben.ok('accept', who='Ann')
    ann.event('peer-online', id=ben.id)


def test_terminated():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ann.process.send_signal(signal.SIGTERM)
    ann.event('bye')
    assert ann.process.wait(DEADLINE_S) == 0
    ben.event('peer-offline', id=ann.id)
    ben.process.stdin.close()
    ben.event('bye')
    assert ben.process.wait(DEADLINE_S) == 0


def test_verbose():
    """What happens underneath is told beside the replies, and says nothing of anybody."""
    ann, ben = Person('Ann', '--verbose'), Person('Ben')
    befriend(ann, ben)
    ben.kill()
    ann.event('peer-offline', id=ben.id)
    ann.quit()
    ann.await_end()
    underneath = ''.join(ann.errors)
    assert 'kith-net' in underneath, underneath
    for secret in (ann.id, ben.id, '127.0.0.1', str(ben.port)):
        assert secret not in underneath, underneath


def test_one_command_and_options():
    def cli(*args):
        return subprocess.run([*COMMAND, '--ephemeral', *args], capture_output=True, text=True, timeout=DEADLINE_S,
                              stdin=subprocess.DEVNULL)
    status = cli('--name', 'Ann', '--no-listen', 'status')
    assert status.returncode == 0 and 'You are Ann' in status.stdout, status
    assert cli('--version').stdout.startswith('kith-cli ')
    assert cli('--nonsense').returncode == 2
    assert cli('--listen', 'nonsense', 'status').returncode == 2
    assert cli('--no-listen', 'fly').returncode == 2
    assert cli('--no-listen', 'connect', '127.0.0.1', '1').returncode == 1


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
