import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FieldError } from '../../author.ts';
import { gitSync } from '../../rules/git-sync/git-sync.ts';
import { gitSyncPresent } from '../../rules/git-sync/git-sync-present.ts';
import { outcomeOf, type Ruled } from '../pod/outcome-of.ts';
import { gitSyncIn } from './git-sync-in.ts';
import { webPod } from './pods.ts';

type Pod = Ruled['pod'];
type GitSync = { args: string[]; [member: string]: unknown };

const HTTPS = { 'git-secret': 'key' };
const SSH = { 'git-repo': 'git@h.example:r', 'git-secret': 'key' };

/** Every way of running, with every way of showing who it is; `native` is what the operator may ask for. */
const injections: { given: string; spec: object; annotations: object; sidecar: string }[] = [];
for (const [by, credentials] of Object.entries({ 'no Secret': {}, 'a password': HTTPS, 'a key': SSH })) {
  injections.push(
    { given: `classic with ${by}`, spec: {}, annotations: credentials, sidecar: 'classic' },
    { given: `native with ${by}`, spec: {}, annotations: credentials, sidecar: 'native' },
    { given: `once with ${by}`, spec: {}, annotations: { ...credentials, 'git-mode': 'init' }, sidecar: 'auto' },
    { given: `a Job's with ${by}`, spec: { restartPolicy: 'Never' }, annotations: credentials, sidecar: 'classic' },
  );
}

/** What another version of Portcullis, another replica or another webhook may have said otherwise. */
const stillOurs: { [change: string]: (container: GitSync) => void } = {
  'another period': (container) => replace(container, '--period', '--period=5m'),
  'another depth': (container) => replace(container, '--depth', '--depth=7'),
  'another start': (container) => {
    replace(container, '--init-period', '--init-period=1s');
    replace(container, '--init-max-failures', '--init-max-failures=1');
  },
  'no word of failures': (container) => {
    container.args = container.args.filter((arg) => !/failures|init-/.test(arg));
  },
  'an argument that we do not know': ({ args }) => args.push('--verbose=9'),
  'its arguments in another order': ({ args }) => args.reverse(),
  'another image': (container) => {
    container.image = 'mirror.example/git-sync:v4.8.0';
  },
  'another probe, user and size': (container) => {
    delete container.startupProbe;
    container.ports = [{ containerPort: 2020 }];
    container.securityContext = { runAsUser: 7 };
    container.resources = {};
  },
  'an empty command': (container) => {
    container.command = [];
  },
  'a variable more': (container) => {
    container.env = [...((container.env as object[] | undefined) ?? []), { name: 'POD_NAME', value: 'x' }];
  },
  'a token, as the API server mounted it before': (container) => {
    const mounts = container.volumeMounts as { mountPath: string }[];
    container.volumeMounts = mounts.filter(({ mountPath }) => !mountPath.endsWith('serviceaccount'));
  },
};

/** What makes it fetch something else, to another place, as somebody else, or something else altogether. */
const notOurs: { [change: string]: (container: GitSync) => void } = {
  'another repository': (container) => replace(container, '--repo', '--repo=https://elsewhere.example/r'),
  'a second repository, which git-sync would heed': ({ args }) => args.push('--repo=https://elsewhere.example/r'),
  'a second repository in two words': ({ args }) => args.push('--repo', 'https://elsewhere.example/r'),
  'the same repository twice': ({ args }) => args.push(args[0] ?? ''),
  'no repository': ({ args }) => args.shift(),
  'another ref': (container) => replace(container, '--ref', '--ref=other'),
  'another root': (container) => replace(container, '--root', '--root=/git'),
  'another link': (container) => replace(container, '--link', '--link=/git/other'),
  'submodules, which come from anywhere': (container) => replace(container, '--submodules', '--submodules=recursive'),
  'a password of its own': ({ args }) => args.push('--password-file=/etc/other'),
  'a key of its own': ({ args }) => args.push('--ssh-key-file=/etc/other'),
  'a command': (container) => {
    container.command = ['sh'];
  },
  'no arguments': (container) => {
    delete (container as { args?: unknown }).args;
  },
  'arguments that are none': (container) => {
    container.args = [null, 7] as unknown as string[];
  },
  'no mount of the content': ({ volumeMounts }) => (volumeMounts as object[]).shift(),
  'a mount of a part of it': ({ volumeMounts }) => Object.assign((volumeMounts as object[])[0] ?? {}, { subPath: 'x' }),
  'the content elsewhere': ({ volumeMounts }) =>
    Object.assign((volumeMounts as object[])[0] ?? {}, { mountPath: '/x' }),
  'another volume for the content': ({ volumeMounts }) =>
    Object.assign((volumeMounts as object[])[0] ?? {}, { name: 'host' }),
  'no place for its files': ({ volumeMounts }) => (volumeMounts as object[]).splice(1, 1),
};

