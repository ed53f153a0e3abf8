#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles on disk, over the JSON lines of real processes: what is kept, what nobody can read, what a
passphrase opens, backups, and what is left after the end."""
import contextlib
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time

import kith_cli
from kith_cli import SANITIZED, Person, befriend

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


def test_backup_and_restore():
    home, other, new = folder('ann'), folder('ben'), folder('ann-again')
    ann = Person('Ann', profile=home, passphrase='old')
    ben = Person('Ben', profile=other)
    befriend(ann, ben)
    send_and_await(ann, ben, f'before the backup, {MARK}')
    port = ben.port
    ben.quit()
    ann.event('peer-offline', id=ben.id)
    waiting = ann.ok('send', to=ben.id, text='still waiting')['message']
    several = ann.ok('tell', to='ben', text='one of several')['message']
    backup = str(ROOT / 'ann.backup')
    ann.fails('invalid', 'export', path=backup)
    ann.ok('export', path=backup, passphrase='for the backup')
    assert ann.event('progress', cmd='export', fraction=1.0)
    name = ann.id
    ann.quit()
    assert MARK.encode() not in pathlib.Path(backup).read_bytes()

    assert run_command('--profile', new, 'import', backup, passphrase=['wrong', 'new']).returncode == 3
    assert not pathlib.Path(new, 'vault').exists() and not pathlib.Path(new, 'kith.db').exists()
    data = bytearray(pathlib.Path(backup).read_bytes())
    broken = str(ROOT / 'broken.backup')
    pathlib.Path(broken).write_bytes(data[:-30])
    assert run_command('--profile', new, 'import', broken, passphrase=['for the backup', 'new']).returncode == 1
    data[len(data) // 2] ^= 1
    pathlib.Path(broken).write_bytes(data)
    assert run_command('--profile', new, 'import', broken, passphrase=['for the backup', 'new']).returncode == 1
    pathlib.Path(broken).write_bytes(b'hello')
    done = run_command('--profile', new, 'import', broken, passphrase=['for the backup', 'new'])
    assert done.returncode == 1 and 'not a backup' in done.stderr, done
    assert not os.path.exists(new), os.listdir(new)

    done = run_command('--profile', new, 'import', backup, passphrase=['for the backup', 'new'])
    assert done.returncode == 0 and 'in one place only' in done.stdout, done
    ann = Person('Ann', profile=new, passphrase='new')
    assert ann.id == name
    ben = Person('Ben', profile=other, listen=f'127.0.0.1:{port}')
    assert texts(ann, ben)[0] == f'before the backup, {MARK}'
    assert [h['text'] for h in ann.ok('search', text=MARK)['hits']] == [f'before the backup, {MARK}']
    ben.event('message', text='still waiting')
    ann.event('receipt', message=waiting, state='delivered')
    assert ben.event('message', text='one of several')['broadcast']
    assert [b['message'] for b in ann.ok('broadcasts')['broadcasts']] == [several]
    assert ann.ok('receipts', message=several)['recipients'][0]['name'] == 'Ben'
    send_and_await(ann, ben, 'after the restore')
    send_and_await(ben, ann, 'welcome back')
    # Nothing is taken for what another installation has numbered.
    ben.kill()
    ann.event('peer-offline', id=ben.id)
    late = ann.ok('send', to=ben.id, text='late')['message']
    assert ann.state_of(late) == 'queued'
    ben = Person('Ben', profile=other, listen=f'127.0.0.1:{port}')
    ben.event('message', text='late')
    ann.event('receipt', message=late, state='delivered')
    assert run_command('--profile', new, 'import', backup, passphrase=['x', 'y']).returncode != 0


def test_older_copy():
    """One that is put back is told, once. What was said since then under its numbers is not taken for what comes now."""
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    send_and_await(ann, ben, 'first')
    ann.quit()
    database, port = pathlib.Path(home, 'kith.db'), ben.port
    older = database.read_bytes()
    ann = Person('Ann', profile=home)
    ann.event('peer-online', id=ben.id)
    since = [f'since then {i}' for i in range(5)]
    for text in since:
        send_and_await(ann, ben, text)
    ben.kill()
    assert not [line for line in ann.seen if line.get('event') == 'warning'], ann.seen
    ann.quit()

    database.write_bytes(older)
    ann = Person('Ann', profile=home)
    assert 'older copy' in ann.event('warning', error='older-copy')['message']
    assert texts(ann, ben) == ['first']
    third = ann.ok('send', to=ben.id, text='third')['message']
    assert ann.state_of(third) == 'queued'
    ben = Person('Ben', profile=other, listen=f'127.0.0.1:{port}')
    ben.event('message', text='third')
    ann.event('receipt', message=third, state='delivered')
    send_and_await(ben, ann, 'welcome back')
    assert texts(ben, ann) == ['first', *since, 'third', 'welcome back']
    ann.quit()

    ann = Person('Ann', profile=home)
    ann.ok('status')
    assert not [line for line in ann.seen if line.get('event') == 'warning'], ann.seen
    ann.kill()
    database.write_bytes(older)
    database.with_name('kith.db-wal').unlink(missing_ok=True)
    done = run_command('--profile', home, 'contacts')
    assert done.returncode == 0 and 'older copy' in done.stderr and 'Ben' in done.stdout, done
    assert 'older copy' not in run_command('--profile', home, 'contacts').stderr
    assert database.with_name('kith.db-generation').exists()
    ann = Person('Ann', profile=home)
    ann.ok('erase')
    ann.await_end()
    assert not os.path.exists(home), os.listdir(home)


def start_command(*arguments, passphrase):
    source, sink = os.pipe()
    os.write(sink, ''.join(line + '\n' for line in passphrase).encode())
    os.close(sink)
    process = subprocess.Popen([*kith_cli.COMMAND, '--no-listen', '--passphrase-fd', str(source), *arguments],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               pass_fds=(source,), text=True)
    os.close(source)
    return process


def await_signals(process):
    """Until it would hear a signal: before, it ends as any program does."""
    end = time.monotonic() + kith_cli.DEADLINE_S
    status = pathlib.Path('/proc', str(process.pid), 'status')
    while time.monotonic() < end and process.poll() is None:
        caught = next((line for line in status.read_text().splitlines() if line.startswith('SigCgt')), '0')
        if int(caught.split()[-1], 16) & (1 << (signal.SIGHUP - 1)):
            return
        time.sleep(.001)


def test_interrupted_commands_are_not_done():
    home, new = folder('ann'), folder('ann-again')
    ann = Person('Ann', profile=home, passphrase='one')
    backup = ROOT / 'interrupted.backup'
    ann.ok('export', path=str(backup), passphrase='for the backup')
    ann.quit()
    backup_2 = ROOT / 'never.backup'
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Argon2id takes long enough for a signal to come while it works.
        process = start_command('--profile', home, 'export', str(backup_2), 'x', passphrase=['one'])
        await_signals(process)
        process.send_signal(number)
        _, errors = process.communicate(timeout=kith_cli.DEADLINE_S)
        assert process.returncode == 1, (number, process.returncode, errors)
        assert not backup_2.exists()

        process = start_command('--profile', new, 'import', str(backup), passphrase=['for the backup', ''])
        await_signals(process)
        process.send_signal(number)
        _, errors = process.communicate(timeout=kith_cli.DEADLINE_S)
        assert process.returncode == 1, (number, process.returncode, errors)
        assert not os.path.exists(new), os.listdir(new)
    done = run_command('--profile', new, 'import', str(backup), passphrase=['for the backup', 'new'])
    assert done.returncode == 0, done


def test_interrupted_while_a_passphrase_is_tried():
    """Nobody waits for a key that is still being made; nothing is counted as wrong."""
    home, hold = folder('ann'), ROOT / 'hold'
    Person('Ann', profile=home, passphrase='one', listen=None).quit()
    before = dict(os.environ)
    os.environ.update(KITH_TEST_SLOW_KEY=str(hold), LD_PRELOAD=':'.join(
        filter(None, [before.get('LD_PRELOAD'), os.environ['KITH_SLOW_KEY']])))
    hold.touch()
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process = start_command('--profile', home, 'contacts', passphrase=['one'])
            await_signals(process)
            process.send_signal(number)
            _, errors = process.communicate(timeout=kith_cli.DEADLINE_S)
            assert process.returncode == 1, (number, process.returncode, errors)
    finally:
        os.environ.clear()
        os.environ.update(before)
        hold.unlink()
    assert not pathlib.Path(home, 'attempts').exists(), os.listdir(home)
    done = run_command('--profile', home, 'contacts', passphrase=['one'])
    assert done.returncode == 0, done


def import_fails(exit_code, error, home, path, words):
    """Nothing is left of it."""
    there = os.path.exists(home) and sorted(os.listdir(home))
    done = run_command('--json', '--profile', home, 'import', str(path), passphrase=['for the backup', 'new'])
    assert done.returncode == exit_code, (error, done)
    replies = [line for line in map(json.loads, done.stdout.splitlines()) if 'reply' in line]
    assert [(line['reply'], line['ok'], line['error']) for line in replies] == [(None, False, error)], done
    assert words in replies[0]['message'], done
    assert (os.path.exists(home) and sorted(os.listdir(home))) == there, os.listdir(home)


def test_import_says_what_is_wrong():
    home, new, other = folder('ann'), folder('ann-again'), folder('other')
    ann, ben = Person('Ann', profile=home, passphrase='one'), Person('Ben')
    befriend(ann, ben)
    for i in range(12):
        send_and_await(ann, ben, f'{i} ' + 'x' * 8000)
    backup, broken = ROOT / 'right.backup', ROOT / 'wrong.backup'
    other_backup = ROOT / 'other.backup'
    ann.ok('export', path=str(backup), passphrase='for the backup')
    ann.ok('export', path=str(other_backup), passphrase='for another')
    import_fails(4, 'profile-in-use', home, backup, 'open in another Kith')
    ann.quit()

    # The passphrase of the backup is not tried on the profile that is there.
    import_fails(1, 'exists', home, backup, '--profile NEW-FOLDER')
    done = run_command('--profile', home, 'import', str(backup), passphrase=['for the backup', 'new'])
    assert done.returncode == 1 and 'NEW-FOLDER' in done.stderr and done.stdout == '', done
    assert not pathlib.Path(home, 'attempts').exists()
    import_fails(3, 'wrong-passphrase', new, other_backup, 'not the passphrase of this backup')
    import_fails(1, 'not-found', new, ROOT / 'nowhere.backup', 'no such file')
    data = backup.read_bytes()
    half = len(data) // 2
    for error, changed, words in (
            ('damaged', data[:-30], 'damaged or incomplete'),
            ('damaged', data[:half] + bytes([data[half] ^ 1]) + data[half + 1:], 'damaged or incomplete'),
            ('not-a-backup', b'hello', 'not a backup'),
            ('newer-version', data[:8] + bytes([data[8] + 1]) + data[9:], 'Update Kith')):
        broken.write_bytes(changed)
        import_fails(1, error, new, broken, words)
    command = kith_cli.COMMAND
    kith_cli.COMMAND = ['prlimit', '--fsize=60000', *command]
    try:
        import_fails(1, 'disk-full', new, backup, 'not enough room')
    finally:
        kith_cli.COMMAND = command
    done = run_command('--json', '--profile', other, 'import', str(backup), passphrase=['for the backup', 'new'])
    assert done.returncode == 0 and '"ok":true' in done.stdout.replace(' ', ''), done
    ann = Person('Ann', profile=other, passphrase='new')
    ann.fails('exists', 'import', path=str(backup))


def assert_cancelled(person, cmd, path, **fields):
    """Both lines at once: the second is there before the first is done."""
    person.write(b''.join(json.dumps(line).encode() + b'\n' for line in (
        {'id': f'long {cmd}', 'cmd': cmd, 'path': str(path), **fields},
        {'id': 'cancel', 'cmd': 'cancel-command', 'command': f'long {cmd}'})))
    reply = person.reply(f'long {cmd}')
    assert not reply['ok'] and reply['error'] == 'cancelled', reply
    assert person.reply('cancel')['ok']
    assert list(path.parent.iterdir()) == [], list(path.parent.iterdir())


def test_cancelled_commands():
    home, where = folder('ann'), pathlib.Path(folder('where'))
    where.mkdir()
    ann, ben = Person('Ann', profile=home, passphrase='x'), Person('Ben')
    befriend(ann, ben)
    send_and_await(ann, ben, 'to be written out')
    assert_cancelled(ann, 'export', where / 'ann.backup', passphrase='y')
    assert_cancelled(ann, 'transcript', where / 'talk.txt', **{'with': ben.id})
    assert_cancelled(ann, 'transcript', where / 'talk.html', **{'with': ben.id})

    # While it works, too: Argon2id takes its time. Whoever gives no id means what is under way.
    for command in ({}, {'command': None}):
        number = ann.begin('export', path=str(where / 'ann.backup'), passphrase='y')
        ann.ok('status')
        ann.ok('cancel-command', **command)
        assert ann.reply(number)['error'] == 'cancelled'
        assert list(where.iterdir()) == [], list(where.iterdir())

    # What is over, or was never there, or is no such thing.
    number = ann.begin('export', path=str(where / 'ann.backup'), passphrase='y')
    assert ann.reply(number)['ok']
    before = (where / 'ann.backup').read_bytes()
    for command in ({'command': number}, {'command': 'long export'}, {'command': 4711}, {'command': -1.5}, {}):
        ann.fails('not-found', 'cancel-command', **command)
    for command in (True, ['x'], {}):
        ann.fails('invalid', 'cancel-command', command=command)
    # An older one stays when the next is cancelled.
    number = ann.begin('export', path=str(where / 'ann.backup'), passphrase='z')
    ann.ok('cancel-command', command=number)
    assert ann.reply(number)['error'] == 'cancelled'
    assert (where / 'ann.backup').read_bytes() == before and len(list(where.iterdir())) == 1


def test_transcript():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben <b>', profile=other)
    befriend(ann, ben)
    send_and_await(ben, ann, 'one\n<script>alert(1)</script>')
    ann.ok('transcript', **{'with': ben.id}, path=str(ROOT / 'talk.html'))
    page = (ROOT / 'talk.html').read_text()
    assert '<script>' not in page and '&lt;script&gt;' in page and 'Ben &lt;b&gt;' in page, page
    ann.ok('transcript', **{'with': ben.id}, path=str(ROOT / 'talk.txt'))
    assert 'Ben <b>: one\n    <script>' in (ROOT / 'talk.txt').read_text()
    for name, wanted, is_html in (('a.HTML', None, True), ('b.htm', None, True), ('c.HtM', None, True),
                                  ('d.xhtml.txt', None, False), ('html', None, False), ('e.txt', 'html', True),
                                  ('f.html', 'text', False)):
        more = {'format': wanted} if wanted is not None else {}
        ann.ok('transcript', **{'with': ben.id}, path=str(ROOT / name), **more)
        assert (ROOT / name).read_text().startswith('<!DOCTYPE html>') == is_html, name
    ann.fails('invalid', 'transcript', **{'with': ben.id}, path=str(ROOT / 'g.pdf'), format='pdf')
    assert not (ROOT / 'g.pdf').exists()
    ann.fails('not-found', 'transcript', **{'with': ben.id}, path=str(ROOT / 'no' / 'such' / 'folder'))


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


def test_backup_over_the_profile():
    home = folder('ann')
    ann, ben = Person('Ann', profile=home, passphrase='x'), Person('Ben')
    befriend(ann, ben)
    for name in ('vault', 'kith.db', 'kith.db-wal', 'lock'):
        ann.fails('exists', 'export', path=os.path.join(home, name), passphrase='y')
        ann.fails('exists', 'transcript', **{'with': ben.id}, path=os.path.join(home, name))
    for link in (os.link, os.symlink):
        way = str(ROOT / f'way-{link.__name__}')
        link(os.path.join(home, 'kith.db'), way)
        ann.fails('exists', 'export', path=way, passphrase='y')
        ann.fails('exists', 'transcript', **{'with': ben.id}, path=way)
    ann.ok('export', path=os.path.join(home, 'mine.kith-backup'), passphrase='y')
    assert not [name for name in os.listdir(home) if name.endswith('.part')], os.listdir(home)
    ann.quit()
    Person('Ann', profile=home, passphrase='x').quit()


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


def test_answered_when_stored():
    """What nobody can read after a crash was not done: each command that changes something says so."""
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home), Person('Ben', profile=other)
    befriend(ann, ben)
    send_and_await(ben, ann, 'hello')
    path = ROOT / 'paper'
    path.write_bytes(b'x' * 1000)
    offers = [ben.ok('send-file', to='Ann', path=str(path))['transfer'] for _ in range(2)]
    for offer in offers:
        ann.event('file-offer', transfer=offer)
    group = ann.ok('group-new', name='Choir')['group']
    other_group = ann.ok('group-new', name='Band')['group']
    invite = ann.ok('invite')['invite_id']
    changes = [('accept-file', {'transfer': offers[0]}), ('decline-file', {'transfer': offers[1]}),
               ('group-rename', {'group': group, 'name': 'Quire'}),
               ('mentions', {'group': group, 'which': 'only'}), ('leave', {'group': other_group}),
               ('revoke', {'invite': invite}), ('name', {'name': 'Anna'}),
               ('files-auto', {'bytes': 12345}), ('read', {'with': 'Ben'}), ('auto-lock', {'minutes': 7}),
               ('appear', {'how': 'offline'}), ('privacy', {'setting': 'typing', 'value': 'off'}),
               ('network', {'setting': 'present', 'value': 'on'}), ('reach', {'who': 'contacts'})]
    limits = resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
    for command, fields in changes:
        ann.fails('disk-full', command, **fields)
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, limits)
    ann.ok('privacy', setting='typing', value='on')
    ann.kill()
    ben.kill()


def of_ben(person):
    """What is kept of him and of the conversation with him, without what changes by itself."""
    contact = person.ok('contacts')['contacts'][0]
    return {key: contact[key] for key in ['alias', 'note', 'verified', 'favourite', 'blocked', 'ttl_s', 'muted_until',
                                          'pinned', 'archived', 'marked_unread']}


def test_taken_back():
    """What could not be stored does not count either: they are told that it failed."""
    home = folder('ann')
    ann, ben = Person('Ann', profile=home), Person('Ben')
    befriend(ann, ben)
    send_and_await(ben, ann, 'hello')
    ben.ok('group-new', name='Choir', members='Ann')
    ann.event('group', change='added', state='invited')
    ann.ok('block', who='Ben')
    before = of_ben(ann)
    assert before['blocked'], before
    changes = [('unblock', {'who': 'Ben'}), ('alias', {'who': 'Ben', 'alias': 'Benno'}),
               ('note', {'who': 'Ben', 'note': 'sings'}), ('favourite', {'who': 'Ben'}), ('verify', {'who': 'Ben'}),
               ('pin', {'with': 'Ben'}), ('mute', {'with': 'Ben'}), ('archive', {'with': 'Ben'}),
               ('timer', {'with': 'Ben', 'ttl_s': 60}), ('unread', {'with': 'Ben'}),
               ('group-join', {'group': 'Choir'})]
    limits = resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
    for command, fields in changes:
        ann.fails('disk-full', command, **fields)
    assert of_ben(ann) == before, of_ben(ann)
    assert ann.ok('groups')['groups'][0]['state'] == 'invited'
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, limits)
    # The next changes store the whole rows.
    ann.ok('note', who='Ben', note='plays')
    ann.ok('pin', **{'with': 'Ben'})
    ann.kill()
    ann = Person('Ann', profile=home)
    assert of_ben(ann) == {**before, 'note': 'plays', 'pinned': True}, of_ben(ann)
    ann.quit()
    ben.kill()


def test_settings_count_until_the_end():
    """One that cannot be stored is in force in this run, and so says the answer; it is stored when it is said again."""
    home = folder('ann')
    ann = Person('Ann', profile=home)
    limits = resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, (1, limits[1]))
    changes = [('appear', {'how': 'offline'}), ('network', {'setting': 'present', 'value': 'on'}),
               ('privacy', {'setting': 'read-receipts', 'value': 'off'}), ('reach', {'who': 'contacts'})]
    for command, fields in changes:
        assert 'until Kith is closed' in ann.fails('disk-full', command, **fields)['message']
    resource.prlimit(ann.process.pid, resource.RLIMIT_FSIZE, limits)
    assert ann.ok('appear')['hidden'] and ann.ok('network')['present'] and ann.ok('reach')['reach'] == 'contacts'
    # All of it goes along with the first.
    ann.ok('network', setting='present', value='on')
    ann.kill()
    ann = Person('Ann', profile=home)
    assert ann.ok('appear')['hidden'] and ann.ok('network')['present'] and ann.ok('reach')['reach'] == 'contacts'
    assert ann.ok('privacy')['read-receipts'] is False
    ann.quit()


def test_full_disk():
    home, other = folder('ann'), folder('ben')
    ann, ben = Person('Ann', profile=home, file_bytes=400_000), Person('Ben', profile=other)
    befriend(ann, ben)
    first = send_and_await(ben, ann, 'before')
    port = ann.port
    words = [f'{i} ' + 'x' * 8000 for i in range(120)]
    numbers = [ben.ok('send', to=ann.id, text=text)['message'] for text in words]
    warning = ann.event('warning')
    assert warning['error'] == 'disk-full' and 'disk is full' in warning['message'], warning
    ann.fails('disk-full', 'send', to=ben.id, text='y' * 16000)
    kept = texts(ann, ben, limit=1000)
    assert kept[0] == 'before' and len(kept) < 121
    # One that found no room may be followed by one that did: it comes again, into its place.
    assert kept[1:] == [text for text in words if text in kept], 'in order and once'
    ann.kill()
    # There is room again.
    ann = Person('Ann', profile=home, listen=f'127.0.0.1:{port}')
    ben.ok('reconnect', who=ann.id)
    for number in numbers:
        while ben.state_of(number) == 'queued' or ben.state_of(number) == 'sent':
            ben.event('receipt', message=number, state='delivered')
    assert texts(ann, ben, limit=1000) == ['before', *words]
    assert ben.state_of(first) == 'delivered'
    send_and_await(ann, ben, 'all is well')


def test_read_only_folder():
    """As somebody whom the permissions of files concern."""
    home = folder('ann')
    Person('Ann', profile=home).quit()
    prefix, nobody = [], os.geteuid()
    if nobody == 0:
        nobody = 65534
        prefix = ['setpriv', f'--reuid={nobody}', f'--regid={nobody}', '--clear-groups']
        os.chmod(ROOT, 0o711)
    paths = [pathlib.Path(home), *pathlib.Path(home).iterdir()]
    before = {path: path.read_bytes() for path in paths[1:]}

    def run_it():
        return subprocess.run([*prefix, *kith_cli.COMMAND, '--no-listen', '--profile', home, 'contacts'],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              timeout=kith_cli.DEADLINE_S)

    for path in paths:
        os.chown(path, nobody, -1)
        path.chmod(0o500 if path.is_dir() else 0o400)
    done = run_it()
    assert done.returncode == 1 and 'The system does not allow it' in done.stderr, done
    for path in paths[1:]:
        path.chmod(0o600)
    done = run_it()
    assert done.returncode == 1 and 'read-only' in done.stderr, done
    paths[0].chmod(0o700)
    done = run_it()
    assert done.returncode == 0, done
    assert before[pathlib.Path(home, 'vault')] == pathlib.Path(home, 'vault').read_bytes()


def test_wrong_files():
    home = folder('ann')
    Person('Ann', profile=home, passphrase='x').quit()
    vault, database = pathlib.Path(home, 'vault'), pathlib.Path(home, 'kith.db')
    good = database.read_bytes()
    strange = b'not a database at all' * 1000
    database.write_bytes(strange)
    done = run_command('--profile', home, 'contacts', passphrase=['x'])
    assert done.returncode == 1 and 'damaged' in done.stderr, done
    assert database.read_bytes() == strange
    other = folder('ben')
    Person('Ben', profile=other, passphrase='x').quit()
    of_other = pathlib.Path(other, 'kith.db').read_bytes()
    database.write_bytes(of_other)
    done = run_command('--profile', home, 'contacts', passphrase=['x'])
    assert done.returncode == 1 and 'do not belong together' in done.stderr, done
    assert database.read_bytes() == of_other
    database.write_bytes(good)
    assert run_command('--profile', home, 'contacts', passphrase=['x']).returncode == 0
    wrapped = bytearray(vault.read_bytes())
    newer = bytearray(wrapped)
    newer[8] = 9
    vault.write_bytes(newer)
    done = run_command('--profile', home, 'contacts', passphrase=['x'])
    assert done.returncode == 1 and 'newer version' in done.stderr, done
    greedy = bytearray(wrapped)
    greedy[16:24] = (1 << 50).to_bytes(8, 'big')
    vault.write_bytes(greedy)
    done = run_command('--profile', home, 'contacts', passphrase=['x'])
    assert done.returncode == 1 and 'damaged' in done.stderr, done
    vault.write_bytes(wrapped)
    assert run_command('--profile', home, 'contacts', passphrase=['x']).returncode == 0
    done = run_command('--profile', str(vault / 'below-a-file'), 'contacts')
    assert done.returncode == 1 and done.stderr, done


TESTS = [value for name, value in list(globals().items()) if name.startswith('test_')]
try:
    kith_cli.run(TESTS)
finally:
    shutil.rmtree(ROOT, ignore_errors=True)
