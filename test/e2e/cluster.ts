import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';
import { pod } from './objects.ts';
import { type Portcullis, startPortcullis } from './portcullis.ts';
import { type Outcome, ran } from './ran.ts';

/** What a Portcullis is started with. */
export interface Setup {
  /** Folders of rule files besides the built-in rules. */
  readonly ruleFolders?: readonly string[];
  /** The text of its portcullis.yaml. */
  readonly config?: string;
  /** 0 unless said. */
  readonly drainSeconds?: number;
}

/** kubectl in one namespace. `input` is its standard input, for `-f -`. */
export type InNamespace = (args: readonly string[], input?: string) => Promise<Outcome>;

/** A control plane, and a Portcullis that keeps its address and its CA through every restart. */
export interface Cluster {
  readonly plane: ControlPlane;
  /** The Portcullis that was started last. */
  readonly portcullis: Portcullis;
  /** Starts Portcullis anew with another setup. Rejects when the one before did not end as it should. */
  restart(setup?: Setup): Promise<void>;
  /** Sends SIGTERM, and asserts that Portcullis ends in good order. */
  end(): Promise<void>;
  /** What `portcullis manifests` prints for the last setup. */
  manifests(what: 'crd' | 'webhooks'): Promise<string>;
  /** Applies the configurations for the last setup; gives what kubectl said. They take effect some time later. */
  register(): Promise<Outcome>;
  /** Makes a namespace, waits until it takes pods, and gives kubectl for it. */
  namespace(name: string, labels?: { readonly [key: string]: string }): Promise<InNamespace>;
  /** How many reviews Portcullis has answered since it was started, by its metrics. */
  reviews(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts both, with the CRD of Website applied and served, and nothing registered yet. */
export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-cluster-'));
  const certificates = join(folder, 'certificates');
  const configFile = join(folder, 'portcullis.yaml');
  let setup: Setup = {};
  let plane: ControlPlane | undefined;
  let portcullis: Portcullis | undefined;
  try {
    const running = await startControlPlane({ audit: true });
    plane = running;
    portcullis = await started('0');
    const { url } = portcullis;
    await running.applied(await manifests('crd'));
    await eventually('Websites are served', () => running.succeeded(['get', 'websites']));
    return {
      plane: running,
      get portcullis() {
        return serving();
      },
      async restart(next = {}) {
        await end();
        setup = next;
        portcullis = await started(new URL(url).port);
      },
      end,
      manifests: (what) => manifests(what, url),
      register: async () => running.applied(await manifests('webhooks', url)),
      namespace: (name, labels = {}) => namespace(running, name, labels),
      reviews: async () => reviewsOf(await (await fetch(`${serving().healthUrl}/metrics`)).text()),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }

  function serving(): Portcullis {
    assert.ok(portcullis, 'Portcullis has ended');
    return portcullis;
  }

  async function started(port: string): Promise<Portcullis> {
    const { drainSeconds = 0, config = '' } = setup;
    await writeFile(configFile, config);
    const ports = ['--port', port, '--health-port', '0'];
    const args = [...ports, '--certs', certificates, '--drain-seconds', `${drainSeconds}`, ...rulesInForce()];
    return startPortcullis({ args, cwd: folder });
  }

  /** The flags that must be the same for the server and for its registration. */
  function rulesInForce(): string[] {
    return ['--config', configFile, ...(setup.ruleFolders ?? []).flatMap((path) => ['--rules', path])];
  }

  async function manifests(what: 'crd' | 'webhooks', url = ''): Promise<string> {
    const target = ['--url', url, '--ca-bundle', join(certificates, 'ca.crt'), ...rulesInForce()];
    const flags = ['--kube-version', `1.${plane?.minor}`, ...(what === 'crd' ? [] : target)];
    const { code, stdout, stderr } = await ran(process.execPath, [program, 'manifests', what, ...flags], {});
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    return stdout;
  }

  async function end(): Promise<void> {
    const ending = portcullis;
    portcullis = undefined;
    if (ending !== undefined) assert.equal(await ending.stop(), 0, ending.log());
  }

  async function stop(): Promise<void> {
    await portcullis?.stop();
    await plane?.stop();
    await rm(folder, { recursive: true });
  }
}

const program = resolve(import.meta.dirname, '../../cli/portcullis.js');

/** Makes a namespace, waits until it takes pods, and gives kubectl for it. */
export async function namespace(plane: ControlPlane, name: string, labels: object): Promise<InNamespace> {
  await plane.applied(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }));
  const kubectl: InNamespace = (args, input = '') => plane.kubectl([`--namespace=${name}`, ...args], { input });
  await takesPods(plane, name);
  return kubectl;
}

/** Waits until a namespace takes pods: not before its ServiceAccount is there and, on older servers, that account's token. */
export async function takesPods(plane: ControlPlane, namespace: string): Promise<void> {
  await eventually(`pods in ${namespace}`, async () => {
    const args = ['create', `--namespace=${namespace}`, '--dry-run=server', '-f', '-'];
    const { code, stderr } = await plane.kubectl(args, { input: pod({ name: 'try' }) });
    assert.equal(code, 0, stderr);
    return true;
  });
}

/** The sum over all verdicts. */
function reviewsOf(metrics: string): number {
  const counts = [...metrics.matchAll(/^portcullis_review_duration_seconds_count\{[^}]*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
