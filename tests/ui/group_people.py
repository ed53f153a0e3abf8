# SPDX-License-Identifier: GPL-3.0-or-later
"""A window that leads a group, and friends in terminals who are in it."""

import os
import sys

from person import let_in

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'cli'))
import kith_cli  # noqa: E402
import kith_cli  # noqa: E402


def make_group(ann, name, *friends):
    """In words, with all of them, who join; returns them, and what the group is called in their commands."""
    people = [let_in(ann, kith_cli.Person(friend)) for friend in friends]
    # What comes behind an @ is offered while it is typed; a blank ends that.
    ann.write(f'/group new {name} {" ".join("@" + friend for friend in friends)} ')
    for friend in people:
        friend.event('group', change='added', state='invited')
        friend.ok('group-join', group=name)
        friend.event('group', change='state', state='member')
    return people, people[0].ok('groups')['groups'][0]['group']
