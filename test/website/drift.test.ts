import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { websiteSchema } from '../../rules/website/crd.ts';
import type { Website } from '../../rules/website/website.ts';

/** A Website with everything in it. It compiles: the type has all of it, and demands nothing else. */
const everything = {
  apiVersion: 'extensions.example.com/v1',
  kind: 'Website',
  metadata: { name: 'kubia' },
  spec: {
    gitRepo: 'https://github.com/luksa/kubia-website-example.git',
    ref: 'HEAD',
    period: '60s',
    depth: 1,
    submodules: 'off',
    credentials: { secretName: 'kubia' },
  },
  status: {
    observedGeneration: 1,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        observedGeneration: 1,
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'Served',
        message: 'The content is served.',
      },
    ],
  },
} satisfies Website;

const manifest = parse(
  readFileSync(new URL('../../manifests/crd/websites.extensions.example.com.yaml', import.meta.url), 'utf8'),
);
const forEditors = JSON.parse(readFileSync(new URL('../../website.schema.json', import.meta.url), 'utf8'));
const { apiVersion, kind, metadata, ...ownOfEditors } = forEditors.properties;
const literal = described(websiteSchema);

test('the fields of the type are those of the schema', () => {
  const { spec, status } = everything;
  assert.deepEqual(pathsOf({ spec, status }), Object.keys(literal).sort());
});

test('the CRD that is applied says of each field what the schema says', () => {
  const [{ schema }, ...others] = manifest.spec.versions;
  assert.deepEqual(others, []);
  assert.deepEqual(described(schema.openAPIV3Schema), literal);
});

test('the schema for editors says of each field what the schema says', () => {
  assert.deepEqual(described({ ...forEditors, properties: ownOfEditors }), literal);
  assert.deepEqual([apiVersion.const, kind.const, metadata.type], [everything.apiVersion, everything.kind, 'object']);
});

test('every field is described', () => {
  assert.ok(Object.keys(literal).length > 10);
  for (const [path, { description }] of Object.entries(literal))
    assert.match(String(description), /^[A-Z].*[.]$/, path);
});

interface Schema {
  readonly properties?: { readonly [name: string]: Schema };
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

type Described = { readonly [path: string]: { readonly [keyword: string]: unknown } };

/** What a schema says of each field, but for what Kubernetes and draft-07 have each for itself. */
function described(schema: Schema, path = '', isRequired = true): Described {
  const { properties = {}, items, required = [], additionalProperties: _, ...rest } = schema;
  const said = Object.entries(rest).filter(([keyword]) => !/^(x-kubernetes-|\$schema$|title$)/.test(keyword));
  return {
    ...(path === '' ? {} : { [path]: { ...Object.fromEntries(said), isRequired } }),
    ...(items === undefined ? {} : described(items, `${path}[]`)),
    ...Object.assign(
      {},
      ...Object.entries(properties).map(([name, of]) => described(of, below(path, name), required.includes(name))),
    ),
  };
}

/** The paths of all members and elements, in order. */
function pathsOf(value: unknown, path = ''): string[] {
  const own = path === '' ? [] : [path];
  if (Array.isArray(value)) return [...own, ...pathsOf(value[0], `${path}[]`)];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, below(path, name)))].sort();
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
