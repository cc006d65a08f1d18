import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServedLine, ServingTable } from '../table.ts';
import { alternating } from './alternating.ts';
import { IN_PROCESS, ISOLATED } from './names.ts';
import { loaded } from './reviews.ts';
import { writeRules } from './rule-folder.ts';
import { type Contender, withServers } from './servers.ts';
import type { ServingOptions } from './serving.ts';

const [REVIEW] = loaded;

/** What it costs that many rules are loaded of which one is for the review, beside what it costs where there is only that one. */
export async function manyRulesTable({ pace, profile }: ServingOptions): Promise<ServingTable> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-rules-'));
  if (REVIEW === undefined) throw new Error('the benchmark has no review for loaded rules any more');
  const reviews = [REVIEW] as const;
  try {
    return await withServers(profile, async ({ portcullis, bare }) => {
      const ways = [];
      for (const [what, isolation] of HOW) {
        const contenders: Contender[] = [];
        for (const count of pace.ruleCounts) {
          const rules = join(folder, `${count}-${isolation}`);
          writeRules(rules, count);
          const name = `${count.toLocaleString('en')} rule${count === 1 ? '' : 's'}`;
          contenders.push(await portcullis(name, ['--rules', rules, '--isolation', isolation]));
        }
        ways.push({ asked: { what, reviews }, contenders });
      }
      const plain = await bare();
      const served: ServedLine[] = [];
      for (const { asked, contenders } of ways) {
        served.push(...besideTheFirst(await alternating(asked, [plain, ...contenders], pace)));
      }
      return { name: 'many rules, a review over HTTPS', served };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HOW = [
  [ISOLATED, 'loaded'],
  [IN_PROCESS, 'none'],
] as const;

/** The CPU time tells more than the rate, which whatever else the machine does moves; where it is known. */
function besideTheFirst([bare, first, ...more]: readonly ServedLine[]): ServedLine[] {
  if (bare === undefined || first === undefined) return [];
  const beside = ({ figures }: ServedLine) => {
    if (figures === undefined || first.figures === undefined) return undefined;
    const { cpuMs: one } = first.figures;
    return figures.cpuMs && one ? figures.cpuMs / one : first.figures.perSecond / figures.perSecond;
  };
  return [bare, first, ...more.map((line) => ({ ...line, ofOneRule: beside(line) }))];
}
