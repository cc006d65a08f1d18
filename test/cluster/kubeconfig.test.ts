import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs/issue.ts';
import { connect } from '../../cluster/client.ts';
import { emptyFolder } from '../certs/empty-folder.ts';
import { type Bent, bent, credentialOf } from './bent-kubeconfig.ts';
import { fakeApiServer, TOKEN } from './fake-api-server.ts';

test('of several files in $KUBECONFIG the first that says something wins, and missing ones are passed over', async (t) => {
  const fake = await fakeApiServer(t);
  const contextAlone = await bent(t, fake, ({ contexts }) => ({ contexts, 'current-context': 'fake' }));
  const other = await bent(t, fake, (config) => {
    config['current-context'] = 'nowhere';
    config.users[0].user.token = 'of-the-second';
  });
  const KUBECONFIG = ['/not/there', contextAlone, other, fake.kubeconfig].join(delimiter);
  assert.equal(await credentialOf(t, fake, { environment: { KUBECONFIG } }), 'Bearer of-the-second');
});

test('files that a kubeconfig names are of its own folder', async (t) => {
  const fake = await fakeApiServer(t);
  const kubeconfig = await bent(t, fake, (config) => {
    config.clusters[0].cluster = { server: `${fake.url}/`, 'certificate-authority': 'ca.crt' };
    config.users[0].user = { tokenFile: './token' };
  });
  await writeFile(join(kubeconfig, '../ca.crt'), fake.ca);
  await writeFile(join(kubeconfig, '../token'), 'of-the-file\n');
  assert.equal(await credentialOf(t, fake, { kubeconfig, environment: {} }), 'Bearer of-the-file');
});

test('a program that a kubeconfig names is run for its token', async (t) => {
  const fake = await fakeApiServer(t);
  const kubeconfig = await bent(t, fake, (config) => {
    config.users[0].user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './credential' } };
  });
  const program = join(kubeconfig, '../credential');
  const said = '{"kind":"ExecCredential","status":{"token":"of-the-program"}}';
  await writeFile(program, `#!${process.execPath}\nconsole.log('${said}')\n`);
  await chmod(program, 0o700);
  assert.equal(await credentialOf(t, fake, { kubeconfig, environment: {} }), 'Bearer of-the-program');
});

test('a certificate is shown as a kubeconfig or its program says, and the next one once the file is another', async (t) => {
  const fake = await fakeApiServer(t);
  const [first, second] = [await clientPair(), await clientPair()];
  const data = (text: string) => Buffer.from(text).toString('base64');
  const users: [user: object, files?: boolean][] = [
    [{ 'client-certificate-data': data(first.cert), 'client-key-data': data(first.key) }],
    [{ exec: { command: process.execPath, args: ['-p', saying(first)] } }],
    [{ 'client-certificate': 'client.crt', 'client-key': 'client.key' }, true],
  ];
  for (const [user, files] of users) {
    const kubeconfig = await bent(t, fake, (config) => {
      config.users[0].user = user;
    });
    const write = (pair: typeof first) =>
      Promise.all([
        writeFile(join(kubeconfig, '../client.crt'), pair.cert),
        writeFile(join(kubeconfig, '../client.key'), pair.key),
      ]);
    await write(first);
    const client = await connect({ kubeconfig, environment: {} });
    t.after(() => client.close());
    await client.request('GET', '/version');
    assert.equal(fake.asked.at(-1)?.fingerprint, first.fingerprint);
    await write(second);
    await client.request('GET', '/version');
    assert.equal(fake.asked.at(-1)?.fingerprint, (files ? second : first).fingerprint);
  }
});

/** A certificate of its own CA: the fake looks at it, and does not judge. */
async function clientPair() {
  const ca = await issueCertificateAuthority({ now: new Date(), days: 1 });
  const { cert, key } = await issueServingCertificate({ ca, names: ['client'], now: new Date(), days: 1 });
  return { cert, key, fingerprint: new X509Certificate(cert).fingerprint256 };
}

/** A program for `node -p`: what it writes is a credential. */
function saying({ cert, key }: { cert: string; key: string }): string {
  const status = { clientCertificateData: cert, clientKeyData: key };
  return `JSON.stringify(${JSON.stringify({ kind: 'ExecCredential', status })})`;
}

