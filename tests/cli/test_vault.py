#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles on disk, over the JSON lines of real processes: what is kept, what nobody can read, what a
passphrase opens, and what is left after the end."""
import contextlib
import hashlib
import os
import pathlib
import shutil
import subprocess
import time

import kith_cli
from kith_cli import SANITIZED, Person, befriend
from profiles import MARK, ROOT, folder, run, run_command, send_and_await, texts


def test_everything_is_there_again():
    home, other = folder('ann'), folder('ben')
    ann = Person('Ann', profile=home, passphrase='correct horse')
    ben = Person('Ben', profile=other)
    befriend(ann, ben)
    first = send_and_await(ann, ben, 'hello ben')
    send_and_await(ben, ann, 'hello ann')
    ann.ok('alias', who=ben.id, alias='Benny')
    ann.ok('note', who=ben.id, note='from the choir')
    ann.ok('favourite', who=ben.id)
    ann.ok('verify', who=ben.id)
    ann_id, ben_port = ann.id, ben.port
    ann.quit()
    ben.quit()

    ann = Person('ignored', profile=home, passphrase='correct horse')
    ben = Person('ignored', profile=other, listen=f'127.0.0.1:{ben_port}')
    assert ann.id == ann_id
    contact = ann.ok('contacts')['contacts'][0]
    assert (contact['alias'], contact['note'], contact['favourite'], contact['verified']) \
        == ('Benny', 'from the choir', True, True), contact
    assert texts(ann, ben) == ['hello ben', 'hello ann']
    assert ann.state_of(first) in ('delivered', 'read')
    ann.event('peer-online', id=ben.id)
    send_and_await(ann, ben, 'again')
    assert texts(ben, ann) == ['hello ben', 'hello ann', 'again']


def test_waits_for_the_absent_over_a_restart():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    port = ben.port
    ben.quit()
    ann.event('peer-offline', id=ben.id)
    numbers = [ann.ok('send', to=ben.id, text=f'waiting {i}')['message'] for i in range(20)]
    assert ann.state_of(numbers[0]) == 'queued'
    ann.kill()

    ann = Person('Ann', profile=home)
    assert ann.state_of(numbers[19]) == 'queued'
    ben = Person('Ben', profile=other, listen=f'127.0.0.1:{port}')
    for i in range(20):
        ben.event('message', text=f'waiting {i}')
        ann.event('receipt', message=numbers[i], state='delivered')
    assert texts(ben, ann) == [f'waiting {i}' for i in range(20)]
    ben.ok('read', **{'with': ann.id})
    ann.event('receipt', message=numbers[19], state='read')
    assert ann.state_of(numbers[0]) == 'read'


def test_unread_survives_and_is_read_later():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    numbers = [send_and_await(ann, ben, f'look {i}') for i in range(5)]
    port = ben.port
    ben.kill()
    ben = Person('Ben', profile=other, listen=f'127.0.0.1:{port}')
    assert ben.ok('contacts')['contacts'][0]['unread'] == 5
    ben.event('peer-online', id=ann.id)
    ben.ok('read', **{'with': ann.id})
    assert ben.ok('contacts')['contacts'][0]['unread'] == 0
    for number in numbers:
        ann.event('receipt', message=number, state='read')


def test_nothing_readable_on_disk():
    home, other = folder('ann'), folder('ben')
    ann = Person('Annmarieke', profile=home, passphrase='geheimnis')
    ben = Person('Benvolio', profile=other, passphrase='geheimnis')
    befriend(ann, ben)
    send_and_await(ann, ben, f'the {MARK} sings')
    ann.ok('note', who=ben.id, note=f'{MARK} note')
    words = [MARK.encode(), b'Annmarieke', b'Benvolio', b'geheimnis', b'SQLite', b'CREATE', ann.id.encode(),
             str(ben.port).encode() + b'\n']
    for person in (ann, ben, None):
        for path in list(pathlib.Path(home).rglob('*')) + list(pathlib.Path(other).rglob('*')):
            data = path.read_bytes()
            for word in words:
                assert word not in data, (path, word)
            assert path.stat().st_mode & 0o077 == 0, path
        if person:
            person.kill()


def test_lock_unlock_and_wrong_passphrases():
    home = folder('ann')
    ann = Person('Ann', profile=home, passphrase='right')
    ann.ok('lock')
    ann.event('locked')
    ann.fails('locked', 'contacts')
    ann.fails('wrong-passphrase', 'unlock', passphrase='wrong')
    ann.ok('unlock', passphrase='right')
    ann.await_ready()
    ann.ok('contacts')
    ann.quit()

    # Somebody at the keyboard
    ann = Person('Ann', profile=home, locked=True)
    ann.fails('wrong-passphrase', 'unlock', passphrase='a')
    ann.fails('wrong-passphrase', 'unlock', passphrase='b')
    ann.fails('paused', 'unlock', passphrase='c')
    ann.fails('paused', 'unlock', passphrase='right')
    ann.quit()
    # ... who starts it anew
    done = run_command('--profile', home, 'contacts', passphrase=['right'])
    assert done.returncode == 3, done
    assert 'Too many wrong passphrases' in done.stderr, done.stderr
    # The pause passes: the clock of its file is turned back instead of waiting.
    attempts = pathlib.Path(home) / 'attempts'
    attempts.write_text(f'0 {int(time.time()) - 1}\n')
    done = run_command('--profile', home, 'contacts', passphrase=['right'])
    assert done.returncode == 0, done


def test_change_passphrase():
    home = folder('ann')
    ann = Person('Ann', profile=home, passphrase='one')
    name = ann.id
    ann.fails('wrong-passphrase', 'change-passphrase', current='no', passphrase='two')
    ann.ok('change-passphrase', current='one', passphrase='two')
    ann.quit()
    assert run_command('--profile', home, 'status', passphrase=['one']).returncode == 3
    ann = Person('Ann', profile=home, passphrase='two')
    assert ann.id == name
    ann.fails('invalid', 'change-passphrase', current='two')
    ann.ok('change-passphrase', current='two', passphrase='')
    assert ann.ok('status')['passphrase'] is False
    ann.quit()
    ann = Person('Ann', profile=home)
    assert ann.id == name


LARGEST_MAPPING = 1 << 30  # what is larger is a sanitizer's own


def find_in_memory(process, words):
    """Where they are in what the process can read, as the mappings are called; None if we may not look."""
    found = []
    try:
        with open(f'/proc/{process.pid}/maps', encoding='utf-8') as maps, \
                open(f'/proc/{process.pid}/mem', 'rb', 0) as memory:
            for line in maps:
                place, access, *_, name = line.split()
                start, end = (int(number, 16) for number in place.split('-'))
                if access.startswith('r') and name not in ('[vvar]', '[vsyscall]') and end - start < LARGEST_MAPPING:
                    try:
                        memory.seek(start)
                        found += [name] * (words.encode() in memory.read(end - start))
                    except OSError:
                        pass  # what nobody may read, as around secrets
    except PermissionError:
        return None
    return found


def test_passphrase_is_wiped():
    """What was read of it, on its way from the program that sends it: lines, arguments, copies. A sanitizer keeps
    what was given back, also of the library that reads JSON, and nothing is written over it."""
    if SANITIZED:
        return
    words = ['zyxwv correct horse 9731', 'battery 1379 staple vwxyz']
    ann = Person('Ann, who can be found', profile=folder('ann'))
    if find_in_memory(ann.process, 'who can be found') is None:
        return  # not as this user
    assert find_in_memory(ann.process, 'who can be found')
    ann.ok('change-passphrase', passphrase=words[0])
    ann.ok('change-passphrase', current=words[0], passphrase=words[1])
    ann.fails('wrong-passphrase', 'change-passphrase', current=words[0], passphrase='x')
    ann.ok('lock')
    ann.ok('unlock', passphrase=words[1])
    ann.await_ready()
    for part in (words[0][8:], words[1][:16]):
        assert not find_in_memory(ann.process, part), find_in_memory(ann.process, part)


def test_no_passphrase_came():
    """A descriptor that is not open, or ends: nothing is made without a passphrase because of it."""
    home = folder('ann')
    for fd in ('77', None):
        if fd is None:
            done = run_command('--profile', home, 'status', passphrase=[])
        else:
            done = run_command('--profile', home, '--passphrase-fd', fd, 'status')
        assert done.returncode == 2 and done.stderr, done
        assert not os.path.exists(home), os.listdir(home)
    assert run_command('--profile', home, 'status', passphrase=['one']).returncode == 0
    assert run_command('--profile', home, 'status', passphrase=[]).returncode == 2
    assert not pathlib.Path(home, 'attempts').exists()


def test_erasing_was_killed():
    """Between the key and the files, as /profile-end/killed-erase has it: a profile among the others goes as soon as
    somebody asks which there are, one elsewhere when it is opened, with a word."""
    home, among = folder('ann'), pathlib.Path(os.environ['XDG_DATA_HOME'], 'kith', 'second')
    for path in home, str(among):
        Person('Ann', profile=path, passphrase='one').quit()
        vault = pathlib.Path(path, 'vault')
        vault.write_bytes(bytes(vault.stat().st_size))
        vault.rename(vault.with_name('vault.new'))
    done = run_command('--ephemeral', 'profiles')
    assert done.returncode == 0 and 'second' not in done.stdout, done
    assert not among.exists(), os.listdir(among)
    assert os.path.exists(f'{home}/kith.db')
    done = run_command('--profile', home, 'status', passphrase=['two'])
    assert done.returncode == 0 and 'Erasing was interrupted here. What was left is deleted now.' in done.stderr, done
    done = run_command('--profile', home, 'status', passphrase=['two'])
    assert done.returncode == 0 and 'interrupted' not in done.stderr, done


def test_prepared():
    """A profile of an earlier version of Kith that takes its time to be brought to this one: a program hears why it waits,
    and finds what was there; who uses a profile of this version, or waits for no time, hears nothing."""
    home, slow, shim = folder('ann'), ROOT / 'slow-schema', os.environ['KITH_SLOW_SCHEMA']
    ben = Person('Ben')
    ann = Person('Ann', profile=home, passphrase='one', environment=kith_cli.preloading(shim, KITH_TEST_OLD_SCHEMA='1'))
    befriend(ann, ben)
    send_and_await(ben, ann, 'from before')
    ann.quit()
    other = f'{home}-other'
    shutil.copytree(home, other)
    for what in 'old', 'new':
        slow.write_text('')
        ann = Person('Ann', profile=home, locked=True, environment=kith_cli.preloading(shim, KITH_TEST_SLOW_SCHEMA=str(slow)))
        number = ann.begin('unlock', passphrase='one')
        if what == 'old':
            ann.event('preparing')
            slow.unlink()
        assert ann.reply(number)['ok']
        ann.await_ready()
        assert texts(ann, ben) == ['from before']
        assert not [event for event in ann.seen if event.get('event') == 'preparing'], ann.seen
        ann.quit()

    # A person at a terminal reads it, and a pipe does not get it.
    terminal, end = os.openpty()
    source, sink = os.pipe()
    os.write(sink, b'one\n')
    process = kith_cli.keep_until_the_end(subprocess.Popen(
        [*kith_cli.COMMAND, '--profile', other, '--no-listen', '--passphrase-fd', str(source), 'contacts'], pass_fds=[source],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=end,
        env={**os.environ, **kith_cli.preloading(shim, KITH_TEST_SLOW_SCHEMA=str(slow))}))
    os.close(end)
    said = os.read(terminal, 1000)
    slow.unlink()
    assert 'Preparing your history…' in said.decode(), said
    shown = process.stdout.read()
    assert process.wait(kith_cli.DEADLINE_S) == 0 and b'Ben' in shown and b'Preparing' not in shown, shown
    for fd in terminal, source, sink:
        os.close(fd)


def test_one_process_at_a_time():
    home = folder('ann')
    ann = Person('Ann', profile=home)
    done = run_command('--profile', home, 'contacts')
    assert done.returncode == 4, done
    assert f'process {ann.process.pid}' in done.stderr, done.stderr
    ann.kill()
    assert run_command('--profile', home, 'contacts').returncode == 0


def test_locked_without_a_passphrase_to_give():
    home = folder('ann')
    Person('Ann', profile=home, passphrase='x').quit()
    done = run_command('--profile', home, 'contacts')
    assert done.returncode == 3 and 'locked' in done.stderr, done


def test_contacts_in_order():
    home = folder('ann')
    ann = Person('Ann', profile=home)
    others = [Person(name) for name in ('Zoe', 'Ben', 'Mia')]
    for other in others:
        befriend(other, ann)
    send_and_await(others[1], ann, 'the latest')

    def names(**fields):
        return [contact['name'] for contact in ann.ok('contacts', **fields)['contacts']]

    assert names(sort='name') == ['Ben', 'Mia', 'Zoe'], names(sort='name')
    assert names(sort='activity')[0] == 'Ben', names(sort='activity')
    assert sorted(names()) == ['Ben', 'Mia', 'Zoe']
    ann.fails('invalid', 'contacts', sort='colour')
    for other in others:
        other.kill()


def test_auto_lock_is_kept():
    home = folder('ann')
    ann = Person('Ann', profile=home, passphrase='x')
    assert ann.ok('auto-lock')['minutes'] == 0
    ann.ok('auto-lock', minutes=5)
    ann.fails('invalid', 'auto-lock', minutes=100000)
    ann.quit()
    ann = Person('Ann', profile=home, passphrase='x')
    assert ann.ok('auto-lock')['minutes'] == 5


def test_search():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    for text in ('The quick brown fox', 'Café au lait', 'Übermut tut selten gut', '我们在北京见面', 'こんにちは世界',
                 'incomprehensibility', 'brown bread'):
        send_and_await(ann, ben, text)

    def found(query, **fields):
        return [hit['text'] for hit in ben.ok('search', text=query, **fields)['hits']]

    assert found('brown') == ['brown bread', 'The quick brown fox']
    assert found('bro') == ['brown bread', 'The quick brown fox']
    assert found('"quick brown"') == ['The quick brown fox']
    assert found('fox quick') == ['The quick brown fox']
    assert found('cafe') == ['Café au lait']
    assert found('UBERMUT') == ['Übermut tut selten gut']
    assert found('北京') == ['我们在北京见面']
    assert found('京见') == ['我们在北京见面']
    assert found('にち') == ['こんにちは世界']
    assert found('prehens') == ['incomprehensibility']
    # Behind those with the word, what has it inside of one; and what disappears among the others
    send_and_await(ann, ben, 'hensfoot')
    ann.ok('timer', **{'with': ben.id}, ttl_s=3600)
    send_and_await(ann, ben, 'two hens')
    ann.ok('timer', **{'with': ben.id}, ttl_s=0)
    send_and_await(ann, ben, 'hens')
    assert found('hens') == ['hens', 'two hens', 'hensfoot', 'incomprehensibility']
    assert found('hens', limit=2) == ['hens', 'two hens']
    assert found('hens', limit=4) == ['hens', 'two hens', 'hensfoot', 'incomprehensibility']
    assert found('nothing like it') == []
    assert found('brown', **{'with': ann.id, 'limit': 1}) == ['brown bread']
    assert found('") OR text:*') == []
    # One after the other, over the border between the two sorts
    pages, before = [], {}
    while len(pages) < 9:
        hits = ben.ok('search', text='hens', limit=1, **before)['hits']
        if not hits:
            break
        pages.append(hits[0]['text'])
        before = {'before': hits[0]['message']}
    assert pages == ['hens', 'two hens', 'hensfoot', 'incomprehensibility'], pages
    with_ann = ben.ok('search', text='brown', limit=1, **{'with': ann.id})['hits'][0]['message']
    assert found('brown', before=with_ann, **{'with': ann.id}) == ['The quick brown fox']
    ann.fails('invalid', 'search', text='hens', before='0' * 32)
    ann.fails('invalid', 'search', text='hens', before='x')
    hit = ben.ok('search', text='quick')['hits'][0]
    start, end = hit['ranges']
    assert hit['snippet'].encode()[start:end] == b'quick', hit
    ann.fails('invalid', 'search', text='  ')


def test_history_pages():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    for i in range(120):
        ann.begin('send', to=ben.id, text=f'number {i}')
    ben.event('message', text='number 119')
    page = ben.ok('history', **{'with': ann.id, 'limit': 50})['messages']
    assert [m['text'] for m in page] == [f'number {i}' for i in range(70, 120)]
    page = ben.ok('history', **{'with': ann.id, 'limit': 50, 'before': page[0]['message']})['messages']
    assert [m['text'] for m in page] == [f'number {i}' for i in range(20, 70)]
    # And from any message onward.
    page = ben.ok('history', **{'with': ann.id, 'limit': 30, 'after': page[0]['message']})['messages']
    assert [m['text'] for m in page] == [f'number {i}' for i in range(21, 51)]
    ben.fails('invalid', 'history', **{'with': ann.id, 'after': '0' * 32})
    ben.fails('invalid', 'history', **{'with': ann.id, 'after': page[0]['message'], 'before': page[1]['message']})
    # The day before, and the day after.
    day = time.strftime('%Y-%m-%d', time.localtime(time.time() - 86400))
    page = ben.ok('from', **{'with': ann.id, 'date': day, 'limit': 10})['messages']
    assert [m['text'] for m in page] == [f'number {i}' for i in range(10)], page
    day = time.strftime('%Y-%m-%dT%H:%M', time.localtime(time.time() + 86400))
    assert ben.ok('from', **{'with': ann.id, 'date': day})['messages'] == []
    for date in ('yesterday', '2026-13-01', '14.3.2026', ''):
        ben.fails('invalid', 'from', **{'with': ann.id, 'date': date})


def test_block():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    ann.ok('block', who=ben.id)
    ben.event('peer-offline', id=ann.id)
    assert [c['id'] for c in ann.ok('blocked')['contacts']] == [ben.id]
    ben.ok('send', to=ann.id, text='can you hear me')
    ben.ok('reconnect', who=ann.id)
    assert texts(ann, ben) == []
    ann.ok('unblock', who=ben.id)
    ann.event('message', text='can you hear me')
    assert ann.ok('blocked')['contacts'] == []


def test_remove_and_keep():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    send_and_await(ben, ann, 'to be kept')
    ann.ok('remove', who=ben.id, keep='keep')
    assert ann.ok('contacts')['contacts'] == []
    assert texts(ann, ben) == ['to be kept']
    ann.fails('not-contact', 'send', to=ben.id, text='too late')
    ann.quit()
    ann = Person('Ann', profile=home)
    assert texts(ann, ben) == ['to be kept']
    # And they come together again.
    reply = ann.ok('connect', address='127.0.0.1', port=ben.port)
    if reply['outcome'] == 'requested':
        ben.event('request', id=ann.id)
        ben.ok('accept', who=ann.id)
    ben.event('peer-online', id=ann.id)
    send_and_await(ann, ben, 'here I am')
    assert texts(ann, ben) == ['to be kept', 'here I am']
    ann.ok('clear', **{'with': ben.id})
    assert texts(ann, ben) == []
    send_and_await(ben, ann, 'a fresh start')
    assert texts(ann, ben) == ['a fresh start']


def test_erase():
    home = folder('ann')
    ann = Person('Ann', profile=home, passphrase='x')
    ann.ok('erase')
    assert ann.process.wait(kith_cli.DEADLINE_S) == 0
    assert not os.path.exists(home), os.listdir(home)

    # Who types it hears what is left.
    for what, words in (('everything', 'What others sent you'), ('everything-and-files', 'folders that others sent')):
        Person('Ann', profile=home, passphrase='x').quit()
        done = run_command('--profile', home, 'erase', what, passphrase=['x'])
        assert done.returncode == 0 and words in done.stdout, done
        assert not os.path.exists(home), os.listdir(home)


def test_erase_takes_the_start_at_login():
    """The desktop would begin the profile anew; nor does that of another one go."""
    home, config = folder('ann'), folder('config')
    autostart = pathlib.Path(config, 'autostart')
    autostart.mkdir(parents=True)
    entry = autostart / f'chat.kith.Kith.P{hashlib.sha256(os.path.realpath(home).encode()).hexdigest()[:16]}.desktop'
    other = autostart / 'chat.kith.Kith.desktop'
    entry.touch()
    other.touch()
    ann = Person('Ann', profile=home, passphrase='x', environment={'XDG_CONFIG_HOME': config})
    ann.ok('erase')
    assert ann.process.wait(kith_cli.DEADLINE_S) == 0
    assert os.listdir(autostart) == [other.name], os.listdir(autostart)


def test_erase_damaged():
    """What cannot be opened can go, with the words that say so; without them it stays."""
    home, other = pathlib.Path(folder('ann')), pathlib.Path(folder('ben'))
    Person('Ben', profile=str(other), passphrase='x').quit()

    def strange_vault():
        (home / 'vault').write_bytes(b'not a vault at all')

    def strange_database():
        (home / 'kith.db').write_bytes(b'not a database at all' * 1000)

    def of_another():
        (home / 'kith.db').write_bytes((other / 'kith.db').read_bytes())

    for spoil in strange_vault, strange_database, of_another:
        Person('Ann', profile=str(home), passphrase='x').quit()
        spoil()
        before = {path.name: path.read_bytes() for path in home.iterdir() if path.name != 'lock'}
        done = run_command('--profile', str(home), 'contacts', passphrase=['x'])
        assert done.returncode == 1 and 'erase everything' in done.stderr, done
        for what, words in ([], 'for good'), (['everything-and-files'], 'only when the profile is open'):
            done = run_command('--profile', str(home), 'erase', *what, passphrase=['x'])
            assert done.returncode == 1 and words in done.stderr, done
        assert {path.name: path.read_bytes() for path in home.iterdir() if path.name != 'lock'} == before
        done = run_command('--profile', str(home), 'erase', 'everything', passphrase=['x'])
        assert done.returncode == 0 and 'What others sent you' in done.stdout, done
        assert not home.exists(), list(home.iterdir())


def test_erase_with_files():
    for what, is_kept in (('everything', True), ('everything-and-files', False)):
        home, letter = folder('ann'), ROOT / 'letter.txt'
        letter.write_text('Dear Ann')
        ann, ben = Person('Ann', profile=home, passphrase='x'), Person('Ben')
        befriend(ann, ben)
        offered = ben.ok('send-file', to=ann.id, path=str(letter))['transfer']
        ann.event('file-offer', transfer=offered)
        ann.ok('accept-file', transfer=offered)
        path = ann.event('file-done', transfer=offered)['path']
        theirs = pathlib.Path(path).with_name('not from anybody.txt')
        theirs.write_text('mine')
        assert pathlib.Path(path).read_text() == 'Dear Ann'
        ann.ok('erase', what=what)
        assert ann.process.wait(kith_cli.DEADLINE_S) == 0
        assert os.path.exists(path) == is_kept, what
        assert theirs.exists() and letter.exists()
        assert not os.path.exists(os.path.join(home, 'vault'))
        ben.quit()


def test_erase_with_half_a_file():
    home, large = folder('ann'), ROOT / 'large'
    with open(large, 'wb') as file:
        file.truncate(512 << 20)
    ann, ben = Person('Ann', profile=home, passphrase='x'), Person('Ben')
    befriend(ann, ben)
    there = ROOT / 'there'
    there.mkdir()
    offered = ben.ok('send-file', to=ann.id, path=str(large))['transfer']
    ann.event('file-offer', transfer=offered)
    ann.ok('accept-file', transfer=offered, path=str(there / 'large'))
    while not ann.event('file-progress', state='running')['bytes']:
        pass
    assert os.listdir(there)
    ann.ok('erase', what='everything')
    assert ann.process.wait(kith_cli.DEADLINE_S) == 0
    assert os.listdir(there) == []
    ben.quit()


@contextlib.contextmanager
def in_another_home():
    """Whatever a process may take for the user's own is in this folder, and nothing is there yet."""
    home = ROOT / 'home'
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    names = {'XDG_DATA_HOME': 'data', 'XDG_CONFIG_HOME': 'config', 'XDG_CACHE_HOME': 'cache', 'XDG_STATE_HOME': 'state',
             'HOME': '', 'XDG_RUNTIME_DIR': '', 'TMPDIR': ''}
    before = dict(os.environ)
    os.environ.update({name: str(home / part) for name, part in names.items()})
    try:
        yield home
    finally:
        os.environ.clear()
        os.environ.update(before)


