import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSchema } from '../../schema/compile-schema.ts';

const validate = compileSchema({
  type: 'object',
  additionalProperties: {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  },
});

const LABEL_KEY =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** What is reported of an embedded resource that stands at `templates[t]`. */
const reported: { [sentence: string]: [resource: object, ...errors: string[]] } = {
  'nothing of one that is whole': [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', labels: {} } }],
  'nothing of metadata that is null or missing': [{ apiVersion: 'v1', kind: 'Pod', metadata: null }],
  'that it does not say what it is': [{}, 'spec[t].apiVersion: Required value', 'spec[t].kind: Required value'],
  'that it says so with empty texts': [
    { apiVersion: '', kind: '' },
    'spec[t].apiVersion: Required value',
    'spec[t].kind: Required value',
  ],
  'that it says so with no texts': [
    { apiVersion: 1, kind: [] },
    'spec[t].apiVersion: Invalid value: 1: must be a string',
    'spec[t].kind: Invalid value: []: must be a string',
  ],
  'a version with too many slashes': [
    { apiVersion: 'a/b/c', kind: 'Pod' },
    'spec[t].apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  ],
  'a label’s key that is none': [
    { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { 'bad key!': 'v' } } },
    `spec[t].metadata.labels: Invalid value: "bad key!": ${LABEL_KEY}`,
  ],
  'a label’s key with two slashes': [
    { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { 'a/b/c': 'v' } } },
    `spec[t].metadata.labels: Invalid value: "a/b/c": ${LABEL_KEY.replace('name part', 'a valid label key')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
  ],
  'a namespace with dots': [
    { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'a.b' } },
    'spec[t].metadata.namespace: Invalid value: "a.b": must not contain dots',
  ],
  'a name that is no part of a path': [
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a/b%', generateName: '..' } },
    'spec[t].metadata.name: Invalid value: "a/b%": may not contain \'/\'',
    'spec[t].metadata.name: Invalid value: "a/b%": may not contain \'%\'',
  ],
  'a name that means a folder': [
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: '..' } },
    'spec[t].metadata.name: Invalid value: "..": may not be \'..\'',
  ],
  'metadata that is none': [
    { apiVersion: 'v1', kind: 'Pod', metadata: 'x' },
    'spec[t].metadata: Invalid value: "x": must be an object',
  ],
  'labels that are no texts': [
    { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { a: 1 } } },
    'spec[t].metadata: Invalid value: {"labels":{"a":1}}: labels must be an object of strings',
  ],
};

for (const [sentence, [resource, ...errors]] of Object.entries(reported)) {
  test(`of an embedded resource is reported: ${sentence}`, () => {
    const found = validate({ t: resource }, 'spec').map(({ field, message }) => `${field}: ${message}`);
    assert.deepEqual(found, errors);
  });
}
