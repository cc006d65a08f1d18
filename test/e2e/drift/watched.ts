import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Status } from '../../../cli/status-report.ts';
import type { ControlPlane } from '../control-plane.ts';
import { freePorts } from '../free-ports.ts';
import { type Portcullis, startPortcullis } from '../portcullis.ts';
import { type Outcome, ran } from '../ran.ts';

/** A Portcullis on this machine that may do in the cluster what it would be granted there, and nothing more. */
export interface Watched {
  readonly portcullis: Portcullis;
  /** What `portcullis status` says to a person, and its exit code. */
  said(): Promise<Outcome>;
  status(): Promise<Status>;
  /** The values of the drift's metrics: `drift mutatingwebhookconfigurations/portcullis 1`. */
  metrics(): Promise<readonly string[]>;
  /** The log's lines on what is registered: the drift of each, empty where there was none. */
  logged(): readonly (readonly string[])[];
  /** Runs the commands that the status names, one after the other. */
  mend(): Promise<void>;
  /** Gives or takes the rights that `manifests server` prints. */
  permit(isPermitted: boolean): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = resolve(import.meta.dirname, '../../../cli/portcullis.js');

/** Starts it, with everything installed but the webhooks. */
export async function startWatched(plane: ControlPlane): Promise<Watched> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-watched-'));
  const version = ['--kube-version', `1.${plane.minor}`];
  const server = await portcullis(['manifests', 'server', '--certificate', 'files', ...version]);
  const objects = parseAllDocuments(server.stdout).map((document) => document.toJS());
  // Pods are none of this test's business.
  const install = async (kinds: RegExp) => {
    const items = objects.filter(({ kind }) => kinds.test(kind));
    await plane.applied(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  };
  await install(/^(Namespace|CustomResourceDefinition|ServiceAccount)$/);
  await install(/^ClusterRole/);
  const { stdout: token } = await plane.succeeded(['-n', 'portcullis-system', 'create', 'token', 'portcullis']);
  const administrator = JSON.parse(await readFile(plane.kubeconfig, 'utf8'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(
    kubeconfig,
    JSON.stringify({ ...administrator, users: [{ name: 'admin', user: { token: token.trim() } }] }),
  );
  // The commands begin as they do for somebody who has installed it.
  await writeFile(join(folder, 'portcullis'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`, { mode: 0o755 });
  const PATH = [folder, plane.env.PATH].join(delimiter);
  const [port] = await freePorts(1);
  const ports = ['--port', `${port}`, '--health-port', '0', '--drain-seconds', '0'];
  const running = await startPortcullis({ args: [...ports, '--kubeconfig', kubeconfig], cwd: folder });
  const { healthUrl } = running;

  return {
    portcullis: running,
    said: () => portcullis(['status', '--url', healthUrl]),
    status,
    async metrics() {
      const text = await (await fetch(`${healthUrl}/metrics`)).text();
      const lines = [...text.matchAll(/^portcullis_registration_(\w+)\{configuration="([^"]+)"\} (\d+)$/gm)];
      return lines.map(([, metric, configuration, value]) => `${metric} ${configuration} ${value}`).sort();
    },
    logged: () =>
      running
        .log()
        .split('\n')
        .filter((line) => line.includes('"msg":"what is registered is'))
        .map((line) => JSON.parse(line).drift ?? []),
    async mend() {
      const { mend } = (await status()).registration;
      assert.ok(mend.length > 0);
      for (const command of mend) {
        const { code, stderr } = await ran('/bin/sh', ['-c', `cd ${folder} && ${command}`], { ...plane.env, PATH });
        assert.equal(code, 0, `${command}: ${stderr}`);
      }
    },
    async permit(isPermitted) {
      if (isPermitted) await install(/^ClusterRole/);
      else await plane.succeeded(['delete', 'clusterrole', 'portcullis']);
    },
    async stop() {
      assert.equal(await running.stop(), 0, running.log());
      await rm(folder, { recursive: true });
    },
  };

  async function status(): Promise<Status> {
    return (await (await fetch(`${healthUrl}/status`)).json()) as Status;
  }

  /** Where the server runs, as the person who started it. */
  function portcullis(args: readonly string[]): Promise<Outcome> {
    return ran('/bin/sh', ['-c', 'cd "$0" && exec "$@"', folder, process.execPath, PROGRAM, ...args], {});
  }
}
