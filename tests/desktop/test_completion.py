#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shells complete what kith-cli knows: its options, its commands, and files where it takes some. And what the window
knows, which has no commands.

usage: test_completion.py KITH_CLI COMPLETIONS [KITH]"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CLI = pathlib.Path(sys.argv[1]).resolve()
COMPLETIONS = pathlib.Path(sys.argv[2]).resolve()
KITH = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
_results = []
folder = tempfile.mkdtemp(prefix='kith-completion-')
environment = {**os.environ, 'PATH': f'{CLI.parent}:{(KITH or CLI).parent}:{os.environ["PATH"]}', 'LC_ALL': 'C.UTF-8',
               'HOME': folder, 'TERM': 'dumb'}


def check(what, ok, detail=''):
    _results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(_results)} - {what}", flush=True)
    if not ok:
        print(f'# {detail}'.replace('\n', ' '), flush=True)


def run(*command):
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


def words(program):
    """(word, what it is for, what it takes), as it tells the shells."""
    return [line.split('\t') for line in run(str(program), '--words').stdout.splitlines()]


def in_bash(*line):
    """What bash offers for the last word."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1));'
              '"_${1//-/_}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"; printf "%s\\n" "${COMPREPLY[@]}"')
    answer = run('bash', '-u', '-c', script, 'bash', str(COMPLETIONS / f'{line[0]}.bash'), *line)
    return answer.stdout.split() if answer.returncode == 0 and not answer.stderr else answer


def in_fish(*line):
    answer = run('fish', '--no-config', '-c', 'source $argv[1]; complete -C"$argv[2]"', str(COMPLETIONS / f'{line[0]}.fish'),
                 ' '.join(line))
    return [offer.split('\t')[0] for offer in answer.stdout.splitlines()] if not answer.stderr else answer


# Enough of zsh's own functions to see what is offered.
ZSH = '''_call_program() { shift; "$@" }; _files() { [[ $1 == -/ ]] && print -l -- *(/) || print -l -- * }
_describe() { print -l -- ${(P)2%%:*} }
words=("${@[2,-1]}"); CURRENT=$#words; file=$1; f() { source $file }; f'''


def in_zsh(*line):
    """All that zsh chooses from."""
    answer = run('zsh', '-f', '-c', ZSH, 'zsh', str(COMPLETIONS / f'_{line[0]}'), *line)
    return answer.stdout.split() if not answer.stderr else answer


def check_shell(name, complete):
    commands = [word for word, _, _ in known if not word.startswith('-')]
    options = [word for word, _, _ in known if word.startswith('-')]
    offered = complete('kith-cli', 'group-')
    check(f'{name} knows the commands', set(commands) & {word for word in commands if word.startswith('group-')}
          <= set(offered), offered)
    offered = complete('kith-cli', '--')
    check(f'{name} knows the options', set(options) <= set(offered), offered)
    offered = complete('kith-cli', '--ephemeral', '--name', 'Ann', 'stat')
    check(f'{name} goes past what an option takes', 'status' in offered, offered)
    check(f'{name} offers folders for a profile', complete('kith-cli', '--profile', 'a-f') in (['a-folder'], ['a-folder/']),
          complete('kith-cli', '--profile', 'a-f'))
    offered = complete('kith-cli', 'send-file', 'ann', 'a-fi')
    check(f'{name} offers files where there is a path', 'a-file.txt' in offered, offered)
    offered = complete('kith-cli', 'status', '')
    check(f'{name} offers nothing where nothing follows', offered == [], offered)


def check_shell_for_window(name, complete):
    offered = complete('kith', '--')
    check(f'{name} knows the options of the window', {word for word, _, _ in window} <= set(offered), offered)
    offered = complete('kith', '--no-dht', '--na')
    check(f'{name} goes on behind one of them', '--name' in offered, offered)
    check(f'{name} offers folders for a profile of the window', complete('kith', '--profile', 'a-f')
          in (['a-folder'], ['a-folder/']), complete('kith', '--profile', 'a-f'))
    offered = complete('kith', '--name', '')
    check(f'{name} offers nothing for a name', offered == [], offered)


try:
    os.mkdir(f'{folder}/a-folder')
    pathlib.Path(f'{folder}/a-file.txt').touch()
    known = words(CLI)
    check('kith-cli tells its words', len(known) > 80 and all(len(line) == 3 and line[1] for line in known), known)
    window = words(KITH) if KITH else []
    check('so does the window', not KITH or len(window) > 10 and all(len(line) == 3 and line[1] for line in window), window)
    check('hidden ones are not among them', not {'--words', '--restore'} & {word for word, _, _ in known + window})
    for shell, ask in {'bash': in_bash, 'zsh': in_zsh, 'fish': in_fish}.items():
        if shutil.which(shell) is None:
            check(f'{shell} # SKIP is not installed', True)
            continue
        check_shell(shell, ask)
        if KITH:
            check_shell_for_window(shell, ask)
finally:
    shutil.rmtree(folder, ignore_errors=True)
print(f'1..{len(_results)}')
sys.exit(0 if all(_results) else 1)
