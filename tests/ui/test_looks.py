#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How it looks: the demo, wide and at 360 pixels, light and dark, with the way back."""

import sys

from person import Person, check, finish, screenshot, wait

scheme = sys.argv[1]
environment = {'ADW_DEBUG_COLOR_SCHEME': f'prefer-{scheme}'}
LAST = 'And the little ticks'

demo = Person('--demo', environment=environment)
try:
    check('two windows open', wait(lambda: len(demo.tree().windows) == 2))
    ann, ben = demo.x_window('Ann – Kith'), demo.x_window('Ben – Kith')
    check('Ann and Ben have one each', ann and ben and ann != ben, demo.everything())

    demo.window = ben
    demo.place(980)
    demo.window = ann
    demo.place(0)
    demo.focus('Ann – Kith')
    check('they have greeted each other', demo.has_message('Ben', LAST, timeout_s=20),
          demo.messages())
    demo.focus('Ben – Kith')
    screenshot(f'wide-{scheme}')

    demo.place(0, (360, 640))
    demo.focus('Ann – Kith')
    check('there is a way back when narrow', demo.find('push button', 'Back'), demo.everything())
    screenshot(f'narrow-conversation-{scheme}')
    demo.press('Back')
    check('the list is there', demo.row('Ben, Online'), demo.everything())
    screenshot(f'narrow-list-{scheme}')
    demo.key('alt+Down')
    check('and the conversation again', demo.has_message('Ben', LAST))
    check('the demo ends in order', demo.leave() == 0)
finally:
    demo.leave()
finish()
