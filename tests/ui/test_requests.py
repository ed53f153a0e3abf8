#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declining, taking a request back, and removing a contact."""

from person import Person, befriend, check, finish, screenshot, wait

people = []
try:
    ann = Person('--name', 'Ann', '--listen', '127.0.0.1:0')
    people.append(ann)
    ben = Person('--name', 'Ben', '--listen', '127.0.0.1:0', x=980)
    people.append(ben)

    ben.connect('127.0.0.1', ann.port())
    check('the request arrives', ann.row('Request from Ben'), ann.everything())
    ann.select('Request from Ben')
    check('the page says what becomes of a link', ann.sees('does not work anymore then'), ann.everything())
    check('declining asks first', ann.press('Decline') and ann.sees('Decline This Request?'), ann.everything())
    check('and can be left', ann.press('Cancel') and ann.is_gone('label', 'Decline This Request?')
          and ann.row('Request from Ben'), ann.everything())
    check('Ann declines', ann.press('Decline') and ann.sees('Decline This Request?')
          and ann.press('Decline'), ann.everything())
    check('the request is gone', ann.is_gone('list item', contains='Request from'),
          ann.everything())
    check('nothing is open', ann.sees('Say Hello to Somebody'), ann.everything())
    check('Ben is told', ben.sees('declined your request'), ben.everything())
    screenshot('declined')

    carla = Person('--name', 'Carla', '--listen', '127.0.0.1:0', x=980)
    people.append(carla)
    carla.connect('127.0.0.1', ann.port())
    check('Carla asks', ann.row('Request from Carla'), ann.everything())
    check('Carla takes it back', carla.press('Take Back Request') and carla.press('Take Back'), carla.everything())
    check('her list is empty', carla.sees('Say Hello to Somebody'), carla.everything())

    dora = Person('--name', 'Dora', '--listen', '127.0.0.1:0', x=980)
    people.append(dora)
    check('Dora and Ann become contacts', befriend(dora, ann) or ann.everything())
    check('they are online', ann.sees('Online') and dora.sees('Online'), ann.everything())
    ann.focus()
    check('details open', ann.press('Dora, Online. Contact details'), ann.everything())
    check('they say that nobody has made sure of her', ann.sees('Not verified'))
    screenshot('contact-details')
    ann.focus('Contact Details')
    ann.type('Dorothea')
    ann.key('Return')
    check('an alias', ann.find('label', 'Dorothea'), ann.everything())
    check('removing asks first', ann.press('Remove Contact…') and ann.sees('Remove Dorothea?'),
          ann.everything())
    check('removed', ann.press('Remove'))
    check('she is gone', ann.is_gone('list item', contains='Dorothea'), ann.everything())
finally:
    for person in people:
        person.leave()
finish()
