import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** A line in a file of a folder, and what the linter says of it: nothing, or words of its message. */
const lines: readonly [file: string, line: string, message?: string][] = [
  ['rules/index.ts', "import { Pod } from '../author.ts';"],
  ['rules/index.ts', "import { compile } from '../schema/compile-schema.ts';"],
  ['rules/index.ts', "import { gitSync } from './git-sync/git-sync.ts';"],
  ['rules/x/y.ts', "import type { Routing } from '../../author.ts';"],
  ['rules/x/y.ts', "import { compile } from '../../schema/compile-schema.ts';"],
  ['rules/x/y.ts', "import { routing } from './routing.ts';"],
  ['rules/x/y.ts', "import { listIn } from '../pod/lists.ts';"],
  ['rules/index.ts', "import { match } from '../webhook/match.ts';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "import type { Rule } from '../../webhook/rule.ts';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "import { diff } from '../../webhook/patch.ts';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "import { load } from '../../cli/load.ts';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "import { readFileSync } from 'node:fs';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "import { readFileSync } from 'fs';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "import fastify from 'fastify';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "import type { V1Pod } from '@kubernetes/client-node';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "export { load } from '../../cli/load.ts';", 'A rule imports author.ts'],
  ['rules/x/y.ts', "export const load = await import('../../cli/load.ts');", 'A rule imports author.ts'],
  ['rules/x/y.ts', 'export const now = Date.now();', 'the global variable Date'],
  ['rules/x/y.ts', 'export const now = performance.now();', 'the global variable performance'],
  ['rules/x/y.ts', 'export const dice = Math.random();', 'A rule has no randomness'],
  ['rules/x/y.ts', 'export const id = crypto.randomUUID();', 'the global variable crypto'],
  ['rules/x/y.ts', 'export const home = process.env.HOME;', 'the global variable process'],
  ['rules/x/y.ts', "export const answer = fetch('https://127.0.0.1');", 'the global variable fetch'],
  ['rules/x/y.ts', 'export const least = Math.min(1, 2);'],

  ['webhook/x.ts', "import { decode } from './decode.ts';"],
  ['webhook/x.ts', "import fastify from 'fastify';"],
  ['webhook/x.ts', "import { isUtf8 } from 'node:buffer';"],
  ['webhook/x.ts', "import type { Server } from 'node:https';"],
  ['webhook/x.ts', "import type { V1Pod } from '@kubernetes/client-node';"],
  ['webhook/x.ts', "import { gitSync } from '../rules/git-sync/git-sync.ts';", 'webhook/ names no rule'],
  ['webhook/x.ts', "import { main } from '../cli/main.ts';", 'webhook/ names no rule'],
  ['webhook/x.ts', "import { compile } from '../schema/compile-schema.ts';", 'webhook/ names no rule'],
  ['webhook/x.ts', "import { issue } from '../certs/issue.ts';", 'webhook/ names no rule'],
  ['webhook/x.ts', "import { replay } from '../replay/replay.ts';", 'webhook/ names no rule'],
  ['webhook/x.ts', "import { client } from '../cluster/client.ts';", 'webhook/ names no rule'],
  ['webhook/x.ts', "import { readFileSync } from 'node:fs';", 'webhook/ reads no file'],
  ['webhook/x.ts', "import fs, { readFileSync } from 'node:fs';", 'webhook/ reads no file'],
  ['webhook/x.ts', "import * as net from 'node:net';", 'webhook/ reads no file'],
  ['webhook/x.ts', "import { type Server, createServer } from 'node:https';", 'webhook/ reads no file'],
  ['webhook/x.ts', "import process from 'node:process';", 'webhook/ reads no file'],
  ['webhook/x.ts', "export const os = await import('node:os');", 'webhook/ reads no file'],
  ['webhook/x.ts', 'export const home = process.env.HOME;', 'the global variable process'],
  ['webhook/x.ts', 'process.exit(1);', 'Only cli/ ends the process'],
  ['webhook/x.ts', "import { V1Pod } from '@kubernetes/client-node';", 'Import only its types'],
  ['webhook/x.ts', "import k, { V1Pod } from '@kubernetes/client-node';", 'Import only its types'],
  ['webhook/x.ts', "import * as k from '@kubernetes/client-node';", 'Import only its types'],
  ['webhook/x.ts', "import { type V1Pod } from '@kubernetes/client-node';", 'Import only its types'],
  ['webhook/x.ts', "export { V1Pod } from '@kubernetes/client-node';", 'Import only its types'],
  ['webhook/x.ts', "export const k = await import('@kubernetes/client-node');", 'Import only its types'],

  ['schema/x.ts', "import type { FieldError } from '../webhook/field-errors.ts';"],
  ['schema/x.ts', "import { validatingRule } from '../webhook/rule.ts';"],
  ['schema/x.ts', "import { Ajv } from 'ajv';"],
  ['schema/x.ts', "import { formats } from './formats.ts';"],
  ['schema/x.ts', "import { invalid } from '../author.ts';", 'schema/ imports what rules are made of'],
  ['schema/x.ts', "import { websiteCrd } from '../rules/website/crd.ts';", 'schema/ imports what rules are made of'],
  ['schema/x.ts', "import { decode } from '../webhook/decode.ts';", 'schema/ imports what rules are made of'],
  ['schema/x.ts', "import { readFile } from 'node:fs/promises';", 'schema/ imports what rules are made of'],
  ['schema/x.ts', "import { readFileSync } from 'node:fs';", 'schema/ imports what rules are made of'],
  ['schema/x.ts', 'export const home = process.env.HOME;', 'the global variable process'],

  ['schema/read-crd.ts', "import { readFileSync } from 'node:fs';"],
  ['schema/read-crd.ts', "import { request } from 'node:https';", 'reads the CRD that a rule file names'],
  ['schema/read-crd.ts', "import { decode } from '../webhook/decode.ts';", 'reads the CRD that a rule file names'],

  ['replay/x.ts', "import { readFileSync } from 'node:fs';"],
  ['replay/x.ts', "import { review } from '../webhook/review.ts';"],
  ['replay/reports/x.ts', "import { decisionOf } from '../../webhook/report.ts';"],
  ['replay/x.ts', "import { websiteCrd } from '../rules/website/crd.ts';", 'replay/ drives the engine'],
  ['replay/reports/x.ts', "import { readable } from '../../cli/faults.ts';", 'replay/ drives the engine'],
  ['replay/x.ts', "import { client } from '../cluster/client.ts';", 'replay/ drives the engine'],
  ['replay/x.ts', "import { request } from 'node:https';", 'replay/ drives the engine'],
  ['replay/x.ts', 'export const now = Date.now();', 'the global variable Date'],

  ['isolation/x.ts', "import { review } from '../webhook/review.ts';"],
  ['isolation/x.ts', "import type { ChildProcess } from 'node:child_process';"],
  ['isolation/x.ts', "import { load } from '../cli/load.ts';", 'isolation/ runs the engine'],
  ['isolation/x.ts', "import { builtInRules } from '../rules/index.ts';", 'isolation/ runs the engine'],
  ['isolation/x.ts', "import { client } from '../cluster/client.ts';", 'isolation/ runs the engine'],
  ['isolation/x.ts', "import { request } from 'node:https';", 'isolation/ runs the engine'],
  ['isolation/x.ts', 'process.exit(1);', 'Only cli/ ends the process'],

  ['certs/x.ts', "import { mkdir } from 'node:fs/promises';"],
  ['certs/x.ts', "import { client } from '../cluster/client.ts';"],
  ['certs/x.ts', "import { KubeConfig } from '@kubernetes/client-node';"],
  ['certs/x.ts', "import { decode } from '../webhook/decode.ts';", 'certs/ knows nothing of admission'],
  ['certs/x.ts', "import { builtInRules } from '../rules/index.ts';", 'certs/ knows nothing of admission'],
  ['certs/x.ts', "import { main } from '../cli/main.ts';", 'certs/ knows nothing of admission'],
  ['certs/x.ts', 'process.exit(1);', 'Only cli/ ends the process'],
  ['certs/x.ts', 'process.exitCode = 1;', 'Only cli/ ends the process'],

  ['author.ts', "export { allow } from './webhook/decision.ts';"],
  ['author.ts', "export * from './webhook/kinds.ts';"],
  ['author.ts', "export { schemaRule } from './schema/schema-rule.ts';"],
  ['author.ts', "export { Website } from './rules/website/website.ts';", 'author.ts re-exports webhook/'],
  ['author.ts', "export { compile } from './schema/compile-schema.ts';", 'author.ts re-exports webhook/'],
  ['author.ts', "export { readFileSync } from 'node:fs';", 'author.ts re-exports webhook/'],
  ['author.ts', "export { V1Pod } from '@kubernetes/client-node';", 'author.ts re-exports webhook/'],

  ['cluster/x.ts', "import { KubeConfig } from '@kubernetes/client-node';"],
  ['cluster/x.ts', "import type { Lookups } from '../webhook/lookup.ts';"],
  ['cluster/x.ts', "import { main } from '../cli/main.ts';", 'cluster/ is the door'],
  ['cluster/x.ts', 'process.abort();', 'Only cli/ ends the process'],

  ['cli/x.ts', "import { createServer } from '../webhook/server.ts';"],
  ['cli/x.ts', 'process.exit(2);'],
  ['cli/x.ts', "import { KubeConfig } from '@kubernetes/client-node';", 'Import only its types'],
];

