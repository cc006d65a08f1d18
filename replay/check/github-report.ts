import type { Check } from './check.ts';
import { called } from './manifests.ts';

/** Workflow commands by which GitHub shows each problem at its line of a pull request. */
export function githubReport({ objects, unread }: Check): string[] {
  return [
    ...unread.map(({ file, line = 1, reason }) => command('error', { file, line, title: 'cannot be read' }, reason)),
    ...objects.flatMap(({ manifest: { file, object }, problems }) =>
      problems.map(({ isWarning, line, field, message, by }) => {
        const text = [...(field === undefined ? [] : [field]), message].join(': ');
        const place = { file, line, title: called(object) };
        return command(isWarning ? 'warning' : 'error', place, by === undefined ? text : `${text} [${by}]`);
      }),
    ),
  ];
}

/** Escaped as GitHub's own toolkit does (actions/toolkit, packages/core/src/command.ts). */
function command(name: string, properties: { readonly [name: string]: string | number }, message: string): string {
  const given = Object.entries(properties).map(([key, value]) => {
    return `${key}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`;
  });
  return `::${name} ${given.join(',')}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
