#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds docs/kith-cli.1 and docs/kith-cli.md to what kith-cli does: every command with its arguments,
every option, every event, every member of a reply and every name of an error."""
import json
import pathlib
import re
import subprocess
import sys

binary, docs = sys.argv[1], pathlib.Path(sys.argv[2])
source = docs.parent / 'src'
# In the manual: no fonts, and \- is a hyphen.
manual = re.sub(r'\\f[BIRP]', '', (docs / 'kith-cli.1').read_text()).replace('\\-', '-').replace('\\&', '')
page = (docs / 'kith-cli.md').read_text()

lines = subprocess.run([binary, '--json', '--ephemeral', '--no-listen', '--no-dht', '--no-lan', '--no-port-map', 'help'], capture_output=True, text=True, check=True).stdout
commands = next(line for line in map(json.loads, lines.splitlines()) if 'reply' in line)['commands']
options = re.findall(r'^  (--[a-z-]+)', subprocess.run([binary, '--help'], capture_output=True, text=True,
                                                       check=True).stdout, re.M)
cli = ''.join(path.read_text() for path in sorted((source / 'cli').glob('*.c')))
events = set(re.findall(r'(?:emit|tell_if_new) \(self(?:->app)?, "([a-z-]+)"', cli)) | {'peer-online', 'peer-offline'}
members = set(re.findall(r'json_object_set_\w+_member \(\w+(?:->\w+)?,\s*"([\w-]+)"', cli))
errors = re.findall(r'^  \[KITH_ERROR_\w+\] = "([a-z-]+)"', (source / 'base/kith-error.c').read_text(), re.M)
complaints = []


def want(word, text, name):
    if not re.search(r'(?<![\w-])' + re.escape(word) + r'(?![\w-])', text):
        complaints.append(f'{name} does not mention {word}')


assert len(commands) > 20 and len(options) > 8 and len(events) > 8 and len(members) > 100 and len(errors) > 20
for command in commands:
    section = re.search(r'\n\.TP\n\.BI? ' + re.escape(command['cmd']) + r'(?![\w-]).*\n(?:.*\n)*?(?=\.TP|\.SH|\.SS)', manual)
    if section is None:
        complaints.append(f'kith-cli.1 has no entry for {command["cmd"]}')
    for argument in command['arguments'].split():
        argument = argument.strip('[]…')
        if section is not None:
            want(argument, section.group(0), f'kith-cli.1 at {command["cmd"]}')
    want(command['cmd'], page, 'kith-cli.md')
for word in [*options, *sorted(events)]:
    want(word, manual, 'kith-cli.1')
    want(word, page, 'kith-cli.md')
for word in sorted(members):
    want(word, page, 'kith-cli.md')
for word in errors:
    want(word, manual, 'kith-cli.1')

told = re.findall(r'^\.(?:BI?|BR) (--[a-z-]+)', manual, re.M)
complaints += [f'there is no {word}, of which kith-cli.1 tells' for word in set(told) - {*options, '--version', '--help'}]
commands_part = manual.partition('.SH COMMANDS')[2].partition('\n.SH ')[0]
told_commands = set(re.findall(r'^\.TP\n\.BI? ([a-z-]+)', commands_part, re.M))
complaints += [f'there is no command {word}, of which kith-cli.1 tells'
               for word in sorted(told_commands - {command['cmd'] for command in commands})]
assert len(told) > 8 and len(told_commands) > 20

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
