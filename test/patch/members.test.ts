import { testEach } from './example.ts';
import { put } from './objects.ts';

testEach([
  [
    'a parent that is null is replaced as a whole',
    { metadata: { labels: null } },
    ({ metadata }) => {
      metadata.labels ??= {};
      metadata.labels.a = 'b';
    },
    [{ op: 'replace', path: '/metadata/labels', value: { a: 'b' } }],
  ],
  [
    'a parent that is missing is added as a whole',
    { metadata: {} },
    ({ metadata }) => {
      metadata.labels ??= {};
      metadata.labels.a = 'b';
    },
    [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }],
  ],
  [
    'keys are escaped: ~ as ~0, / as ~1',
    { labels: { 'a~1b/c': 'old' } },
    ({ labels }) => {
      labels['a~1b/c'] = 'new';
      labels['app.kubernetes.io/name'] = 'web';
      labels[''] = 'empty';
    },
    [
      { op: 'replace', path: '/labels/a~01b~1c', value: 'new' },
      { op: 'add', path: '/labels/app.kubernetes.io~1name', value: 'web' },
      { op: 'add', path: '/labels/', value: 'empty' },
    ],
  ],
  [
    'a member that is undefined is absent, and inside a value too',
    { spec: { nodeName: 'n' } },
    ({ spec }) => {
      spec.nodeName = undefined;
      spec.hostname = undefined;
      spec.affinity = { podAffinity: undefined };
    },
    [
      { op: 'remove', path: '/spec/nodeName' },
      { op: 'add', path: '/spec/affinity', value: { podAffinity: undefined } },
    ],
  ],
  [
    'members named like what every object inherits are data',
    JSON.parse('{"data":{"__proto__":"a","constructor":"b","toString":"c"}}'),
    ({ data }) => {
      put(data, '__proto__', 'A');
      delete data.constructor;
      put(data, 'hasOwnProperty', 'd');
    },
    [
      { op: 'replace', path: '/data/__proto__', value: 'A' },
      { op: 'remove', path: '/data/constructor' },
      { op: 'add', path: '/data/hasOwnProperty', value: 'd' },
    ],
  ],
  [
    'a list of another type of value is replaced as one',
    { command: ['a'], spec: [] },
    (draft) => {
      draft.command = 'a';
      draft.spec = {};
    },
    [
      { op: 'replace', path: '/command', value: 'a' },
      { op: 'replace', path: '/spec', value: {} },
    ],
  ],
  ['0 and -0 are one number', { a: 0, b: -0 }, (draft) => Object.assign(draft, { a: -0, b: 0 }), []],
  ['the order of members is none', { a: 1, b: 2 }, (draft) => put(draft, 'a', delete draft.a && 1), []],
]);
