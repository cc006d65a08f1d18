import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { FromSchema } from '../../author.ts';
import { websiteCrd } from '../../rules/website/crd.ts';
import { Website } from '../../rules/website/website.ts';
import { websiteSchema } from '../../rules/website/website-schema.ts';
import { websiteSource } from '../../rules/website/website-source.ts';
import { decisionOf } from './decision-of.ts';

const kubia = new URL('../../examples/kubia.yaml', import.meta.url);
const schema = websiteCrd.spec.versions[0].schema.openAPIV3Schema;

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
