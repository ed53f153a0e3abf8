#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile whose database cannot be opened: what can be read of it is saved into a backup, from which a second profile
has the messages. A wrong passphrase and a change of mind on the way cost nothing, and the damaged one stays as it is."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from person import Person, check, finish, screenshot, wait

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402

PAGE_BYTES = 4096
FIRST_PAGE = 100
OWN = 'own words'
BACKUP = 'backup words'
NEW = 'new words'
TITLE = 'Save What Can Be Read'
BUTTON = TITLE + '…'
SAVE = 'Choose a File and Save…'

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
plain = os.path.join(folder, 'plain')
target = os.path.join(folder, 'ann.kith-backup')
slow = os.path.join(folder, 'slow')
people = []


def damage(home, pages):
    with open(os.path.join(home, 'kith.db'), 'r+b') as file:
        data = bytearray(file.read())
        for page in pages:
            if (page + 1) * PAGE_BYTES <= len(data):
                data[page * PAGE_BYTES + 200] ^= 1
        file.seek(0)
        file.write(data)


def contents():
    """Of the damaged profile, but for who has it open and how often a passphrase was wrong."""
    return {path.name: path.read_bytes() for path in pathlib.Path(profile).iterdir()
            if path.name not in ('lock', 'attempts')}


def start(home, **environment):
    person = Person('--listen', '127.0.0.1:0', profile=home, environment=environment)
    people.append(person)
    return person


def fill(**texts):
    ann.focus(TITLE)
    for key, text in texts.items():
        name = key.replace('_', ' ')
        ann.click_at(ann.find('text', name), ann.x_window(TITLE))
        ann.enter(name, text)
        ann.key('Return')


def save(effect):
    """Up to where the file is chosen, and the effect is seen."""
    return ann.choose_file(TITLE, target, 'Save', effect)


def right_end():
    """Of what the dialog shows."""
    dialog = next(window for window in ann.tree().windows if window.name == TITLE)
    return max(x + width for x, _, width, _ in (node.box() for node in dialog.walk() if node.is_shown()))


def narrow(name):
    """The dialog as it is on a narrow screen, and on a wide one."""
    main = ann.window
    ann.window = ann.x_window(TITLE)
    for width, height in ((360, 640), (900, 700)):
        ann.place(0, (width, height))
        screenshot(f'{name}-{width}')
        if width == 360:
            check(f'{name} is good for a narrow screen', wait(lambda: right_end() <= 360), right_end)
    ann.window = main


