# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages for the window, and what in it is English nevertheless."""

import gettext
import os
import re

from person import KITH
from pseudo_locale import make, pseudo

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
# What is the same in every language, or comes from the toolkit, which does not speak the one that is made up.
KNOWN = re.compile(
    r'\b(?:Gtk|Adw|Kith)\w*|Ann|\bann\b|Ben|(?i:kith:\S*)|\b[a-z0-9]{14}\b|'  # names, classes, links, ids
    r'\b\d[\d.,]*\s?(?:k|M|G)?i?B\b|\b[0-9a-f]*:[0-9a-f:.]+\b|(?:socks5|https?)://\S+|\w+(?:\.\w+)+:\d+|/\S+|'
    r'(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|'
    r'January|February|March|April|May|June|July|August|September|October|November|December|'
    r'Ctrl|Shift|Alt|Super|Return|Enter|Escape|Page_(?:Up|Down)|Page (?:Up|Down)|Tab|Menu|Print|Insert|Up|Down|Space|F\d+|'
    r'Home|End|Delete|voice-\d+-\d+|\.(?:ogg|png)\b')

TOOLKIT = {'Minimize', 'Maximize', 'Close', 'No Results Found', 'Try a different search', 'Try a different search.',
           'Shortcuts', 'Search Results', 'Show Text', 'Hide Text', 'Search'}


class MadeUp:
    """Every letter has an accent."""

    def __init__(self, folder, is_rtl=False):
        self.environment = make(SOURCE, folder)
        self.say = pseudo
        self.is_rtl = is_rtl
        if self.is_rtl:
            # The toolkit's own words in Arabic, and so its direction.
            self.environment['LANGUAGE'] += ':ar'

    @staticmethod
    def is_english(words):
        """Whether any two letters of it have no accents."""
        return words not in TOOLKIT and re.search('[A-Za-z]{2,}', KNOWN.sub('', words))


class Real:
    """One of po/, as it was built."""

    def __init__(self, which):
        folder = os.path.join(os.path.dirname(KITH), '..', 'po')
        translation = gettext.translation('kith', folder, [which])
        self.environment = {'KITH_LOCALEDIR': folder, 'LANGUAGE': which}
        self.say = translation.gettext
        self.is_rtl = which == 'ar'

    def is_english(self, words):
        return words and self.say(words) != words


def find_english(language, person, said=None):
    """What is shown, or waits to be, and was not translated. said: a pattern of what people have written."""
    return [f'{node.role}: {node.name}' for node in person.tree(with_hidden=True).walk()
            if language.is_english(re.sub(said, '', node.name) if said else node.name)]
