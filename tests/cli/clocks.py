# SPDX-License-Identifier: GPL-3.0-or-later
"""Clocks that are wrong, or run fast."""

import subprocess


def library():
    """That of faketime, for LD_PRELOAD. It fails where one of the same number has left its shared memory behind."""
    asked = (subprocess.run(['faketime', '-m', 'now', 'printenv', 'LD_PRELOAD'], capture_output=True, text=True,
                            check=False) for _ in range(5))
    return next(answer.stdout.strip() for answer in asked if answer.returncode == 0)


def wrong_by(seconds):
    """The environment of a process whose clock is wrong; its monotonic one is not."""
    return {'LD_PRELOAD': library(), 'FAKETIME': f'{seconds:+d}s', 'FAKETIME_DONT_FAKE_MONOTONIC': '1'}
