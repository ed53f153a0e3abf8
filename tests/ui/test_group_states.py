#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups in every state: what is said of each, what is offered, and what asks before it is done. What happens
between real groups is in test_groups.py."""

from accessible import FOCUSED
from group_stage import COMPOSER, Spectator
from person import check, finish, screenshot, wait

BARS = {
    'Asking': ('The admin has not let you in yet', 'Take Back'),
    'Left': ('You have left this group', 'Delete…'),
    'Kicked': ('You were removed from this group', 'Delete…'),
    'Refused': ('The admin did not let you in.', 'Delete…'),
    'Split': ('This group has split', None),
    'Frozen': ('decisions contradict each other', None),
    'Offered': ('Ann asks you to become the admin of this group.', 'Become Admin'),
    'Vanished': ('There was no sign of Ann for 30 days', 'Propose…'),
    'Proposed': ('You proposed Ben as admin', None),
    'Claim': ('Enough members want you to be the admin.', 'Become Admin…'),
    'Missing': ('2 messages from Ann are missing. Carol has them.', None),
    'Restored': ('This profile was restored from a backup', None),
}
WRITABLE = {'Split', 'Frozen', 'Offered', 'Vanished', 'Proposed', 'Claim', 'Missing', 'Restored'}



def focused():
    """What is shown and has the focus."""
    return [f'{node.role}:{node.name}' for node in dora.tree().walk()
            if node.role in ('text', 'list item', 'push button') and node.was(FOCUSED) and node.is_shown()]


dora = Spectator()
try:
    check('an invitation says whose it is', dora.row('Invited, Group, Ann invites you'), dora.everything)
    check('a mention has a mark', dora.row('Village Choir, Group, 200 members'), dora.everything)
    check('the last words have a name before them', dora.row('Ben: @Ann Lee said she has one as well'))
    screenshot('group-list')

    for name, (words, button) in BARS.items():
        check(f'{name}: it opens', dora.open_group(name), dora.everything)
        check(f'{name}: it is said', dora.sees(words), dora.everything)
        check(f'{name}: and what can be done', button is None or dora.find('push button', button), dora.everything)
        check(f'{name}: it can be written in or not', bool(dora.look_for('text', COMPOSER)) == (name in WRITABLE),
              dora.everything)
        check(f'{name}: the focus is on what is shown',
              wait(lambda name=name: (focused() == [f'text:{COMPOSER}']) == (name in WRITABLE) and focused()), focused)

    check('an invitation has a page', dora.open_group('Invited') and dora.find('push button', 'Join')
          and dora.find('push button', 'Decline') and dora.sees('Ann invites you to this group')
          and dora.sees('All about bees'), dora.everything)
    screenshot('group-invited')
    check('it ends in order', dora.leave() == 0)
finally:
    dora.leave()
finish()
