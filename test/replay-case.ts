import assert from 'node:assert/strict';
import jsonPatch from 'fast-json-patch';
import type { Engine } from '../webhook/engine.ts';
import { NEWEST_KUBE_VERSION } from '../webhook/kube-version.ts';
import { type Route, webhookOf } from '../webhook/match.ts';
import { configurations, routes, type Webhook, webhookName } from '../webhook/registration.ts';
import { decisionOf } from '../webhook/report.ts';
import { type Reviewed, review } from '../webhook/review.ts';
import type { Rule } from '../webhook/rule.ts';
import type { Case, Labels } from './case.ts';
import { selects } from './selects.ts';

/** What came of a case: what its `expected.yaml` should say, and in one word what the rule did, for coverage. */
export interface Replayed {
  readonly expected: object;
  readonly did: 'passed' | 'warned' | 'refused' | 'not called';
}

const DOMAIN = 'extensions.example.com';

/**
 * Sends a case to the webhook that carries the rule, if the generated configuration calls it (DESIGN.md §8). Throws an
 * AssertionError where the review does not reach the rule, the patch does not apply, a second review still changes
 * something, the same bytes get another answer, or the answer repeats the word `s3cret`.
 */
export async function replay(given: Case, rule: Rule, engine: Engine): Promise<Replayed> {
  const own = routes(engine.rules).filter(({ phase, webhook }) => phase === rule.phase && webhook === webhookOf(rule));
  const reasons = own.map((route) => whyNotCalled(webhookAt(route, engine), given));
  const called = own.filter((_, index) => reasons[index] === undefined);
  if (called.length === 0) return { expected: { notCalled: reasons.join('; ') }, did: 'not called' };
  assert.equal(called.length, 1, `${called.length} webhooks are called for one review`);
  const [route] = called as [Route];
  const reviewed = await review(given.bytes, route, engine);
  const report = reviewed.reports.find(({ entry }) => entry.rule === rule);
  assert.ok(report, `the review does not reach ${rule.name}: ${reviewed.message}`);
  assert.equal((await review(given.bytes, route, engine)).body, reviewed.body, 'the same bytes get the same answer');
  if (reviewed.verdict === 'patched') await assertSettled(given, reviewed, route, engine);
  const expected = described(reviewed, route);
  if (given.bytes.includes('s3cret')) assert.ok(!JSON.stringify(expected).includes('s3cret'), 'it repeats the secret');
  const { outcome } = report;
  if (outcome.decision !== 'allow') return { expected, did: 'refused' };
  return { expected, did: outcome.warnings.length > 0 ? 'warned' : 'passed' };
}

function webhookAt(route: Route, { rules }: Engine): Webhook {
  const target = { url: 'https://127.0.0.1' };
  const all = configurations(rules, { name: 'portcullis', domain: DOMAIN, target, kubeVersion: NEWEST_KUBE_VERSION });
  const name = webhookName(route, DOMAIN);
  const phase = route.phase === 'mutating' ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration';
  const found = all.find(({ kind }) => kind === phase)?.webhooks.find((webhook) => webhook.name === name);
  assert.ok(found);
  return found;
}

/** Asked in the API server's order; a selector of objects looks at the old and the new one. */
function whyNotCalled(webhook: Webhook, { review: { request }, namespaceLabels }: Case): string | undefined {
  const { group, version, resource } = request.resource;
  const path = request.subResource === undefined ? resource : `${resource}/${request.subResource}`;
  const isForIt = webhook.rules.some(
    ({ operations, apiGroups, apiVersions, resources }) =>
      operations.includes(request.operation) &&
      apiGroups.includes(group) &&
      apiVersions.includes(version) &&
      resources.includes(path),
  );
  if (!isForIt) return `${webhook.name} is not for ${request.operation} of ${path}`;
  if (!selects(webhook.namespaceSelector as object, namespaceLabels)) {
    return `the namespaceSelector of ${webhook.name} does not match`;
  }
  const objects = [request.object, request.oldObject].filter((object) => object !== null);
  if (objects.some((object) => selects(webhook.objectSelector as object | undefined, labelsOf(object))))
    return undefined;
  return `the objectSelector of ${webhook.name} does not match`;
}

function labelsOf(object: object): Labels {
  return (object as { metadata?: { labels?: Labels } }).metadata?.labels ?? {};
}

/** The patch applies, and to what it makes there is nothing to add. */
async function assertSettled(
  { review: document }: Case,
  { body }: Reviewed,
  route: Route,
  engine: Engine,
): Promise<void> {
  const object = structuredClone(document.request.object ?? {});
  const { newDocument } = jsonPatch.applyPatch(object, patchIn(body), true);
  const changed = { ...document, request: { ...document.request, object: newDocument } };
  const again = await review(Buffer.from(JSON.stringify(changed)), route, engine);
  assert.equal(again.verdict, 'allowed', `a second review of its own result: ${again.message ?? again.body}`);
}

function patchIn(body: string): jsonPatch.Operation[] {
  const { response } = JSON.parse(body) as { response: { patch: string } };
  return JSON.parse(Buffer.from(response.patch, 'base64').toString()) as jsonPatch.Operation[];
}

function described(reviewed: Reviewed, route: Route): object {
  const { response } = JSON.parse(reviewed.body) as { response?: { [member: string]: unknown } };
  const { patch, patchType: _, uid: __, ...others } = response ?? { message: reviewed.message };
  const rules = reviewed.reports.map((report) => {
    const { entry, outcome } = report;
    return [entry.rule.name, decisionOf(report) + (outcome.decision === 'skip' ? `: ${outcome.reason}` : '')];
  });
  return {
    verdict: reviewed.verdict,
    responses: [
      {
        webhook: webhookName(route, DOMAIN),
        rules: Object.fromEntries(rules),
        ...others,
        ...(patch === undefined ? {} : { patch: patchIn(reviewed.body) }),
      },
    ],
  };
}
