import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { FieldError } from '../../author.ts';
import { withoutAssets } from './assets.ts';
import { BAD, GOOD, LARGE, NEARLY_WHOLE } from './bad-websites.ts';
import { type Answer, type Ask, asker } from './bad-websites-answers.ts';
import { type Posted, website } from './bad-websites-posted.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { eventually } from './eventually.ts';
import { KUBIA, website as namedWebsite } from './objects.ts';
import { refused } from './said.ts';
import { DIFFERENCES, differenceOf, in120, type Text } from './texts-1.20.ts';

const WEBSITES = [...BAD, ...GOOD, ...LARGE, NEARLY_WHOLE];

test('the README has the differences that are made allowance for, and no others', () => {
  const readme = readFileSync(new URL('../../schema/README.md', import.meta.url), 'utf8');
  const shown = (text: Text | undefined) => (text === undefined ? 'nothing' : `\`${text.join('`: `')}\``);
  const rows = DIFFERENCES.map(({ cause, ...texts }) => `| ${cause} | ${shown(texts.in136)} | ${shown(texts.in120)} |`);
  const table = readme.split('\n').filter((line) => line.startsWith('|'));
  assert.deepEqual(table, ['| cause | 1.36 | 1.20 |', '| --- | --- | --- |', ...rows]);
});

test('where the CRD has no schema, Portcullis says what the API server says where it has one', {
  skip: withoutAssets,
}, async (t) => {
  const cluster = await startCluster();
  t.after(cluster.stop);
  const { minor } = cluster.plane;
  if (minor > 20 && minor < 36) return t.skip(`the texts of 1.20 and of 1.36 are known, not those of 1.${minor}`);
  const ask = await asker(cluster.plane.kubeconfig);
  const byTheServer = await answers(ask, () => withSchemaAlone(cluster, ask));
  const byPortcullis = await answers(ask, () => withPortcullisAlone(cluster, ask));
  const both = (posted: Posted) => [byTheServer.get(posted), byPortcullis.get(posted)] as [Answer, Answer];
  const inItsWords = (causes: readonly FieldError[], { body }: Posted) =>
    minor < 36 ? causes.flatMap((cause) => in120(cause, JSON.parse(body))) : causes;

  await t.test('kubectl shows what is missing, and what was misspelt', async () => {
    const input = namedWebsite({ name: 'kubia' }, { gitrepo: KUBIA });
    // Of the schema that the CRD had before, kubectl may know for a while, and would answer by itself.
    const outcome = await cluster.plane.kubectl(['create', '--validate=false', '-f', '-'], { input });
    const warning = 'Warning: [website-schema] unknown field "spec.gitrepo"; did you mean "gitRepo"?\n';
    const told = 'The Website "kubia" is invalid: spec.gitRepo: Required value\n';
    assert.deepEqual(outcome, refused(warning + told));
  });

  await t.test(`none of ${BAD.length} bad Websites is taken, all of ${GOOD.length} good ones are`, () => {
    assert.ok(BAD.length >= 60 && GOOD.length >= 15);
    for (const answer of [byTheServer, byPortcullis]) {
      const taken = [...BAD, ...GOOD].filter((posted) => answer.get(posted)?.code === 201);
      assert.deepEqual(sentences(taken), sentences(GOOD));
    }
  });

  for (const posted of [...BAD, ...GOOD]) {
    await t.test(posted.sentence, () => {
      const [server, portcullis] = both(posted);
      assert.equal(portcullis.code, server.code);
      assert.deepEqual(texts(inItsWords(bySchema(posted, portcullis), posted)), texts(server.causes));
      // What nobody was asked about has the API server's own words, the second time too.
      if (server.causes.length === 0) assert.equal(portcullis.message, server.message);
    });
  }

  await t.test('there is no difference in the README but those that these Websites show', () => {
    const told = [...byPortcullis.values()].flatMap(({ causes }) => causes.map(differenceOf));
    assert.deepEqual(
      DIFFERENCES.filter((difference) => !told.includes(difference)),
      [],
    );
  });

  for (const posted of LARGE) {
    await t.test(`${posted.sentence}, by its fields`, () => {
      const [server, portcullis] = both(posted);
      assert.deepEqual([portcullis.code, server.code], [422, 422]);
      assert.deepEqual(fields(inItsWords(portcullis.causes, posted)), fields(server.causes));
    });
  }

  await t.test(`${NEARLY_WHOLE.sentence} is refused by Portcullis, as by 1.36`, () => {
    const [server, portcullis] = both(NEARLY_WHOLE);
    assert.equal(server.code, minor < 36 ? 201 : 422);
    const text =
      'FieldValueInvalid <nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.depth';
    assert.deepEqual([portcullis.code, texts(portcullis.causes)], [422, [text]]);
  });
});

/** Of what each is told, once the cluster is as wanted. */
async function answers(ask: Ask, prepare: () => Promise<void>): Promise<ReadonlyMap<Posted, Answer>> {
  await prepare();
  const told = new Map<Posted, Answer>();
  for (const posted of WEBSITES) told.set(posted, await ask(posted.body));
  return told;
}

/** Without the subresource too, so that a status is not dropped. */
async function withSchemaAlone(cluster: Cluster, ask: Ask): Promise<void> {
  await apply(cluster, {});
  await eventually('a status is read', async () => (await ask(WRONG_STATUS)).code === 422 || undefined);
}

async function withPortcullisAlone(cluster: Cluster, ask: Ask): Promise<void> {
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  await apply(cluster, { schema: { openAPIV3Schema: anything } });
  await eventually('everything is taken', async () => (await ask(WRONG_STATUS)).code === 201 || undefined);
  await cluster.register();
  await eventually('Portcullis is asked', async () => (await ask(WRONG_STATUS)).code === 422 || undefined);
}

const WRONG_STATUS = website(`"spec": {"gitRepo": "${KUBIA}"}, "status": 1`);

async function apply(cluster: Cluster, change: object): Promise<void> {
  const crd = parse(await cluster.manifests('crd'));
  const { subresources, ...version } = crd.spec.versions[0];
  crd.spec.versions = [{ ...version, ...change }];
  await cluster.plane.applied(JSON.stringify(crd));
}

/** The causes but for those of `website-source`, all of which have to be there. */
function bySchema({ alsoBySource = [] }: Posted, { causes }: Answer): FieldError[] {
  const isBySource = ({ field, message }: FieldError) => alsoBySource.includes(`${field}: ${message}`);
  assert.equal(causes.filter(isBySource).length, alsoBySource.length, JSON.stringify(causes));
  return causes.filter((cause) => !isBySource(cause));
}

function sentences(websites: readonly Posted[]): string[] {
  return websites.map(({ sentence }) => sentence);
}

function texts(causes: readonly FieldError[]): string[] {
  return [...new Set(causes.map(({ field, reason, message }) => `${reason} ${field}: ${message}`))].sort();
}

function fields(causes: readonly FieldError[]): string[] {
  return [...new Set(causes.map(({ field }) => field))].sort();
}
