import { largeCrd } from './large-crds.ts';
import type { Sample } from './large-crds-sample.ts';

const reference = { namespace: 'forklift', name: 'vsphere' };
const generation = { ...reference, generation: 3, uid: 'c0ffee' };
const condition = { category: 'Required', lastTransitionTime: '2026-01-01T00:00:00Z', status: 'True', type: 'Ready' };

/** Forklift's Plan: the history of a migration, ten levels deep. */
export const plan: Sample = {
  schema: largeCrd('forklift.konveyor.io/v1beta1 Plan'),
  good: {
    apiVersion: 'forklift.konveyor.io/v1beta1',
    kind: 'Plan',
    metadata: { name: 'move' },
    spec: {
      warm: true,
      targetNamespace: 'shop',
      map: { network: reference, storage: reference },
      provider: { source: reference, destination: reference },
      vms: [{ id: 'vm-1', hooks: [{ hook: reference, step: 'PreHook' }] }, { name: 'db' }],
    },
    status: {
      observedGeneration: 3,
      conditions: [condition],
      migration: {
        started: '2026-01-01T00:00:00Z',
        history: [
          {
            map: { network: generation, storage: generation },
            migration: generation,
            plan: generation,
            provider: { source: generation, destination: generation },
            conditions: [condition, { ...condition, type: 'Executing', items: ['vm-1'] }],
          },
        ],
        vms: [
          {
            id: 'vm-1',
            phase: 'CopyDisks',
            pipeline: [
              {
                name: 'DiskTransfer',
                phase: 'Running',
                progress: { completed: 1, total: 2 },
                tasks: [{ name: 'disk-1', progress: { completed: 1, total: 2 } }],
              },
            ],
          },
        ],
      },
    },
  },
  mistakes: {
    'nothing that is required': [
      'spec',
      {},
      'spec.map: Required value',
      'spec.provider: Required value',
      'spec.targetNamespace: Required value',
      'spec.vms: Required value',
    ],
    'half of what a provider needs': [
      'spec.provider.destination',
      undefined,
      'spec.provider.destination: Required value',
    ],
    'an object for a list': [
      'spec.vms',
      { id: 'vm-1' },
      'spec.vms: Invalid value: "object": spec.vms in body must be of type array: "object"',
    ],
    'a text for an object in a list': [
      'spec.vms[1]',
      'db',
      'spec.vms[1]: Invalid value: "string": spec.vms[1] in body must be of type object: "string"',
    ],
    'a hook without its step': ['spec.vms[0].hooks[0].step', undefined, 'spec.vms[0].hooks[0].step: Required value'],
    'a text for a boolean': [
      'spec.warm',
      'yes',
      'spec.warm: Invalid value: "string": spec.warm in body must be of type boolean: "string"',
    ],
    'a list of conditions that is null': [
      'status.conditions',
      null,
      'status.conditions: Invalid value: "null": status.conditions in body must be of type array: "null"',
    ],
    'a fraction, seven levels deep': [
      'status.migration.history[0].plan.generation',
      1.5,
      'status.migration.history[0].plan.generation: Invalid value: "float64": status.migration.history[0].plan.generation in body must be of type int64: "float64"',
      '<nil>: Invalid value: "": Checked value must be of type integer with format int64 in status.migration.history[0].plan.generation',
    ],
    'a text for an integer, seven levels deep': [
      'status.migration.history[0].plan.generation',
      '3',
      'status.migration.history[0].plan.generation: Invalid value: "string": status.migration.history[0].plan.generation in body must be of type integer: "string"',
    ],
    'a missing member, eight levels deep': [
      'status.migration.history[0].provider.source.uid',
      undefined,
      'status.migration.history[0].provider.source.uid: Required value',
    ],
    'a number in a list of texts': [
      'status.migration.history[0].conditions[1].items[0]',
      7,
      'status.migration.history[0].conditions[1].items[0]: Invalid value: "integer": status.migration.history[0].conditions[1].items[0] in body must be of type string: "integer"',
    ],
    'a day that does not exist': [
      'status.migration.history[0].conditions[0].lastTransitionTime',
      '2026-02-30T00:00:00Z',
      'status.migration.history[0].conditions[0].lastTransitionTime: Invalid value: "2026-02-30T00:00:00Z": status.migration.history[0].conditions[0].lastTransitionTime in body must be of type date-time: "2026-02-30T00:00:00Z"',
    ],
    'half of a progress, ten levels deep': [
      'status.migration.vms[0].pipeline[0].tasks[0].progress',
      { completed: 1 },
      'status.migration.vms[0].pipeline[0].tasks[0].progress.total: Required value',
    ],
    'a text for a total': [
      'status.migration.vms[0].pipeline[0].progress.total',
      'all',
      'status.migration.vms[0].pipeline[0].progress.total: Invalid value: "string": status.migration.vms[0].pipeline[0].progress.total in body must be of type integer: "string"',
    ],
  },
};
