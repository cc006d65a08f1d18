import { X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { authorityProblem, servingProblem } from './check.ts';
import { claimed } from './claim.ts';
import { closeKeys, type Files, read, replace } from './dev-files.ts';
import { issueCertificateAuthority, issueServingCertificate } from './issue.ts';
import { loopbackNames, subjectNames } from './names.ts';
import { type IssuedCertificate, renewalTime } from './serving-certificate.ts';

/** The serving certificate of mode `dev`, and the CA to give to clients. */
export interface DevCertificate extends IssuedCertificate {
  /** The CA as PEM: a client's trust, or (in base64) a webhook configuration's caBundle. */
  readonly ca: string;
  /** The absolute path of the same, for `curl --cacert`. */
  readonly caFile: string;
  /** What this call issued. After 'all', clients must be given the new CA. */
  readonly issued: 'kept' | 'leaf' | 'all';
  /** Why it was issued, for the log; absent when it was kept. */
  readonly because?: string;
}

/** People hand the CA to clients by hand, so it changes as rarely as is decent. */
const caDays = 365;
/** Nobody notices a new leaf, so it is short: a copied key is soon worthless, and renewal is in daily use. */
const leafDays = 30;

/**
 * The certificate kept in the folder's ca.crt, ca.key, tls.crt and tls.key, for `names` and the loopback names. What is
 * missing, damaged, foreign or past two thirds of its life at `now` is issued anew; a good CA stays. Any number of
 * processes may share the folder and end with certificates of one CA. Throws an Error for names that no certificate
 * can carry, and for a folder that cannot be written when something must be.
 */
export async function devCertificate({
  folder,
  names = [],
  now,
}: {
  folder: string;
  names?: readonly string[];
  now: Date;
}): Promise<DevCertificate> {
  const wanted: Wanted = { folder: resolve(folder), names: subjectNames([...loopbackNames, ...names]), now };
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      const certificate = (await kept(wanted)) ?? (await claimedAndIssued(wanted));
      if (certificate !== undefined) return certificate;
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Error(
      `The development certificate cannot be kept in ${wanted.folder} (${error.message}). ` +
        'It needs a folder that this user may write to, or may make.',
      { cause: error },
    );
  }
  throw new Error(
    `The development certificate in ${wanted.folder} was changed by something else each time that it was written. ` +
      'It needs a folder of its own.',
  );
}

interface Wanted {
  readonly folder: string;
  readonly names: readonly string[];
  readonly now: Date;
}

async function kept(wanted: Wanted): Promise<DevCertificate | undefined> {
  const files = await read(wanted.folder);
  if (due(files, wanted) !== undefined) return undefined;
  await closeKeys(wanted.folder);
  return described(files, wanted, { issued: 'kept' });
}

/** Undefined when another process was faster, or interfered: time for another look. */
async function claimedAndIssued(wanted: Wanted): Promise<DevCertificate | undefined> {
  await mkdir(wanted.folder, { recursive: true, mode: 0o700 });
  return claimed(wanted.folder, async (scratch) => {
    const found = await read(wanted.folder);
    const reason = due(found, wanted);
    if (reason === undefined) return undefined;
    try {
      await replace(wanted.folder, scratch, await issued(found, reason.issued, wanted));
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return undefined;
      throw error;
    }
    const files = await read(wanted.folder);
    return due(files, wanted) === undefined ? described(files, wanted, reason) : undefined;
  });
}

function due(files: Files, { names, now }: Wanted): { issued: 'leaf' | 'all'; because: string } | undefined {
  const authority = authorityProblem({ cert: files['ca.crt'], key: files['ca.key'] }, now);
  if (authority !== undefined) return { issued: 'all', because: because(files, 'ca', authority) };
  const serving = servingProblem({ cert: files['tls.crt'], key: files['tls.key'] }, files['ca.crt'], names, now);
  if (serving !== undefined) return { issued: 'leaf', because: because(files, 'tls', serving) };
  return undefined;
}

function because(files: Files, pair: 'ca' | 'tls', problem: string): string {
  for (const name of [`${pair}.crt`, `${pair}.key`] as const) {
    if (files[name] === '') return `${name} is missing, unreadable or empty`;
  }
  return `${pair}.crt ${problem}`;
}

async function issued(found: Files, what: 'leaf' | 'all', { names, now }: Wanted): Promise<Partial<Files>> {
  const ca =
    what === 'all'
      ? await issueCertificateAuthority({ commonName: 'Portcullis development CA', now, days: caDays })
      : { cert: found['ca.crt'], key: found['ca.key'] };
  const leaf = await issueServingCertificate({ ca, names, now, days: leafDays });
  const tls = { 'tls.key': leaf.key, 'tls.crt': leaf.cert };
  return what === 'all' ? { 'ca.key': ca.key, 'ca.crt': ca.cert, ...tls } : tls;
}

function described(
  files: Files,
  { folder }: Wanted,
  outcome: Pick<DevCertificate, 'issued' | 'because'>,
): DevCertificate {
  const leaf = new X509Certificate(files['tls.crt']);
  const renewals = [renewalTime(leaf), renewalTime(new X509Certificate(files['ca.crt']))];
  return {
    cert: files['tls.crt'],
    key: files['tls.key'],
    ca: files['ca.crt'],
    caFile: join(folder, 'ca.crt'),
    notAfter: leaf.validToDate,
    renewAt: new Date(Math.min(...renewals.map((time) => time.getTime()))),
    ...outcome,
  };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
