#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile is erased whose passphrase nobody has any more, with the keyboard alone."""

import os
import pathlib
import shutil
import sys
import tempfile

from accessible import FOCUSED
from person import Person, check, finish, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

TITLE = 'Erase Everything'
LOST, THIS = 'When the Passphrase Is Lost', 'Erase This Profile…'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
vault = os.path.join(profile, 'vault')
stuck = os.path.join(profile, 'kith.db.stuck')
people = []


def tab_to(name, title=None, n_most=40):
    """With the keyboard alone, in the window of that title."""
    button = ('push button', name)
    ann.find(*button)
    ann.focus(title)
    for _ in range(n_most):
        if wait(lambda: ann.look_for(*button).has(FOCUSED), .5):
            return True
        ann.key('Tab')
    return False


def lock_out(*files):
    """A profile whose passphrase nobody has, with what others sent."""
    made = kith_cli.Person('Annmarieke', profile=profile, passphrase='forgotten')
    made.quit()
    for name in files:
        path = pathlib.Path(profile, 'files', name)
        path.parent.mkdir(exist_ok=True)
        path.write_text('Dear Ann')
    person = Person(profile=profile)
    people.append(person)
    return person


def open_lost_page():
    """What the page of the lock tells of a passphrase that is lost."""
    check('the lock leads to what to do', tab_to('Lost Your Passphrase?')
          and ann.key_until(lambda: ann.look_for('heading', LOST), 'Return'), ann.everything())


def erase_locked():
    open_lost_page()
    check('which leads to erasing', tab_to(THIS, '^Help$') and ann.key_until(
        lambda: ann.look_for('text', 'Confirmation'), 'Return', title='^Help$'), ann.everything())
    check('and is out of the way then', ann.is_gone('heading', LOST), ann.everything())
    check('nobody knows which files were sent', not ann.look_for('list item', contains='Also Delete')
          and ann.sees('The files that others sent you stay'), ann.everything())
    screenshot('erase-locked')
    ann.focus(TITLE)
    ann.type('eras')
    check('the cursor is where the word goes', wait(lambda: ann.text('Confirmation') == 'eras')
          and not ann.is_sensitive('push button', TITLE), ann.everything())
    ann.key('Return')
    ann.type('e')
    check('a word that was not finished erases nothing', wait(lambda: ann.text('Confirmation') == 'erase')
          and os.path.exists(vault), ann.everything())
    ann.key('Return')


try:
    # Something is in the way at first.
    ann = lock_out('letter.txt')
    check('Ann is locked out', ann.sees('Kith Is Locked'), ann.everything())
    os.makedirs(os.path.join(stuck, 'inside'))
    erase_locked()
    check('what is left of it is told in the window', ann.sees('The key is gone') and not os.path.exists(vault)
          and ann.is_gone('text', 'Confirmation'), ann.everything())
    shutil.rmtree(stuck)
    ann.press('Try Again')
    check('and it ends as the others', ann.find('push button', 'Get Started'), ann.everything())
    check('with the letter alone', sorted(os.listdir(profile)) == ['files', 'lock']
          and os.listdir(os.path.join(profile, 'files')) == ['letter.txt'], os.listdir(profile))
    check('Ann ends in order with a letter', ann.leave() == 0)
    shutil.rmtree(profile)

    # All can go.
    ann = lock_out()
    ann.sees('Kith Is Locked')
    open_lost_page()
    check('it can be left', tab_to(THIS, '^Help$') and ann.key_until(
        lambda: ann.look_for('text', 'Confirmation'), 'Return', title='^Help$')
        and ann.close(TITLE, 'text', 'Confirmation') and os.path.exists(vault), ann.everything())
    erase_locked()
    check('and erases all where nothing is in the way', ann.find('push button', 'Get Started'), ann.everything())
    check('no dialog is left', ann.is_gone('text', 'Confirmation'), ann.everything())
    check('nor anything else', set(os.listdir(profile)) <= {'lock'}, os.listdir(profile))
    ann.key_until(lambda: ann.look_for('heading', 'Reach a Friend'), 'F1')
    check('where nothing is locked the help offers none of it', ann.choose(LOST, '^Help$', lambda: ann.look_for(
        'heading', LOST)) and ann.look_for('push button', THIS) is None, ann.everything())
    ann.close('^Help$', 'heading', LOST)
    check('Ann ends in order at last', ann.leave() == 0)

    # Killed between the key and the files.
    ann = lock_out()
    ann.leave()
    size = os.path.getsize(vault)
    os.unlink(vault)
    pathlib.Path(vault + '.new').write_bytes(bytes(size))
    ann = Person('--listen', '127.0.0.1:0', profile=profile)
    people.append(ann)
    check('an erasing that was interrupted is told of', ann.sees('Erasing was interrupted here'), ann.everything())
    check('and ends', ann.find('push button', 'Get Started') and set(os.listdir(profile)) <= {'lock', 'files'},
          os.listdir(profile))
    check('Ann ends in order as a new user', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
