import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Made } from '../../certs/made.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { eventually } from '../eventually.ts';
import { type Portcullis, startPortcullis } from '../portcullis.ts';
import { type Outcome, ran } from '../ran.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NAMESPACE = 'portcullis-system';
const SERVICE = `portcullis.${NAMESPACE}.svc`;

/** A control plane whose API server shows a client certificate, and a Portcullis that asks for one. */
export interface Authenticated {
  readonly plane: ControlPlane;
  readonly portcullis: Portcullis;
  /** What clients of Portcullis trust. */
  readonly caFile: string;
  /** Replaces the API server's certificate and key, each at once. */
  showing(certificate: Made): Promise<void>;
  /** Replaces the client CA's file at once. */
  asking(text: string): Promise<void>;
  /** Ends Portcullis in good order and starts it anew at the same address, so that no connection of before is left. */
  restart(names?: readonly string[]): Promise<void>;
  /** Applies the configurations: for the Service that the API server has a certificate for, or for a URL without one. */
  register(target: 'service' | 'url'): Promise<Outcome>;
  stop(): Promise<void>;
}

/** Starts both, with nothing registered yet; the API server's files are those of the README. */
export async function startAuthenticated(clientCa: Made, certificate: Made): Promise<Authenticated> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-clients-'));
  const files = join(folder, 'webhooks');
  const clientCaFile = join(folder, 'client-ca.crt');
  const caFile = join(folder, 'certificates', 'ca.crt');
  let portcullis: Portcullis | undefined;
  let plane: ControlPlane | undefined;
  try {
    await mkdir(files);
    await showing(certificate);
    await asking(clientCa.cert);
    portcullis = await started('0', []);
    const { port } = new URL(portcullis.url);
    // The Service's own port, 443, is not for everybody to listen on: where it is another, names have it.
    const [admission, kubeconfig] = readmeFiles(files, `${SERVICE}:${port}`);
    await writeFile(join(files, 'admission.yaml'), admission);
    await writeFile(join(files, 'kubeconfig'), kubeconfig);
    const flags = [`--admission-control-config-file=${join(files, 'admission.yaml')}`];
    const running = await startControlPlane({ extraApiServerFlags: flags });
    plane = running;
    await running.applied(JSON.stringify(serviceHere()));
    await running.applied(await manifests(['crd']));
    await eventually('Websites are served', () => running.succeeded(['get', 'websites']));
    return {
      plane: running,
      get portcullis() {
        assert.ok(portcullis);
        return portcullis;
      },
      caFile,
      showing,
      asking,
      async restart(names = []) {
        assert.equal(await portcullis?.stop(), 0);
        portcullis = await started(port, names);
      },
      async register(target) {
        const url = target === 'url' ? ['--url', `https://127.0.0.1:${port}`] : [];
        const printed = await manifests(['webhooks', '--ca-bundle', caFile, ...url]);
        return running.applied(printed.replaceAll('port: 443\n', `port: ${port}\n`));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }

  async function started(port: string, names: readonly string[]): Promise<Portcullis> {
    const serving = ['--port', port, '--health-port', '0', '--drain-seconds', '0', '--dns-name', SERVICE];
    const clients = ['--client-ca', clientCaFile, ...names.flatMap((name) => ['--client-name', name])];
    return startPortcullis({ args: [...serving, '--certs', join(folder, 'certificates'), ...clients], cwd: folder });
  }

  async function manifests(what: readonly string[]): Promise<string> {
    const args = [join(ROOT, 'cli/portcullis.js'), 'manifests', ...what, '--kube-version', `1.${plane?.minor}`];
    const { code, stdout, stderr } = await ran(process.execPath, args, {});
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    return stdout;
  }

  async function showing({ cert, key }: Made): Promise<void> {
    await replaced(join(files, 'client.crt'), cert);
    await replaced(join(files, 'client.key'), key);
  }

  async function asking(text: string): Promise<void> {
    await replaced(clientCaFile, text);
  }

  async function stop(): Promise<void> {
    await portcullis?.stop();
    await plane?.stop();
    await rm(folder, { recursive: true });
  }
}

/** The two files of the README, where they lie here, for this server. */
function readmeFiles(folder: string, server: string): [admission: string, kubeconfig: string] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  const [admission, kubeconfig] = ['kind: AdmissionConfiguration', 'kind: Config\n'].map((kind) => {
    const block = blocks.find((text) => text.includes(kind));
    assert.ok(block, kind);
    assert.ok(block.includes('/etc/kubernetes/webhooks'));
    return block.replaceAll('/etc/kubernetes/webhooks', folder);
  });
  assert.ok(admission !== undefined && kubeconfig !== undefined);
  assert.ok(kubeconfig.includes(`name: ${SERVICE}\n`));
  return [admission, kubeconfig.replace(`name: ${SERVICE}\n`, `name: ${server}\n`)];
}

/** The namespace of an install and its Service, which is a name for this machine. */
function serviceHere(): object {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const spec = { type: 'ExternalName', externalName: '127.0.0.1' };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'portcullis', namespace: NAMESPACE }, spec };
  return { apiVersion: 'v1', kind: 'List', items: [namespace, service] };
}

async function replaced(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
