# SPDX-License-Identifier: GPL-3.0-or-later
"""A file manager of the desktop that opens nothing: it keeps what it was asked to show."""

from desktop_service import DesktopService

NAME = 'org.freedesktop.FileManager1'
XML = f'''<node><interface name="{NAME}"><method name="ShowItems"><arg type="as" direction="in"/>
<arg type="s" direction="in"/></method></interface></node>'''


class FileManager(DesktopService):
    """The service, in a thread of its own."""

    def __init__(self):
        self.shown = []
        self.serve(XML, (NAME, '/org/freedesktop/FileManager1'))

    def called(self, method, values, invocation):
        self.shown += values[0]
        invocation.return_value(None)
