import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { eventually } from './eventually.ts';
import { type Program, startProgram } from './program.ts';
import { reached } from './reached.ts';

test('gives the exit code of a program that ends when asked to', async (t) => {
  const program = await node(t, `process.on('SIGTERM', () => process.exit(7)); ${STAYS}`);
  await up(program);
  assert.equal(await program.stop(), 7);
  assert.equal(await program.stop(), 7, 'a second stop says the same');
  assert.equal(program.failed.aborted, false, 'to end when asked is no failure');
});

test('kills a program that does not end when asked to', async (t) => {
  const program = await node(t, `process.on('SIGTERM', () => console.log('not me')); ${STAYS}`);
  await up(program);
  assert.equal(await program.stop('SIGTERM', 50), null);
  assert.match(program.log(), /not me/);
  assert.throws(() => process.kill(program.pid, 0), { code: 'ESRCH' });
});

test('tells of a program that ends unasked, with the last lines that it wrote', async (t) => {
  const program = await node(t, `for (let i = 1; i <= 50; i++) console.error('line', i); process.exit(3)`);
  await assert.rejects(
    eventually('nothing', async () => undefined, { unless: program.failed }),
    ({ message }) => {
      assert.match(message, /^program ended with code 3; the end of program's log:\nline 11\n/);
      assert.match(message, /line 50$/);
      return true;
    },
  );
  assert.equal(await program.stop(), 3);
});

test('tells what a program said that does not bring about what it should', async (t) => {
  const program = await node(t, STAYS);
  await up(program);
  const silence = reached(program, 'a second word', async () => undefined, { timeoutMs: 20, everyMs: 5 });
  await assert.rejects(silence, /a second word: not within 20 ms; .*\nthe end of program's log:\nup$/);
});

test('rejects when there is nothing to execute', async (t) => {
  const folder = await temporary(t);
  const missing = startProgram({ name: 'program', command: join(folder, 'missing'), args: [], folder, env: {} });
  await assert.rejects(missing, { code: 'ENOENT' });
});

test('hands on nothing of the environment that it was not given', async (t) => {
  process.env.KUBECONFIG = '/the/developers/own';
  t.after(() => delete process.env.KUBECONFIG);
  const program = await node(t, 'console.log(process.env.KUBECONFIG, process.env.GIVEN)', { GIVEN: 'yes' });
  await eventually('its words', async () => program.log().includes('\n') || undefined, { everyMs: 5 });
  assert.equal(program.log(), 'undefined yes\n');
});

const deaths = [
  { sentence: 'is killed', goesOn: 'setInterval(() => {}, 1000)', by: 'SIGKILL', end: [null, 'SIGKILL'] },
  { sentence: 'is interrupted', goesOn: 'setInterval(() => {}, 1000)', by: 'SIGINT', end: [null, 'SIGINT'] },
  { sentence: 'fails', goesOn: `throw new Error('on purpose')`, by: undefined, end: [1, null] },
  { sentence: 'forgets to stop it', goesOn: '', by: undefined, end: [0, null] },
] as const;

for (const { sentence, goesOn, by, end } of deaths) {
  test(`a program and its folder are gone when the process that started it ${sentence}`, async (t) => {
    const folder = await temporary(t);
    const args = ['--input-type=module', '-e', `${STARTS_A_SERVER}; ${goesOn}`];
    const starter = spawn(process.execPath, args, { env: { FOLDER: folder }, stdio: ['ignore', 'pipe', 'ignore'] });
    t.after(() => starter.kill('SIGKILL'));
    const exit = once(starter, 'exit');
    const [port] = await once(createInterface(starter.stdout), 'line');
    if (by !== undefined) starter.kill(by);
    assert.deepEqual(await exit, end);
    await eventually('nobody listens', async () => (await refuses(port)) || undefined, { everyMs: 10 });
    await eventually('the folder is gone', async () => !existsSync(folder) || undefined, { everyMs: 10 });
  });
}

const STAYS = `console.log('up'); setInterval(() => {}, 1000)`;

/** Starts a program that listens, and prints its port: a sign of life that, unlike a pid, nobody inherits. */
const STARTS_A_SERVER = `
  import { startProgram } from ${JSON.stringify(import.meta.resolve('./program.ts'))};
  import { eventually } from ${JSON.stringify(import.meta.resolve('./eventually.ts'))};
  const server = "net.createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
  const folder = process.env.FOLDER;
  const program = await startProgram({ name: 'p', command: process.execPath, args: ['-e', server], folder, env: {} });
  console.log(await eventually('a port', async () => program.log().match(/^\\d+(?=\\n)/)?.[0], { everyMs: 10 }))`;

async function node(t: TestContext, script: string, env = {}): Promise<Program> {
  const folder = await temporary(t);
  const program = await startProgram({ name: 'program', command: process.execPath, args: ['-e', script], folder, env });
  t.after(() => program.stop('SIGKILL'));
  return program;
}

function up(program: Program): Promise<true> {
  return eventually('the program is up', async () => program.log().includes('up') || undefined, { everyMs: 5 });
}

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-program-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function refuses(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}
