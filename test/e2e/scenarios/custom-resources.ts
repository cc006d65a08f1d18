import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { parse } from 'yaml';
import type { CustomResourceDefinition } from '../../../author.ts';
import { bookCrd } from '../../../examples/rules/_book-crd.ts';
import type { Cluster } from '../cluster.ts';
import { eventually } from '../eventually.ts';
import type { Outcome } from '../ran.ts';
import { done, refused } from '../said.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../../examples');

/** Kinds of a platform team's own, in a cluster whose CRDs carry no schema: the rules made of the schemas stand in. */
export async function customResources(t: TestContext, cluster: Cluster): Promise<void> {
  await cluster.restart({ ruleFolders: [`${EXAMPLES}/rules`] });
  for (const crd of [bookCrd, crdIn('weather-report.crd.yaml'), crdIn('config-watcher.crd.yaml')]) {
    await cluster.plane.applied(JSON.stringify(withoutSchema(crd)));
  }
  await cluster.register();
  const kubectl = await cluster.namespace('custom-resources');
  const apply = (name: string) => kubectl(['apply', '-f', `${EXAMPLES}/cases/${name}/object.yaml`]);
  for (const { bad } of KINDS) {
    await eventually(`${bad} is refused`, async () => /is invalid/.test((await apply(bad)).stderr) || undefined);
  }

  for (const [name, outcome] of Object.entries(OUTCOMES)) {
    const [rule = '', sentence = ''] = name.split('/');
    await t.test(`${rule} ${sentence.replaceAll('-', ' ')}`, async () => assert.deepEqual(await apply(name), outcome));
  }

  await t.test('what the README of the examples shows, with the schema in its CRD, prints what it says', async () => {
    const outcomes: Outcome[] = [];
    for (const line of CUSTOM_RESOURCE_COMMANDS) {
      const [, ...args] = line.replace(' examples/', ` ${EXAMPLES}/`).split(' ');
      outcomes.push(await kubectl(args));
    }
    const crd = 'customresourcedefinition.apiextensions.k8s.io/weatherreports.weather.example.com configured\n';
    assert.deepEqual(outcomes, [done(crd), done(`${REPORT} configured\n`), FAR_AWAY]);
  });

  await t.test('what was right or warned of is stored as it came, and nothing else is', async () => {
    for (const { resource, stored } of KINDS) {
      const { stdout } = await kubectl(['get', resource, '-o', 'jsonpath={.items[*].spec}']);
      assert.deepEqual(JSON.parse(stdout), stored);
    }
  });
}

/** The lines of examples/README.md, which the test of the documents holds it to. */
export const CUSTOM_RESOURCE_COMMANDS = [
  'kubectl apply -f examples/rules/weather-report.crd.yaml',
  'kubectl apply -f examples/cases/weather-report-schema/admits-a-week-of-london/object.yaml',
  'kubectl apply -f examples/cases/weather-report-days/warns-of-a-day-more/object.yaml',
] as const;

const KINDS = [
  {
    bad: 'book-schema/refuses-foo-bar',
    resource: 'books',
    stored: { author: 'Charles Dickens', title: 'David Copperfield', isbn: '978-0-14-043944-1' },
  },
  {
    bad: 'weather-report-schema/refuses-a-report-of-no-day',
    resource: 'weatherreports',
    stored: { city: 'London', days: 17 },
  },
  {
    bad: 'config-watcher-selector/refuses-an-empty-selector',
    resource: 'configwatchers',
    stored: { configMap: 'web', podSelector: { app: 'web' } },
  },
];

const BOOK = 'book.library.example.com/david-copperfield';
const REPORT = 'weatherreport.weather.example.com/london';

const FAR_AWAY = done(
  `${REPORT} configured\n`,
  'Warning: [weather-report-days] spec.days: forecasts reach 16 days; what comes after is the average of past years\n',
);

/** What kubectl says when the object of a case is applied, one after the other. */
const OUTCOMES: { readonly [name: string]: Outcome } = {
  'book-schema/admits-david-copperfield': done(`${BOOK} created\n`),
  'book-schema/refuses-foo-bar': refused(
    'Warning: [book-schema] unknown field "spec.foo"\n' +
      'The Book "foo" is invalid: \n* spec.author: Required value\n* spec.title: Required value\n',
  ),
  'book-isbn/refuses-two-digits-that-changed-places': refused(
    'The Book "david-copperfield" is invalid: spec.isbn: Invalid value: "978-0-14-034944-1": must end in 3, its check digit: a digit is wrong\n',
  ),
  'book-isbn/admits-an-isbn-with-hyphens': done(`${BOOK} configured\n`),
  'weather-report-schema/admits-a-week-of-london': done(`${REPORT} created\n`),
  'weather-report-schema/refuses-a-report-of-no-day': refused(
    'The WeatherReport "london" is invalid: spec.days: Invalid value: 0: spec.days in body should be greater than or equal to 1\n',
  ),
  'weather-report-days/warns-of-a-day-more': FAR_AWAY,
  'config-watcher-schema/admits-a-watcher-of-the-web-servers': done('configwatcher.ops.example.com/web created\n'),
  'config-watcher-schema/refuses-a-label-that-is-a-number': refused(
    'The ConfigWatcher "web" is invalid: spec.podSelector.generation: Invalid value: "integer": spec.podSelector.generation in body must be of type string: "integer"\n',
  ),
  'config-watcher-selector/refuses-an-empty-selector': refused(
    'The ConfigWatcher "web" is invalid: spec.podSelector: Required value: an empty selector is every pod of the namespace: name a label\n',
  ),
};

function crdIn(name: string): CustomResourceDefinition {
  return parse(readFileSync(`${EXAMPLES}/rules/${name}`, 'utf8'));
}

function withoutSchema(crd: CustomResourceDefinition): object {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const versions = crd.spec.versions.map((version) => ({ ...version, schema: { openAPIV3Schema } }));
  return { ...crd, spec: { ...crd.spec, versions } };
}
