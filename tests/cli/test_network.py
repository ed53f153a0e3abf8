#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ways to others are taken, by option and by command."""
import subprocess

from kith_cli import BINARY, DEADLINE_S, NO_NETWORK, Person, in_folder, run


def network(person, **fields):
    reply = person.ok('network', **fields)
    return {k: v for k, v in reply.items() if k not in ('reply', 'ok')}


def test_status():
    ann = Person('Ann')
    status = ann.ok('status')
    assert status['dht'] == {'state': 'off', 'nodes': 0}, status
    assert status['port_map'] == {'state': 'off', 'method': None, 'external': None, 'ipv6': 'off'}, status
    assert status['lan'] == {'state': 'off'} and status['proxy'] is None, status
    assert ann.ok('nearby')['nearby'] == []
    ann.fails('not-found', 'ask', who='Ben')


def test_options():
    ann = Person('Ann', '--bootstrap', '127.0.0.1:1', '--bootstrap', '[::1]:2', '--dht-network', '3000000000')
    assert network(ann) == {'dht': False, 'bootstrap': ['127.0.0.1:1', '[::1]:2'], 'dht_network': 3000000000, 'lan': False,
                            'present': False, 'port_map': False, 'proxy': None}


def test_options_that_are_wrong():
    for options in (['--bootstrap', 'nonsense'], ['--bootstrap', '127.0.0.1'], ['--bootstrap', '127.0.0.1:0'],
                    ['--bootstrap', '127.0.0.1:65536'], ['--bootstrap', '::1:4222'], ['--bootstrap', ''],
                    ['--bootstrap', '127.0.0.1:1'] * 9, ['--dht-network', '-1'], ['--dht-network', '4294967296'], ['--dht-network', 'x'],
                    ['--no-lan', '--lan-present'], ['--proxy', 'ftp://127.0.0.1:21']):
        done = subprocess.run([BINARY, '--ephemeral', '--no-listen', *options, 'help'], capture_output=True, text=True,
                              timeout=DEADLINE_S, stdin=subprocess.DEVNULL)
        assert done.returncode == 2 and options[-1 if '--lan-present' in options else 0] in done.stderr, (options, done)


@in_folder
def test_options_are_not_stored(folder):
    ann = Person('Ann', profile=folder + '/ann', network=[*NO_NETWORK, '--bootstrap', '127.0.0.1:1'])
    before = network(ann)
    assert not before['dht'] and before['bootstrap'] == ['127.0.0.1:1']
    ann.quit()
    ann = Person('Ann', '--no-dht', profile=folder + '/ann', network=['--no-lan', '--no-port-map'])
    assert network(ann)['bootstrap'] != ['127.0.0.1:1']
    ann.quit()


@in_folder
def test_settings_are_stored(folder):
    # With a proxy nobody is looked for, whatever else is on.
    ann = Person('Ann', profile=folder + '/ann', network=['--proxy', 'socks5://127.0.0.1:9'])
    for setting, value in (('lan', 'off'), ('port-map', 'off'), ('dht', 'off'), ('present', 'on'),
                           ('bootstrap', '127.0.0.1:1 [::1]:2'), ('proxy', 'http://127.0.0.1:8')):
        network(ann, setting=setting, value=value)
    wanted = {'dht': False, 'bootstrap': ['127.0.0.1:1', '[::1]:2'], 'dht_network': 0, 'lan': False, 'present': True,
              'port_map': False, 'proxy': 'http://127.0.0.1:8'}
    assert network(ann) == wanted, network(ann)
    ann.quit()
    ann = Person('Ann', profile=folder + '/ann', network=[])
    assert network(ann) == wanted, network(ann)
    assert network(ann, setting='proxy', value='none')['proxy'] is None
    ann.quit()
    ann = Person('Ann', profile=folder + '/ann', network=[])
    assert network(ann) == {**wanted, 'proxy': None}, network(ann)
    ann.quit()


@in_folder
def test_options_stay_when_something_is_stored(folder):
    """What is changed is stored; what an option said is not, and stays as it is."""
    ann = Person('Ann', profile=folder + '/ann')
    assert network(ann, setting='present', value='on')['present']
    assert not network(ann)['dht'] and not network(ann)['lan']
    ann.quit()
    ann = Person('Ann', profile=folder + '/ann', network=['--proxy', 'socks5://127.0.0.1:9'])
    now = network(ann)
    assert now['present'] and now['dht'] and now['lan'] and now['port_map'], now
    ann.quit()


def test_settings_that_are_wrong():
    ann = Person('Ann')
    before = network(ann)
    for setting, value in (('dht', 'yes'), ('dht', ''), ('lan', 'ON'), ('nothing', 'on'), ('bootstrap', 'nonsense'),
                           ('bootstrap', '127.0.0.1:1 x'), ('dht-network', '1'),
                           ('proxy', 'nonsense'), ('proxy', 'socks5://')):
        ann.fails('invalid', 'network', setting=setting, value=value)
    ann.fails('invalid', 'network', setting='dht')
    ann.fails('invalid', 'network', setting=3, value='on')
    assert network(ann) == before


def test_diagnose():
    ann = Person('Ann')
    findings = ann.ok('diagnose')['findings']
    assert findings, findings
    for finding in findings:
        assert finding['level'] in ('good', 'note', 'problem') and finding['code'] and finding['title'], finding
    assert any(f['code'] == 'listening' for f in findings), findings
    ann.fails('not-found', 'diagnose', who='Ben')


def test_diagnose_a_contact():
    ann, ben = Person('Ann'), Person('Ben')
    ann.ok('connect', address='127.0.0.1', port=ben.port)
    ben.event('request', id=ann.id)
    ben.ok('accept', who=ann.id)
    ann.event('peer-online', id=ben.id)
    assert all(f['level'] != 'problem' for f in ann.ok('diagnose', who='Ben')['findings'])
    ben.quit()
    ann.event('peer-offline', id=ben.id)
    findings = ann.ok('diagnose', who='Ben')['findings']
    assert any(str(ben.port) in f['title'] + f['detail'] for f in findings), findings
    assert any(f['level'] == 'problem' for f in findings), findings


run([test_status, test_options, test_options_that_are_wrong, test_options_are_not_stored, test_settings_are_stored,
     test_options_stay_when_something_is_stored, test_settings_that_are_wrong, test_diagnose, test_diagnose_a_contact])