# With a DHT, which would like to keep what it has found. Nobody is in this one.
ALONE = ['--dht-network', '7', '--bootstrap', '127.0.0.1:9', '--no-lan', '--no-port-map']


def test_ephemeral_leaves_nothing():
    with in_another_home() as home:
        ann, ben = Person('Annmarieke', network=ALONE), Person('Ben')
        befriend(ann, ben)
        send_and_await(ann, ben, f'the {MARK} sings')
        ann.quit()
        ben.kill()
        assert list(home.rglob('*')) == [], list(home.rglob('*'))


def test_portable_is_in_its_folder():
    """A profile that is carried about, with all that it does: nothing of it is anywhere else."""
    stick = pathlib.Path(folder('stick'))
    picture = ROOT / 'picture.txt'
    picture.write_text(MARK)
    with in_another_home() as home:
        ann = Person('Annmarieke', profile=str(stick / 'ann'), passphrase='correct horse', network=ALONE)
        ben = Person('Ben')
        befriend(ann, ben)
        send_and_await(ann, ben, f'the {MARK} sings')
        ben.ok('send-file', to=ann.id, path=str(picture))
        offer = ann.event('file-offer')
        ann.ok('accept-file', transfer=offer['transfer'])
        got = pathlib.Path(ann.event('file-done')['path'])
        assert stick in got.parents and got.read_text() == MARK, got
        ann.ok('search', text=MARK)
        ann.ok('export', path=str(stick / 'ann.kith-backup'), passphrase='x')
        ann.ok('lock')
        ann.ok('unlock', passphrase='correct horse')
        ann.quit()
        ben.kill()
        done = run_command('--profile', str(stick / 'ann'), 'contacts', passphrase=['correct horse'])
        assert done.returncode == 0 and 'Ben' in done.stdout, done
        assert list(home.rglob('*')) == [], list(home.rglob('*'))

run([value for name, value in list(globals().items()) if name.startswith('test_')])
