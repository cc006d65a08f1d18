import { performance } from 'node:perf_hooks';
import { websiteSchema } from '../rules/website/crd.ts';
import { compileSchema } from '../schema/compile-schema.ts';
import type { StructuralSchema } from '../schema/structural-schema.ts';
import { randomOf } from '../test/patch/random.ts';
import { randomObjectSchema } from '../test/schema/random-schema.ts';
import { randomValue } from '../test/schema/random-value.ts';
import { measure } from './measure.ts';
import type { Line, Table } from './table.ts';

const website = {
  apiVersion: 'extensions.example.com/v1',
  kind: 'Website',
  metadata: { name: 'kubia', namespace: 'default' },
  spec: { gitRepo: 'https://github.com/luksa/kubia-website-example.git', ref: 'HEAD', period: '60s', depth: 1 },
};
const wrongWebsite = { ...website, spec: { ref: 'x'.repeat(300), period: 60, depth: -1, submodules: 'all' } };

/** What validation against structural schemas costs, beside what parsing the same object costs. */
export function schemaTable(): Table {
  const validateWebsite = compileSchema(websiteSchema);
  const validateServices = compileSchema(services);
  const [valid, invalid] = [servicesOf(5_000, 'TCP'), servicesOf(5_000, 'tcp')];
  const megabytes = (JSON.stringify(valid).length / 1e6).toFixed(1);
  return {
    name: 'schema',
    lines: [
      {
        what: "compile a Website's schema",
        microseconds: measure(() => compileSchema(websiteSchema)),
        beside: 'once, at start',
      },
      besideParsing('a valid Website', website, validateWebsite),
      besideParsing('an invalid Website, five causes', wrongWebsite, validateWebsite),
      besideParsing(`a valid object of ${megabytes} MB, lists and maps`, valid, validateServices),
      besideParsing('the same, and every element is wrong', invalid, validateServices),
      slowestOfFuzz(),
    ],
  };
}

function besideParsing(what: string, object: unknown, validate: (value: unknown) => unknown): Line {
  const text = JSON.stringify(object);
  const microseconds = measure(() => validate(object));
  const ratio = microseconds / measure(() => JSON.parse(text));
  return { what, microseconds, beside: `${ratio.toPrecision(2)} of JSON.parse` };
}

const services: StructuralSchema = {
  type: 'object',
  properties: {
    services: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name', 'ports'],
        properties: {
          name: { type: 'string', pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 },
          address: { type: 'string', format: 'ipv4' },
          labels: { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } },
          ports: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['port', 'protocol'],
            items: {
              type: 'object',
              required: ['port', 'protocol'],
              properties: {
                port: { type: 'integer', format: 'int32', minimum: 1, maximum: 65535 },
                protocol: { type: 'string', enum: ['TCP', 'UDP', 'SCTP'] },
              },
            },
          },
          zones: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        },
      },
    },
  },
};

function servicesOf(count: number, protocol: string): unknown {
  const elements = Array.from({ length: count }, (_, index) => ({
    name: `service-${index}`,
    address: `10.${index % 256}.0.1`,
    labels: { app: `app-${index}`, team: 'platform', 'example.com/tier': 'backend' },
    ports: [
      { port: 80, protocol },
      { port: 443, protocol },
    ],
    zones: ['eu-central-1a', 'eu-central-1b'],
  }));
  return { services: elements };
}

/** The slowest of 20,000 random objects under 400 random schemas, always the same ones; of each the best of three counts. */
function slowestOfFuzz(): Line {
  let slowest = { microseconds: 0, bytes: 0, schemaBytes: 0 };
  for (let seed = 0; seed < 400; seed++) {
    const random = randomOf(seed);
    const schema = randomObjectSchema(random, 4);
    const validate = compileSchema(schema);
    for (let j = 0; j < 50; j++) {
      const value = randomValue(random, schema);
      const microseconds = Math.min(...Array.from({ length: 3 }, () => elapsed(() => validate(value, 'spec'))));
      if (microseconds <= slowest.microseconds) continue;
      slowest = { microseconds, bytes: JSON.stringify(value).length, schemaBytes: JSON.stringify(schema).length };
    }
  }
  const { microseconds, bytes, schemaBytes } = slowest;
  return {
    what: 'the slowest of 20,000 random objects',
    microseconds,
    beside: `${bytes} bytes, a schema of ${schemaBytes}`,
  };
}

/** In microseconds. */
function elapsed(action: () => unknown): number {
  const start = performance.now();
  action();
  return (performance.now() - start) * 1000;
}
