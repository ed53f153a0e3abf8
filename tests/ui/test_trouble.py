#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile that could not be opened, or nothing that could be kept in memory: what was in the way is gone,
and one press opens it."""

import os
import shutil
import tempfile

from person import Person, check, finish, screenshot

folder = tempfile.mkdtemp(prefix='kith-ui-')
profile = os.path.join(folder, 'ann')
database = os.path.join(profile, 'kith.db')
people = []


def start(*arguments):
    person = Person(*arguments, '--listen', '127.0.0.1:0', profile=profile)
    people.append(person)
    return person


try:
    ann = start('--name', 'Ann')
    ann.press('Without a Passphrase…')
    check('Ann is there', ann.press('Without a Passphrase') and ann.port() > 0, ann.everything())
    check('and ends in order', ann.leave() == 0)

    os.rename(database, database + '.away')
    os.mkdir(database)
    ann = start()
    check('what is wrong is told', ann.find('push button', 'Try Again'), ann.everything())
    screenshot('trouble')
    ann.press('Try Again')
    check('and again, as long as it is', ann.find('push button', 'Try Again')
          and not ann.sees('open in another Kith', timeout_s=1), ann.everything())
    os.rmdir(database)
    os.rename(database + '.away', database)
    ann.press('Try Again')
    check('then one press opens it', ann.port() > 0, ann.everything())
    check('Ann ends in order again', ann.leave() == 0)

    vault, aside = os.path.join(profile, 'vault'), os.path.join(profile, 'kith.db.without-vault')
    os.rename(vault, vault + '-away')
    ann = start()
    check('a vault that is missing is told', ann.sees('A File Is Missing') and ann.sees('“vault” is missing'),
          ann.everything())
    screenshot('trouble-no-vault')
    check('and nothing begins anew by itself', os.path.exists(database) and not os.path.exists(aside))
    os.rename(vault + '-away', vault)
    ann.press('Try Again')
    check('with it all is there again', ann.port() > 0, ann.everything())
    check('Ann ends in order once more', ann.leave() == 0)
    os.rename(vault, vault + '-away')
    ann = start()
    ann.press('Start Anew')
    check('who has lost it begins anew', ann.find('push button', 'Get Started'), ann.everything())
    check('and the old messages are kept', os.path.exists(aside) and not os.path.exists(database))
    check('and Ann ends in order', ann.leave() == 0)

    full = os.path.join(folder, 'full')
    with open(full, 'wb'):
        pass
    ben = Person('--name', 'Ben', '--listen', '127.0.0.1:0', environment={
        'LD_PRELOAD': os.environ['KITH_HOLD_BACK'], 'KITH_TEST_NO_MEMORY': full})
    people.append(ben)
    check('nothing to be kept in is told, too', ben.sees('Kith Cannot Start')
          and ben.sees('out of memory'), ben.everything())
    screenshot('trouble-in-memory')
    ben.press('Try Again')
    check('and again', ben.find('push button', 'Try Again')
          and not ben.look_for('push button', contains='Reachable at '), ben.everything())
    os.unlink(full)
    ben.press('Try Again')
    check('until one press opens it', ben.port() > 0, ben.everything())
    check('Ben ends in order', ben.leave() == 0)
finally:
    for person in people:
        person.leave()
    shutil.rmtree(folder, ignore_errors=True)
finish()
