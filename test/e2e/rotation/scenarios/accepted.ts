import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pemBlocks } from '../../../../certs/pem.ts';
import { text } from '../../../certs/base64.ts';
import { fingerprintSeenBy } from '../../../certs/https.ts';
import { outcomeOf } from '../../install/load.ts';
import { ran } from '../../ran.ts';
import { POD_WITHOUT_WEBSITE, reviewed } from '../load.ts';
import { NAMESPACE, type Place, USERS } from '../place.ts';

const NAME = `portcullis.${NAMESPACE}.svc`;

/** With what the API server trusts, which is so many CAs, every replica is accepted by it, by Node and by openssl. */
export async function accepted(t: TestContext, place: Place, cas: number): Promise<void> {
  const { webhooks } = await place.plane.json(['get', 'validatingwebhookconfiguration', 'portcullis']);
  const bundle = text(webhooks[0].clientConfig.caBundle);
  assert.equal(pemBlocks(bundle).length, cas);
  assert.deepEqual(await reviewed(place), []);
  const { expected } = POD_WITHOUT_WEBSITE;
  assert.equal(await outcomeOf(place.client, USERS, POD_WITHOUT_WEBSITE), expected, 'who looks is not refused either');
  const caFile = join(place.folder, 'bundle.crt');
  await writeFile(caFile, bundle);
  for (const { port, status } of place.replicas) {
    const { certificate } = await status();
    const seen = await fingerprintSeenBy({ ca: bundle, name: NAME, port });
    assert.equal(seen.replaceAll(':', '').toLowerCase(), certificate?.sha256);
    await assert.rejects(fingerprintSeenBy({ ca: bundle, name: 'other.example.com', port }), {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    for (const block of pemBlocks(bundle).filter((pem) => !issued(pem, certificate?.issuer))) {
      await assert.rejects(fingerprintSeenBy({ ca: block, name: NAME, port }), 'another CA is not enough');
    }
    const verified = await openssl(port, caFile);
    if (verified === undefined) t.diagnostic('NOT TRIED: this machine has no openssl');
    else assert.match(verified, /^Verify return code: 0 \(ok\)$/m);
  }
}

function issued(pem: string, issuer: string | undefined): boolean {
  return new X509Certificate(pem).subject === issuer;
}

/** What it says to a server that it calls by its name; undefined where there is none to ask. */
async function openssl(port: number, caFile: string): Promise<string | undefined> {
  const verifying = ['-CAfile', caFile, '-purpose', 'sslserver', '-verify_hostname', NAME, '-verify_return_error'];
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', NAME, ...verifying];
  try {
    const { stdout, stderr } = await ran('openssl', args, { PATH: process.env.PATH });
    return stdout + stderr;
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
