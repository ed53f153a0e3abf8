#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes into files for elsewhere and comes back, over the JSON lines of real processes: backups, what puts an
older copy back, transcripts; and commands that are interrupted while they write."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import kith_cli
from kith_cli import Person, befriend, preloading
from profiles import MARK, ROOT, folder, run, run_command, send_and_await, texts

PAGE_BYTES = 4096


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
    assert ann.ok('export', path=backup, passphrase='for the backup')['incomplete'] is False
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


def test_copied_folder():
    """A folder that was copied and is used in both places: who is not talked to any more is told, in either, and what is
    written in either arrives."""
    home, copy = folder('ann'), folder('copy')
    ann, ben = Person('Ann', profile=home), Person('Ben')
    befriend(ann, ben)
    send_and_await(ann, ben, 'before')
    ann.quit()
    ben.event('peer-offline')
    shutil.copytree(home, copy, dirs_exist_ok=True)

    first = Person('Ann', profile=home)
    first.event('peer-online', id=ben.id)
    send_and_await(first, ben, 'from the first')
    second = Person('Ann', profile=copy)
    second.event('peer-online', id=ben.id)
    assert 'another place' in first.event('warning', error='other-device')['message']
    send_and_await(second, ben, 'from the second')
    first.ok('connect', address='127.0.0.1', port=ben.port)
    first.event('peer-online', id=ben.id)
    second.event('warning', error='other-device')
    send_and_await(first, ben, 'from the first again')
    assert texts(ben, first) == ['before', 'from the first', 'from the second', 'from the first again']


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


def interrupt(number, undo, *arguments, passphrase):
    """Argon2id takes long enough for a signal to come while it works; on a machine that has no time for us the signal
    may come after all is done."""
    for _ in range(10):
        process = start_command(*arguments, passphrase=passphrase)
        await_signals(process)
        process.send_signal(number)
        _, errors = process.communicate(timeout=kith_cli.DEADLINE_S)
        if process.returncode != 0:
            break
        undo()
    assert process.returncode == 1, (number, process.returncode, errors)


def test_interrupted_commands_are_not_done():
    home, new = folder('ann'), folder('ann-again')
    ann = Person('Ann', profile=home, passphrase='one')
    backup = ROOT / 'interrupted.backup'
    ann.ok('export', path=str(backup), passphrase='for the backup')
    ann.quit()
    backup_2 = ROOT / 'never.backup'
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        interrupt(number, backup_2.unlink, '--profile', home, 'export', str(backup_2), 'x', passphrase=['one'])
        assert not backup_2.exists()
        interrupt(number, lambda: shutil.rmtree(new), '--profile', new, 'import', str(backup),
                  passphrase=['for the backup', ''])
        assert not os.path.exists(new), os.listdir(new)
    done = run_command('--profile', new, 'import', str(backup), passphrase=['for the backup', 'new'])
    assert done.returncode == 0, done


def test_interrupted_while_a_passphrase_is_tried():
    """Nobody waits for a key that is still being made; nothing is counted as wrong."""
    home, hold = folder('ann'), ROOT / 'hold'
    Person('Ann', profile=home, passphrase='one', listen=None).quit()
    before = dict(os.environ)
    os.environ.update(preloading(os.environ['KITH_SLOW_KEY'], KITH_TEST_SLOW_KEY=str(hold)))
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


def test_too_little_memory_for_a_passphrase():
    """That is said, in no words about a damage; nothing is counted as wrong."""
    home, new, hungry = folder('ann'), folder('ann-again'), ROOT / 'hungry'
    backup = str(ROOT / 'memory.backup')
    ann = Person('Ann', profile=home, passphrase='one', listen=None)
    ann.ok('export', path=backup, passphrase='for the backup')
    ann.quit()
    before = dict(os.environ)
    os.environ.update(preloading(os.environ['KITH_SLOW_KEY'], KITH_TEST_NO_KEY=str(hungry)))
    hungry.touch()
    try:
        done = run_command('--profile', home, 'contacts', passphrase=['one'])
        assert done.returncode == 1 and 'not enough memory' in done.stderr, done
        import_fails(1, 'no-memory', new, backup, 'not enough memory')
        hungry.unlink()
        done = run_command('--profile', home, 'contacts', passphrase=['one'])
        assert done.returncode == 0, done
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert not pathlib.Path(home, 'attempts').exists(), os.listdir(home)


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