test('a server below a path is asked below it', async (t) => {
  const fake = await fakeApiServer(t);
  const kubeconfig = await bent(t, fake, (config) => {
    config.clusters[0].cluster.server = `${fake.url}/k8s/clusters/one`;
  });
  await credentialOf(t, fake, { kubeconfig, environment: {} });
  assert.equal(fake.asked[0]?.path, '/k8s/clusters/one/version');
});

const refused: [what: string, bend: (config: Bent) => Bent, words: RegExp][] = [
  ['has no current context', (c) => void delete c['current-context'], /has no current-context; choose one/],
  [
    'names a context that it lacks',
    (c) => {
      c['current-context'] = 'x';
    },
    /has no context named x, which its current-/,
  ],
  [
    'names a cluster that it lacks',
    (c) => {
      c.clusters = [];
    },
    /has no cluster named fake, which the context fake names/,
  ],
  [
    'names a user that it lacks',
    (c) => {
      c.users = null;
    },
    /has no user named someone, which the context fake names/,
  ],
  ['is empty', () => ({}), /has no current-context/],
  ['is of another kind', () => ({ kind: 'Pod' }), /is no kubeconfig: it must hold one mapping of kind Config/],
  ['is a list', () => [], /is no kubeconfig/],
  [
    'has no server',
    (c) => {
      c.clusters[0].cluster = {};
    },
    /must say https:\/\/HOST\[:PORT\] as the server of the cluster fake/,
  ],
  [
    'has a server without https',
    (c) => {
      c.clusters[0].cluster.server = '127.0.0.1:6443';
    },
    /must say https:/,
  ],
  [
    'has a server in the clear',
    (c) => {
      c.clusters[0].cluster.server = 'http://127.0.0.1';
    },
    /says http:\/\/ .*it must be https:/,
  ],
  [
    'has a password in its server',
    (c) => {
      c.clusters[0].cluster.server = `https://someone:${TOKEN}@127.0.0.1`;
    },
    /must say https:\/\/HOST\[:PORT\] as the server of the cluster fake, and no user, query or fragment/,
  ],
  [
    'has a query in its server',
    (c) => {
      c.clusters[0].cluster.server = `https://127.0.0.1/?${TOKEN}`;
    },
    /must say https:/,
  ],
  [
    'names a CA that is not there',
    (c) => {
      c.clusters[0].cluster = { server: 'https://127.0.0.1', 'certificate-authority': 'gone.crt' };
    },
    /gone\.crt cannot be read or run \(ENOENT\)/,
  ],
  [
    'names a program that is not there',
    (c) => {
      c.users[0].user = { exec: { command: 'no-such-program' } };
    },
    /no-such-program cannot be read or run \(ENOENT\)/,
  ],
  [
    'names a program that fails',
    (c) => {
      c.users[0].user = { exec: { command: process.execPath, args: ['-e', 'throw "no network"'] } };
    },
    /The credentials for the API server cannot be had: .*no network/,
  ],
  [
    'names a program that says a token alone',
    (c) => {
      c.users[0].user = { exec: { command: process.execPath, args: ['-p', '`a-token`'] } };
    },
    /cannot be had: what the program says is no ExecCredential in JSON$/,
  ],
  [
    'names a program that says another object',
    (c) => {
      c.users[0].user = { exec: { command: process.execPath, args: ['-p', '"{}"'] } };
    },
    /cannot be had: what the program says is no ExecCredential in JSON$/,
  ],
];
for (const [what, bend, words] of refused) {
  test(`a kubeconfig that ${what} is refused`, async (t) => {
    const fake = await fakeApiServer(t);
    const kubeconfig = await bent(t, fake, bend);
    await assert.rejects(connect({ kubeconfig, environment: {} }), (error: Error) => {
      assert.match(error.message, words);
      assert.doesNotMatch(error.message, new RegExp(TOKEN));
      if (!words.source.includes('cannot be')) assert.ok(error.message.includes(kubeconfig), error.message);
      return true;
    });
  });
}

test('a kubeconfig that is not YAML is refused with its line, and nothing of it is repeated', async (t) => {
  const kubeconfig = join(await emptyFolder(t), 'config');
  await writeFile(kubeconfig, `kind: Config\nusers:\n- {token: "${TOKEN}\n`);
  await assert.rejects(connect({ kubeconfig, environment: {} }), (error: Error) => {
    assert.match(error.message, /^The kubeconfig .*config is not YAML: \w+ in line \d\.$/);
    assert.doesNotMatch(error.message, new RegExp(TOKEN));
    return true;
  });
});
