import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { portcullis, running } from '../cli/portcullis.ts';
import { eventually } from '../e2e/eventually.ts';
import { type Files, folderOf, ruleFile } from '../load/rule-folder.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n';
const PROJECT: Files = {
  'portcullis.yaml': 'ruleFolders: [rules]',
  'rules/a.ts': ruleFile('a'),
  'cases/a/admits-one/object.yaml': POD,
  'cases/a/admits-one/expected.yaml': 'verdict: allowed\n',
  'cases/a/admits-two/object.yaml': POD,
  'cases/a/admits-two/expected.yaml': 'verdict: allowed\n',
};

/** `replay --watch` in this project, and what it says from one `next` to another. */
async function watching(t: TestContext, files: Files = PROJECT, args: readonly string[] = []) {
  const folder = await folderOf(t, files);
  const { child, said, ended } = running(t, ['replay', '--watch', ...args], { cwd: folder });
  const read = { stdout: 0, stderr: 0 };
  return { folder, child, said, ended, next };

  /** Waits until a replay has ended since; gives what was said of it. */
  async function next(ends: RegExp = /; waiting for changes/): Promise<{ stdout: string; stderr: string }> {
    return eventually(`a replay has ended: ${ends}`, async () => {
      const stderr = said.stderr.slice(read.stderr);
      const stdout = said.stdout.slice(read.stdout);
      if (!ends.test(stderr)) return undefined;
      Object.assign(read, { stdout: said.stdout.length, stderr: said.stderr.length });
      return { stdout, stderr };
    });
  }
}

test('cases are replayed, and again what a change touches: a case, a new one, all', async (t) => {
  const { folder, next, child, ended } = await watching(t);
  const first = await next();
  assert.match(first.stdout, /✓ admits one\n[\s\S]*✓ admits two\n[\s\S]*2 of 2/);
  assert.doesNotMatch(first.stdout, new RegExp(String.fromCharCode(27)), 'what is no terminal is not cleared');
  assert.equal(first.stderr, 'portcullis: replayed all cases; waiting for changes, until Ctrl-C\n');

  await writeFile(join(folder, 'cases/a/admits-two/expected.yaml'), 'verdict: denied\n');
  const one = await next();
  assert.match(one.stdout, /✗ admits two\n/);
  assert.doesNotMatch(one.stdout, /admits one/);
  assert.match(one.stderr, /replayed cases\/a\/admits-two; waiting/);

  await cp(join(folder, 'cases/a/admits-one'), join(folder, 'cases/a/admits-three'), { recursive: true });
  const three = await next(/admits-three; waiting/);
  assert.match(three.stdout, /✓ admits three\n/);
  assert.doesNotMatch(three.stdout, /admits two/);

  await rm(join(folder, 'cases/a/admits-two'), { recursive: true });
  await next(/cases\/a\/admits-two is no case any more/);

  await writeFile(join(folder, 'rules/a.ts'), ruleFile('a').replace('allow()', "allow('mind')"));
  await writeFile(join(folder, 'cases/a/admits-one/expected.yaml'), 'verdict: denied\n');
  const all = await next(/all cases; waiting/);
  assert.match(all.stdout, /✗ admits one\n[\s\S]*✓ admits three\n/);

  child.kill('SIGTERM');
  assert.equal(await ended, 0);
});

test('the rule is the one that is in the file now, and so are the settings', async (t) => {
  const { folder, next } = await watching(t);
  await next();
  const denying = ruleFile('a').replace('allow()', "deny('no')").replace('allow,', 'deny,');
  await writeFile(join(folder, 'new.ts'), denying);
  await rename(join(folder, 'new.ts'), join(folder, 'rules/a.ts'));
  assert.match((await next()).stdout, /✗ admits one\n[\s\S]*✗ admits two\n/);
  await writeFile(join(folder, 'portcullis.yaml'), 'ruleFolders: [rules]\nrules: { a: { mode: warn } }');
  assert.match((await next()).stdout, /✓ admits one\n[\s\S]*✓ admits two\n/);
});