try:
    kith_cli.Person('Ann', profile=profile, listen=None).quit()
    subprocess.run([os.environ['KITH_MAKE_HISTORY'], profile, '3000', '3'], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(profile, plain)
    old = kith_cli.Person('Ann', profile=profile, listen=None)
    old.ok('change-passphrase', passphrase=OWN)
    old.quit()
    damage(profile, [0, *range(FIRST_PAGE, 3000, 9)])
    damage(plain, [0])

    ann = start(profile, LD_PRELOAD=os.environ['KITH_HOLD_BACK'], KITH_TEST_SLOW_DISK=slow)
    ann.sees('Kith Is Locked')
    ann.focus()
    ann.enter('Passphrase', OWN)
    ann.key('Return')
    check('the damage is told', ann.sees('The Profile Is Damaged'), ann.everything)
    check('and what can be done', ann.find('push button', BUTTON), ann.everything)
    for width in (360, 900):
        ann.place(0, (width, 640))
        screenshot(f'rescue-trouble-{width}')
    before = contents()

    check('the dialog asks for the passphrase', ann.press(BUTTON)
          and ann.find('text', 'Passphrase of the Profile'), ann.everything)
    check('and for one of the backup', ann.find('text', 'New Passphrase'), ann.everything)
    narrow('rescue')
    fill(New_Passphrase=BACKUP, Once_More=BACKUP)
    check('not without the one of the profile', not ann.is_sensitive('push button', SAVE), ann.everything)
    fill(Passphrase_of_the_Profile='no such words')
    check('with it there is a file to choose', ann.press(SAVE) and save(lambda: ann.look_for(
        'label', contains='not the passphrase')), ann.everything)
    check('a wrong passphrase is told in place', ann.sees('not the passphrase')
          and ann.look_for('text', 'Passphrase of the Profile') is not None, ann.everything)
    check('and can be entered again', wait(lambda: ann.text('Passphrase of the Profile') == '')
          and not os.path.exists(target), ann.everything)
    screenshot('rescue-wrong')

    with open(slow, 'wb'):
        pass
    fill(Passphrase_of_the_Profile=OWN)
    check('who saves can cancel', ann.press(SAVE) and save(lambda: ann.look_for('push button', 'Cancel')
                                                            and os.path.getsize(slow) > 0), ann.everything)
    screenshot('rescue-running')
    ann.focus(TITLE)
    ann.key('Escape')
    check('a key that was pressed by mistake does not end it', not wait(
        lambda: ann.look_for('push button', 'Cancel') is None, 2), ann.everything)
    check('it is cancelled', ann.press('Cancel'), ann.everything)
    os.unlink(slow)
    check('and can begin again', wait(lambda: ann.is_sensitive('push button', SAVE)), ann.everything)
    check('nothing is left of it', not os.path.exists(target)
          and not list(pathlib.Path(folder).glob('*.part')), os.listdir(folder))

    check('what can be read is saved', ann.press(SAVE) and save(lambda: ann.look_for(
        'label', contains='What can be read of this profile was saved')), ann.everything)
    words = ann.sees('What can be read of this profile was saved').name
    check('and not everything, which is said', 'the rest of it is lost' in words, words)
    check('with what to do next', ann.sees('Restore from a Backup…”') and ann.sees('Erase the damaged profile only after'),
          ann.everything)
    narrow('rescue-done')
    check('the file is there', os.path.getsize(target) > 0, os.listdir(folder))
    check('the damaged profile is as it was', contents() == before, os.listdir(profile))
    check('it was read', ann.press('Close') and ann.is_gone('label', contains='What can be read of this'), ann.everything)
    check('the profile can still be erased', ann.find('push button', 'Erase This Profile…')
          and ann.find('push button', 'Other Profiles…'), ann.everything)
    check('Ann ends in order', ann.leave() == 0)

    ann = start(os.path.join(folder, 'new'))
    ann.press('Restore from a Backup…')
    check('a second profile takes the backup', ann.choose(
        'Backup File', 'Restore from a Backup', lambda: ann.look_for('push button', 'Open'))
          and ann.choose_file('Choose a Backup', target, 'Open') and ann.sees(os.path.basename(target)), ann.everything)
    ann.focus('Restore from a Backup')
    for name, text in (('Passphrase of the Backup', BACKUP), ('New Passphrase', NEW), ('Once More', NEW)):
        ann.enter(name, text)
        ann.key('Return')
    check('the people are there', ann.row('Friend 2'), ann.everything)
    ann.select('Friend 2')
    check('and messages', wait(lambda: len(ann.messages()) > 3), ann.messages)
    screenshot('rescue-restored')
    check('Ann ends in order again', ann.leave() == 0)

    # Nothing is asked for that is not there.
    ann = start(plain)
    check('one without a passphrase is told as well', ann.sees('The Profile Is Damaged'), ann.everything)
    check('only the passphrase of the backup is asked for', ann.press(BUTTON) and ann.find('text', 'New Passphrase')
          and ann.look_for('text', 'Passphrase of the Profile') is None, ann.everything)
    os.unlink(target)
    fill(New_Passphrase=BACKUP, Once_More=BACKUP)
    check('all of it is saved', save(lambda: ann.look_for('label', contains='All that was found could be read')),
          ann.everything)
    check('Ann ends in order once more', ann.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
