import { injectionTable } from './injection.ts';
import { replayTable } from './replay.ts';
import { schemaTable } from './schema.ts';
import { printed } from './table.ts';

/** `npm run bench`: what it costs, a table a part. Compare the lines of one run, never those of two: machines differ, and days do. */
for (const part of [injectionTable, replayTable, schemaTable]) process.stdout.write(`${printed(await part())}\n`);
