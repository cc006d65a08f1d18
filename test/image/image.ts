import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs/issue.ts';
import { portcullis } from '../cli/portcullis.ts';
import { mounted } from '../e2e/mounted.ts';
import { bytesOf } from '../engine/reviewed.ts';
import { post } from '../server/client.ts';
import { build, type Image } from './build.ts';
import { stagesOf } from './dockerfile.ts';
import { filesInContext } from './dockerignore.ts';
import { machine } from './machine.ts';
import { authority, serving } from './serving.ts';
import { tree } from './tree.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'examples/image');
const APP = 'usr/local/lib/portcullis';
const { withoutIsolation } = machine;

const folder = await mkdtemp(join(tmpdir(), 'portcullis-image-'));
// Not a hook: none runs when the build below fails.
process.once('exit', () => rmSync(folder, { recursive: true }));
const image = await built('image', ROOT);
const contents = tree(image.root);
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

describe(`the image, built and run ${machine.name}`, () => {
  test('serves by its default command, with nothing but /tmp to write to', async (t) => {
    const container = await serving(t, image);
    const review = readFileSync(join(ROOT, 'examples/reviews/create-pod.json'));
    const answer = await post({ ...container, ca: await authority(container) }, '/mutate/git-sync/label', review);
    assert.equal(answer.status, 200, answer.body);
    const patch = Buffer.from(JSON.parse(answer.body).response.patch, 'base64').toString();
    assert.match(patch, /"name":"git-sync"/);
    assert.deepEqual(readdirSync(container.tmp).sort(), ['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
    assert.deepEqual(tree(image.root), contents);
  });

  test('serves a certificate that is mounted, in mode files', async (t) => {
    const now = new Date();
    const ca = await issueCertificateAuthority({ now, days: 2 });
    const { cert, key } = await issueServingCertificate({ ca, names: ['127.0.0.1'], now, days: 1 });
    const certs = join(folder, 'certs');
    await mounted(certs, { 'tls.crt': cert, 'tls.key': key });
    const container = await serving(t, image, {
      env: { PORTCULLIS_CERTIFICATE: 'files', PORTCULLIS_CERTS: '/certs' },
      mounts: [{ source: certs, target: '/certs', isReadOnly: true }],
    });
    const answer = await post({ ...container, ca: ca.cert }, '/validate/policy', '{}');
    assert.equal(answer.status, 400, 'an answer over TLS, though it is no review');
    assert.deepEqual(readdirSync(container.tmp), []);
  });

  test('ends with code 0 at SIGTERM, although it is the first process of its container', async (t) => {
    const container = await serving(t, image, { env: { PORTCULLIS_DRAIN_SECONDS: '0' } });
    assert.equal(await container.end('SIGTERM'), 0);
    assert.match(container.program.log(), /"msg":"draining"[\s\S]*"msg":"ended"/);
  });

  test('runs further commands in a running container', async (t) => {
    const container = await serving(t, image);
    const { stdout, ...rest } = await container.exec(['portcullis', 'manifests', 'webhooks']);
    assert.deepEqual(rest, { code: 0, stderr: '' });
    const here = await portcullis(['manifests', 'webhooks'], { cwd: folder });
    assert.equal(stdout, here.stdout);
  });

  test('is no root and may do nothing of what root may', { skip: withoutIsolation }, async (t) => {
    const container = await serving(t, image);
    const status = readFileSync(`/proc/${container.entryPid()}/status`, 'utf8');
    const [uid, gid] = image.user.split(':');
    assert.match(
      status,
      new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}\\nGid:\\t${gid}\\t${gid}\\t${gid}\\t${gid}$`, 'm'),
    );
    assert.match(status, /^CapEff:\t0+$/m);
  });

  test('serves as whatever user it is given, as clusters do that have users for each namespace', {
    skip: withoutIsolation,
  }, async (t) => {
    const container = await serving(t, { ...image, user: '1000650000:0' });
    const status = readFileSync(`/proc/${container.entryPid()}/status`, 'utf8');
    assert.match(status, /^Uid:\t1000650000\t/m);
    assert.equal((await container.exec(['portcullis', 'manifests', 'webhooks'])).code, 0);
  });

  test('says what it needs where it cannot write', { skip: withoutIsolation }, async (t) => {
    const start = serving(t, image, { env: { PORTCULLIS_CERTS: '/etc/portcullis/certs' } });
    await assert.rejects(
      start,
      /ended with code 2;[\s\S]* cannot be kept in \/etc\/portcullis\/certs \(.*needs a folder that this user may write to/,
    );
  });

  test("finds names that only the container's /etc/hosts has", { skip: withoutIsolation }, async (t) => {
    const container = await serving(t, image, { env: { PORTCULLIS_HOST: 'portcullis-0' } });
    assert.match(container.program.log(), /"url":"https:\/\/portcullis-0:\d+"/);
  });
});

describe('the image says of itself', () => {
  test('that its user is a number and not root, as runAsNonRoot demands', () => {
    assert.match(image.user, /^[1-9]\d*:[1-9]\d*$/);
  });

  test('the ports that it listens on unless told otherwise', async () => {
    const { stdout } = await portcullis(['serve', '--help'], { cwd: folder });
    const [, healthPort] = /--health-port .*default: (\d+)/.exec(stdout) ?? [];
    assert.deepEqual(image.ports, [image.env.PORTCULLIS_PORT, healthPort]);
  });

  test('what package.json says of the project, and has the Node that it pins', () => {
    const { description, license, devDependencies } = manifest;
    const [{ base = '' } = {}] = stagesOf(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
    assert.equal(base, `node:${devDependencies.node}-bookworm-slim`);
    assert.equal(image.labels['org.opencontainers.image.description'], description);
    assert.equal(image.labels['org.opencontainers.image.licenses'], license);
  });
});

describe('the image holds', () => {
  const isOutside = ({ path }: { path: string }): boolean => !/\/(dist|node_modules)\//.test(path);

  test('Node, its libraries, the application, and nothing else: no shell, no npm', { skip: withoutIsolation }, () => {
    const paths = contents.filter(isOutside).map(({ path }) => path);
    const libraries = paths.filter((path) => /^lib(64)?\/([\w-]+\/)?[\w.+-]+\.so\.\d+$/.test(path));
    assert.ok(libraries.some((path) => /\/ld-linux/.test(path)) && libraries.some((path) => /\/libc\./.test(path)));
    assert.deepEqual(
      paths.filter((path) => !libraries.includes(path)),
      [
        'etc/group',
        'etc/nsswitch.conf',
        'etc/passwd',
        'etc/portcullis/.portcullis',
        'usr/local/bin/node',
        'usr/local/bin/portcullis',
        `${APP}/LICENSE`,
        `${APP}/cli/portcullis.js`,
        `${APP}/package.json`,
        `${APP}/portcullis.schema.json`,
        `${APP}/website.schema.json`,
      ],
    );
  });

  test('what the sources are built into, no TypeScript and none of the tests', () => {
    const sources = filesInContext(ROOT).filter((path) => path.endsWith('.ts'));
    const modules = sources.map((path) => `${APP}/dist/${path.replace(/ts$/, 'js')}`);
    const paths = contents.map(({ path }) => path);
    assert.deepEqual(
      paths.filter((path) => path.startsWith(`${APP}/dist/`)),
      modules.sort(),
    );
    assert.ok(modules.length > 50 && !sources.some((path) => /^test\/|\.test\.ts$/.test(path)));
    assert.deepEqual(
      paths.filter((path) => /\.[cm]?ts$/.test(path)),
      [],
    );
  });

  test('the packages that run, and none that only build and test', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: { [path: string]: { dev?: true } };
    };
    const locked = Object.keys(packages).filter((path) => path !== '' && packages[path]?.dev !== true);
    const installed = contents.flatMap(({ path }) => PACKAGE.exec(path)?.[1]?.slice(0, -1) ?? []);
    assert.deepEqual(installed.sort(), locked.sort());
  });

  // Half of it is @kubernetes/client-node, and a little of the rest the tests of our dependencies. What takes it beyond
  // is likely to be a development dependency or somebody's source maps; nodes fetch it whenever they get a pod.
  test('less than 64 MB besides Node', (t) => {
    const bytes = contents.filter(({ path }) => path !== 'usr/local/bin/node').reduce((sum, { size }) => sum + size, 0);
    t.diagnostic(`${(bytes / 1e6).toFixed(1)} MB besides Node`);
    assert.ok(bytes > 10e6 && bytes < 64e6, `${bytes} bytes`);
  });
});

describe(`an image of one's own, as examples/image, ${machine.name}`, () => {
  test('has its rules in force and its configuration read', async (t) => {
    const container = await serving(t, await built('derived', EXAMPLE, { portcullis: image }));
    const ca = await authority(container);
    const verdict = async (labels: { [name: string]: string }) => {
      const review = creationOfNamespace(labels);
      const { body } = await post({ ...container, ca }, '/validate/policy', review);
      return JSON.parse(body).response;
    };
    assert.equal((await verdict({ team: 'web' })).allowed, true);
    const denied = await verdict({ team: 'wbe' });
    assert.equal(denied.allowed, false);
    assert.match(
      denied.status.message,
      /metadata\.labels\.team: Unsupported value: "wbe": supported values: "web", "data"/,
    );
    assert.match(container.program.log(), /"rules":\[[^\]]*"git-sync"[^\]]*"namespace-team"/);
  });

  test('is not built where a rule is at fault, and says which', async () => {
    const context = join(folder, 'faulty-example');
    cpSync(EXAMPLE, context, { recursive: true });
    writeFileSync(join(context, 'portcullis.yaml'), 'ruleFolders: [rules]\n');
    const building = built('faulty', context, { portcullis: image });
    await assert.rejects(building, /Dockerfile:\d+: ended with code 2:[\s\S]*namespace-team[\s\S]*teams/);
  });
});

/** A package's own package.json, and the package's path in the application. */
const PACKAGE = new RegExp(`^${APP}/((?:node_modules/(?:@[^/]+/)?[^/]+(?:/|$))+)package\\.json$`);

function creationOfNamespace(labels: { readonly [name: string]: string }): Uint8Array {
  return bytesOf({
    kind: { group: '', version: 'v1', kind: 'Namespace' },
    resource: { group: '', version: 'v1', resource: 'namespaces' },
    name: 'shop',
    namespace: 'shop',
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } },
  });
}

async function built(name: string, context: string, images: { [name: string]: Image } = {}): Promise<Image> {
  await mkdir(join(folder, name));
  const dockerfile = readFileSync(join(context, 'Dockerfile'), 'utf8');
  return build({ dockerfile, context, folder: join(folder, name), machine, images });
}
