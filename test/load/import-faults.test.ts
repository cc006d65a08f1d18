import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Files, faultsIn, folderOf, ruleFile } from './rule-folder.ts';

const above = '\n\n';

/** What is wrong with files that cannot be loaded, and what their authors are told. */
const cases: readonly { sentence: string; files: Files; faults: readonly string[] }[] = [
  {
    sentence: "a type of 'portcullis' is imported as if it were a value",
    files: { 'a.ts': "import {\n  Rule,\n} from 'portcullis';\nexport const rule: Rule = undefined as never;\n" },
    faults: [
      "a.ts:2: 'portcullis' exports no value named Rule; if it is a type, write: import { type Rule } from 'portcullis'",
    ],
  },
  {
    sentence: 'a type of a sibling is imported as if it were a value',
    files: { 'a.ts': `${above}import { Hosts } from './_hosts.ts';`, '_hosts.ts': 'export type Hosts = string[];' },
    faults: [
      "a.ts:3: './_hosts.ts' exports no value named Hosts; if it is a type, write: import { type Hosts } from './_hosts.ts'",
    ],
  },
  {
    sentence: "a name of 'portcullis' is misspelt",
    files: { 'a.ts': "import { denny } from 'portcullis';" },
    faults: ["a.ts:1: 'portcullis' exports no value named denny; did you mean deny?"],
  },
  {
    sentence: 'a default export is imported where there is none',
    files: { 'a.ts': "import portcullis from 'portcullis';" },
    faults: ["a.ts:1: 'portcullis' has no default export; import what it exports by name"],
  },
  {
    sentence: 'an enum',
    files: { 'a.ts': `${above}enum Colour { Red }` },
    faults: [
      "a.ts:3: an enum cannot be run: Node removes types and compiles nothing; write a constant instead: const Colour = { Red: 'red' } as const",
    ],
  },
  {
    sentence: 'a namespace',
    files: { 'a.ts': `${above}namespace Hosts { export const all = 1; }` },
    faults: [
      'a.ts:3: a namespace cannot be run: Node removes types and compiles nothing; export its members from a file of their own',
    ],
  },
  {
    sentence: 'a parameter property',
    files: { 'a.ts': `${above}class Host { constructor(readonly name: string) {} }` },
    faults: [
      'a.ts:3: a parameter property cannot be run: Node removes types and compiles nothing; declare the field, and assign it in the constructor',
    ],
  },
  {
    sentence: 'a type assertion in angle brackets',
    files: { 'a.ts': `${above}const host = <string>'x';` },
    faults: [
      'a.ts:3: a type assertion in angle brackets cannot be run: Node removes types and compiles nothing; write: value as Type',
    ],
  },
  {
    sentence: 'an import lacks its extension',
    files: { 'a.ts': `${above}import { hosts } from './lib/hosts';`, 'lib/hosts.ts': 'export const hosts = [];' },
    faults: ["a.ts:3: './lib/hosts' lacks its extension: write './lib/hosts.ts'"],
  },
  {
    sentence: 'an import names the .js that a compiler would make',
    files: { 'a.ts': `${above}import { hosts } from './_hosts.js';`, '_hosts.ts': 'export const hosts = [];' },
    faults: ["a.ts:3: './_hosts.js' is './_hosts.ts' here: import it by that name"],
  },
  {
    sentence: 'a file that is not there is imported, by the helper of a rule',
    files: { 'a.ts': "import './_b.ts';", '_b.ts': `${above}import { x } from './_hoste.ts';`, '_hosts.ts': '' },
    faults: ["_b.ts:3: there is no file './_hoste.ts'; did you mean './_hosts.ts'?"],
  },
  {
    sentence: 'a folder is imported',
    files: { 'a.ts': "import './lib';", 'lib/index.ts': '' },
    faults: ["a.ts:1: './lib' is a folder, and only files can be imported: write './lib/index.ts'"],
  },
  {
    sentence: 'a package that is not installed',
    files: { 'a.ts': `${above}import { V1Pod } from '@kubernetes/client-node/dist';` },
    faults: [
      "a.ts:3: the package '@kubernetes/client-node' is not installed beside this file; if only types of it are used, write: import type { … } from '@kubernetes/client-node/dist'",
    ],
  },
  {
    sentence: "something within 'portcullis'",
    files: { 'a.ts': `${above}import { rule } from 'portcullis/webhook/rule.ts';` },
    faults: ["a.ts:3: there is only 'portcullis' to import, not 'portcullis/webhook/rule.ts'"],
  },
  {
    sentence: 'JSON without its attribute',
    files: { 'a.ts': `${above}import hosts from './hosts.json';`, 'hosts.json': '[]' },
    faults: ["a.ts:3: JSON is imported so: import name from './hosts.json' with { type: 'json' }"],
  },
  {
    sentence: 'a syntax error in TypeScript',
    files: { 'a.ts': `${above}const host: = 1;` },
    faults: [
      'a.ts:3: a syntax error: Unexpected token `=`. Expected an identifier, void, yield, null, await, break, a string literal, a numeric literal, true, false, `, -, import, this, typeof, {, [, (',
    ],
  },
  {
    sentence: 'a syntax error that only JavaScript sees in TypeScript',
    files: { 'a.ts': `${above}const host: string = 'x';\nexport { hosts };` },
    faults: ["a.ts:4: a syntax error: Export 'hosts' is not defined in module"],
  },
  {
    sentence: 'a syntax error in JavaScript',
    files: { 'a.js': `${above}const host = = 1;` },
    faults: ["a.js:3: a syntax error: Unexpected token '='"],
  },
  {
    sentence: 'a syntax error in a helper, which is told once though two rules import it',
    files: { 'a.ts': "import './_h.js';", 'b.ts': "import './_h.js';", '_h.js': `${above}const host = = 1;` },
    faults: ["_h.js:3: a syntax error: Unexpected token '='"],
  },
  {
    sentence: 'CommonJS',
    files: { 'a.js': `${above}const { allow } = require('portcullis');` },
    faults: [
      'a.js:3: it failed while it was loaded: ReferenceError: require is not defined in ES module scope, you can use import instead',
    ],
  },
  {
    sentence: 'an error is thrown by a helper while the rule is loaded',
    files: { 'a.ts': "import './_h.ts';", '_h.ts': `${above}throw new TypeError('no hosts');` },
    faults: ['_h.ts:3: it failed while it was loaded: TypeError: no hosts'],
  },
  {
    sentence: 'what is thrown is a text',
    files: { 'a.ts': "throw 'no hosts';" },
    faults: ['a.ts: it threw "no hosts" while it was loaded'],
  },
  {
    sentence: 'what is thrown is nothing',
    files: { 'a.ts': 'throw undefined;' },
    faults: ['a.ts: it threw undefined, which is no Error, while it was loaded'],
  },
  {
    sentence: 'a rule is made of nothing, and the line is that of its author',
    files: { 'a.js': "import { validatingRule } from 'portcullis';\nexport const a = validatingRule();" },
    faults: [
      "a.js:2: it failed while it was loaded: TypeError: Cannot destructure property 'name' of 'given' as it is undefined.",
    ],
  },
  {
    sentence: 'no rule is exported, nor made',
    files: { 'hosts.ts': 'export const hosts = [];' },
    faults: [
      'hosts.ts: it exports no rule; export what validatingRule() or mutatingRule() makes, or begin the name of a helper with "_"',
    ],
  },
  {
    sentence: 'a rule is made, and a list of rules exported',
    files: { 'a.ts': ruleFile('a').replace('export const rule =', 'export const rules = [').replace('});', '})];') },
    faults: ['a.ts:2: rule a is made and not exported, so it would not be enforced: export it'],
  },
  {
    sentence: 'one of two rules is not exported',
    files: {
      'a.ts': `${ruleFile('a')}${ruleFile('b').replace(/.*\n/, '').replace('export const rule', 'const other')}`,
    },
    faults: ['a.ts:3: rule b is made and not exported, so it would not be enforced: export it'],
  },
  {
    sentence: 'a copy of a rule is exported, which is none',
    files: { 'a.ts': `${ruleFile('a').replace('export const rule', 'const made')}export const rule = { ...made };` },
    faults: ['a.ts:2: rule a is made and not exported, so it would not be enforced: export it'],
  },
  {
    sentence: 'a file makes a rule and fails then, which is told once',
    files: { 'a.ts': `${ruleFile('a')}throw new Error('later');` },
    faults: ['a.ts:3: it failed while it was loaded: Error: later'],
  },
  {
    sentence: 'a faulty rule that another file exports again is told where it is made',
    files: { 'a.ts': "export * from './b.ts';", 'b.ts': ruleFile('B'), 'c.ts': "export { rule } from './b.ts';" },
    faults: [
      'b.ts:2: rule B: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most',
    ],
  },
  {
    sentence: 'a faulty rule that a helper makes is told where the rule file asks for it',
    files: {
      '_limit.ts': `${ruleFile('limit').replace("const rule = validatingRule({ name: 'limit'", 'const limit = (name: string) => validatingRule({ name')}`,
      'a.ts': "import { limit } from './_limit.ts';\n\nexport const a = limit('A');",
    },
    faults: [
      'a.ts:3: rule A: its name must be lower-case letters, digits and "-", beginning with a letter, 63 at most',
    ],
  },
  {
    sentence: 'files that look like rules and would not be loaded',
    files: { 'a.ts': ruleFile('a'), 'b.cts': '', 'c.cjs': '', 'd.tsx': '', 'tsconfig.json': '{}', 'b.test.ts': '' },
    faults: ['b.cts', 'c.cjs', 'd.tsx'].map(
      (name) => `${name}: it would not be loaded: a rule file ends in .ts, .js, .mts or .mjs, and is an ES module`,
    ),
  },
  {
    sentence: 'there is nothing in the folder that is a rule',
    files: { 'readme.md': '', 'tsconfig.json': '{}', '_hosts.ts': '', 'rules/a.ts': ruleFile('a') },
    faults: ['.: there are no rule files in this folder (.ts, .js, .mts, .mjs)'],
  },
];

for (const { sentence, files, faults } of cases) {
  test(`refused, with place and reason: ${sentence}`, async (t) => {
    const folder = await folderOf(t, { 'portcullis.yaml': '', ...files });
    assert.deepEqual(await faultsIn(folder), faults);
  });
}
