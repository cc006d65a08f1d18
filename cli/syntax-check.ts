// `node --experimental-vm-modules syntax-check.ts FILE` compiles a module without running it. Node tells where a syntax
// error is only when it ends by it, so this is a process of its own; the place is the first line of its last words.
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { SourceTextModule } from 'node:vm';

const [file = ''] = process.argv.slice(2);
const source = readFileSync(file, 'utf8');
new SourceTextModule(/\.m?ts$/.test(file) ? stripTypeScriptTypes(source) : source, { identifier: file });
