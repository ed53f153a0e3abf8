#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page and dialog for somebody who hears it and has no mouse: all that can be met with the keyboard has a name
and says what it is, Tab goes round, and Escape leads back (see pages.py).

usage: test_pages.py First | Alone | Talk | Groups"""

import sys

import pages
from audit import Trail, nameless, roleless, trap
from person import BUS, check, finish, wait

trail = Trail(BUS)
stage = getattr(pages, sys.argv[1])()
pages.check_all_known()
try:
    for page in stage.pages():
        person = page.person
        # What was just opened may still be filled.
        check(f'{page.name}: all has a name', wait(lambda: not nameless(person), 3), lambda: ' | '.join(nameless(person)))
        check(f'{page.name}: all says what it is', not roleless(person), lambda: ' | '.join(roleless(person)))
        caught = trap(person, trail, page.window)
        check(f'{page.name}: Tab goes round', not caught, caught)
    stage.all_seen()
    check('all end in order', all(person.leave() == 0 for person in stage.people))
finally:
    stage.leave()
finish()
