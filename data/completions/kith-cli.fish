# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for kith-cli. What there is to complete, kith-cli itself tells: this never goes stale.

# A line for each word that can stand here: the word, a tab, what it is for.
function __kith_cli_words
    kith-cli --words 2>/dev/null | string replace -r '\t[^\t]*$' ''
end

# What the command on the line takes; fails while there is none. What an option takes is no command.
function __kith_cli_arguments
    set -l lines (kith-cli --words 2>/dev/null)
    set -l skip no
    for token in (commandline -opc)[2..-1]
        set -l line (string match -r -- '^'(string escape --style=regex -- $token)'\t.*' $lines)
        set -l takes (string replace -r '.*\t' '' -- "$line")
        if test $skip = yes
            set skip no
        else if string match -q -- '-*' $token
            test -n "$takes"; and set skip yes
        else
            echo $takes
            return 0
        end
    end
    return 1
end

complete -c kith-cli -f
complete -c kith-cli -n 'not __kith_cli_arguments >/dev/null' -a '(__kith_cli_words)'
complete -c kith-cli -n '__kith_cli_arguments | string match -q "*path*"' -F
complete -c kith-cli -n 'string match -q -- "--profile" (commandline -opc)[-1]' -a '(__fish_complete_directories)'
