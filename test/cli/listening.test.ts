import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listening, reachableHost } from '../../cli/listening.ts';
import { UsageError } from '../../cli/usage.ts';

/** Listens nowhere but on the hosts that this machine is said to have. */
function machine(hosts: { readonly [host: string]: string }) {
  return {
    async listen(host: string, port: number) {
      const code = hosts[host];
      if (code === 'ok') return port + 1;
      throw Object.assign(new Error(`listen ${code}`), { code, address: host });
    },
  };
}

const where = { port: 10250, flag: 'port' };

for (const code of ['EAFNOSUPPORT', 'EADDRNOTAVAIL']) {
  test(`all addresses of a machine without IPv6 (${code}) are those of IPv4`, async () => {
    assert.equal(await listening(machine({ '::': code, '0.0.0.0': 'ok' }), { host: '::', ...where }), 10251);
  });
}

/** What the machine says, and what the operator reads. */
const refused: readonly [sentence: string, hosts: { [host: string]: string }, host: string, message: string][] = [
  [
    'a port that is taken is not looked for on IPv4 instead',
    { '::': 'EADDRINUSE', '0.0.0.0': 'ok' },
    '::',
    'cannot listen on port 10250: something else listens there; choose another with --port',
  ],
  [
    'one address of IPv6 on a machine that has none',
    { '::1': 'EAFNOSUPPORT', '0.0.0.0': 'ok' },
    '::1',
    'cannot listen: this machine has no address ::1; choose another with --host',
  ],
  [
    'neither IPv6 nor IPv4',
    { '::': 'EAFNOSUPPORT', '0.0.0.0': 'EACCES' },
    '::',
    'cannot listen on port 10250: it is not permitted; choose another with --port',
  ],
];

for (const [sentence, hosts, host, message] of refused) {
  test(`refused: ${sentence}`, async () => {
    await assert.rejects(listening(machine(hosts), { host, ...where }), new UsageError(message));
  });
}

test('a server on every address is reached by the loopback one, and IPv6 stands in brackets', () => {
  assert.deepEqual(['::', '0.0.0.0', '::1', '10.0.0.1'].map(reachableHost), [
    '127.0.0.1',
    '127.0.0.1',
    '[::1]',
    '10.0.0.1',
  ]);
});
