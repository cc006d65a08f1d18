import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { builtInRules } from '../rules/index.ts';
import { CHECK_COMMANDS } from './cli/check-commands.ts';
import { INSTALL_COMMANDS } from './e2e/install/commands.ts';
import { POD_COMMANDS } from './e2e/install/scenarios/readme-pods.ts';
import { CUSTOM_RESOURCE_COMMANDS } from './e2e/scenarios/custom-resources.ts';
import { TRY_IT_COMMANDS } from './e2e/scenarios/try-it.ts';
import { OWN_CASES_COMMANDS, REPLAY_COMMANDS } from './new/readme-commands.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'examples/README.md'];
const CRD = 'weather-report.crd.yaml';
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Every command line that the documents show, and what runs it. */
const COMMANDS: { readonly [line: string]: string } = {
  'npm ci && npm start': 'test/cli: serves, and the line that it prints works',
  'npm ci && npm test': '.ci/run',
  'npm start -- --rules ./my-rules': 'below: the rule of the README is served',
  'npm run -s portcullis -- manifests crd | kubectl apply -f -': 'test/e2e',
  'npm run -s portcullis -- manifests webhooks --rules ./my-rules --url https://127.0.0.1:8443 --ca-bundle .portcullis/ca.crt | kubectl apply -f -':
    'test/e2e',
  ...Object.fromEntries(TRY_IT_COMMANDS.map((line) => [line, 'test/e2e/scenarios: try-it'])),
  ...Object.fromEntries(POD_COMMANDS.map((line) => [line, 'test/e2e/install: readme-pods'])),
  ...Object.fromEntries(CUSTOM_RESOURCE_COMMANDS.map((line) => [line, 'test/e2e/scenarios: custom-resources'])),
  ...Object.fromEntries([...REPLAY_COMMANDS, ...OWN_CASES_COMMANDS].map(([line]) => [line, 'test/new: readme'])),
  ...Object.fromEntries(CHECK_COMMANDS.map(([line]) => [line, 'test/cli: check-readme'])),
  ...INSTALL_COMMANDS,
  'npm run -s portcullis -- manifests server --rules ./my-rules | kubectl apply -f -': 'test/e2e/install: upgrades',
  'npm run -s portcullis -- manifests webhooks --rules ./my-rules | kubectl apply -f -': 'test/e2e/install: upgrades',
  'npm run -s portcullis -- manifests server --client-ca client-ca.crt --client-name kube-apiserver | kubectl apply -f -':
    'test/manifests: client-ca',
  'npm ci': '.ci/run',
  'npm run dev': 'npm start, and Node watching',
  'npm test': '.ci/run',
  'npm run lint': '.ci/run',
  'npm run build': '.ci/run',
};

for (const name of DOCUMENTS) {
  const document = readFileSync(join(ROOT, name), 'utf8');

  test(`${name} shows no command that nothing runs`, () => {
    const lines = blocks(document, 'sh').flatMap((block) => block.trim().split('\n'));
    const commands = lines.map((line) => line.replace(/ +#.*$/, ''));
    assert.deepEqual(
      commands.filter((line) => !Object.hasOwn(COMMANDS, line)),
      [],
    );
  });

  test(`${name} links to what there is`, () => {
    const links = [...document.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
    assert.deepEqual(
      links.filter((link) => !link.startsWith('https:') && !existsSync(join(ROOT, dirname(name), link))),
      [],
    );
  });
}

test('ARCHITECTURE.md names source files that there are', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
    (file) => !file.includes('node_modules'),
  );
  const named = [...text.matchAll(/[\w./-]+\.ts\b/g)].map(([file]) => file);
  assert.ok(named.length > 10);
  assert.deepEqual(
    named.filter((file) => !files.some((known) => known === file || known.endsWith(`/${file}`))),
    [],
  );
});

test('the README tells of every built-in rule and of no other', () => {
  const rows = [...README.matchAll(/^\| `([\w-]+)` \| (\w+) \|/gm)].map(([, name, phase]) => `${phase} ${name}`);
  assert.deepEqual(rows.sort(), builtInRules.map(({ name, phase }) => `${phase} ${name}`).sort());
});

describe("the documents' rules and configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-docs-'));
  after(() => rmSync(folder, { recursive: true }));
  const [rule = '', schemaRule = '', ...others] = blocks(README, 'ts');
  const config = blocks(README, 'yaml').find((block) => block.includes('ruleFolders:')) ?? '';
  mkdirSync(join(folder, 'my-rules'));
  writeFileSync(join(folder, 'my-rules', 'no-bare-pods.ts'), rule);
  writeFileSync(join(folder, 'my-rules', 'weather-report-schema.ts'), schemaRule);
  copyFileSync(join(ROOT, 'examples/rules', CRD), join(folder, 'my-rules', CRD));
  // Its commands are run by test/new/replay-doc.test.ts.
  const [trustedImages = ''] = blocks(readFileSync(join(ROOT, 'docs/replay.md'), 'utf8'), 'ts');
  writeFileSync(join(folder, 'my-rules', 'trusted-images.ts'), trustedImages);
  writeFileSync(join(folder, 'portcullis.yaml'), config);

  test('load together, and the rules are registered', () => {
    assert.deepEqual(others, []);
    const cli = spawnSync(process.execPath, [join(ROOT, 'cli/portcullis.js'), 'manifests', 'webhooks'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(cli.stderr, '');
    assert.match(cli.stdout, /path: \/validate\/policy\n[\s\S]*resources:\n\s+- pods\n/);
    assert.match(cli.stdout, /resources:\n\s+- weatherreports\n/);
  });

  test('compile under the tsconfig that the examples bring', () => {
    const tsconfig = {
      extends: join(ROOT, 'examples/tsconfig.json'),
      compilerOptions: { paths: { portcullis: [join(ROOT, 'author.ts')] } },
      include: ['my-rules'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    const tsc = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    assert.equal(tsc.status, 0, tsc.stdout);
  });
});

function blocks(document: string, language: string): string[] {
  return [...document.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );
}
