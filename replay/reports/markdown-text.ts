import { visible } from './visible.ts';

/** A text in a line or a cell: nothing in it is markup, a link or a mention (GitHub Flavored Markdown). */
export function inline(text: string): string {
  const escaped = visible(text).replace(ACTIVE, (character) => `&#${character.charCodeAt(0)};`);
  // Mentions and numbers of issues are looked for in the text that the references stand for: an empty comment parts it.
  return escaped.replace(/&#(?:64|35);/g, '$&<!-- -->');
}

/** What means something within a line, the colon and the dot where they make a link. */
const ACTIVE = /[\\`*_{}[\]<>#|&~@$!^=]|:(?=\/\/)|(?<=www)\./gi;

/** A row of a table; the cells are escaped already. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A block of lines in which nothing is markup, within a fence that none of them can end. */
export function fenced(language: string, lines: readonly string[]): string {
  const text = lines.map(visible).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
