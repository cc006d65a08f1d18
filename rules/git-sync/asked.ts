import { type FieldError, forbidden, invalid, notSupported, required, typeInvalid } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import { annotationOf, labelOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { websiteSchema } from '../website/crd.ts';
import { withoutPastedCredentials } from '../website/git-repo.ts';
import { periodProblem } from '../website/period.ts';
import { refProblem } from '../website/ref.ts';
import { submodulesProblem } from '../website/submodules.ts';
import { type AnnotationName, fieldOf, keyOf } from './annotations.ts';
import { contentPathProblem, DEFAULT_CONTENT_PATH } from './content-path.ts';
import { misspeltAnnotations } from './misspelt.ts';
import { CONTAINER } from './names.ts';
import { repoProblem } from './repo.ts';
import type { Settings } from './settings.ts';

/** What a pod asks of git-sync, with the defaults filled in. */
export interface Asked {
  readonly repo: string;
  readonly ref: string;
  /** A Go duration. */
  readonly period: string;
  /** In commits; 0 is the whole history. */
  readonly depth: string;
  readonly submodules: string;
  /** Fetched once, before the pod's own containers start; otherwise again and again beside them. */
  readonly oneTime: boolean;
  readonly contentPath: string;
  /** The container that gets the content, where the pod names one. */
  readonly container: string | undefined;
}

/** What the operator says of where is fetched from. */
export type FetchSettings = Pick<Settings, 'allowedHosts' | 'privateHosts' | 'submodules'>;

/** A pod may ask for what a Website may, by default for the same. */
const SPEC = websiteSchema.properties.spec.properties;

type Check = (value: string, field: string) => FieldError | undefined;

/**
 * Reads a pod's annotations: what they ask for, which counts only where nothing is wrong with them, and what is.
 * Without `settings` a repository may be on any host, and have submodules.
 */
export function askedBy(pod: Pod, settings?: FetchSettings): { asked: Asked; problems: FieldError[] } {
  const problems = notSupportedYet(pod);
  const read = (name: AnnotationName, fallback: string, check: Check): string => {
    const value = annotationOf(pod, keyOf(name)) ?? fallback;
    const field = fieldOf(name);
    const isText = typeof value === 'string';
    const problem = isText ? check(value, field) : typeInvalid(field, value, 'string');
    if (problem !== undefined) problems.push(problem);
    return isText ? value : fallback;
  };
  const repo = read('git-repo', '', (value, field) => {
    return value === '' ? required(field, whichRepo(pod)) : repoProblem(value, field, settings);
  });
  const ref = read('git-ref', SPEC.ref.default, must(refProblem));
  const period = read('git-period', SPEC.period.default, must(periodProblem));
  const depth = read('git-depth', String(SPEC.depth.default), must(depthProblem));
  const submodules = read('git-submodules', SPEC.submodules.default, (value, field) => {
    const unknown = oneOf(SPEC.submodules.enum)(value, field);
    return unknown ?? must((known) => submodulesProblem(known, settings))(value, field);
  });
  const mode = read('git-mode', 'sidecar', oneOf(['init', 'sidecar']));
  const contentPath = read('content-path', DEFAULT_CONTENT_PATH, must(contentPathProblem));
  const named = annotationOf(pod, keyOf('git-container')) !== undefined;
  const container = named ? read('git-container', '', oneOf(containerNames(pod))) : undefined;
  const oneTime = mode === 'init' || endsByItself(pod);
  return { asked: { repo, ref, period, depth, submodules, oneTime, contentPath, container }, problems };
}

function whichRepo(pod: Pod): string {
  const misspelt = misspeltAnnotations(pod).find(({ meant }) => meant === 'git-repo');
  const hint = misspelt === undefined ? '' : `; ${keyOf(misspelt.name)} is not known`;
  return `a pod that asks for git-sync says which repository${hint}`;
}

/** Refused rather than ignored: what they ask for would silently be missing. */
function notSupportedYet(pod: Pod): FieldError[] {
  const annotations = ['git-secret', 'mount-path'].filter((name) => annotationOf(pod, keyOf(name)) !== undefined);
  const fields = annotations.map(fieldOf);
  if (labelOf(pod, keyOf('website')) !== undefined) fields.push(`metadata.labels[${keyOf('website')}]`);
  return fields.map((field) => forbidden(field, 'is not supported yet'));
}

/** Tells a pod, a Job's most often, that a container that never ends would keep from ever completing. */
export function endsByItself(pod: Pod): boolean {
  return pod.spec?.restartPolicy === 'Never' || pod.spec?.restartPolicy === 'OnFailure';
}

function containerNames(pod: Pod): string[] {
  return itemsOf(pod.spec?.containers)
    .map(({ item }) => item.name)
    .filter((name) => typeof name === 'string' && name !== CONTAINER);
}

/** No leading zero: git-sync reads the number as Go does, where 010 is eight. */
function depthProblem(depth: string): string | undefined {
  const { minimum, maximum } = SPEC.depth;
  const isRight = /^(0|[1-9][0-9]{0,9})$/.test(depth) && Number(depth) <= maximum;
  return isRight ? undefined : `must be a whole number of commits from ${minimum} (all of them) to ${maximum}`;
}

function must(problemOf: (value: string) => string | undefined): Check {
  return (value, field) => {
    const problem = problemOf(value);
    return problem === undefined ? undefined : invalid(field, withoutPastedCredentials(value), problem);
  };
}

function oneOf(supported: readonly string[]): Check {
  return (value, field) =>
    supported.includes(value) ? undefined : notSupported(field, withoutPastedCredentials(value), supported);
}
