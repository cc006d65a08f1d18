import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPinned, startServer } from '../serving/server-process.ts';
import type { Peer } from './connection.ts';

/** A server to soak, in a process of its own. */
export interface Soaked {
  readonly pid: number;
  readonly peer: Peer;
  /** The origin of its health port. */
  readonly healthUrl: string;
  stop(): Promise<void>;
}

/**
 * What V8 takes for the most of its heap in a container of 1 GiB, as pods with rules of one's own are: half of that, and an
 * 128th of the half for what is young. On a larger machine it takes more, and is later to give it back.
 */
const HEAP = ['--max-old-space-size=512', '--max-semi-space-size=4'];

/** Starts `portcullis serve` with these folders of rules besides its own, and without a cluster. */
export async function startSoaked(
  folders: readonly string[],
  { hasOwnCore, flags = [] }: { readonly hasOwnCore: boolean; readonly flags?: readonly string[] },
): Promise<Soaked> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-soak-'));
  const command = [join(import.meta.dirname, '../../cli/portcullis.js'), 'serve', '--port', '0', '--health-port', '0'];
  const rules = folders.flatMap((rules) => ['--rules', rules]);
  let healthUrl = '';
  try {
    const server = await startServer(
      [...HEAP, ...command, '--certs', folder, '--cluster-access', 'none', ...rules, ...flags],
      (line) => {
        const said = /"url":"https:\/\/[^"]*:(\d+)","healthUrl":"([^"]*)"/.exec(line);
        healthUrl = said?.[2] ?? '';
        return said === null ? undefined : Number(said[1]);
      },
      { hasOwnCore: hasOwnCore && isPinned },
    );
    return {
      pid: server.pid,
      peer: { host: '127.0.0.1', port: server.port, ca: readFileSync(join(folder, 'ca.crt'), 'utf8') },
      healthUrl,
      async stop() {
        await server.stop();
        rmSync(folder, { recursive: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}
