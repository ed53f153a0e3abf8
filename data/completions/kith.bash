# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for kith. What there is to complete, kith itself tells: this never goes stale.

_kith ()
{
  local program=$1 word=$2 previous=$3 listed option takes options=() previous_takes=

  while IFS=$'\t' read -r option listed takes; do
    options+=("$option")
    [ "$option" = "$previous" ] && previous_takes=$takes
  done < <("$program" --words 2>/dev/null)

  COMPREPLY=()
  if [ "$previous" = --profile ]; then
    # bash itself quotes what has a space in it.
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -d -- "$word")
  elif [ -z "$previous_takes" ]; then
    mapfile -t COMPREPLY < <(compgen -W "${options[*]}" -- "$word")
  fi
  return 0
}

complete -F _kith kith
