import jsonPatch, { type Operation } from 'fast-json-patch';
import type { Call } from '../chain.ts';
import type { Difference } from '../compared.ts';
import { patchIn } from '../described.ts';
import { type DiffLine, yamlDiff } from '../yaml-diff.ts';
import { asExpected } from './as-expected.ts';
import type { Finding } from './finding.ts';
import { operationLines } from './operation-lines.ts';

/** Of each answer whose patch is not as expected: how the patches differ, and how the objects do that come of them. */
export function patchFindings(differences: readonly Difference[], calls: readonly Call[], file: string): Finding[] {
  const byAnswer = Map.groupBy(differences, ({ path }) => Number(path[1]));
  return [...byAnswer].flatMap(([at, own]) => {
    const call = calls[at];
    return call === undefined ? [] : [patchFinding(own, call, `responses[${at}].patch`, file)];
  });
}

/** How the object differs that would be stored. */
export function objectFinding(differences: readonly Difference[], object: unknown, file: string): Finding[] {
  const [first] = differences;
  if (first === undefined) return [];
  const below = differences.map(({ path, ...rest }) => ({ ...rest, path: path.slice(1) }));
  const lines = yamlDiff(asExpected(object ?? undefined, below), object ?? undefined);
  return [{ kind: 'difference', isWarning: false, file, line: first.line, title: 'object: as stored', lines }];
}

function patchFinding(differences: readonly Difference[], call: Call, title: string, file: string): Finding {
  const actual = patchOf(call);
  const below = differences.map(({ path, ...rest }) => ({ ...rest, path: path.slice(3) }));
  const wanted = asExpected(actual, below) ?? [];
  const expected = Array.isArray(wanted) ? (wanted as Operation[]) : [];
  return {
    kind: 'difference',
    isWarning: false,
    file,
    line: Math.min(...differences.map(({ line }) => line)),
    title: `${title} of ${call.webhook.name}${summed(expected, actual)}`,
    lines: [...operationLines(expected, actual), ...objectLines(call, expected, actual)],
    operations: jsonPatch.compare(expected, actual),
  };
}

/** Where there is none on one side, that is the news. */
function summed(expected: readonly Operation[], actual: readonly Operation[]): string {
  if (expected.length === 0) return ': no patch was expected';
  return actual.length === 0 ? ': no patch came' : '';
}

function patchOf({ reviewed: { body } }: Call): Operation[] {
  const { response } = JSON.parse(body) as { response?: { patch?: unknown } };
  return typeof response?.patch === 'string' ? JSON.parse(JSON.stringify(patchIn(body))) : [];
}

function objectLines({ request }: Call, expected: readonly Operation[], actual: readonly Operation[]): DiffLine[] {
  const [one, other] = [expected, actual].map((operations) => patched(request.object, operations));
  if (one === undefined || other === undefined) {
    const which = one === undefined ? 'expected' : 'that came';
    return [{ sign: '@', text: `the patch ${which} does not apply to the object` }];
  }
  const lines = yamlDiff(one.object, other.object);
  return lines.length === 0 ? [{ sign: '@', text: 'the object comes out the same' }] : lines;
}

/** Undefined where an operation leads nowhere. */
function patched(object: unknown, operations: readonly Operation[]): { object: unknown } | undefined {
  try {
    const copy = JSON.parse(JSON.stringify(object));
    return { object: jsonPatch.applyPatch(copy, structuredClone(operations), true).newDocument };
  } catch {
    return undefined;
  }
}
