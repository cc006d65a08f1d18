import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import type { Cluster } from '../cluster.ts';
import { KUBIA, website } from '../objects.ts';
import { done, refused } from '../said.ts';

/** Websites as their users make them, and what they are told. */
export async function websites(t: TestContext, cluster: Cluster): Promise<void> {
  const kubectl = await cluster.namespace('websites');
  const example = resolve(import.meta.dirname, '../../../examples/kubia.yaml');

  await t.test('the example is created, shown in columns, and has its defaults', async () => {
    assert.deepEqual(await kubectl(['apply', '-f', example]), done('website.extensions.example.com/kubia created\n'));
    const { stdout } = await kubectl(['get', 'website']);
    assert.equal(
      stdout.replace(/\d+s$/m, '(age)'),
      'NAME    REPO                                                 REF    READY   AGE\n' +
        'kubia   https://github.com/luksa/kubia-website-example.git   HEAD           (age)\n',
    );
    const { stdout: json } = await kubectl(['get', 'website', 'kubia', '-o', 'json']);
    const spec = { gitRepo: KUBIA, ref: 'HEAD', period: '60s', depth: 1, submodules: 'off' };
    assert.deepEqual(JSON.parse(json).spec, spec);
  });

  for (const { sentence, spec, told } of REFUSED) {
    for (const way of ['apply', 'create', 'apply --server-side', 'create --dry-run=server']) {
      await t.test(`${sentence} is refused by kubectl ${way}`, async () => {
        const input = website({ name: 'refused' }, spec);
        assert.deepEqual(await kubectl([...way.split(' '), '-f', '-'], input), refused(told));
      });
    }
  }

  await t.test('what the schema forbids, the API server refuses by itself', async () => {
    const reviews = await cluster.reviews();
    assert.deepEqual(
      await kubectl(['create', '-f', '-'], website({ name: 'refused' }, { gitRepo: KUBIA, depth: -1 })),
      refused(
        'The Website "refused" is invalid: spec.depth: Invalid value: -1: spec.depth in body should be greater than or equal to 0\n',
      ),
    );
    assert.equal(await cluster.reviews(), reviews);
  });

  await t.test('nothing of what was refused is stored', async () => {
    assert.deepEqual(await kubectl(['get', 'websites', '-o', 'name']), done('website.extensions.example.com/kubia\n'));
  });
}

const REFUSED = [
  {
    sentence: 'a repository on the machine that fetches it',
    spec: { gitRepo: 'file:///etc' },
    told: 'The Website "refused" is invalid: spec.gitRepo: Invalid value: "file:///etc": must not be a path on the machine that fetches it; it must be https://host/path, ssh://git@host/path or git@host:path\n',
  },
  {
    sentence: 'one with several problems',
    spec: { gitRepo: 'http://github.com/o/r', ref: 'a..b', period: '60' },
    told:
      'The Website "refused" is invalid: \n' +
      '* spec.gitRepo: Invalid value: "http://github.com/o/r": must use https:// or ssh://: http:// does not tell who answers; did you mean https://github.com/o/r?\n' +
      '* spec.ref: Invalid value: "a..b": must not contain ".."\n' +
      '* spec.period: Invalid value: "60": must have a unit, as in "60s"\n',
  },
];