def test_import_into_a_damaged_profile():
    """It is the profile that is damaged, and not the backup, which nobody has looked at."""
    home, new = folder('ann'), folder('ann-again')
    backup = ROOT / 'whole.backup'
    ann = Person('Ann', profile=home, passphrase='one', listen=None)
    ann.ok('export', path=str(backup), passphrase='for the backup')
    ann.quit()
    vault = pathlib.Path(home, 'vault')
    vault.write_bytes(vault.read_bytes()[:20])
    pathlib.Path(home, 'lock').unlink()  # who cannot open it takes that along
    import_fails(1, 'damaged', home, backup, 'The profile in this folder is damaged')
    import_fails(1, 'damaged', home, backup, '--profile NEW-FOLDER')
    done = run_command('--profile', new, 'import', str(backup), passphrase=['for the backup', 'new'])
    assert done.returncode == 0, done


def damage(home, pages):
    """As they lie on the disk; those that were read before are still in the memory."""
    database = pathlib.Path(home, 'kith.db')
    data = bytearray(database.read_bytes())
    for place in pages:
        if place * PAGE_BYTES < len(data):
            data[place * PAGE_BYTES] ^= 1
    with open(database, 'r+b') as file:
        file.write(data)


def test_backup_of_a_damaged_profile():
    """It has what can be read, and says that it is not everything."""
    home, new = folder('ann'), folder('ann-again')
    backup = ROOT / 'damaged.backup'
    ann = Person('Ann', profile=home, listen=None)
    ann.quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], home, '3000', '3'], check=True, stdout=subprocess.DEVNULL)
    ann = Person('Ann', profile=home, listen=None)
    damage(home, range(100, 100000))
    assert ann.ok('export', path=str(backup), passphrase='for the backup')['incomplete'] is True
    people = [contact['name'] for contact in ann.ok('contacts')['contacts']]
    ann.kill()

    done = run_command('--profile', new, 'import', str(backup), passphrase=['for the backup', 'new'])
    assert done.returncode == 0, done
    ann = Person('Ann', profile=new, passphrase='new')
    assert [contact['name'] for contact in ann.ok('contacts')['contacts']] == people


def test_transcript_of_a_damaged_profile():
    """It goes past what cannot be read, and says where that is."""
    home = folder('ann')
    Person('Ann', profile=home, listen=None).quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], home, '3000', '3'], check=True, stdout=subprocess.DEVNULL)
    ann = Person('Ann', profile=home, listen=None)
    friend = ann.ok('contacts')['contacts'][0]['id']
    whole, damaged, page = ROOT / 'whole.txt', ROOT / 'damaged.txt', ROOT / 'damaged.html'
    assert ann.ok('transcript', **{'with': friend}, path=str(whole))['incomplete'] is False
    ann.quit()
    ann = Person('Ann', profile=home, listen=None)
    damage(home, range(100, 2000, 9))
    assert ann.ok('transcript', **{'with': friend}, path=str(damaged))['incomplete'] is True
    assert ann.ok('transcript', **{'with': friend}, path=str(page))['incomplete'] is True
    ann.kill()
    all_lines = whole.read_text().splitlines()[2:]
    lines = damaged.read_text().splitlines()[2:]
    gaps = [line for line in lines if line.startswith('Something is missing here')]
    kept = [line for line in lines if line not in gaps]
    assert len(gaps) > 1 and len(all_lines) / 2 < len(kept) < len(all_lines), (len(gaps), len(kept), len(all_lines))
    assert set(kept) <= set(all_lines)
    assert page.read_text().count('<em>Something is missing here') == len(gaps)


def contents(home):
    return {path.name: path.read_bytes() for path in pathlib.Path(home).iterdir()
            if path.name not in ('lock', 'attempts')}


