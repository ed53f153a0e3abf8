#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversations as the window shows them: what is begun in them, which of them one looks at, and what of them is
unread."""
from kith_cli import Person, befriend
from profiles import folder, run, run_command, send_and_await
from test_groups import make_group


def draft_of(person, name, **fields):
    return person.ok('draft', **{'with': name, **fields})['draft']


def test_a_draft_is_kept():
    home = folder('ann')
    ann, ben = Person('Ann', profile=home), Person('Ben')
    befriend(ann, ben)
    group = ann.ok('group-new', name='Ace')['group']
    assert draft_of(ann, 'Ben') is None
    assert draft_of(ann, 'Ben', text='Dear Ben,\n ') == 'Dear Ben,\n '
    assert draft_of(ann, 'Ace', text='""') == '""'
    # What was answered is on the disk, and not only a second later.
    ann.kill()
    ann = Person('Ann', profile=home)
    assert draft_of(ann, ben.id) == 'Dear Ben,\n '
    assert draft_of(ann, group) == '""'
    assert ann.ok('history', **{'with': ben.id})['messages'] == []
    assert draft_of(ann, 'Ben', text='') is None
    ann.kill()
    ann = Person('Ann', profile=home)
    assert draft_of(ann, 'Ben') is None and draft_of(ann, 'Ace') == '""'


def test_what_is_no_draft():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    draft_of(ann, 'Ben', text='kept')
    ann.fails('invalid', 'draft')
    ann.fails('invalid', 'draft', **{'with': 'Ben', 'text': 5})
    ann.fails('not-found', 'draft', **{'with': 'Nobody', 'text': 'x'})
    ann.fails('not-found', 'draft', **{'with': 'Nobody'})
    assert draft_of(ann, 'Ben') == 'kept'


def test_too_long_a_draft():
    home = folder('ann')
    ann, ben = Person('Ann', profile=home), Person('Ben')
    befriend(ann, ben)
    ann.quit()
    done = run_command('--profile', home, 'draft', 'Ben', 'x' * 65536)
    assert done.returncode == 0, done
    done = run_command('--profile', home, 'draft', 'Ben', 'x' * 65537)
    assert done.returncode == 1 and '64 KiB' in done.stderr, done
    done = run_command('--profile', home, '--json', 'draft', 'Ben', 'x' * 65537)
    assert done.returncode == 1 and '"error":"too-big"' in done.stdout, done


def test_a_draft_on_a_line():
    home = folder('ann')
    ann, ben = Person('Ann', profile=home), Person('Ben')
    befriend(ann, ben)
    ann.quit()
    assert 'Nothing is begun.' in run_command('--profile', home, 'draft', 'Ben').stdout
    assert 'not sent: Dear Ben' in run_command('--profile', home, 'draft', 'Ben', 'Dear', 'Ben').stdout
    assert 'not sent: Dear Ben' in run_command('--profile', home, 'draft', 'Ben').stdout
    for nothing in '', '""':
        run_command('--profile', home, 'draft', 'Ben', 'again')
        assert 'Nothing is begun.' in run_command('--profile', home, 'draft', 'Ben', nothing).stdout


def test_which_ones_to_look_at():
    ann = Person('Ann')
    ben, zoe, mia, sol, eve = others = [Person(name) for name in ('Ben', 'Zoe', 'Mia', 'Sol', 'Eve')]
    for other in others:
        befriend(other, ann)
    ace = make_group(ann, zoe)
    ann.ok('group-new', name='Empty')

    def seen(*arguments, **fields):
        reply = ann.ok('contacts', **fields)
        return [who['name'] for who in reply['contacts']], [group['name'] for group in reply['groups']]

    ann.ok('favourite', who='Zoe')
    send_and_await(ben, ann, 'look')
    zoe.ok('send', to=ace, text='look here')
    ann.event('message', text='look here')
    ann.ok('unread', **{'with': 'Zoe'})
    send_and_await(mia, ann, 'I am leaving')
    ann.ok('read', **{'with': 'Mia'})
    mia.quit()
    ann.event('peer-offline', id=mia.id)
    ann.ok('archive', **{'with': 'Sol'})
    ann.ok('block', who='Eve')

    assert seen(filter='favourites') == (['Zoe'], [])
    assert seen(filter='groups', sort='name') == ([], ['Ace', 'Empty'])
    assert seen(filter='unread', sort='name') == (['Ben', 'Zoe'], ['Ace'])
    assert seen(filter='all', sort='activity')[0][:2] == ['Mia', 'Ben']
    assert seen(filter='online', sort='name') == (['Ben', 'Zoe'], [])
    assert seen(filter='lasthour', sort='name') == (['Ben', 'Mia', 'Zoe'], [])
    # The same as a command of its own: nobody who is blocked, and nothing that was put away.
    for name in 'online', 'lasthour':
        assert ann.ok(name)['contacts'] == ann.ok('contacts', filter=name)['contacts']
    assert seen(filter='archived') == (['Sol'], [])
    assert seen(filter='all', sort='name') == (['Ben', 'Mia', 'Zoe'], ['Ace', 'Empty'])
    assert seen(filter='removed') == ([], [])
    # Without one it is everybody, favourites first.
    assert [who['name'] for who in ann.ok('contacts', sort='name')['contacts']] == ['Zoe', 'Ben', 'Eve', 'Mia', 'Sol']
    assert 'groups' not in ann.ok('contacts')

    ann.ok('archive', **{'with': 'Ace'})
    ann.ok('remove', who='Mia', keep='keep')
    assert seen(filter='archived', sort='name') == (['Sol'], ['Ace'])
    assert seen(filter='unread', sort='name') == (['Ben', 'Zoe'], [])
    assert seen(filter='removed') == (['Mia'], [])
    assert ann.ok('contacts', filter='removed')['contacts'][0]['relation'] == 'removed'
    for wrong in ({'filter': 'colour'}, {'sort': 'colour'}, {'filter': ''}, {'filter': 'unread', 'sort': 'online'},
                  {'filter': 'name', 'sort': 'name'}, {'filter': 7}):
        ann.fails('invalid', 'contacts', **wrong)


def test_favourites_first():
    home = folder('ann')
    ann = Person('Ann', profile=home)
    for name in 'Ben', 'Mia', 'Zoe':
        befriend(Person(name), ann)
    ann.ok('favourite', who='Zoe')
    names = lambda **fields: [who['name'] for who in ann.ok('contacts', **fields)['contacts']]
    assert names() == ['Zoe', 'Ben', 'Mia']
    assert names(sort='name') == ['Zoe', 'Ben', 'Mia']
    ann.ok('unfavourite', who='Zoe')
    assert names(sort='name') == ['Ben', 'Mia', 'Zoe']


def test_removed_and_blocked():
    home = folder('ann')
    ann, ben, eve = Person('Ann', profile=home), Person('Ben'), Person('Eve')
    for other in ben, eve:
        befriend(other, ann)
        send_and_await(other, ann, 'remember this')
        ann.ok('block', who=other.id)
    ann.ok('remove', who='Ben', keep='keep')
    ann.ok('remove', who='Eve')
    for _ in range(2):
        assert sorted(who['name'] for who in ann.ok('blocked')['contacts']) == ['Ben', 'Eve']
        assert ann.ok('contacts')['contacts'] == []
        assert [who['name'] for who in ann.ok('contacts', filter='removed')['contacts']] == ['Ben']
        assert ann.ok('contacts', filter='all')['contacts'] == []
        ann.quit()
        ann = Person('Ann', profile=home)
    ann.ok('unblock', who='Eve')
    ann.ok('unblock', who='Ben')
    assert ann.ok('blocked')['contacts'] == []
    assert [who['name'] for who in ann.ok('contacts', filter='removed')['contacts']] == ['Ben']


def test_sending_a_draft():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    ann.ok('draft', text='begun', **{'with': 'Ben'})
    ann.ok('send', to='Ben', text='something else')
    assert ann.ok('draft', **{'with': 'Ben'})['draft'] == 'begun'
    ann.ok('send', to='Ben', text='begun')
    assert ann.ok('draft', **{'with': 'Ben'})['draft'] is None


def test_which_ones_on_a_line():
    home = folder('ann')
    ann, ben, zoe = Person('Ann', profile=home), Person('Ben'), Person('Zoe')
    befriend(zoe, ann)
    befriend(ben, ann)
    ann.ok('group-new', name='Ace')
    ann.ok('archive', **{'with': 'Ben'})
    ann.quit()

    def said(*words):
        done = run_command('--profile', home, '--quiet', 'contacts', *words)
        assert done.returncode == 0, done
        return [line.split('  ')[0] for line in done.stdout.splitlines() if '  ' in line]

    assert said('name') == ['Ben', 'Zoe']
    assert said('archived') == said('archived', 'name') == said('name', 'archived') == ['Ben']
    assert said('groups') == ['Ace'] and said('all', 'name') == ['Zoe', 'Ace']
    assert 'Nobody.' in run_command('--profile', home, 'contacts', 'unread').stdout
    done = run_command('--profile', home, 'contacts', 'groups', 'archived')
    assert done.returncode == 1 and 'favourites' in done.stderr, done


def test_what_is_unread():
    home = folder('ben')
    ann, ben = Person('Ann'), Person('Ben', profile=home)
    befriend(ann, ben)

    def unread(**fields):
        return [message['text'] for message in ben.ok('history', **{'with': ann.id, **fields})['messages'] if message['unread']]

    send_and_await(ann, ben, 'one')
    send_and_await(ben, ann, 'mine')
    assert unread() == ['one']
    ben.ok('read', **{'with': 'Ann'})
    assert unread() == []
    last = [send_and_await(ann, ben, text) for text in ('two', 'three', 'four')][1]
    assert unread() == ['two', 'three', 'four'] == unread(limit=3)
    assert unread(after=last) == ['four'] and unread(before=last) == ['two']
    assert [m['unread'] for m in ben.ok('from', **{'with': 'Ann', 'date': '2026-01-01'})['messages']] == [
        False, False, True, True, True]
    assert [m['text'] for m in ann.ok('history', **{'with': 'Ben'})['messages'] if m['unread']] == ['mine']
    ben.quit()

    # People see where it begins, once; to look is not to read.
    for _ in range(2):
        said = run_command('--profile', home, '--quiet', 'history', 'Ann').stdout
        assert [line.partition(': ')[2] or line for line in said.splitlines()] == [
            'one', 'mine (delivered)', '--- New messages ---', 'two', 'three', 'four'], said
    assert '--- New messages ---\n' in run_command('--profile', home, 'from', 'Ann', '2026-01-01').stdout
    run_command('--profile', home, 'read', 'Ann')
    assert 'New messages' not in run_command('--profile', home, '--quiet', 'history', 'Ann').stdout


def test_what_is_unread_in_a_group():
    ann, ben = Person('Ann'), Person('Ben')
    befriend(ann, ben)
    group = make_group(ann, ben)
    ann.ok('send', to=group, text='one')
    ben.event('message', text='one')

    def unread():
        return [m['text'] for m in ben.ok('history', **{'with': group})['messages'] if m['unread']]

    assert unread() == ['one']
    ben.ok('read', **{'with': group})
    assert unread() == []


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
