#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that are full, may only be read or have other things on them: what was answered is kept, and what cannot be
kept is not answered."""
import os
import pathlib
import resource
import subprocess

import kith_cli
from kith_cli import Person, befriend
from profiles import ROOT, folder, run, run_command, send_and_await, texts


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

def test_vault_is_missing():
    """It is told, nothing is made in its place, and with it all is there again."""
    home = pathlib.Path(os.environ['XDG_DATA_HOME'], 'kith', 'ann')
    Person('Ann', profile=str(home), passphrase='x').quit()
    wrapped = (home / 'vault').read_bytes()
    before = {path.name: path.read_bytes() for path in home.glob('kith.db*')}
    (home / 'vault').unlink()
    for command in ['contacts'], ['import', 'nothing']:
        done = run_command('--profile', str(home), *command)
        assert done.returncode == 1 and '“vault” is missing' in done.stderr, done
        assert command[0] == 'import' or 'to start anew' in done.stderr, done
        assert {path.name: path.read_bytes() for path in home.glob('kith.db*')} == before
    assert str(home) in run_command('--ephemeral', 'profiles').stdout, 'it is chosen as before, to hear of it'
    (home / 'vault').write_bytes(wrapped)
    done = run_command('--profile', str(home), 'contacts', passphrase=['x'])
    assert done.returncode == 0, done

def test_start_anew():
    """Who has lost the vault begins anew in the same folder; who finds it later reads the old messages again."""
    home, found = pathlib.Path(folder('ann')), pathlib.Path(folder('found'))
    ann = Person('Ann', profile=str(home), passphrase='x')
    ann_id = ann.id
    ann.quit()
    done = run_command('--profile', str(home), '--start-anew', 'status', passphrase=['x'])
    assert done.returncode == 0 and ann_id in done.stdout, 'nothing is lost, and nothing is begun'
    (home / 'vault').rename(home.parent / 'lost')
    assert '--start-anew' in run_command('--profile', str(home), 'status').stderr
    done = run_command('--profile', str(home), '--start-anew', 'status', passphrase=['y'])
    assert done.returncode == 0 and ann_id not in done.stdout, done
    assert (home / 'kith.db.without-vault').exists() and (home / 'vault').exists()

    # As docs/kith-cli.md and the help say.
    found.mkdir()
    (home.parent / 'lost').rename(found / 'vault')
    for path in home.glob('kith.db.without-vault*'):
        path.rename(found / path.name.replace('.without-vault', ''))
    done = run_command('--profile', str(found), 'status', passphrase=['x'])
    assert done.returncode == 0 and ann_id in done.stdout, done
    done = run_command('--profile', str(home), 'status', passphrase=['y'])
    assert done.returncode == 0 and ann_id not in done.stdout, done


run([value for name, value in list(globals().items()) if name.startswith('test_')])
