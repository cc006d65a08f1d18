import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import type { Rule } from '../../author.ts';
import type { CustomResource } from '../../replay/custom-resource.ts';
import { gateOf } from '../../replay/gate.ts';
import { type ReplayContext, type Replayed, replayCase } from '../../replay/replay-case.ts';
import type { KubeVersion } from '../../webhook/kube-version.ts';
import { type Mode, rulesInForce } from '../../webhook/match.ts';

/** A folder's files by their paths; what is no text is written as JSON, which is YAML. */
export type Files = { readonly [path: string]: unknown };

/** A folder that holds these files, and ends with the test. */
export function folderOf(t: TestContext, files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  t.after(() => rmSync(folder, { recursive: true }));
  write(folder, files);
  return folder;
}

/** Writes them over what is there. */
export function write(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(
      join(folder, path),
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    );
  }
}

/** How rules are in force; enforced unless their name has another mode. */
export interface InForce {
  readonly crds?: readonly CustomResource[];
  readonly modes?: { readonly [rule: string]: Mode };
  readonly ignoredNamespaces?: readonly string[];
  /** Of the API server, where a case does not say its own. */
  readonly kubeVersion?: KubeVersion;
}

/** What cases are replayed with, where these rules are in force. Paths are shown from `root` on. */
export function contextOf(rules: readonly Rule[], root = '/', inForce: InForce = {}): ReplayContext {
  const { crds = [], modes = {}, ignoredNamespaces = [], kubeVersion } = inForce;
  const entries = rules.map((rule) => ({ rule, settings: {}, mode: modes[rule.name] ?? 'enforce' }) as const);
  return {
    gate: gateOf(rulesInForce(entries, ignoredNamespaces), 'example.com', kubeVersion),
    kinds: rules.flatMap(({ kinds }) => [...kinds]),
    crds,
    shown: (path) => relative(root, path),
  };
}

/** Replays the case that these files are, in a folder `it-works` of the first rule's. */
export function replayed(
  t: TestContext,
  rules: readonly Rule[],
  files: Files,
  inForce: InForce = {},
): Promise<Replayed> {
  const name = rules[0]?.name ?? 'none';
  const root = folderOf(
    t,
    Object.fromEntries(Object.entries(files).map(([path, content]) => [join(name, 'it-works', path), content])),
  );
  return replayCase(join(root, name, 'it-works'), contextOf(rules, root, inForce));
}

/** The same, of a case that could be read. */
export async function readAndReplayed(...given: Parameters<typeof replayed>): Promise<Done> {
  const done = await replayed(...given);
  if (done.outcome === 'broken') throw new Error(done.fault);
  return done;
}

export type Done = Exclude<Replayed, { outcome: 'broken' }>;

/** What is wrong with a case, in one text. */
export function wrongs(done: Replayed): string {
  if (done.outcome === 'broken') return done.fault;
  return [
    ...done.problems,
    ...done.breaches.map(({ invariant, text }) => `${invariant}: ${text}`),
    ...done.differences.map(
      ({ path, expected, actual }) => `${path.join('.')}: ${JSON.stringify(expected)}, came ${JSON.stringify(actual)}`,
    ),
  ].join('\n');
}

/** A ConfigMap of the namespace `web`, unless said. */
export function configMap(more: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'web' }, ...more };
}
