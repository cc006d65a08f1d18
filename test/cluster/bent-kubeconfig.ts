import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ConnectOptions, connect } from '../../cluster/client.ts';
import { emptyFolder } from '../certs/empty-folder.ts';
import type { FakeApiServer } from './fake-api-server.ts';

/** A kubeconfig as a test bends it. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a test makes of it
export type Bent = any;

/** The fake's kubeconfig, bent, in a file of its own. */
export async function bent(t: TestContext, fake: FakeApiServer, bend: (config: Bent) => Bent): Promise<string> {
  const path = join(await emptyFolder(t), 'config');
  const config = JSON.parse(await readFile(fake.kubeconfig, 'utf8'));
  await writeFile(path, JSON.stringify(bend(config) ?? config));
  return path;
}

/** What the API server is told of who asks. */
export async function credentialOf(
  t: TestContext,
  fake: FakeApiServer,
  options: ConnectOptions,
): Promise<string | undefined> {
  const client = await connect(options);
  t.after(() => client.close());
  await client.request('GET', '/version');
  return fake.asked.at(-1)?.headers.authorization;
}
