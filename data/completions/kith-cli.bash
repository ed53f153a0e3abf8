# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for kith-cli. What there is to complete, kith-cli itself tells: this never goes stale.

# Which arguments a word takes: what stands behind the second tab.
_kith_cli_arguments ()
{
  "$1" --words 2>/dev/null | while IFS=$'\t' read -r word _ arguments; do
    [ "$word" = "$2" ] && printf '%s' "$arguments"
  done
}

# Lists the files that begin with the word, one a line; bash itself quotes them.
_kith_cli_files ()
{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

_kith_cli ()
{
  local program=$1 word=$2 previous=$3 command= i arguments

  # The first word that is neither an option nor what an option takes.
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == -* ]]; then
      [ -n "$(_kith_cli_arguments "$program" "${COMP_WORDS[i]}")" ] && ((i++))
    else
      command=${COMP_WORDS[i]}
      break
    fi
  done

  COMPREPLY=()
  if [ -n "$command" ]; then
    arguments=$(_kith_cli_arguments "$program" "$command")
    [[ $arguments == *path* ]] && _kith_cli_files -f "$word"
  elif [[ $previous == -* && -n $(_kith_cli_arguments "$program" "$previous") ]]; then
    [ "$previous" = --profile ] && _kith_cli_files -d "$word"
  else
    mapfile -t COMPREPLY < <(compgen -W "$("$program" --words 2>/dev/null | cut -f 1)" -- "$word")
  fi
  return 0
}

complete -F _kith_cli kith-cli
