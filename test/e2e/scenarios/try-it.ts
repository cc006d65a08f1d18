import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { parse } from 'yaml';
import type { Cluster } from '../cluster.ts';
import { done } from '../said.ts';

/** The lines of the README's "Try it", which the test of the documents holds it to. */
export const TRY_IT_COMMANDS = [
  'kubectl apply -f examples/kubia.yaml',
  `kubectl patch website kubia --type merge -p '{"spec":{"period":"1s"}}'`,
  'kubectl run demo --image=nginx --labels=extensions.example.com/downward-api=true --dry-run=server -o yaml',
] as const;

/** What the README tells a newcomer to try does what the README says. */
export async function tryIt(t: TestContext, cluster: Cluster): Promise<void> {
  const [apply, patch, run] = TRY_IT_COMMANDS;
  const kubectl = await cluster.namespace('try-it');

  await t.test('the example is admitted', async () => {
    assert.deepEqual(await kubectl(words(apply)), done('website.extensions.example.com/kubia created\n'));
  });

  await t.test('a period that is too short is refused, in the words of the README', async () => {
    const { code, stderr } = await kubectl(words(patch));
    // From 1.30 on the API server says it by itself: with the type in the place of the value, or nothing there.
    const shown = cluster.plane.minor < 30 ? '"1s": ' : '("string": )?';
    const said = `The Website "kubia" is invalid: spec\\.period: Invalid value: ${shown}must be at least 10s\n`;
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^${said}$`));
  });

  await t.test('a labelled Pod would be stored with its eleven variables', async () => {
    const { code, stdout } = await kubectl(words(run));
    const names = parse(stdout).spec.containers[0].env.map(({ name }: { name: string }) => name);
    assert.deepEqual([code, names.length], [0, 11]);
    assert.ok(names.includes('POD_NAME') && names.includes('NODE_NAME'));
  });
}

/** The arguments of a kubectl command line, as a shell takes it apart. */
function words(line: string): string[] {
  const all = [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
  assert.equal(all.shift(), 'kubectl');
  return all;
}