/** Files whose boundaries are theirs by name. */
const NAMED = ['author.ts', 'schema/read-crd.ts'];

// One run of the linter on all lines, each in a file of its own: x.ts becomes x-17.ts, and those stay what they are.
const folders = new Map<string, string>();
after(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true });
});
const said = lint();

for (const [i, [file, line, message]] of lines.entries()) {
  test(`${file} ${message === undefined ? 'may' : 'may not'} say: ${line}`, () => {
    const told = said[i] ?? [];
    if (message === undefined) assert.deepEqual(told, []);
    else
      assert.ok(
        told.some((text) => text.includes(message)),
        `expected "${message}", and was told ${told.join() || 'nothing'}`,
      );
  });
}

test('what is committed is within its boundaries', () => {
  const { status, stdout } = biome(ROOT, [
    'author.ts',
    'webhook',
    'schema',
    'rules',
    'certs',
    'cluster',
    'replay',
    'cli',
  ]);
  assert.equal(status, 0, stdout);
});

/** What the linter says of each line, in their order; of boundaries alone. */
function lint(): string[][] {
  const placed = lines.map(([file, line], i) => {
    // A file can hold one line of these: hence a tree for each line of those that have one name.
    const root = tree(NAMED.includes(file) ? `${file} ${i}` : 'all');
    const path = join(root, NAMED.includes(file) ? file : file.replace('.ts', `-${i}.ts`));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${line}\n`);
    return path;
  });
  const told = new Map<string, string[]>();
  for (const root of folders.values()) {
    const { stdout } = biome(root, ['.']);
    for (const [, rule = '', file = '', message = ''] of stdout.matchAll(
      /^::\w+ title=([^,]*),file=([^,]*),.*?::(.*)$/gm,
    )) {
      if (!/^plugin$|noRestricted/.test(rule)) continue;
      const path = join(root, relative(root, file));
      told.set(path, [...(told.get(path) ?? []), message]);
    }
  }
  return placed.map((path) => told.get(path) ?? []);
}

function tree(name: string): string {
  const known = folders.get(name);
  if (known !== undefined) return known;
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'portcullis-lint-')));
  cpSync(join(ROOT, 'biome.json'), join(root, 'biome.json'));
  cpSync(join(ROOT, 'lint'), join(root, 'lint'), { recursive: true });
  folders.set(name, root);
  return root;
}

function biome(cwd: string, paths: readonly string[]): { status: number | null; stdout: string } {
  const bin = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', ...paths];
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout: `${stdout}${stderr}` };
}
