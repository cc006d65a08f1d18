import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const RULES = join(import.meta.dirname, '../../rules');
const [, decisions = '', edges = '', ...others] = readFileSync(join(RULES, 'README.md'), 'utf8').split('\n## ');

const TABLES: { name: string; text: string; rows: number }[] = [
  { name: 'the decisions of injection.md §2.4', text: decisions, rows: 14 },
  { name: 'the edge cases of injection.md §6', text: edges, rows: 36 },
];
for (const { name, text, rows } of TABLES) {
  test(`each of ${name} is in rules/README.md, and what shows it is there`, () => {
    const numbered = [...text.matchAll(/^\| (\d+) \|(.*)$/gm)];
    assert.deepEqual(
      numbered.map(([, number]) => Number(number)),
      Array.from({ length: rows }, (_, index) => index + 1),
    );
    for (const [, number, row = ''] of numbered) checkLinks(row, `row ${number}`);
  });
}

for (const [title = '', ...lines] of others.map((text) => text.split('\n'))) {
  test(`${title}: each row of rules/README.md says what shows it, and that is there`, () => {
    const rows = lines.filter((line) => line.startsWith('| ')).slice(2);
    assert.ok(rows.length > 0);
    for (const row of rows) checkLinks(row, row);
  });
}

/** A case's sentence is the name of its folder. */
function checkLinks(row: string, where: string): void {
  const links = [...row.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
  assert.ok(links.length > 0, `${where} names nothing that shows it`);
  for (const [, sentence = '', path = ''] of links) {
    assert.ok(existsSync(join(RULES, path)), `${where}: there is no ${path}`);
    if (!path.startsWith('../test/cases/')) continue;
    assert.ok(existsSync(join(RULES, path, 'expected.yaml')), `${where}: ${path} is no case`);
    assert.equal(path.split('/').at(-1), sentence.replaceAll(' ', '-'), where);
  }
}
