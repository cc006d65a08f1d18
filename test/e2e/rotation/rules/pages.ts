import { appendFileSync } from 'node:fs';
import { allow, ConfigMap, deny, kind, validatingRule } from 'portcullis';

const Website = kind<{ spec: { gitRepo: string } }>({
  group: 'extensions.example.com',
  version: 'v1',
  kind: 'Website',
  resource: 'websites',
  scope: 'Namespaced',
});

/**
 * A page is of a Website that is there. One can also say that its review takes long, or that it never ends; then the
 * worker that is at it writes its process id into a file.
 */
export const pages = validatingRule({
  name: 'pages',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'pages',
  // On a busy machine a worker takes seconds to start, and some reviews here wait for one; users here wait for 10 s.
  timeoutSeconds: 8,
  selectors: { page: { objectSelector: { matchExpressions: [{ key: 'page-of', operator: 'Exists' }] } } },
  lookups: { website: { kind: Website, name: (page) => page.metadata.labels?.['page-of'] } },
  validate(page, { found }) {
    const { worker, milliseconds, endless } = page.data ?? {};
    if (worker !== undefined) appendFileSync(worker, `${process.pid}\n`);
    if (milliseconds !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(milliseconds));
    if (endless !== undefined) for (;;);
    if (found.website === undefined) deny(`there is no Website ${page.metadata.labels?.['page-of']}`);
    return allow();
  },
});
