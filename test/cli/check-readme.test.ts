import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderOf } from '../load/rule-folder.ts';
import { CHECK_COMMANDS } from './check-commands.ts';

const README = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const guard = fileURLToPath(new URL('../../cli/portcullis.js', import.meta.url));

const debug =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: debug }\nspec: { containers: [{ name: debug, image: busybox }] }\n';
const web = [
  'apiVersion: apps/v1',
  'kind: Deployment',
  'metadata: { name: web }',
  'spec:',
  '  template:',
  '    metadata:',
  '      labels: { extensions.example.com/git-sync: "true" }',
  '      annotations: { extensions.example.com/git-repo: https://github.com/luksa/kubia-website-example.git }',
  '    spec: { containers: [{ name: web, image: nginx }] }',
  '',
].join('\n');

test('the README’s commands check manifests as it says, and print what it shows', async (t) => {
  const rule = /```ts\n([\s\S]*?name: 'no-bare-pods'[\s\S]*?)```/.exec(README)?.[1] ?? '';
  const folder = await folderOf(t, {
    'my-rules/no-bare-pods.ts': rule,
    'deploy/debug.yaml': debug,
    'deploy/web.yaml': web,
    'deployed/old.yaml': `${web.replace('name: web }', 'name: gone }')}---\n${web}`,
    'namespaces.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: default }\n',
    'bin/helm': '#!/bin/sh\n[ "$1 $2" = "template ./web" ] && cat deploy/web.yaml\n',
    'bin/npm': `#!/bin/sh\n[ "$1 $2 $3 $4" = "run -s portcullis --" ] && shift 4 && exec "${process.execPath}" "${guard}" "$@"\n`,
  });
  for (const name of ['helm', 'npm']) await chmod(join(folder, 'bin', name), 0o755);
  const PATH = join(folder, 'bin') + delimiter + process.env.PATH;
  let all = '';
  for (const [line, code, printed] of CHECK_COMMANDS) {
    assert.ok(README.includes(line), `the README shows ${line}`);
    const done = spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH } });
    assert.equal(done.status, code, line + done.stdout + done.stderr);
    assert.match(done.stdout, printed, line);
    all += done.stdout;
  }
  const shown = /^deploy\/debug\.yaml:.*$/m.exec(README)?.[0];
  assert.ok(shown !== undefined && all.split('\n').includes(shown), all);
});
