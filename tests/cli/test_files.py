#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files between processes: what scripts rely on, and transfers that are killed in the middle on either side,
again and again, and still bring the same bytes. KITH_TEST_LONG=1: with 5 GiB as well."""
import hashlib
import os
import pathlib
import random
import resource
import subprocess

import kith_cli
from kith_cli import Person, befriend, in_folder, run

LONG = os.environ.get('KITH_TEST_LONG') == '1'
SEED = int(os.environ.get('KITH_TEST_SEED', random.randrange(1 << 30)))
MIB = 1 << 20


def hash_of(path):
    digest = hashlib.blake2b()
    with open(path, 'rb') as file:
        while block := file.read(MIB):
            digest.update(block)
    return digest.hexdigest()


def make(folder, name, size):
    path = pathlib.Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    dice = random.Random(size)
    with open(path, 'wb') as file:
        for start in range(0, size, MIB):
            file.write(dice.randbytes(min(MIB, size - start)))
    return str(path)


def two_people(folder):
    ann, ben = Person('Ann', profile=folder + '/ann'), Person('Ben', profile=folder + '/ben')
    befriend(ann, ben)
    return ann, ben


def offer(ann, ben, path):
    sent = ann.ok('send-file', to='Ben', path=path)
    ben.event('file-offer', transfer=sent['transfer'])
    return sent['transfer']


def state_of(person, transfer):
    return next(t['state'] for t in person.ok('transfers')['transfers'] if t['transfer'] == transfer)


def assert_tidy(folder):
    assert not [name for name in os.listdir(folder) if name.startswith('.')], os.listdir(folder)


@in_folder
def test_send_and_accept(folder):
    ann, ben = two_people(folder)
    path = make(folder, 'a paper.pdf', 300000)
    sent = ann.ok('send-file', to='Ben', path=path)
    assert sent['state'] == 'offered' and sent['size'] == 300000 and sent['name'] == 'a paper.pdf'
    offered = ben.event('file-offer')
    assert offered['transfer'] == sent['transfer'] and offered['from'] == ann.id and offered['with'] == 'Ann'
    assert offered['name'] == 'a paper.pdf' and offered['size'] == 300000 and offered['path'] is None
    message = ben.event('message')
    assert message['kind'] == 'file' and message['text'] == 'a paper.pdf'
    assert message['transfer'] == sent['transfer'] == message['message']
    assert not os.path.exists(folder + '/ben/files')  # nothing was asked for

    ben.ok('accept-file', transfer=sent['transfer'][:8])
    done = ben.event('file-done')
    assert done['state'] == 'done' and done['path'] == folder + '/ben/files/a paper.pdf', done
    assert hash_of(path) == hash_of(done['path'])
    assert os.stat(done['path']).st_mode & 0o777 == 0o600
    assert ann.event('file-done', transfer=sent['transfer'])['state'] == 'done'
    assert ann.ok('history', **{'with': 'Ben'})['messages'][0]['kind'] == 'file'
    ben.ok('save-file', transfer=sent['transfer'], path=folder + '/copy.pdf')
    assert hash_of(path) == hash_of(folder + '/copy.pdf')
    ben.fails('exists', 'save-file', transfer=sent['transfer'], path=folder + '/copy.pdf')

    # The file was told of once: that its message goes is nothing new.
    ben.ok('delete', message=sent['message'], where='here')
    other = offer(ann, ben, make(folder, 'y', 10))
    ben.ok('accept-file', transfer=other)
    assert ben.event('file-done')['transfer'] == other


@in_folder
def test_refusals(folder):
    ann, ben = two_people(folder)
    ann.fails('not-found', 'send-file', to='Ben', path=folder + '/nothing')
    ann.fails('invalid', 'send-file', to='Ben', path='/dev/null')
    ann.fails('not-found', 'send-file', to='Nobody', path=folder)
    os.mkfifo(folder + '/pipe')
    ann.fails('invalid', 'send-file', to='Ben', path=folder + '/pipe')
    ben.fails('not-found', 'accept-file', transfer='0123')
    transfer = offer(ann, ben, make(folder, 'x', 10))
    ben.fails('invalid', 'pause-file', transfer=transfer)
    ann.fails('invalid', 'accept-file', transfer=transfer)
    ben.fails('exists', 'accept-file', transfer=transfer, path=folder + '/x')
    ben.ok('decline-file', transfer=transfer)
    assert ann.event('file-done', transfer=transfer)['state'] == 'declined'
    ben.fails('invalid', 'cancel-file', transfer=transfer)


@in_folder
def test_nothing_written_when_ephemeral(folder):
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    transfer = offer(ann, ben, make(folder, 'x', 1000))
    ben.fails('invalid', 'accept-file', transfer=transfer)
    ben.ok('accept-file', transfer=transfer, path=folder + '/here')
    assert ben.event('file-done')['path'] == folder + '/here'

    # Nor is half a file left, which nobody can go on with.
    os.mkdir(folder + '/there')
    with open(folder + '/large', 'wb') as file:
        file.truncate(512 * MIB)
    transfer = offer(ann, ben, folder + '/large')
    ben.ok('accept-file', transfer=transfer, path=folder + '/there/large')
    while not ben.event('file-progress', state='running')['bytes']:
        pass
    assert os.listdir(folder + '/there')
    ben.quit()
    assert os.listdir(folder + '/there') == []


@in_folder
def test_auto(folder):
    ann, ben = two_people(folder)
    path = make(folder, 'small', 5000)
    assert ben.ok('files-auto')['bytes'] == MIB
    first = offer(ann, ben, path)
    assert state_of(ben, first) == 'offered'  # Ann is not verified
    ben.ok('verify', who='Ann')
    assert ben.ok('files-auto', bytes=4999)['bytes'] == 4999
    second = offer(ann, ben, path)
    assert state_of(ben, second) == 'offered'
    ben.ok('files-auto', bytes=5000)
    third = offer(ann, ben, path)
    assert ben.event('file-done')['transfer'] == third
    ben.ok('files-auto', bytes=0)
    ben.quit()
    assert Person('Ben', profile=folder + '/ben').ok('files-auto')['bytes'] == 0


@in_folder
def test_files_folder(folder):
    ann, ben = two_people(folder)
    where = folder + '/elsewhere'
    ben.fails('not-found', 'files-folder', path=where)
    os.mkdir(where)
    default = ben.ok('files-folder')['path']
    assert ben.ok('files-folder', path=where)['path'] == where
    ben.ok('accept-file', transfer=offer(ann, ben, make(folder, 'x', 100)))
    assert ben.event('file-done')['path'] == where + '/x'
    assert ben.ok('files-folder', path='default')['path'] == default


@in_folder
def test_group(folder):
    ann, ben = two_people(folder)
    group = ann.ok('group-new', name='Ace', members='Ben')['group']
    ben.event('group', change='added', state='invited')
    ben.ok('group-join', group='Ace')
    ann.event('member', change='joined')
    path = make(folder, 'for all', 5000)
    sent = ann.ok('send-file', to='Ace', path=path)
    assert sent['state'] == 'done' and sent['group'] == group and sent['from'] == 'me', sent
    offered = ben.event('file-offer')
    assert (offered['group'], offered['with'], offered['sender'], offered['from']) == (
        group, 'Ace', 'Ann', ben.ok('contacts')['contacts'][0]['id']), offered
    ben.ok('accept-file', transfer=offered['transfer'])
    assert open(ben.event('file-done', state='done')['path'], 'rb').read() == open(path, 'rb').read()
    ann.fails('not-found', 'send-file', to='Nobody', path=path)


@in_folder
def test_folder(folder):
    ann, ben = two_people(folder)
    for number in range(200):
        make(folder, f'many/{number % 7}/{number}.txt', number * 37)
    transfer = offer(ann, ben, folder + '/many')
    ben.ok('accept-file', transfer=transfer)
    done = ben.event('file-done')
    assert done['folder'] and done['files'] == 200, done
    subprocess.run(['diff', '-r', folder + '/many', done['path']], check=True)


@in_folder
def test_pause_over_a_restart(folder):
    ann, ben = two_people(folder)
    path = make(folder, 'large', 256 * MIB)
    transfer = offer(ann, ben, path)
    ben.ok('accept-file', transfer=transfer)
    ben.event('file-progress', state='running')
    ben.ok('pause-file', transfer=transfer)
    ann.event('file-progress', paused_by_them=True)
    ben.quit()
    ben = Person('Ben', profile=folder + '/ben')
    ben.ok('reconnect', who='Ann')
    ann.event('peer-online', id=ben.id)
    assert state_of(ben, transfer) == 'paused'
    ben.ok('resume-file', transfer=transfer)
    assert hash_of(ben.event('file-done')['path']) == hash_of(path)
    assert_tidy(folder + '/ben/files')


@in_folder
def test_changed_source(folder):
    ann, ben = two_people(folder)
    path = make(folder, 'notes', 5 * MIB)
    transfer = offer(ann, ben, path)
    with open(path, 'r+b') as file:
        file.write(b'something else')
    ben.ok('accept-file', transfer=transfer)
    assert ann.event('file-done')['state'] == 'failed'
    failed = ben.event('file-done')
    assert failed['state'] == 'failed' and failed['error'], failed
    os.unlink(path)
    again = offer(ann, ben, make(folder, 'more', 100))
    os.unlink(folder + '/more')
    ben.ok('accept-file', transfer=again)
    assert ben.event('file-done', transfer=again)['state'] == 'failed'
    assert ann.event('file-done', transfer=again)['error']


@in_folder
def test_disk_full(folder):
    """It fails with words, what has arrived is kept, and it goes on when there is room."""
    ann = Person('Ann', profile=folder + '/ann')
    ben = Person('Ben', profile=folder + '/ben')
    befriend(ann, ben)
    path = make(folder, 'large', 24 * MIB)
    transfer = offer(ann, ben, path)
    limits = resource.prlimit(ben.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(ben.process.pid, resource.RLIMIT_FSIZE, (8 * MIB, limits[1]))
    ben.ok('accept-file', transfer=transfer)
    failed = ben.event('file-done')
    assert failed['state'] == 'failed' and failed['error'] and failed['bytes'] <= 8 * MIB, failed
    ben.ok('send', to='Ann', text='still here')
    ann.event('message', text='still here')
    resource.prlimit(ben.process.pid, resource.RLIMIT_FSIZE, limits)
    ben.ok('resume-file', transfer=transfer)
    assert hash_of(ben.event('file-done')['path']) == hash_of(path)


class Mover:
    """Somebody who goes on through any number of processes."""

    def __init__(self, name, folder):
        self.name, self.profile = name, f'{folder}/{name}'
        self.start('127.0.0.1:0')

    def start(self, listen):
        self.person = Person(self.name, profile=self.profile, listen=listen)

    def kill(self):
        port = self.person.port
        self.person.kill()
        self.start(f'127.0.0.1:{port}')


def is_done(mover, transfer):
    """What both know to be done is not listed after a restart."""
    found = [t for t in mover.person.ok('transfers')['transfers'] if t['transfer'] == transfer]
    return not found or found[0]['state'] == 'done'


def killed_while_moving(folder, path, rounds):
    dice = random.Random(SEED)
    print(f'# seed {SEED}, {rounds} rounds', flush=True)
    ann, ben = Mover('ann', folder), Mover('ben', folder)
    befriend(ann.person, ben.person)
    transfer = ann.person.ok('send-file', to='ben', path=path)['transfer']
    ben.person.event('file-offer')
    ben.person.ok('accept-file', transfer=transfer)
    n_killed = 0
    while not is_done(ben, transfer) and n_killed < rounds:
        # A random number of steps is as good as a random time.
        for _ in range(dice.randrange(1, 4)):
            if ben.person.next(lambda x: x.get('event') in ('file-progress', 'file-done'), 'progress')['state'] == 'done':
                break
        for victim in dice.choice([[ann], [ben], [ann, ben]]):
            victim.kill()
        ben.person.ok('reconnect', who='ann')
        n_killed += 1
    if not is_done(ben, transfer):
        assert ben.person.event('file-done')['state'] == 'done'
    name, = os.listdir(ben.profile + '/files')
    assert hash_of(f'{ben.profile}/files/{name}') == hash_of(path)
    assert_tidy(ben.profile + '/files')
    print(f'# killed {n_killed} times', flush=True)
    assert n_killed > 0


@in_folder
def test_killed_in_the_middle(folder):
    killed_while_moving(folder, make(folder, 'large', 96 * MIB), 20 if LONG else 6)


@in_folder
def test_five_gigabytes(folder):
    """Sparse, in little memory, and killed on the way."""
    if not LONG:
        print('# needs KITH_TEST_LONG=1', flush=True)
        return
    path = folder + '/sparse'
    with open(path, 'wb') as file:
        file.write(b'beginning')
        file.truncate(5 << 30)
        file.seek((5 << 30) - 3)
        file.write(b'end')
    kith_cli.DEADLINE_S = 600
    killed_while_moving(folder, path, 3)


def memory_of(person):
    with open(f'/proc/{person.process.pid}/status') as file:
        return int(next(line for line in file if line.startswith('VmHWM')).split()[1]) * 1024


@in_folder
def test_little_memory(folder):
    """Two processes move half a gigabyte with little more memory than they have anyway."""
    ann, ben = two_people(folder)
    before = [memory_of(person) for person in (ann, ben)]
    path = folder + '/large'
    with open(path, 'wb') as file:
        file.truncate(512 * MIB)
    transfer = offer(ann, ben, path)
    ben.ok('accept-file', transfer=transfer)
    ben.event('file-done')
    grown = [memory_of(person) - start for person, start in zip((ann, ben), before)]
    print(f'# grown by {[n // MIB for n in grown]} MiB', flush=True)
    # The sanitizer keeps what was freed, to see whether it is used.
    with open(kith_cli.BINARY, 'rb') as program:
        sanitized = b'__asan_init' in program.read()
    assert sanitized or max(grown) < 64 * MIB, grown


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
