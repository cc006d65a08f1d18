import { visible } from '../replay/reports/visible.ts';
import type { Status, StatusCertificate, StatusConfiguration } from './status-report.ts';

/** A status for people: what is wrong first, and what to do about it, then all that there is. Ends in a newline. */
export function statusText(status: Status, url: string): string {
  const { portcullis, problems, registration } = status;
  const wrong = problems.length === 1 ? 'one thing is wrong' : `${problems.length} things are wrong`;
  const lines = [
    `Portcullis ${portcullis} at ${url}: ${problems.length === 0 ? 'all is well' : wrong}`,
    ...problems.map((problem) => `  - ${problem}`),
    ...(registration.mend.length === 0 ? [] : ['  to mend what is registered:']),
    ...registration.mend.map((command) => `    ${command}`),
    '',
    ...row('rules', rulesLines(status)),
    ...row('certificate', certificateLines(status)),
    ...row('trust', authorityLines(status)),
    ...row('registered', registrationLines(status)),
    ...row('lookups', lookupLines(status)),
    ...row('API server', [apiServerLine(status)]),
  ];
  // What a cluster holds is others' text, and a terminal obeys it.
  return lines.map((line) => `${visible(line)}\n`).join('');
}

const WIDTH = 13;

function row(title: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `${(i === 0 ? title : '').padEnd(WIDTH)}${line}`);
}

function rulesLines({ rules: { sha256, inForce } }: Status): string[] {
  const names = inForce.map(({ name, phase, mode }) => `${name} (${mode === 'enforce' ? phase : `${phase}, ${mode}`})`);
  const count = names.length === 1 ? 'one rule is in force' : `${names.length} rules are in force`;
  return [`${count}; replicas with the same decide the same: ${short(sha256)}`, ...names];
}

function certificateLines({ certificate, time }: Status): string[] {
  if (certificate === undefined) return ['none yet'];
  const { mode, issuer, renewAt } = certificate;
  const successor = renewAt === undefined ? '' : `; its successor is due ${when(renewAt, time)}`;
  return [`mode ${mode}: ${called(certificate, time)}${successor}`, `signed by ${oneLine(issuer)}`];
}

function authorityLines({ certificate, authorities, time }: Status): string[] {
  if (certificate === undefined) return ['not known yet'];
  if (authorities.length === 0) return ['who signs the certificate is not for Portcullis to say'];
  return authorities.map(({ role, trustedUntil, ...certificate }) => {
    const dropped = trustedUntil === undefined ? '' : `; it is dropped ${when(trustedUntil, time)}`;
    return `${role}: ${called(certificate, time)}${dropped}`;
  });
}

function registrationLines({ registration: { asked, configurations, problem }, authorities, time }: Status): string[] {
  if (!asked) return ['no cluster is asked'];
  const known = new Map(authorities.map((one) => [one.sha256, one.role]));
  const lines = configurations.flatMap((one) => configurationLines(one, known, time));
  if (problem !== undefined) return [...lines, `cannot be read: ${problem}`];
  return lines.length === 0 ? ['not read yet'] : lines;
}

function configurationLines(
  { configuration, registered, differences, trusts, lacks }: StatusConfiguration,
  roles: ReadonlyMap<string, string>,
  time: string,
): string[] {
  if (!registered) return [`${configuration}: it is not there`];
  const count = differences.length === 1 ? 'one difference' : `${differences.length} differences`;
  return [
    `${configuration}: ${differences.length === 0 ? 'as the rules in force generate it' : count}`,
    ...trusts.map(
      (one) => `  trusts ${roles.has(one.sha256) ? `the ${roles.get(one.sha256)} one: ` : ''}${called(one, time)}`,
    ),
    ...(trusts.length === 0 ? ['  trusts no certificate by its caBundle'] : []),
    ...lacks.map((sha256) => `  does not trust the ${roles.get(sha256) ?? 'other'} one: ${short(sha256)}`),
  ];
}

function lookupLines({ lookups }: Status): string[] {
  if (lookups.length === 0) return ['none'];
  return lookups.map(({ resource, isSynced, isWatched, isOptional, problem }) => {
    const how = isWatched ? 'watched' : isSynced ? 'read one by one' : 'not listed yet';
    return `${resource}${isOptional ? ' (optional)' : ''}: ${how}${problem === undefined ? '' : `: ${problem}`}`;
  });
}

function apiServerLine({ apiServer }: Status): string {
  if (apiServer === undefined) return 'not asked';
  return `${apiServer.url}, ${apiServer.kubernetes === undefined ? 'of a version that is not known' : `Kubernetes ${apiServer.kubernetes}`}`;
}

function called({ subject, until, sha256 }: StatusCertificate, time: string): string {
  return `${oneLine(subject)}, ${short(sha256)}, ends ${when(until, time)}`;
}

/** A date, and how far away it is. */
function when(at: string, time: string): string {
  const minutes = (Date.parse(at) - Date.parse(time)) / 60_000;
  const away = Math.abs(minutes);
  const amount =
    away < 120
      ? `${Math.floor(away)} min`
      : away < 2880
        ? `${Math.floor(away / 60)} h`
        : `${Math.floor(away / 1440)} days`;
  return `${at.slice(0, 16).replace('T', ' ')} UTC (${minutes < 0 ? `${amount} ago` : `in ${amount}`})`;
}

/** Enough of a SHA-256 to tell it from others. */
function short(sha256: string): string {
  return sha256.slice(0, 12);
}

function oneLine(subject: string): string {
  return subject.replaceAll('\n', ', ');
}
