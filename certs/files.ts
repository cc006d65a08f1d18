import type { Pair } from './check.ts';
import { type Files, pairIn, servedFrom } from './files-find.ts';
import { followFiles } from './files-follow.ts';
import { watchFolder } from './files-watch.ts';
import { type Time, wallTime } from './keep-renewed.ts';
import type { ServingCertificate } from './serving-certificate.ts';

/** The certificate that lay in the folder at first, and what ends the watch over those that follow. */
export interface WatchedCertificate {
  readonly certificate: ServingCertificate;
  /** Leaves no timer and no watch; `onChange` and `onError` are not called any more. */
  stop(): void;
}

/**
 * Serves mode `files`: gives the pair that lies in the folder, then hands every good one that comes to lie there to
 * `onChange` (the server's setSecureContext). How the files are replaced does not matter, the same bytes are no change,
 * and a pair is used once it has been the same for a second: within two seconds of its arrival where the file system
 * tells of changes, else within twelve. One that ends sooner than the one before is used too: somebody rolled back.
 *
 * Rejects with an Error that says which file is wrong, how, and what would be right, where API servers would refuse
 * every handshake with the first pair. A later one of that kind, and one that `onChange` throws at, is not used:
 * `onError` hears of it once it has lasted ten seconds, once for each different state of the files. It hears of the
 * certificate in use too, when that has less than a day or less than a tenth of its life to go, and when it has ended.
 */
export async function watchCertificateFiles({
  onChange,
  onError,
  time = wallTime,
  watch = watchFolder,
  ...files
}: Files & {
  readonly onChange: (next: ServingCertificate) => void;
  readonly onError: (error: Error) => void;
  readonly time?: Time;
  readonly watch?: typeof watchFolder;
}): Promise<WatchedCertificate> {
  const certificate = await first(files, time.now());
  const onPair = (pair: Pair) => onChange(servedFrom(pair));
  const stop = followFiles(pairIn(files), { current: certificate, onChange: onPair, onError, time, watch });
  return { certificate, stop };
}

async function first(files: Files, now: Date): Promise<ServingCertificate> {
  const found = await pairIn(files).find(now);
  if (found.problem === undefined) return servedFrom(found.content);
  throw new Error(
    `The certificate in ${files.folder} cannot be served: ${found.problem}. It needs tls.crt (PEM, the serving ` +
      'certificate first, then the CAs between it and the root) and tls.key (PEM, its key, not encrypted).',
  );
}
