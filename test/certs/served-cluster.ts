import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ApiError } from '../../cluster/api-error.ts';
import { base64 } from './base64.ts';
import { emptyFolder } from './empty-folder.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { made } from './made.ts';

/** Answers for the fake cluster on a free port until the test ends; gives the path of a kubeconfig for it. */
export async function servedCluster(t: TestContext, { client }: FakeCluster): Promise<string> {
  const pair = made({ names: ['127.0.0.1'] });
  const server = createServer(pair, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [path = ''] = (request.url ?? '').split('?');
    const options = body === '' ? {} : { body: JSON.parse(body) };
    const answer = (code: number, value: object) => response.writeHead(code).end(JSON.stringify(value));
    try {
      answer(200, await client.request(request.method as 'GET', path, options));
    } catch (error) {
      const { code, message } = error as ApiError;
      if (error instanceof ApiError) answer(code, { kind: 'Status', message, code });
      else request.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(await emptyFolder(t), 'kubeconfig');
  const named = (name: string, of: object) => [{ name, ...of }];
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: named('fake', {
        cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': base64(pair.cert) },
      }),
      users: named('fake', { user: {} }),
      contexts: named('fake', { context: { cluster: 'fake', user: 'fake' } }),
      'current-context': 'fake',
    }),
  );
  return kubeconfig;
}
