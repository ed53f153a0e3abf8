# SPDX-License-Identifier: GPL-3.0-or-later
# fish completion for kith. What there is to complete, kith itself tells: this never goes stale.

# A line for each option that can stand here: the option, a tab, what it is for. None behind one that takes something.
function __kith_options
    set -l lines (kith --words 2>/dev/null)
    set -l last (commandline -opc)[-1]
    string match -q -r -- '^'(string escape --style=regex -- $last)'\t.*\t.' $lines
    or string replace -r '\t[^\t]*$' '' -- $lines
end

complete -c kith -f
complete -c kith -a '(__kith_options)'
complete -c kith -n 'string match -q -- "--profile" (commandline -opc)[-1]' -a '(__fish_complete_directories)'
