import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { authoritiesIn } from '../../../certs/authorities.ts';
import { isSignedBy } from '../../../certs/check.ts';
import { text } from '../base64.ts';
import { byFingerprint } from '../by-fingerprint.ts';
import type { World } from './run.ts';

/** After the troubles: one CA signs, whatever came of them is gone everywhere, and a Secret is as short as it can be. */
export function assertSettled({ server, replicas, events, times }: World): void {
  const state = authoritiesIn(server.secret?.data ?? {});
  assert.ok(typeof state === 'object', `the Secret ${state}`);
  for (const { name, served } of replicas.values()) {
    assert.ok(served !== undefined, `${name} serves`);
    const leaf = new X509Certificate(served.cert);
    const isNew = state.old.size > 0;
    const signers = isNew ? [...state.trusted.values()] : [state.signing.certificate];
    assert.ok(
      signers.some((ca) => isSignedBy(leaf, ca)),
      `${name} serves with the CA that signs`,
    );
  }
  for (const [resource, versions] of server.versions) {
    for (const bundle of versions.at(-1)?.bundles ?? []) {
      const trusted = [...byFingerprint(text(bundle)).keys()].sort();
      assert.deepEqual(
        trusted,
        [...state.trusted.keys()].sort(),
        `${resource} trusts what the Secret says, and no more`,
      );
    }
  }
  assert.ok(state.old.size <= 1, 'no more is old than what was rotated since');
  for (const until of state.old.values()) assert.ok(until.getTime() > events.now - 2 * times.skewMs);
}
