import type { Kind, Pod as podKind } from '../../author.ts';

/** A pod as the rules see it. Its types say what the API server promises; what a hand-written review may carry, they do not. */
export type Pod = typeof podKind extends Kind<infer T> ? T : never;

type Spec = NonNullable<Pod['spec']>;

export type Container = Spec['containers'][number];
export type EnvVar = NonNullable<Container['env']>[number];
export type Volume = NonNullable<Spec['volumes']>[number];
export type VolumeMount = NonNullable<Container['volumeMounts']>[number];
