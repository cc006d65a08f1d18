// A server's start as far as its certificate: `node starter.ts FOLDER NAME…` says "ready", waits for a line, and prints
// the certificate that it has got as JSON. Its import of selfsigned is done before, so that starters meet each other.
import { once } from 'node:events';
import 'selfsigned';
import { devCertificate } from '../../certs/dev.ts';

const [folder = '', ...names] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdout.write(JSON.stringify(await devCertificate({ folder, names, now: new Date() })));
process.stdin.destroy();
