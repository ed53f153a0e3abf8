# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows of processes that a test did not start as its own: another profile is one."""

import os
import signal

from person import BUS, Person, wait


class Started(Person):
    """The window of a process that runs."""

    def __init__(self, process, people):
        """@people: who has to leave at the end: this one, too."""
        self.process = process
        people.append(self)
        self._name = wait(lambda: BUS.find_process(process.pid))
        wait(lambda: self.tree().windows)
        self.window = self.x_window()
        self.place(0)


class Other:
    """A process that is not ours."""

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        try:
            with open(f'/proc/{self.pid}/stat', encoding='utf-8') as file:
                return None if file.read().rpartition(')')[2].split()[0] != 'Z' else 0
        except OSError:
            return 0

    def send_signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout_s):
        return wait(lambda: self.poll() is not None, timeout_s) and 0


def find_process(path):
    """The one that has the profile in that folder."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as file:
                words = file.read().split(b'\0')
        except OSError:
            continue
        if path.encode() in words and words[0].endswith(b'kith') and Other(int(pid)).poll() is None:
            return Other(int(pid))
    return None
