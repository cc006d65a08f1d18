import { type FieldError, invalid, notSupported, required, typeInvalid } from '../../author.ts';
import { websiteSchema } from '../website/crd.ts';
import { parseGitRepo } from '../website/git-address.ts';
import { gitRepoProblem, withoutCredentials, withoutPastedCredentials } from '../website/git-repo.ts';
import { periodProblem } from '../website/period.ts';
import { refProblem } from '../website/ref.ts';
import { submodulesProblem } from '../website/submodules.ts';
import type { Settings } from './settings.ts';

/** What git-sync fetches, and how, with the defaults filled in: what a Website says, or a pod's annotations do. */
export interface Fetched {
  readonly repo: string;
  readonly ref: string;
  /** A Go duration. */
  readonly period: string;
  /** In commits; 0 is the whole history. */
  readonly depth: string;
  readonly submodules: string;
  /** The Secret with what the Git server asks for; empty where it asks for nothing. */
  readonly secret: string;
}

/** What the operator says of where is fetched from, and how often. */
export type FetchSettings = Pick<Settings, 'allowedHosts' | 'privateHosts' | 'submodules' | 'minimumPeriodSeconds'>;

/** What stands in a place, and what the place is called. */
export interface Place {
  /** Undefined where nothing does. */
  readonly value: unknown;
  readonly field: string;
  /** The JSON type that it should have; a text unless said. */
  readonly type?: 'integer';
}

/** Where each part of it is read. */
export type Places = { readonly [part in keyof Fetched]: Place };

/** A pod may ask for what a Website may, by default for the same. */
const SPEC = websiteSchema.properties.spec.properties;

/**
 * Reads what is fetched, which counts only where nothing is wrong with it, and what is wrong. Credentials in it are not
 * repeated. `whichRepo` says what is missing without a repository. Without `settings` it may be on any host, and so on.
 */
export function fetchedFrom(
  places: Places,
  { settings, whichRepo }: { readonly settings?: FetchSettings | undefined; readonly whichRepo: () => string },
): { fetched: Fetched; problems: FieldError[] } {
  const problems: FieldError[] = [];
  const read = (
    part: keyof Fetched,
    fallback: string,
    problemOf: (value: string, field: string) => Problem,
  ): string => {
    const { value: given, field, type = 'string' } = places[part];
    const value = given === undefined ? fallback : type === 'integer' ? digits(given) : given;
    if (typeof value !== 'string') {
      problems.push(typeInvalid(field, given, type));
      return fallback;
    }
    const problem = problemOf(value, field);
    const shown = SHOWN[part] ?? withoutPastedCredentials;
    if (problem !== undefined) {
      problems.push(typeof problem === 'string' ? invalid(field, shown(value), problem) : problem);
    }
    return value;
  };
  const fetched = {
    repo: read('repo', '', (repo, field) =>
      repo === '' ? required(field, whichRepo()) : gitRepoProblem(repo, settings),
    ),
    ref: read('ref', SPEC.ref.default, refProblem),
    period: read('period', usualPeriod(settings), (period) => periodProblem(period, settings)),
    depth: read('depth', String(SPEC.depth.default), depthProblem),
    submodules: read('submodules', SPEC.submodules.default, (asked, field) => {
      return oneOf(SPEC.submodules.enum)(asked, field) ?? submodulesProblem(asked, settings);
    }),
    secret: places.secret.value === undefined ? '' : read('secret', '', secretProblem),
  };
  if (fetched.secret === '' && isOverSsh(fetched.repo)) problems.push(required(places.secret.field, KEY));
  return { fetched, problems };
}

/** Where a Secret's name is asked for, what can be none may be what is kept in it: a token, a key. */
const SHOWN: { readonly [part in keyof Fetched]?: (value: string) => string } = {
  repo: withoutCredentials,
  secret: (value) => (value === '' ? '' : '***'),
};

/** A sentence that begins with "must", or a whole error. */
type Problem = string | FieldError | undefined;

/** Whether a repository is fetched over SSH, and so by a key. */
export function isOverSsh(repo: string): boolean {
  const parts = parseGitRepo(repo);
  return typeof parts !== 'string' && parts.scheme !== 'https';
}

const KEY = 'over SSH git-sync needs a key: name a Secret with the keys ssh and known_hosts';

/** A value that is one of these, or the error that says which there are. */
export function oneOf(supported: readonly string[]): (value: string, field: string) => FieldError | undefined {
  return (value, field) =>
    supported.includes(value) ? undefined : notSupported(field, withoutPastedCredentials(value), supported);
}

/** As a Website has it; but nobody who says nothing is refused for that, where the operator asks for more. */
function usualPeriod(settings: FetchSettings | undefined): string {
  const usual = SPEC.period.default;
  return periodProblem(usual, settings) === undefined ? usual : `${settings?.minimumPeriodSeconds}s`;
}

/** No leading zero: git-sync reads the number as Go does, where 010 is eight. */
function depthProblem(depth: string): string | undefined {
  const { minimum, maximum } = SPEC.depth;
  const isRight = /^(0|[1-9][0-9]{0,9})$/.test(depth) && Number(depth) <= maximum;
  return isRight ? undefined : `must be a whole number of commits from ${minimum} (all of them) to ${maximum}`;
}

/** As the API server names Secrets: a DNS subdomain (RFC 1123). */
function secretProblem(name: string): string | undefined {
  const isRight = name.length <= SPEC.credentials.properties.secretName.maxLength && SECRET_NAME.test(name);
  return isRight ? undefined : 'must be the name of a Secret in the namespace of the pod';
}

const SECRET_NAME = new RegExp(SPEC.credentials.properties.secretName.pattern);

/** A whole number as git-sync is told it; undefined for anything else. */
function digits(value: unknown): string | undefined {
  return Number.isInteger(value) ? String(value) : undefined;
}
