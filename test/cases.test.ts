import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import jsonPatch from 'fast-json-patch';
import { stringify } from 'yaml';
import { settingsAjv, settle } from '../cli/rule-settings.ts';
import { builtInRules } from '../rules/index.ts';
import { noLookups } from '../webhook/lookup.ts';
import { type Route, rulesInForce } from '../webhook/match.ts';
import { configurations, NEWEST_KUBE_VERSION, routes, webhookName } from '../webhook/registration.ts';
import { decisionOf } from '../webhook/report.ts';
import { type Reviewed, review } from '../webhook/review.ts';
import { type Case, documentIn, foldersIn, type Labels, readCase } from './case.ts';
import { selects } from './selects.ts';

// The first small runner of cases (DESIGN.md §8): one rule's own webhook, with the rule's default settings.
// UPDATE=1 writes what is expected.
const FOLDER = join(import.meta.dirname, 'cases');
const FILES = [
  'review.json',
  'review.yaml',
  'object.yaml',
  'oldObject.yaml',
  'request.yaml',
  'cluster.yaml',
  'expected.yaml',
];
const DOMAIN = 'extensions.example.com';

const noConfig = { file: undefined } as never;
const settled = builtInRules.map((rule) => settle(rule, noConfig, 'built-in', settingsAjv()).rule);
const rules = rulesInForce(settled.filter((entry) => entry !== undefined));
const engine = { rules, lookups: noLookups, now: () => 0 };

test('every folder of cases is named after a rule', () => {
  const names = builtInRules.map(({ name }) => name);
  assert.deepEqual(
    foldersIn(FOLDER).filter((name) => !names.includes(name)),
    [],
  );
});

for (const { rule } of rules.rules) {
  describe(rule.name, () => {
    const decisions = new Set<string>();
    for (const sentence of foldersIn(join(FOLDER, rule.name))) {
      test(sentence.replaceAll('-', ' '), async () => {
        const folder = join(FOLDER, rule.name, sentence);
        assert.deepEqual(
          readdirSync(folder).filter((name) => !FILES.includes(name)),
          [],
          'files that no case has',
        );
        const actual = await replayed(readCase(folder, rule), rule.name);
        for (const decision of actual.decisions) decisions.add(decision);
        compare(folder, actual.expected);
      });
    }
    test('has a case that passes it and a case that does not', () => {
      assert.ok(decisions.has('allow') || decisions.has('mutate'), 'no case that the rule admits');
      assert.ok(decisions.has('deny') || decisions.has('skip'), 'no case that the rule denies or skips');
    });
  });
}

async function replayed(given: Case, name: string): Promise<{ expected: object; decisions: string[] }> {
  const called = routes(rules).filter((route) => isFor(route, name) && isCalled(route, given));
  if (called.length === 0) return { expected: { notCalled: 'no selector matches' }, decisions: ['skip'] };
  assert.equal(called.length, 1, `${called.length} webhooks are called for one review`);
  const [route] = called as [Route];
  const reviewed = await review(Buffer.from(JSON.stringify(given.review)), route, engine);
  const report = reviewed.reports.find(({ entry }) => entry.rule.name === name);
  assert.ok(report, `the review does not reach ${name}: ${reviewed.message}`);
  if (reviewed.verdict === 'patched') await assertSettled(given, reviewed, route);
  return { expected: described(reviewed, route), decisions: [decisionOf(report)] };
}

function isFor({ phase, webhook }: Route, name: string): boolean {
  return rules.rules.some(
    ({ rule }) => rule.name === name && rule.phase === phase && (rule.routing.webhook ?? 'policy') === webhook,
  );
}

/** As the generated configuration says: old or new object, and the namespace's labels. */
function isCalled(route: Route, { review: { request }, namespaceLabels }: Case): boolean {
  const target = { url: 'https://127.0.0.1' };
  const all = configurations(rules, { name: 'portcullis', domain: DOMAIN, target, kubeVersion: NEWEST_KUBE_VERSION });
  const webhook = all.flatMap(({ webhooks }) => webhooks).find(({ name }) => name === webhookName(route, DOMAIN));
  assert.ok(webhook);
  const isSelected = [request.object, request.oldObject].some(
    (object) => object !== null && selects(webhook.objectSelector as object, labelsOf(object)),
  );
  return isSelected && selects(webhook.namespaceSelector as object, namespaceLabels);
}

function labelsOf(object: object): Labels {
  return (object as { metadata?: { labels?: Labels } }).metadata?.labels ?? {};
}

/** The patch applies, and to what it makes there is nothing to add. */
async function assertSettled(given: Case, { body }: Reviewed, route: Route): Promise<void> {
  const document = structuredClone(given.review);
  const { newDocument } = jsonPatch.applyPatch(document.request.object ?? {}, patchIn(body), true);
  document.request.object = newDocument;
  const again = await review(Buffer.from(JSON.stringify(document)), route, engine);
  assert.equal(again.verdict, 'allowed', `a second review of its own result: ${again.message ?? again.body}`);
}

function patchIn(body: string): jsonPatch.Operation[] {
  const { response } = JSON.parse(body) as { response: { patch: string } };
  return JSON.parse(Buffer.from(response.patch, 'base64').toString()) as jsonPatch.Operation[];
}

function described(reviewed: Reviewed, route: Route): object {
  const {
    patch,
    patchType: _,
    uid: __,
    ...response
  } = (JSON.parse(reviewed.body) as { response: { [member: string]: unknown } }).response;
  return {
    verdict: reviewed.verdict,
    responses: [
      {
        webhook: webhookName(route, DOMAIN),
        rules: Object.fromEntries(
          reviewed.reports.map((report) => {
            const reason = report.outcome.decision === 'skip' ? `: ${report.outcome.reason}` : '';
            return [report.entry.rule.name, decisionOf(report) + reason];
          }),
        ),
        ...response,
        ...(patch === undefined ? {} : { patch: patchIn(reviewed.body) }),
      },
    ],
  };
}

function compare(folder: string, actual: object): void {
  const file = join(folder, 'expected.yaml');
  if (process.env.UPDATE === '1')
    writeFileSync(file, stringify(actual, { aliasDuplicateObjects: false, lineWidth: 120 }));
  assert.ok(existsSync(file), `no expected.yaml; UPDATE=1 npm test writes it: ${stringify(actual)}`);
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), documentIn(folder, 'expected'));
}
