# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by ./run and ./test: installing what is missing, and building.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

fail() { say "$*"; exit 1; }

# The packages of the lists named, one a line.
packages() {
  local list
  for list in "$@"; do
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/build-aux/packages/$list.txt"
  done
}

is_installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_missing() {
  local package missing=() as_root=()

  if ! command -v apt-get >/dev/null 2>&1; then
    check_by_hand
    return
  fi

  for package in $(packages "$@"); do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return

  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      fail "These packages are missing; please install them as root: ${missing[*]}"
    as_root=(sudo)
  fi

  say "Installing ${#missing[@]} missing packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq >/dev/null || fail "The package lists could not be updated."
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "The packages could not be installed."
}

# Not a Debian: say what is missing and how to get it.
check_by_hand() {
  local tool ok=1

  for tool in meson ninja pkg-config protoc-c cc; do
    command -v "$tool" >/dev/null 2>&1 || { say "Missing: $tool"; ok=0; }
  done
  if command -v pkg-config >/dev/null 2>&1; then
    for tool in gtk4 libadwaita-1 libsodium libprotobuf-c libqrencode zbar opendht-c gupnp-1.6 json-glib-1.0 \
      readline gstreamer-app-1.0 libjpeg libpng libseccomp libwebpdemux; do
      pkg-config --exists "$tool" || { say "Missing: $tool"; ok=0; }
    done
  fi
  [ $ok -eq 1 ] && return

  if command -v dnf >/dev/null 2>&1; then
    say "On Fedora: sudo dnf install $(packages fedora | tr '\n' ' ')"
  elif command -v pacman >/dev/null 2>&1; then
    say "On Arch: sudo pacman -S --needed $(packages arch | tr '\n' ' ')"
  fi
  exit 1
}

# The meson of the system comes before one of a language's package manager, which may not work
# with the system's Python.
find_meson() {
  if [ -x /usr/bin/meson ]; then echo /usr/bin/meson; else command -v meson; fi
}

# configure DIR [meson options]: once
configure() {
  local dir="$root/$1"
  shift
  [ ! -e "$dir/build.ninja" ] || return 0

  rm -rf "$dir"
  "$(find_meson)" setup "$dir" "$root" "$@" >"/tmp/kith-meson.$$" 2>&1 ||
    { cat "/tmp/kith-meson.$$" >&2; rm -f "/tmp/kith-meson.$$"; fail "The build could not be configured."; }
  rm -f "/tmp/kith-meson.$$"
}

# build DIR [meson options]: configures once, then builds.
build() {
  configure "$@"
  ninja -C "$root/$1" >"$root/$1/build.log" 2>&1 ||
    { tail -n 60 "$root/$1/build.log" >&2; fail "The build failed."; }
}
