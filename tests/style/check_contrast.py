#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the window can be read: the contrast of the texts in data/style.css with what is behind them (WCAG 2.1:
4.5 for text, 3 for pictures and for what is bold), on light and on dark; and in high contrast, where it is 7 and 4.5.

usage: check_contrast.py SOURCE"""
import re
import sys

source = sys.argv[1]
TEXT, PICTURE = 4.5, 3
HIGH_TEXT, HIGH_PICTURE = 7, 4.5
N_PEOPLE = 8
# The names of libadwaita 1.2.
NAMED = {
    'light': {'view_bg_color': '#ffffff', 'view_fg_color': 'alpha(black, 0.8)', 'window_bg_color': '#fafafa',
              'window_fg_color': 'alpha(black, 0.8)', 'card_fg_color': 'alpha(black, 0.8)', 'accent_color': '#1c71d8',
              'accent_bg_color': '#3584e4', 'accent_fg_color': 'white', 'error_color': '#c01c28'},
    'dark': {'view_bg_color': '#1e1e1e', 'view_fg_color': 'white', 'window_bg_color': '#242424',
             'window_fg_color': 'white', 'card_fg_color': 'white', 'accent_color': '#78aeed',
             'accent_bg_color': '#3584e4', 'accent_fg_color': 'white', 'error_color': '#ff7b63'},
}
_n = 0
_failed = False


def check(what, ratio, least):
    global _n, _failed
    _n += 1
    _failed |= ratio < least
    print(f"{'ok' if ratio >= least else 'not ok'} {_n} - {what}: {ratio:.2f}, at least {least}")


class Style:
    """The declarations of some style sheets, the later before the earlier; no more of CSS than they have."""

    def __init__(self, scheme, *names):
        self.named = NAMED[scheme]
        self.rules = {}
        for name in names:
            with open(f'{source}/data/{name}.css', encoding='utf-8') as file:
                text = re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
            for selectors, body in re.findall(r'([^{}]+)\{([^{}]*)\}', text):
                declared = dict(re.findall(r'([\w-]+)\s*:\s*([^;]+);', body))
                for selector in selectors.split(','):
                    self.rules.setdefault(' '.join(selector.split()), {}).update(declared)

    def get(self, selector, name):
        return self.rules[selector][name].strip()

    def colour(self, words, current=None):
        """(red, green, blue, alpha), each up to 1."""
        words = words.strip()
        if words == 'currentColor':
            return current
        if words.startswith('@'):
            return self.colour(self.named[words[1:]])
        if words.startswith('#'):
            return (*(int(words[i:i + 2], 16) / 255 for i in (1, 3, 5)), 1)
        if words in ('black', 'white'):
            return (*[float(words == 'white')] * 3, 1)
        name, arguments = re.fullmatch(r'(\w+)\((.*)\)', words).groups()
        arguments = arguments.split(',')
        first = self.colour(arguments[0], current)
        if name == 'alpha':
            return (*first[:3], first[3] * float(arguments[1]))
        assert name == 'mix', words
        second, share = self.colour(arguments[1], current), float(arguments[2])
        return tuple(a * (1 - share) + b * share for a, b in zip(first, second))


def over(front, back):
    """What one sees where @front lies on @back, which nothing shines through."""
    return (*(a * front[3] + b * (1 - front[3]) for a, b in zip(front[:3], back[:3])), 1)


def dimmed(colour, opacity):
    return (*colour[:3], colour[3] * float(opacity))


def luminance(colour):
    linear = [part / 12.92 if part <= .03928 else ((part + .055) / 1.055) ** 2.4 for part in colour[:3]]
    return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2]


def contrast(front, back):
    light, dark = sorted((luminance(over(front, back)), luminance(back)), reverse=True)
    return (light + .05) / (dark + .05)


def look_at(scheme, *sheets, high=False):
    style = Style(scheme, *sheets)
    least_text, least_picture = (HIGH_TEXT, HIGH_PICTURE) if high else (TEXT, PICTURE)
    scheme += ', high contrast' if high else ''
    view, window = style.colour('@view_bg_color'), style.colour('@window_bg_color')
    text, pane_text = style.colour('@card_fg_color'), style.colour('@window_fg_color')
    theirs = over(style.colour(style.get('kithbubble', 'background-color')), view)
    ours = over(style.colour(style.get('kithmessage.outgoing kithbubble', 'background-color')), view)

    for i in range(N_PEOPLE):
        colour = style.colour(style.get(f'label.person-{i}', 'color'))
        check(f'{scheme}: name of person {i}', contrast(colour, theirs), least_text)
    for whose, bubble in (('their', theirs), ('our', ours)):
        meta = dimmed(text, style.get('kithbubble .meta > label', 'opacity'))
        quote = over(style.colour(style.get('button.answered', 'background-color'), text), bubble)
        check(f'{scheme}: {whose} text', contrast(text, bubble), least_text)
        check(f'{scheme}: {whose} time', contrast(meta, bubble), least_text)
        check(f'{scheme}: {whose} deleted message',
              contrast(dimmed(text, style.get('kithbubble.deleted > label', 'opacity')), bubble), least_text)
        check(f'{scheme}: what leads to all of {whose} text',
              contrast(style.colour(style.get('kithbubble .show-all', 'color')), bubble), least_text)
        check(f'{scheme}: who is quoted in {whose} message',
              contrast(style.colour(style.get('button.answered .caption-heading', 'color')), quote), least_text)
    for state in 'read', 'failed':
        check(f'{scheme}: {state}', contrast(style.colour(style.get(f'kithbubble .meta image.{state}', 'color')), ours),
              least_picture)
    chosen = over(style.colour(style.get('.headed-list > row:selected:hover .content', 'background-color'),
                               pane_text), window)
    for where, ground in (('list', window), ('chosen row', chosen), ('white', view)):
        for dim in '.dim-label', 'row label.subtitle':
            check(f'{scheme}: {dim}, {where}', contrast(dimmed(pane_text, style.get(dim, 'opacity')), ground), least_text)
    for where, ground in (('list', window), ('chosen row', chosen)):
        check(f'{scheme}: preview, {where}',
              contrast(dimmed(pane_text, style.get('.conversation-row .preview', 'opacity')), ground), least_text)
    check(f'{scheme}: heading of the list',
          contrast(dimmed(pane_text, style.get('.list-heading label.heading', 'opacity')), window), least_text)
    check(f'{scheme}: new messages', contrast(style.colour(style.get('kithdivider.unread label', 'color')), view), least_text)
    check(f'{scheme}: number of unread messages',
          contrast(style.colour(style.get('.badge', 'color')), style.colour(style.get('.badge', 'background-color'))),
          least_picture)


look_at('light', 'style')
look_at('dark', 'style', 'style-dark')
look_at('light', 'style', 'style-hc', high=True)
look_at('dark', 'style', 'style-dark', 'style-hc', 'style-hc-dark', high=True)
print(f'1..{_n}')
sys.exit(_failed)
