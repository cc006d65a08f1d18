import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printed } from '../../manifests/printed.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../control-plane.ts';
import { type Portcullis, startPortcullis } from '../portcullis.ts';
import { type Recorder, startRecorder } from './recorder.ts';

/** A control plane whose API server asks Portcullis through a recorder. */
export interface Place {
  readonly plane: ControlPlane;
  readonly recorder: Recorder;
  /** The CA of the recorder's certificate, as PEM. */
  readonly ca: string;
  /** Starts Portcullis anew with the rules of these folders besides its own. */
  restart(ruleFolders: readonly string[]): Promise<void>;
  /**
   * Applies the configurations that are generated for those rules and the newest API server, as replay takes them, without
   * the mutating webhooks where those are not to be asked. They take effect some time later.
   */
  register(phases: 'both' | 'validating'): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts all of it, with nothing registered yet. The user `author`, who is no administrator's name, may do everything. Portcullis
 * looks up in this cluster what its rules look up.
 */
export async function startPlace(options: ControlPlaneOptions = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-agreement-'));
  const certificates = join(folder, 'certificates');
  let rules: string[] = [];
  let plane: ControlPlane | undefined;
  let portcullis: Portcullis | undefined;
  let recorder: Recorder | undefined;
  try {
    const running = await startControlPlane(options);
    plane = running;
    await restart([]);
    const read = (name: string) => readFile(join(certificates, name), 'utf8');
    const [ca, certificate, key] = await Promise.all([read('ca.crt'), read('tls.crt'), read('tls.key')]);
    const recording = await startRecorder({ ca, certificate, key });
    recorder = recording;
    await restart([]);
    await running.succeeded(['create', 'clusterrolebinding', 'author', '--clusterrole=cluster-admin', '--user=author']);
    return { plane: running, recorder: recording, ca, restart, register, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function restart(ruleFolders: readonly string[]): Promise<void> {
    assert.equal((await portcullis?.stop()) ?? 0, 0, portcullis?.log());
    rules = ruleFolders.flatMap((path) => ['--rules', path]);
    const ports = ['--port', '0', '--health-port', '0', '--drain-seconds', '0'];
    const args = [...ports, '--certs', certificates, ...rules];
    portcullis = await startPortcullis({ args, cwd: folder, env: plane?.env ?? {} });
    recorder?.passOnTo(portcullis.url);
  }

  async function register(phases: 'both' | 'validating'): Promise<void> {
    const target = ['--url', recorder?.url ?? '', '--ca-bundle', join(certificates, 'ca.crt')];
    const configurations = await printed(['webhooks', ...target, ...rules]);
    for (const configuration of configurations) {
      const isLeftOut = phases === 'validating' && configuration.kind === 'MutatingWebhookConfiguration';
      await plane?.applied(JSON.stringify(isLeftOut ? { ...configuration, webhooks: [] } : configuration));
    }
  }

  async function stop(): Promise<void> {
    await recorder?.stop();
    await portcullis?.stop();
    await plane?.stop();
    await rm(folder, { recursive: true });
  }
}
