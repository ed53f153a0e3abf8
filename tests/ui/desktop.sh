#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command on a desktop of its own: an X server without a screen, a session bus, and
# folders that are gone afterwards. Works without a display and as root.
#
# usage: desktop.sh COMMAND [ARGUMENT...]
# environment: SCREEN (1960x760x24), LIMIT (seconds, 220)
set -u

for tool in Xvfb xdotool dbus-run-session; do
  command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
done
/usr/bin/python3 -c 'import gi; gi.require_version("Atspi", "2.0")' 2>/dev/null ||
  { echo "1..0 # SKIP gir1.2-atspi-2.0 and python3-gi are not installed"; exit 0; }

home=$(mktemp -d)
server=
cleanup() {
  [ -n "$server" ] && kill "$server" 2>/dev/null
  # Services of the ended session may still write.
  for _ in 1 2 3 4 5; do rm -rf "$home" 2>/dev/null && break; sleep .1; done
}
trap cleanup EXIT

export HOME=$home XDG_RUNTIME_DIR=$home/run XDG_CONFIG_HOME=$home/config
export XDG_DATA_HOME=$home/data XDG_CACHE_HOME=$home/cache
mkdir -p "$XDG_CONFIG_HOME/gtk-4.0" "$XDG_DATA_HOME" "$XDG_CACHE_HOME"
mkdir -m 700 "$XDG_RUNTIME_DIR"
cat > "$XDG_CONFIG_HOME/gtk-4.0/settings.ini" <<SETTINGS
[Settings]
gtk-font-name=Cantarell 11
gtk-xft-antialias=1
gtk-xft-hinting=0
gtk-enable-animations=0
SETTINGS

export LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
export GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=atspi GTK_USE_PORTAL=0
# GTK sets up OpenGL also when it draws without it, and a processor that stands in for a graphics card is slow at that.
export GDK_DEBUG=gl-disable GDK_DISABLE=gl
export GSETTINGS_BACKEND=memory GIO_USE_VFS=local G_DEBUG=fatal-criticals
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS NO_AT_BRIDGE

exec {display}> "$home/display"
Xvfb -displayfd "$display" -screen 0 "${SCREEN:-1960x760x24}" -nolisten tcp -noreset \
  > "$home/server.log" 2>&1 &
server=$!
for _ in $(seq 600); do [ -s "$home/display" ] && break; sleep .05; done
[ -s "$home/display" ] || { cat "$home/server.log"; echo "Bail out! No X server"; exit 99; }
DISPLAY=:$(cat "$home/display")
export DISPLAY

# What the session's own services say is of no interest.
timeout -k 5 "${LIMIT:-220}" dbus-run-session -- bash -c 'exec "$@" >&3 2>&4' - "$@" \
  3>&1 4>&2 > /dev/null 2> "$home/session.log"
