import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import type { FromSchema } from '../../author.ts';
import { websiteCrd } from '../../rules/website/crd.ts';
import { Website } from '../../rules/website/website.ts';
import { websiteSchema } from '../../rules/website/website-schema.ts';
import { websiteSource } from '../../rules/website/website-source.ts';
import { decisionOf } from './decision-of.ts';

const manifest = new URL('../../manifests/crd/websites.extensions.example.com.yaml', import.meta.url);
const kubia = new URL('../../examples/kubia.yaml', import.meta.url);
const schema = websiteCrd.spec.versions[0].schema.openAPIV3Schema;

test('the manifest of the CRD is what the rules check (UPDATE=1 writes it anew)', () => {
  const yaml = stringify(websiteCrd, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
  const text = `# Written from rules/website/crd.ts: UPDATE=1 node --test test/website/crd.test.ts\n${yaml}`;
  if (process.env.UPDATE === '1') writeFileSync(manifest, text);
  assert.equal(readFileSync(manifest, 'utf8'), text);
});

test('the manifest says so to kubectl too, whose YAML 1.1 reads a bare off as false', () => {
  assert.deepEqual(parse(readFileSync(manifest, 'utf8'), { version: '1.1' }), websiteCrd);
});

test('the CRD is named as an API server demands', () => {
  const { group, names } = websiteCrd.spec;
  assert.equal(websiteCrd.metadata.name, `${names.plural}.${group}`);
  assert.equal(Website.resource, 'websites');
});

test('the book’s Website is admitted', () => {
  const website = parse(readFileSync(kubia, 'utf8'));
  const nothing = { problems: [], warnings: [] };
  assert.equal(website.kind, Website.kind);
  assert.equal(website.spec.gitRepo, 'https://github.com/luksa/kubia-website-example.git');
  assert.deepEqual(decisionOf(websiteSchema, website), nothing);
  assert.deepEqual(decisionOf(websiteSource, website, undefined, { allowedHosts: ['github.com'] }), nothing);
});

test('what the schema defaults to, the rules admit', () => {
  const { ref, period, depth, submodules } = schema.properties.spec.properties;
  const spec = {
    gitRepo: 'https://h/r',
    ref: ref.default,
    period: period.default,
    depth: depth.default,
    submodules: submodules.default,
  } satisfies FromSchema<typeof schema>['spec'];
  for (const rule of [websiteSchema, websiteSource]) {
    const { problems } = decisionOf(rule, { metadata: { name: 'a' }, spec }, undefined, { allowedHosts: [] });
    assert.deepEqual(problems, []);
  }
});
