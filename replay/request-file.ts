import { kubeVersionIn, OLDEST_KUBE_VERSION, versionText } from '../webhook/kube-version.ts';
import { nearest } from '../webhook/nearest.ts';
import type { Operation } from '../webhook/rule.ts';
import { type FileDocument, FileFault } from './yaml-file.ts';

/** What `request.yaml` may say. */
export interface RequestFile {
  /** `validating`: the object is as validating webhooks see it, and the mutating ones have been asked before. */
  readonly phase?: 'mutating' | 'validating';
  readonly operation?: Operation;
  readonly userInfo?: object;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly dryRun?: boolean;
  readonly options?: object;
  /** The API server's version, as rules are told it; unknown unless said. */
  readonly kubeVersion?: string;
}

/** Reads `request.yaml`. Throws FileFault, with the line, for what no request has. */
export function requestOf({ file, value, lineOf }: FileDocument): RequestFile {
  const known = Object.keys(MEMBERS);
  if (!isObject(value)) throw new FileFault(`${file}: it must be an object with any of ${known.join(', ')}`);
  for (const [member, given] of Object.entries(value)) {
    const at = `${file}:${lineOf([member])}`;
    const kind = Object.hasOwn(MEMBERS, member) ? MEMBERS[member as keyof typeof MEMBERS] : undefined;
    if (kind === undefined) {
      const guess = nearest(member, known);
      throw new FileFault(`${at}: there is no ${member} in a request${guess}`);
    }
    if (!kind.has(given)) throw new FileFault(`${at}: ${member} must be ${kind.what}, not ${JSON.stringify(given)}`);
  }
  return value;
}

interface Member {
  readonly what: string;
  readonly has: (value: unknown) => boolean;
}

const text: Member = { what: 'a text', has: (value) => typeof value === 'string' };
const object: Member = { what: 'an object', has: isObject };

const MEMBERS: { readonly [member in keyof Required<RequestFile>]: Member } = {
  phase: {
    what: 'mutating (the whole way) or validating',
    has: (value) => value === 'mutating' || value === 'validating',
  },
  operation: {
    what: 'CREATE, UPDATE, DELETE or CONNECT',
    has: (value) => ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'].includes(value as Operation),
  },
  userInfo: object,
  name: text,
  namespace: text,
  subresource: text,
  dryRun: { what: 'true or false', has: (value) => typeof value === 'boolean' },
  options: object,
  kubeVersion: {
    what: `a version like "1.32", in quotes, and ${versionText(OLDEST_KUBE_VERSION)} or later`,
    has: (value) => typeof value === 'string' && kubeVersionIn(value) !== undefined,
  },
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
