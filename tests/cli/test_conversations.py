#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conversations as the window shows them: what is begun in them."""
from kith_cli import Person, befriend
from profiles import folder, run, run_command


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


if __name__ == '__main__':
    run([value for name, value in list(globals().items()) if name.startswith('test_')])
