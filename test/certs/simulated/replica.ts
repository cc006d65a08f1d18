import { startSelf } from '../../../certs/self.ts';
import type { SelfTimes } from '../../../certs/self-times.ts';
import type { IssuedCertificate } from '../../../certs/serving-certificate.ts';
import { fastIssuer } from '../fast-issuer.ts';
import { manualPause } from '../manual-pause.ts';
import { type RecordedLog, recordedLog } from '../recorded-log.ts';
import type { ApiServer, Way } from './api-server.ts';
import type { Events } from './events.ts';

/** A replica that starts, serves, and is ended. */
export interface Replica {
  readonly name: string;
  readonly way: Way;
  readonly log: RecordedLog;
  /** What it serves with; undefined until it is ready, and from its end on. */
  readonly served: IssuedCertificate | undefined;
  /** Whether it had to renew without knowing who signs now: it could not know for long, and its certificate was to end. */
  readonly isForsaken: boolean;
  /** At once, as by SIGKILL: what it has asked for may still be done. */
  kill(): void;
}

/** Starts one. `onServed` is called with each certificate, the first one included. */
export function replica(
  { events, server, times }: { readonly events: Events; readonly server: ApiServer; readonly times: SelfTimes },
  name: string,
  skewMs: number,
  onServed: (replica: Replica, certificate: IssuedCertificate) => void,
): Replica {
  let served: IssuedCertificate | undefined;
  let isForsaken = false;
  const born = events.now;
  const way: Way = { isCut: false, isDead: false };
  const log = recordedLog();
  const now = () => new Date(events.now + skewMs);
  const after = (milliseconds: number, run: () => void) => events.after(milliseconds, () => !way.isDead && run());
  const one: Replica = {
    name,
    way,
    log,
    get served() {
      return served;
    },
    get isForsaken() {
      return isForsaken;
    },
    kill() {
      way.isDead = true;
      served = undefined;
    },
  };
  const serve = (certificate: IssuedCertificate) => {
    if (way.isDead) return;
    isForsaken = served !== undefined && now().getTime() > (served.renewAt.getTime() + served.notAfter.getTime()) / 2;
    served = certificate;
    onServed(one, certificate);
  };
  startSelf({
    client: server.client(way),
    namespace: 'portcullis-system',
    name: 'portcullis',
    secret: 'portcullis-ca',
    names: [],
    onRenewed: serve,
    log,
    issuer: fastIssuer,
    times,
    clock: {
      now,
      elapsedMs: () => events.now - born,
      pause: manualPause({ after }),
    },
  }).then(
    ({ certificate }) => serve(certificate),
    // A Secret that a person must see to: the kubelet starts it anew.
    () => one.kill(),
  );
  return one;
}
