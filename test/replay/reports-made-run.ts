import type { TestContext } from 'node:test';
import { allow, ConfigMap, deny, mutatingRule, skip, validatingRule } from '../../author.ts';
import { findCases } from '../../replay/find-cases.ts';
import { type Run, run } from '../../replay/run.ts';
import { configMap, contextOf, type Files, folderOf } from './case-files.ts';

/** What must do no harm in a report: markup, ends of sections, control characters, halves of a pair. */
export const HOSTILE =
  '<&"\'>]]> \u001b[31mred\u0000\ud800 | `code` ```fence @user #1 **bold** <img src=x> \u202ereversed\u0085\ufffe\r\n::error::no';

/** Refuses what the data says, warns of what it says, and fails where it says so. */
export const dataSays = validatingRule({
  name: 'data-says',
  kind: ConfigMap,
  operations: ['CREATE', 'UPDATE'],
  validate({ data = {} }) {
    if (data.fail !== undefined) throw new Error(data.fail);
    if (data.deny !== undefined) deny(data.deny === 'hostile' ? HOSTILE : data.deny);
    return data.warn === undefined ? allow() : allow(data.warn);
  },
});

/** Copies `a` to `b`. */
export const copiesA = mutatingRule({
  name: 'copies-a',
  kind: ConfigMap,
  operations: ['CREATE'],
  webhook: 'copies',
  mutate(draft) {
    if (draft.data?.a === undefined || draft.data.b !== undefined) skip('no_a', 'there is nothing to copy');
    draft.data.b = draft.data.a;
  },
});

/** A run, and how its paths are shown. */
export interface MadeRun {
  readonly result: Run;
  readonly shown: (path: string) => string;
}

/** Replays these case files, `<rule>/<sentence>/<file>`, through both rules. */
export async function madeRun(t: TestContext, files: Files): Promise<MadeRun> {
  const folder = folderOf(t, files);
  const context = contextOf([copiesA, dataSays], folder);
  return { result: await run(findCases([folder], context.shown), context), shown: context.shown };
}

/** The files of a case of one object with this data. */
export function caseOf(path: string, data: object, expected?: unknown): Files {
  return {
    [`${path}/object.yaml`]: configMap({ data }),
    ...(expected === undefined ? {} : { [`${path}/expected.yaml`]: expected }),
  };
}

/** What is expected where neither rule says anything. */
export const quiet = `verdict: allowed
responses:
  - webhook: copies.example.com
    phase: mutating
    rules:
      copies-a: "skip: no_a"
    allowed: true
  - webhook: policy.example.com
    phase: validating
    rules:
      data-says: allow
    allowed: true
`;

/** What is expected where `data-says` refuses with this message, or a message that this pattern matches. */
export function refusal(message: string): string {
  const status = [
    'kind: Status',
    'apiVersion: v1',
    'metadata: {}',
    'status: Failure',
    'reason: Forbidden',
    'code: 403',
  ];
  const denied = ['deny', '    allowed: false', '    status:', `      message: ${JSON.stringify(message)}`];
  return quiet
    .replace('verdict: allowed', 'verdict: denied')
    .replace(/allow\n {4}allowed: true\n$/, `${[...denied, ...status.map((line) => `      ${line}`)].join('\n')}\n`);
}

/** What is expected where `copies-a` copies this. */
export function copy(value: string): string {
  const patch = ['patch:', '  - op: add', '    path: /data/b', `    value: ${JSON.stringify(value)}`];
  return quiet
    .replace('verdict: allowed', 'verdict: patched')
    .replace(
      '"skip: no_a"\n    allowed: true',
      ['mutate', '    allowed: true', ...patch.map((line) => `    ${line}`)].join('\n'),
    );
}

/** A run in which something of everything is wrong. */
export const everyMismatch: Files = {
  ...caseOf('copies-a/copies', { a: '1' }, copy('1')),
  ...caseOf('copies-a/copies-something-else', { a: '1' }, copy('2')),
  ...caseOf('copies-a/has-a-broken-file', {}, quiet),
  'copies-a/has-a-broken-file/object.yaml': 'kind: ConfigMap\ndata: [',
  ...caseOf('copies-a/leaves-alone', {}, quiet),
  ...caseOf('copies-b/is-about-no-rule', {}, quiet),
  ...caseOf('data-says/admits', {}, quiet),
  ...caseOf('data-says/expects-nothing-yet', {}),
  ...caseOf('data-says/refuses', { deny: 'wrong' }, refusal('/wro.g$/')),
  ...caseOf('data-says/refuses-by-another-pattern', { deny: 'wrong' }, refusal('/right/')),
  ...caseOf(
    'data-says/refuses-in-another-word',
    { deny: `${'so '.repeat(30)}wrong` },
    refusal(`[data-says] ${'so '.repeat(30)}bad`),
  ),
  'data-says/is-never-asked/oldObject.yaml': configMap(),
  'data-says/is-never-asked/expected.yaml': 'verdict: allowed\n',
};

/** A run whose names and messages are hostile. */
export const hostile: Files = {
  ...caseOf('data-says/refuses', { deny: 'hostile' }, refusal('')),
  ...caseOf('data-says/<b>|`@user`&"-#1-\u001b[2J-]]>', { deny: 'a' }, quiet),
  ...caseOf('<i>&no|rule`"/copies', { a: '1' }, quiet),
};