def test_export_of_a_profile_that_does_not_open():
    """What can be read is saved all the same; the profile is not changed."""
    home, new = folder('ann'), folder('ann-again')
    backup = str(ROOT / 'rescued.backup')
    Person('Ann', profile=home, listen=None).quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], home, '3000', '3'], check=True, stdout=subprocess.DEVNULL)
    ann = Person('Ann', profile=home, listen=None)
    name, people = ann.id, [contact['name'] for contact in ann.ok('contacts')['contacts']]
    ann.ok('change-passphrase', passphrase='old')
    ann.quit()
    damage(home, [0, *range(100, 2000, 9)])
    done = run_command('--profile', home, 'status', passphrase=['old'])
    assert done.returncode == 1 and 'export FILE' in done.stderr, done
    before = contents(home)

    done = run_command('--profile', home, 'export', backup, 'for the backup', passphrase=['wrong'])
    assert done.returncode == 3 and not os.path.exists(backup), done
    done = run_command('--profile', home, 'export', os.path.join(home, 'kith.db'), 'for the backup', passphrase=['old'])
    assert done.returncode == 1, done
    done = run_command('--profile', home, 'export', backup, 'for the backup', passphrase=['old'])
    assert done.returncode == 0 and 'What can be read' in done.stderr, done
    done = run_command('--profile', home, '--json', 'export', backup, 'for the backup', passphrase=['old'])
    reply = next(line for line in map(json.loads, done.stdout.splitlines()) if 'reply' in line)
    assert reply['ok'] and reply['incomplete'] and reply['rescued'], done
    assert contents(home) == before

    done = run_command('--profile', new, 'import', backup, passphrase=['for the backup', 'new'])
    assert done.returncode == 0, done
    ann = Person('Ann', profile=new, passphrase='new')
    assert ann.id == name
    assert [contact['name'] for contact in ann.ok('contacts')['contacts']] == people
    friend = ann.ok('contacts')['contacts'][0]['id']
    assert ann.ok('history', **{'with': friend})['messages']
    ann.quit()

    # Without the key there is nothing.
    pathlib.Path(home, 'vault').write_bytes(b'nothing')
    done = run_command('--profile', home, 'export', backup, 'for the backup', passphrase=['old'])
    assert done.returncode == 1 and 'nothing of it can be saved' in done.stderr, done


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
    hold = ROOT / 'hold-backup'
    ann = Person('Ann', profile=home, passphrase='x',
                 environment=preloading(os.environ['KITH_SLOW_KEY'], KITH_TEST_SLOW_KEY=str(hold)))
    ben = Person('Ben')
    befriend(ann, ben)
    send_and_await(ann, ben, 'to be written out')
    assert_cancelled(ann, 'export', where / 'ann.backup', passphrase='y')
    assert_cancelled(ann, 'transcript', where / 'talk.txt', **{'with': ben.id})
    assert_cancelled(ann, 'transcript', where / 'talk.html', **{'with': ben.id})

    # While it works, too. Whoever gives no id means what is under way.
    for command in ({}, {'command': None}):
        hold.touch()
        number = ann.begin('export', path=str(where / 'ann.backup'), passphrase='y')
        cancel = ann.begin('cancel-command', **command)
        ann.ok('status')  # by now it has heard that
        hold.unlink()
        assert ann.reply(cancel)['ok']
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


def test_saving_says_what_is_wrong():
    """Of the file that was chosen: the profile, which is elsewhere, is in order."""
    home = folder('ann')
    ann, ben = Person('Ann', profile=home), Person('Ben')
    befriend(ann, ben)
    for error, path, words in (('not-found', ROOT / 'no' / 'such' / 'file', 'folder is not there'),
                               ('invalid', ROOT, 'That is a folder'),
                               ('exists', pathlib.Path(home, 'vault'), 'of the profile itself')):
        for command, more in ('export', {'passphrase': 'y'}), ('transcript', {'with': ben.id}):
            reply = ann.fails(error, command, path=str(path), **more)
            assert words in reply['message'], (command, reply)


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

run([value for name, value in list(globals().items()) if name.startswith('test_')])
