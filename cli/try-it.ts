import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resourceName } from '../webhook/kind.ts';
import { lookedUp } from '../webhook/lookup.ts';
import type { RulesInForce } from '../webhook/match.ts';
import { pathOf, routes } from '../webhook/registration.ts';
import { readable } from './faults.ts';

/** A server that is up. */
interface Running {
  readonly url: string;
  readonly healthUrl: string;
  /** The CA's certificate (PEM). */
  readonly caFile: string;
  readonly rules: RulesInForce;
  readonly hasCluster: boolean;
  /** The file with the CA of those who may ask; undefined where anybody may. */
  readonly clientCa: string | undefined;
}

/**
 * What a person at a terminal is told when the server is up: where it is, what it cannot know, and a line to paste that
 * shows a patch.
 */
export function tryIt({ url, healthUrl, caFile, rules, hasCluster, clientCa }: Running): string {
  const count = rules.rules.length === 1 ? 'one rule' : `${rules.rules.length} rules`;
  const lines = [`Portcullis serves ${count} on ${url} (health and metrics: ${healthUrl}).`];
  const unknown = hasCluster ? [] : lookedUp(rules).map(({ kind }) => resourceName(kind));
  if (unknown.length > 0) {
    lines.push(`It asks no cluster, so what needs ${unknown.join(', ')} is refused; --kubeconfig names a cluster.`);
  }
  if (clientCa !== undefined) lines.push(`It asks clients for a certificate of the CA in ${readable(clientCa)}.`);
  const sample = sampleReview();
  const route = routes(rules).find(({ phase, webhook }) => phase === 'mutating' && webhook === 'git-sync');
  const acts = rules.rules.some(({ rule, mode }) => rule.name === 'git-sync' && mode === 'enforce');
  if (sample !== undefined && route !== undefined && acts && clientCa === undefined) {
    const shown = "r.patch?JSON.parse(Buffer.from(r.patch,'base64')):r";
    const decode = `node -p "const r=JSON.parse(fs.readFileSync(0)).response;JSON.stringify(${shown},null,1)"`;
    lines.push(
      '',
      'Send it the review of a Pod that asks for git-sync, and see the patch that answers:',
      '',
      `  curl -sS --cacert ${quoted(readable(caFile))} -H 'Content-Type: application/json' \\`,
      `    --data-binary @${quoted(readable(sample))} ${quoted(url + pathOf(route))} | ${decode}`,
      '',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Beside the sources, or beside dist/ in the package. */
function sampleReview(): string | undefined {
  const name = 'examples/reviews/create-pod.json';
  return [`../${name}`, `../../${name}`].map((path) => fileURLToPath(new URL(path, import.meta.url))).find(existsSync);
}

/** For a POSIX shell. */
function quoted(path: string): string {
  return /^[\w./:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
