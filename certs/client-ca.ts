import type { X509Certificate } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { isSignedBy } from './check.ts';
import { followFiles } from './files-follow.ts';
import { certificatesOf, certificateTextProblem } from './files-pem.ts';
import { folderProblem, readText } from './files-read.ts';
import { watchFolder } from './files-watch.ts';
import type { Followed, Found } from './followed.ts';
import { type Time, wallTime } from './keep-renewed.ts';

/** The CAs that clients' certificates have to be signed by, as a file has them. */
export interface ClientCa {
  /** Its certificates, and nothing else of it. */
  readonly pem: string;
  /**
   * Hands the PEM of every good successor to `onChange`, and tells `onError` of what is wrong with others, and of an end
   * without a successor, as `watchCertificateFiles` does of a pair; until the returned function is called.
   */
  follow(told: {
    readonly onChange: (pem: string) => void;
    readonly onError: (error: Error) => void;
    readonly time?: Time;
    readonly watch?: typeof watchFolder;
  }): () => void;
}

/** Reads the file. Rejects with an Error that says what is wrong with it where nobody could be let in by it. */
export async function readClientCa(file: string, now: Date): Promise<ClientCa> {
  const files = authoritiesIn(file);
  const found = await files.find(now);
  if (found.problem !== undefined) {
    throw new Error(
      `The client CA in ${file} cannot be used: ${found.problem}. It must be PEM: the CAs that sign the certificates ` +
        'by which API servers are known.',
    );
  }
  const current = found.content;
  return {
    pem: pemOf(current),
    follow: ({ onChange, onError, time = wallTime, watch = watchFolder }) =>
      followFiles(files, { current, onChange: (text) => onChange(pemOf(text)), onError, time, watch }),
  };
}

function authoritiesIn(file: string): Followed<string> {
  const [folder, name] = [dirname(file), basename(file)];
  return {
    noun: 'client CA',
    place: file,
    folder,
    consequence: 'no client is let in',
    find: (now) => find(folder, name, now),
    textsOf: (text) => [text],
    lifeOf: (text) => lifeOf(certificatesOf(text)),
  };
}

async function find(folder: string, name: string, now: Date): Promise<Found<string>> {
  const { text, fault } = await readText(folder, name);
  if (fault !== undefined) return { problem: (await folderProblem(folder)) ?? fault };
  const problem = certificateTextProblem(text, name) ?? trustProblem(certificatesOf(text), name, now);
  return problem === undefined ? { content: text } : { content: text, problem };
}

/** OpenSSL trusts nothing that does not end in a CA which signed itself, other than Go does. */
function trustProblem(certificates: readonly X509Certificate[], name: string, now: Date): string | undefined {
  const orphan = certificates.findIndex((one) => !certificates.some((other) => isSignedBy(one, other)));
  if (orphan >= 0) {
    const which = certificates.length === 1 ? name : `certificate ${orphan + 1} of ${certificates.length} in ${name}`;
    const issuer = certificates[orphan]?.issuer.replaceAll('\n', ', ');
    return `${which} is signed by "${issuer}", which is not there: add that CA too, up to the one that signed itself`;
  }
  const { until } = lifeOf(certificates);
  return now < until ? undefined : `${name} ended at ${until.toISOString()}`;
}

/** From the first to the last day on which somebody may be let in. */
function lifeOf(certificates: readonly X509Certificate[]): { from: Date; until: Date } {
  const [from, until] = [certificates.map((one) => one.validFromDate), certificates.map((one) => one.validToDate)];
  return { from: new Date(Math.min(...from.map(Number))), until: new Date(Math.max(...until.map(Number))) };
}

function pemOf(text: string): string {
  return certificatesOf(text).join('');
}
