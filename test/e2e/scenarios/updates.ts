import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Cluster, InNamespace } from '../cluster.ts';
import { KUBIA, website } from '../objects.ts';
import { done, refused } from '../said.ts';

const BAD = { gitRepo: 'https://host' };
const NO_PATH = 'spec.gitRepo: Invalid value: "https://host": must name a repository after the host';
const MOVED =
  'Warning: [website-source] spec.gitRepo changed: pods that run keep the old repository until they are replaced\n';
const REF_MOVED =
  'Warning: [website-source] spec.ref changed: pods that run keep the old ref until they are replaced\n';

/** Makes what `updates` then meets: Websites from before anything was registered. To be called at that time. */
export async function earlierWebsites(cluster: Cluster): Promise<InNamespace> {
  const kubectl = await cluster.namespace('updates');
  for (const metadata of [{ name: 'earlier' }, { name: 'left' }, { name: 'held', finalizers: ['example.com/hold'] }]) {
    const { code } = await kubectl(['create', '-f', '-'], website(metadata, BAD));
    assert.equal(code, 0);
  }
  return kubectl;
}

/** What a Website may become, and that it may always go. `kubectl` is what `earlierWebsites` gave. */
export async function updates(t: TestContext, cluster: Cluster, kubectl: InNamespace): Promise<void> {
  await t.test('a repository may change to a good one, with a warning, and to no bad one', async () => {
    const created = await kubectl(['apply', '-f', '-'], website({ name: 'web' }, { gitRepo: KUBIA }));
    assert.deepEqual(created, done('website.extensions.example.com/web created\n'));
    assert.deepEqual(
      await kubectl(['apply', '-f', '-'], website({ name: 'web' }, BAD)),
      refused(`The Website "web" is invalid: ${NO_PATH}\n`),
    );
    assert.deepEqual(
      await kubectl(['apply', '-f', '-'], website({ name: 'web' }, { gitRepo: 'https://host/another' })),
      done('website.extensions.example.com/web configured\n', MOVED),
    );
  });

  await t.test('server-side apply is repeated without a conflict', async () => {
    for (const [spec, warning] of [
      [{ gitRepo: KUBIA }, ''],
      [{ gitRepo: KUBIA }, ''],
      [{ gitRepo: KUBIA, ref: 'v1.0' }, REF_MOVED],
      [{ gitRepo: KUBIA, ref: 'v1.0' }, ''],
    ] as const) {
      assert.deepEqual(
        await kubectl(['apply', '--server-side', '-f', '-'], website({ name: 'mine' }, spec)),
        done('website.extensions.example.com/mine serverside-applied\n', warning),
      );
    }
    const { stdout } = await kubectl(['get', 'website', 'mine', '-o', 'jsonpath={.spec.ref}']);
    assert.equal(stdout, 'v1.0');
  });

  await t.test('a dry run tells the same, and stores nothing', async () => {
    const dryRun = ['apply', '--dry-run=server', '-f', '-'];
    assert.deepEqual(
      await kubectl(dryRun, website({ name: 'dry' }, { gitRepo: KUBIA })),
      done('website.extensions.example.com/dry created (server dry run)\n'),
    );
    assert.deepEqual(
      await kubectl(dryRun, website({ name: 'web' }, { gitRepo: KUBIA })),
      done('website.extensions.example.com/web configured (server dry run)\n', MOVED),
    );
    const names = 'jsonpath={range .items[*]}{.metadata.name} {.spec.gitRepo}{"\\n"}{end}';
    const { stdout } = await kubectl(['get', 'websites', '-o', names]);
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      'earlier https://host',
      'held https://host',
      'left https://host',
      `mine ${KUBIA}`,
      'web https://host/another',
    ]);
  });

  await t.test('one that was bad before the rules may change in all else, and be mended', async () => {
    const labelled = done('website.extensions.example.com/earlier labeled\n');
    assert.deepEqual(await kubectl(['label', 'website', 'earlier', 'team=web']), labelled);
    const patch = (spec: object) => ['patch', 'website', 'earlier', '--type=merge', '-p', JSON.stringify({ spec })];
    const patched = 'website.extensions.example.com/earlier patched\n';
    assert.deepEqual(await kubectl(patch({ ref: 'v1.0' })), done(patched, REF_MOVED));
    assert.deepEqual(
      await kubectl(patch({ gitRepo: 'https://host?' })),
      refused(
        'The Website "earlier" is invalid: spec.gitRepo: Invalid value: "https://host?***": must not have a query or a fragment ("?" or "#")\n',
      ),
    );
    assert.deepEqual(await kubectl(patch({ gitRepo: KUBIA })), done(patched, MOVED));
    assert.deepEqual(
      await kubectl(patch(BAD)),
      refused(`The Website "earlier" is invalid: ${NO_PATH}\n`),
      'what it was before does not count',
    );
  });

  await t.test('a generated name is accepted, and refused for what its user can mend', async () => {
    const create = async (prefix: string, spec: object) => {
      const outcome = await kubectl(['create', '-f', '-'], website({ generateName: prefix }, spec));
      // The five letters are drawn by lot.
      const normal = (text: string) => text.replace(new RegExp(`${prefix}[a-z0-9]{5}\\b`), `${prefix}(5)`);
      return { ...outcome, stdout: normal(outcome.stdout), stderr: normal(outcome.stderr) };
    };
    assert.deepEqual(
      await create('web-', { gitRepo: KUBIA }),
      done('website.extensions.example.com/web-(5) created\n'),
    );
    assert.deepEqual(await create('web-', BAD), refused(`The Website "web-(5)" is invalid: ${NO_PATH}\n`));
    assert.deepEqual(
      await create('9-', { gitRepo: KUBIA }),
      refused(
        'The Website "9-(5)" is invalid: metadata.generateName: Invalid value: "9-": must begin with a lower-case letter and have nothing but lower-case letters, digits and "-"\n',
      ),
    );
  });

  await t.test('a bad one that is terminating lets go of its finalizer', async () => {
    assert.equal((await kubectl(['delete', 'website', 'held', '--wait=false'])).code, 0);
    const { stdout: since } = await kubectl(['get', 'website', 'held', '-o', 'jsonpath={.metadata.deletionTimestamp}']);
    assert.notEqual(since, '');
    const released = await kubectl(['patch', 'website', 'held', '--type=json', '-p', RELEASE]);
    assert.deepEqual(released, done('website.extensions.example.com/held patched\n'));
    assert.deepEqual(
      await kubectl(['get', 'website', 'held']),
      refused('Error from server (NotFound): websites.extensions.example.com "held" not found\n'),
    );
  });

  await t.test('all may be deleted, as a collection and one by one, and nobody is asked', async () => {
    const reviews = await cluster.reviews();
    const collection = '/apis/extensions.example.com/v1/namespaces/updates/websites?labelSelector=team%3Dweb';
    assert.equal((await kubectl(['delete', `--raw=${collection}`])).code, 0);
    const { stdout } = await kubectl(['delete', 'website', '--all']);
    const deleted = ['left', 'mine', 'web', 'web-(5)'].map(
      (name) => `website.extensions.example.com "${name}" deleted`,
    );
    assert.deepEqual(stdout.replace(/web-[a-z0-9]{5}/, 'web-(5)').match(/^.* deleted/gm), deleted);
    assert.deepEqual(await kubectl(['get', 'websites']), done('', 'No resources found in updates namespace.\n'));
    assert.equal(await cluster.reviews(), reviews);
  });
}

const RELEASE = JSON.stringify([{ op: 'remove', path: '/metadata/finalizers' }]);
