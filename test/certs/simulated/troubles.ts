import { X509Certificate } from 'node:crypto';
import { authoritiesIn, dataWith, signer } from '../../../certs/authorities.ts';
import { rotationProblem } from '../../../certs/next-step.ts';
import { begun } from '../../../certs/rotation.ts';
import { pick } from '../../website/random.ts';
import { base64 } from '../base64.ts';
import { newAuthority } from '../fast-issuer.ts';
import type { World } from './run.ts';

type Data = { readonly [key: string]: string };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CONFIGURATIONS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

/** Makes trouble from `begin` on until `end`; `tell` is called with a line for each, its kind first. */
export function troubles(world: World, tell: (what: string) => void): { begin(): void; end(): void } {
  const { events, server, random, replicas, times } = world;
  const backups: Data[] = [];
  const all: { readonly [kind: string]: () => void } = {
    kill() {
      const one = pick(random, [...replicas.values()]);
      if (one.way.isDead) return;
      tell(`kill ${one.name}`);
      one.kill();
      if (random() < 0.5)
        events.after(random() * 3000, () => one.way === replicas.get(one.name)?.way && world.start(one.name));
    },
    cut() {
      const one = pick(random, [...replicas.values()]);
      if (one.way.isCut || one.way.isDead) return;
      const forMs = random() < 0.5 ? random() * 10 * MINUTE : random() * LONGEST_CUT;
      tell(`cut ${one.name} off for ${Math.round(forMs / MINUTE)} minutes`);
      one.way.isCut = true;
      events.after(forMs, () => {
        one.way.isCut = false;
      });
    },
    backup() {
      if (server.secret === undefined) return;
      tell('backup');
      backups.push(server.secret.data);
    },
    restore() {
      if (backups.length === 0) return;
      const i = Math.floor(random() * backups.length);
      tell(`restore backup ${i}`);
      server.putSecret(backups[i]);
      heeded();
    },
    delete() {
      tell('delete the Secret');
      server.putSecret(undefined);
    },
    damage() {
      if (server.secret === undefined) return;
      tell('damage the Secret');
      server.putSecret({ ...server.secret.data, 'ca.key': base64('x') });
      heeded();
    },
    rotate() {
      const state = authoritiesIn(server.secret?.data ?? {});
      if (typeof state === 'string' || state.next !== undefined || rotationProblem(state) !== undefined) return;
      tell('rotate');
      const now = new Date(events.now);
      const { cert, key } = newAuthority({ now, days: times.caMs / (24 * HOUR) });
      server.putSecret(
        dataWith(server.secret?.data ?? {}, begun(state, signer(new X509Certificate(cert), key))) as Data,
      );
    },
    wipe() {
      const resource = pick(random, CONFIGURATIONS);
      tell(`wipe ${resource}`);
      server.putConfiguration(resource, [undefined, undefined].slice(0, 1 + Math.floor(random() * 2)));
    },
  };
  // Not all at once: each run has troubles of its own. A replica that is cut off for hours cannot tell which CA it serves
  // with; who then restores one old Secret after the other, or wipes what only a configuration knows, is beyond help.
  const without = random() < 0.5 ? ['cut'] : ['wipe', 'restore'];
  const kinds = Object.keys(all).filter((kind) => !without.includes(kind) && random() < 0.7);
  let isOver = false;
  return { begin, end };

  function begin(): void {
    tell(`troubles: ${kinds}`);
    for (const resource of CONFIGURATIONS) {
      events.after(random() * 10 * MINUTE, () => server.putConfiguration(resource, [undefined, undefined]));
    }
    trouble();
    revive();
  }

  function end(): void {
    isOver = true;
    for (const { way } of replicas.values()) way.isCut = false;
  }

  /** A person does what the log says of a damaged Secret. */
  function heeded(): void {
    events.after(random() * HOUR, () => {
      if (typeof authoritiesIn(server.secret?.data ?? {}) === 'string') server.putSecret(undefined);
    });
  }

  function trouble(): void {
    if (isOver) return;
    all[pick(random, kinds)]?.();
    // Much at once, or much time for what came of it.
    events.after(random() < 0.3 ? random() * 10_000 : random() * 40 * MINUTE, trouble);
  }

  /** As a kubelet does. */
  function revive(): void {
    for (const { name, way } of replicas.values()) if (way.isDead && random() < 0.3) world.start(name);
    events.after(random() * 2 * MINUTE, revive);
  }
}

/** Longer than a certificate lives. */
const LONGEST_CUT = 12 * HOUR;