for (const { given, ...how } of injections) {
  test(`git-sync ${given} stays ours with ${Object.keys(stillOurs).join(', ')}`, () => {
    for (const [change, edit] of Object.entries(stillOurs)) {
      const pod = injected(how, edit);
      const again = outcomeOf(gitSync, pod);
      assert.equal(again.outcome.decision === 'skip' && again.outcome.reason, 'already_injected', change);
      assert.deepEqual(outcomeOf(gitSyncPresent, pod).outcome, { decision: 'allow', warnings: [] }, change);
    }
  });

  test(`git-sync ${given} is another one with ${Object.keys(notOurs).join(', ')}`, () => {
    for (const [change, edit] of Object.entries(notOurs)) refused(injected(how, edit), change);
  });
}

const foreign: { given: string; annotations: object; sidecar: string; edit: (container: GitSync) => void }[] = [
  {
    given: 'once, where it should go on',
    annotations: {},
    sidecar: 'classic',
    edit: ({ args }) => args.push('--one-time'),
  },
  {
    given: 'on and on, where it should end',
    annotations: { 'git-mode': 'init' },
    sidecar: 'auto',
    edit: (container) => replace(container, '--one-time', '--period=60s'),
  },
  {
    given: 'as a sidecar, where it should end',
    annotations: { 'git-mode': 'init' },
    sidecar: 'auto',
    edit: (container) => {
      container.restartPolicy = 'Always';
    },
  },
  {
    given: "with another Secret's user",
    annotations: HTTPS,
    sidecar: 'classic',
    edit: (container) => {
      container.env = [{ name: 'GITSYNC_USERNAME', valueFrom: { secretKeyRef: { name: 'other', key: 'username' } } }];
    },
  },
  {
    given: 'with a user that is no Secret',
    annotations: HTTPS,
    sidecar: 'classic',
    edit: (container) => {
      container.env = [{ name: 'GITSYNC_USERNAME', value: 'alice' }];
    },
  },
  {
    given: 'without its password',
    annotations: HTTPS,
    sidecar: 'native',
    edit: (container) => replace(container, '--password-file', '--verbose=0'),
  },
  {
    given: 'without its key',
    annotations: SSH,
    sidecar: 'native',
    edit: (container) => replace(container, '--ssh-key-file', '--verbose=0'),
  },
  {
    given: 'without the Secret at hand',
    annotations: SSH,
    sidecar: 'classic',
    edit: ({ volumeMounts }) => (volumeMounts as object[]).splice(2, 1),
  },
];
for (const { given, edit, ...how } of foreign) {
  test(`a container that fetches ${given} is another one`, () => refused(injected({ spec: {}, ...how }, edit), given));
}

for (const [given, spec] of Object.entries({ 'goes on': {}, 'ends by itself': { restartPolicy: 'OnFailure' } })) {
  test(`in a pod that ${given}, whoever knows another API server leaves alone what is there`, () => {
    for (const [before, after] of [
      ['native', 'classic'],
      ['classic', 'native'],
    ] as const) {
      const { pod } = outcomeOf(gitSync, webPod(spec), { settings: { sidecar: before } });
      const { outcome, patch } = outcomeOf(gitSync, pod, { settings: { sidecar: after } });
      assert.equal(outcome.decision === 'skip' && outcome.reason, 'already_injected', `${before}, then ${after}`);
      assert.deepEqual(patch, []);
    }
  });
}

/** An injected pod whose git-sync was edited, which the edit has to have changed. */
function injected(
  { spec, annotations, sidecar }: { spec: object; annotations: object; sidecar: string },
  edit: (container: GitSync) => void,
): Pod {
  const { pod } = outcomeOf(gitSync, webPod(spec, { ...annotations }), { settings: { sidecar } });
  edit(gitSyncIn(pod).container);
  return pod;
}

function replace(container: GitSync, name: string, by: string): void {
  container.args = container.args.map((arg) => (arg.startsWith(`${name}=`) || arg === name ? by : arg));
}

function refused(pod: Pod, change: string): void {
  const { outcome, patch } = outcomeOf(gitSync, pod);
  assert.equal(outcome.decision, 'deny', `${change}: ${JSON.stringify(outcome)}`);
  assert.deepEqual(patch, [], change);
  const fields = outcome.decision === 'deny' ? (outcome.problems as FieldError[]).map(({ field }) => field) : [];
  assert.match(fields.join(), /^spec\.(initContainers\[0\]|containers\[1\])\.name$/, change);
  assert.equal(outcomeOf(gitSyncPresent, pod).outcome.decision, 'deny', `${change}, where git-sync was never asked`);
}
