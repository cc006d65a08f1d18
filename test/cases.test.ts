import { join } from 'node:path';
import { configFrom } from '../cli/config.ts';
import { loadRules } from '../cli/load.ts';
import { builtInRules } from '../rules/index.ts';
import { runCases } from './run-cases.ts';

// The first small runner of cases (DESIGN.md §8): one rule's own webhook, configured as a server is that has no
// configuration file.
const rules = await loadRules(builtInRules, configFrom({ words: [], flags: {} }, {}));

runCases(join(import.meta.dirname, 'cases'), builtInRules, rules);
