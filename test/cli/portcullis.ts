import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../compile-cache.ts';

const guard = fileURLToPath(new URL('../../cli/portcullis.js', import.meta.url));

/** What a person sees of one command that ended. */
export interface Seen {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface How {
  /** The working folder; the repository unless said. */
  readonly cwd?: string;
  readonly environment?: { readonly [name: string]: string };
  /** Arguments of Node itself. */
  readonly node?: readonly string[];
  /** What it reads from standard input; nothing unless said. */
  readonly input?: string;
  /** Milliseconds until it is killed; never unless said. */
  readonly timeout?: number;
}

/** Runs `portcullis …` as its users do, and waits for its end. */
export async function portcullis(args: readonly string[], how: How = {}): Promise<Seen> {
  // One that never ends is a failure of the test, and must not outlive it.
  const child = begin(args, { ...how, timeout: 20_000 });
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** A server that a test has started, and what it has said so far. */
export interface Serving {
  readonly child: ChildProcess;
  readonly said: { readonly stdout: string; readonly stderr: string };
}

/** Starts `portcullis serve` on free ports, and waits until it says that it serves; it ends with the test. */
export async function serving(t: TestContext, args: readonly string[], how: How = {}): Promise<Serving> {
  const { child, said, ended } = starting(t, ['--port', '0', '--health-port', '0', ...args], how);
  // Which of the two outputs is read first is nobody's promise.
  while (!said.stderr.includes('Portcullis serves') || !said.stdout.includes('"msg":"serving"}\n')) {
    const [event] = await Promise.race([
      once(child.stderr, 'data'),
      once(child.stdout, 'data'),
      ended.then(() => ['ended']),
    ]);
    if (event === 'ended') throw new Error(`serve has ended: ${said.stderr}`);
  }
  return { child, said };
}

/** Starts `portcullis serve` and waits for nothing; it ends with the test. `ended` gives its exit code. */
export function starting(t: TestContext, args: readonly string[], how: How = {}) {
  return running(t, ['serve', ...args], how);
}

/** The same of any command. */
export function running(t: TestContext, args: readonly string[], how: How = {}) {
  const child = begin(args, how);
  const said = collect(child);
  const ended = once(child, 'close').then(([code]): number | null => code);
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, said, ended };
}

/** The environment of machines where no API server is known. */
export const NOWHERE = { KUBECONFIG: '', HOME: '/nonexistent', KUBERNETES_SERVICE_HOST: '' };

function begin(args: readonly string[], { cwd, environment = {}, node = [], timeout = 0, input = '' }: How) {
  // The tester's own PORTCULLIS_ variables are none of a test's business, and the tester's own cluster least of all.
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PORTCULLIS|NODE)_/.test(name)));
  const child = spawn(process.execPath, [...node, guard, ...args], {
    env: { ...own, ...COMPILE_CACHE, ...NOWHERE, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
    ...(cwd === undefined ? {} : { cwd }),
  });
  // Whoever does not read it may have ended by now.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return child;
}

function collect({ stdout, stderr }: ReturnType<typeof begin>): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return output;
}