test('what is broken is told of, and mended under its eyes: a rule file, the configuration', async (t) => {
  const { folder, next } = await watching(t);
  await next();
  await writeFile(join(folder, 'rules/a.ts'), 'export const x = {;');
  assert.match((await next()).stderr, /cannot begin: one fault\n {2}rules\/a\.ts:1: /);
  await writeFile(join(folder, 'rules/a.ts'), ruleFile('a'));
  assert.match((await next()).stdout, /2 of 2/);
  await writeFile(join(folder, 'portcullis.yaml'), 'ruleFolder: [rules]');
  assert.match((await next()).stderr, /portcullis\.yaml:1: .*ruleFolders/);
  await writeFile(join(folder, 'portcullis.yaml'), PROJECT['portcullis.yaml'] ?? '');
  assert.match((await next()).stdout, /2 of 2/);
});

test('where there are no cases yet, it says how to begin, and waits for the first', async (t) => {
  const { folder, next } = await watching(t, {
    'portcullis.yaml': 'ruleFolders: [rules]',
    'rules/a.ts': ruleFile('a'),
  });
  assert.match(
    (await next()).stderr,
    /there are no cases here: "portcullis new rule NAME" makes a rule with its first/,
  );
  await mkdir(join(folder, 'cases/a/admits-one'), { recursive: true });
  await writeFile(join(folder, 'cases/a/admits-one/object.yaml'), POD);
  assert.match((await next(/admits-one; waiting/)).stdout, /admits one/);
});

test('a rule that never comes back is replaced by its next version, and leaves no process behind', async (t) => {
  const { folder, next, child, ended } = await watching(t);
  await next();
  const stuck = await stuckRule(folder);
  await writeFile(join(folder, 'rules/a.ts'), ruleFile('a'));
  assert.match((await next()).stdout, /2 of 2/);
  assert.ok(isGone(stuck), 'the process of the first version has ended');

  const last = await stuckRule(folder);
  child.kill('SIGINT');
  assert.equal(await ended, 0);
  assert.ok(isGone(last), 'the process of the last version has ended');
});

test('a change in the midst of a replay of all is no reason to leave out the others', async (t) => {
  const { folder, next } = await watching(t);
  await next();
  const first = await stuckRule(
    folder,
    `import { existsSync } from 'node:fs';\nwhile (!existsSync('go')) {}\n${ruleFile('a')}`,
  );
  await rm(join(folder, 'stuck'));
  await writeFile(join(folder, 'cases/a/admits-two/expected.yaml'), 'verdict: denied\n');
  await eventually('the rule loops anew', () => stuckIn(folder));
  assert.ok(isGone(first));
  await writeFile(join(folder, 'go'), '');
  assert.match((await next(/replayed .*; waiting/)).stdout, /✓ admits one\n[\s\S]*✗ admits two\n/);
});

for (const flag of ['--update', '--output=report.xml', '--coverage-threshold=50']) {
  test(`refused: --watch with ${flag}`, async (t) => {
    const folder = await folderOf(t, PROJECT);
    const { code, stdout, stderr } = await portcullis(['replay', '--watch', flag], { cwd: folder });
    const name = flag.replace(/=.*/, '');
    const message = `portcullis: --watch and ${name} do not go together: use one after the other\n`;
    assert.deepEqual({ code, stdout, stderr }, { code: 2, stdout: '', stderr: message });
  });
}

/** Writes a rule that says which process loads it, and then is as `rest` is: it loops for ever, unless said. Gives the process. */
async function stuckRule(folder: string, rest = 'for (;;) {}'): Promise<number> {
  await rm(join(folder, 'stuck'), { force: true });
  const tell = "import { writeFileSync } from 'node:fs';\nwriteFileSync('stuck', String(process.pid).concat(' '));\n";
  await writeFile(join(folder, 'rules/a.ts'), tell + rest);
  return eventually('the rule loops', () => stuckIn(folder));
}

async function stuckIn(folder: string): Promise<number | undefined> {
  return Number(/^(\d+) $/.exec(await readFile(join(folder, 'stuck'), 'utf8'))?.[1]) || undefined;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
