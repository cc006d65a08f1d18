import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultsIn, folderOf, load, ruleFile } from './rule-folder.ts';

/** What portcullis.yaml holds, and what is told of it. */
const cases: readonly { sentence: string; yaml: string; faults: readonly string[] }[] = [
  {
    sentence: 'YAML that is none',
    yaml: 'rules:\n  a: [1,\nnamespace: b\n',
    faults: [
      'portcullis.yaml:3: this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  {
    sentence: 'tabs',
    yaml: 'server:\n\tport: 1\n',
    faults: ['portcullis.yaml:2: this is not YAML: Tabs are not allowed as indentation'],
  },
  {
    sentence: 'a member that stands twice',
    yaml: 'rules:\n  a: {}\n  a:\n    mode: warn\n',
    faults: ['portcullis.yaml:3: this member stands twice in one mapping; keep one'],
  },
  {
    sentence: 'a second document',
    yaml: 'namespace: a\n---\nnamespace: b\n',
    faults: ['portcullis.yaml:2: a second document begins here; a configuration is one'],
  },
  {
    sentence: 'an alias of nothing',
    yaml: 'namespace: *here\n',
    faults: ['portcullis.yaml: this is not YAML: Unresolved alias (the anchor must be set before the alias): here'],
  },
  {
    sentence: 'a tag that nobody knows',
    yaml: 'namespace: a\nserver:\n  port: !port 1\n',
    faults: ['portcullis.yaml:3: this is not YAML: Unresolved tag: !port'],
  },
  {
    sentence: 'a list',
    yaml: '- rules\n',
    faults: ['portcullis.yaml:1: it must be an object'],
  },
  {
    sentence: 'unknown members, at the top and below',
    yaml: 'rule: {}\nserver:\n  healthport: 1\n  tls: no\n',
    faults: [
      'portcullis.yaml:1: rule: unknown; did you mean rules?',
      'portcullis.yaml:3: server.healthport: unknown; did you mean healthPort?',
      'portcullis.yaml:4: server.tls: unknown; known: host, port, healthPort, drainSeconds, logLevel, clientCa, clientNames, isolation',
    ],
  },
  {
    sentence: 'wrong types',
    yaml: "rules:\n  a:\n  b: off\nruleFolders: ./rules\nserver:\n  port: '8443'\n  drainSeconds: 1.5\ncertificate: dev\n",
    faults: [
      'portcullis.yaml:2: rules.a: must be an object',
      'portcullis.yaml:3: rules.b: must be an object',
      'portcullis.yaml:4: ruleFolders: must be an array',
      'portcullis.yaml:6: server.port: must be an integer',
      'portcullis.yaml:7: server.drainSeconds: must be an integer',
      'portcullis.yaml:8: certificate: must be an object',
    ],
  },
  {
    sentence: 'values that cannot be',
    yaml: "namespace: My_Team\nignoredNamespaces: ['']\ndomain: example\nruleFolders: ['']\nserver: { port: 65536, logLevel: loud, clientCa: '', clientNames: ['a,b'] }\n",
    faults: [
      'portcullis.yaml:4: ruleFolders.0: must not be empty',
      'portcullis.yaml:1: namespace: must match ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$, as "team-a" does',
      'portcullis.yaml:2: ignoredNamespaces.0: must match ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$, as "team-a" does',
      'portcullis.yaml:3: domain: must match ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$, as "extensions.example.com" does',
      'portcullis.yaml:5: server.port: must be 65535 or less',
      'portcullis.yaml:5: server.logLevel: must be one of debug, info, warn, error',
      'portcullis.yaml:5: server.clientCa: must not be empty',
      'portcullis.yaml:5: server.clientNames.0: must match ^[^,]*$, as "kube-apiserver" does',
    ],
  },
  {
    sentence: 'a mode that there is none of',
    yaml: 'rules:\n  a:\n    mode: enforced\n    setting: {}\n',
    faults: [
      'portcullis.yaml:4: rules.a.setting: unknown; did you mean settings?',
      'portcullis.yaml:3: rules.a.mode: must be one of enforce, warn, audit, off',
    ],
  },
  {
    sentence: 'a rule that there is none of, near another',
    yaml: 'rules:\n  no-bare-pod: { mode: warn }\n',
    faults: ['portcullis.yaml:2: rules.no-bare-pod: there is no such rule; did you mean no-bare-pods?'],
  },
  {
    sentence: 'a rule that there is none of, near no other',
    yaml: 'rules:\n  hosts: { mode: warn }\n  __proto__: {}\n',
    faults: [
      'portcullis.yaml:2: rules.hosts: there is no such rule; known: no-bare-pods',
      'portcullis.yaml:3: rules.__proto__: there is no such rule; known: no-bare-pods',
    ],
  },
];

for (const { sentence, yaml, faults } of cases) {
  test(`refused, with line and reason: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': yaml, 'a.ts': ruleFile('no-bare-pods') });
    assert.deepEqual(await faultsIn(folder), faults);
  });
}

test('a few lines of aliases that would fill the memory are refused', async (t) => {
  const levels = Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`);
  const folder = await folderOf(t, { 'portcullis.yaml': `a0: &a0 [x]\n${levels.join('\n')}\n`, 'a.ts': ruleFile('a') });
  assert.deepEqual(await faultsIn(folder), [
    'portcullis.yaml: this is not YAML: Excessive alias count indicates a resource exhaustion attack',
  ]);
});

test('a file that is named and not there is refused, and so is a folder', async (t) => {
  const folder = await folderOf(t, { 'a.ts': ruleFile('a') });
  assert.deepEqual(await faultsIn(folder), ['portcullis.yaml: there is no such file']);
  await mkdir(join(folder, 'portcullis.yaml'));
  assert.deepEqual(await faultsIn(folder), ['portcullis.yaml: this is a folder; name the file in it']);
});

for (const [sentence, yaml] of [
  ['an empty file', ''],
  ['a file of comments', '# later\n---\n# more\n'],
  ['a file of nothing but null', 'null\n'],
  ['a file with a byte order mark and Windows line ends', '\ufeffrules: {}\r\nnamespace: a\r\n'],
] as const) {
  test(`${sentence} is a configuration`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': yaml, 'a.ts': ruleFile('a') });
    assert.deepEqual(
      (await load(folder)).rules.map(({ rule }) => rule.name),
      ['a'],
    );
  });
}
