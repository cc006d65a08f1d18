import { X509Certificate } from 'node:crypto';
import type { Pair } from './check.ts';
import { pairProblem } from './files-check.ts';
import { readPair } from './files-read.ts';
import type { ServingCertificate } from './serving-certificate.ts';

/** Where the pair of mode `files` lies, and what it has to be good for. */
export interface Files {
  /** Holds tls.crt and tls.key, the keys of a Secret of type kubernetes.io/tls. */
  readonly folder: string;
  /** DNS names and addresses, all of which the certificate must carry. Where none is given, any name will do. */
  readonly names: readonly string[];
}

/** What lies in the folder: a pair that is good, or what is wrong with it. */
export type Found =
  | { readonly pair: Pair; readonly problem?: undefined }
  | { readonly pair?: Pair; readonly problem: string };

/** Looks into the folder. A problem is a clause that says which file is wrong, and how. */
export async function find({ folder, names }: Files, now: Date): Promise<Found> {
  const read = await readPair(folder);
  if (read.problem !== undefined) return read;
  const problem = pairProblem(read.pair, names, now);
  return problem === undefined ? read : { ...read, problem };
}

/** A pair in which nothing is wrong, as the server presents it. */
export function servedFrom({ cert, key }: Pair): ServingCertificate {
  return { cert, key, notAfter: new X509Certificate(cert).validToDate };
}
