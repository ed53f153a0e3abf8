#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `meson dist` makes to be handed on has all that is in the repository, and can be built from as it is, where
there is no repository.

usage: check_dist.py SOURCE BUILD MESON [ARGUMENT...]"""
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

SOURCE, BUILD = map(pathlib.Path, sys.argv[1:3])
MESON = sys.argv[3:]
SKIPPED = 77


def said(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f'{command[0]} failed:\n{done.stdout}{done.stderr}')
    return done.stdout


def is_repository():
    try:
        return subprocess.run(['git', '-C', SOURCE, 'rev-parse', '--verify', 'HEAD'], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def unpack(folder):
    """The one folder that all of the archive is in."""
    said(*MESON, 'dist', '-C', BUILD, '--no-tests', '--allow-dirty', '--formats', 'gztar')
    newest = max((BUILD / 'meson-dist').glob('*.tar.gz'), key=lambda path: path.stat().st_mtime)
    with tarfile.open(newest) as archive:
        archive.extractall(folder)
    (top,) = folder.iterdir()
    return top


if not is_repository():
    print('This is no repository, from which alone meson can make it.')
    sys.exit(SKIPPED)

folder = pathlib.Path(tempfile.mkdtemp(prefix='kith-dist-'))
try:
    top = unpack(folder)
    wanted = set(said('git', '-C', SOURCE, 'ls-tree', '-r', '-z', '--name-only', 'HEAD').split('\0')) - {''}
    found = {str(path.relative_to(top)) for path in top.rglob('*') if not path.is_dir()}
    complaints = [f'{name} is not in it' for name in sorted(wanted - found)]
    complaints += [f'{name} is in it, and not in the repository' for name in sorted(found - wanted)]
    said(*MESON, 'setup', top / 'build', top, '-Dgui=enabled', '-Dcli=true', '--wrap-mode=nodownload')
finally:
    shutil.rmtree(folder, ignore_errors=True)
print('\n'.join(complaints) or f'{len(found)} files')
sys.exit(1 if complaints else 0)
