#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Proves the packaging for Flatpak, when what takes long is wanted: it takes minutes, and 3 GB.
#
# usage: check_flatpak.sh SOURCE
set -euo pipefail

skip() { printf '%s\n' "$*"; exit 77; }

[ -n "${KITH_TEST_LONG:-}" ] || skip "It takes minutes: set KITH_TEST_LONG=1"
command -v apt-get >/dev/null || skip "The runtime is made of Debian's packages, which are not here"

exec "$1/flatpak/check"
