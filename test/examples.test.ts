import { join } from 'node:path';
import { configFrom } from '../cli/config.ts';
import { loadRules } from '../cli/load.ts';
import { builtInRules } from '../rules/index.ts';
import { runCases } from './run-cases.ts';

// The rules of examples/, loaded beside the built-in ones as a server loads them, and their cases.
const EXAMPLES = join(import.meta.dirname, '../examples');

const config = configFrom({ words: [], flags: { rules: [join(EXAMPLES, 'rules')] } }, {});
const rules = await loadRules(builtInRules, config);
const own = rules.rules.map(({ rule }) => rule).filter((rule) => !builtInRules.includes(rule));

runCases(join(EXAMPLES, 'cases'), own, rules);
