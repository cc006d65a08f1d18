import { X509Certificate } from 'node:crypto';
import type { Pair } from './check.ts';
import { pairProblem } from './files-check.ts';
import { readPair } from './files-read.ts';
import type { Followed, Found } from './followed.ts';
import type { ServingCertificate } from './serving-certificate.ts';

/** Where the pair of mode `files` lies, and what it has to be good for. */
export interface Files {
  /** Holds tls.crt and tls.key, the keys of a Secret of type kubernetes.io/tls. */
  readonly folder: string;
  /** DNS names and addresses, all of which the certificate must carry. Where none is given, any name will do. */
  readonly names: readonly string[];
}

/** The pair in the folder, as something to be followed. */
export function pairIn(files: Files): Followed<Pair> {
  const { folder } = files;
  return {
    noun: 'certificate',
    place: folder,
    folder,
    consequence: 'API servers refuse it',
    find: (now) => find(files, now),
    textsOf: ({ cert, key }) => [cert, key],
    lifeOf({ cert }) {
      const { validFromDate: from, validToDate: until } = new X509Certificate(cert);
      return { from, until };
    },
  };
}

async function find({ folder, names }: Files, now: Date): Promise<Found<Pair>> {
  const read = await readPair(folder);
  if (read.problem !== undefined) return read;
  const content = read.pair;
  const problem = pairProblem(content, names, now);
  return problem === undefined ? { content } : { content, problem };
}

/** A pair in which nothing is wrong, as the server presents it. */
export function servedFrom({ cert, key }: Pair): ServingCertificate {
  return { cert, key, notAfter: new X509Certificate(cert).validToDate };
}
