/** Text from outside in GitHub's Markdown: no markup, no link, no mention, one line. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': '&#64;',
  ':': '&#58;',
  '|': '&#124;',
};
const NOT_TO_BE_SEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Text that is shown as it is: what Markdown would take for markup is escaped, and addresses do
 * not become links. A colon between digits (a time of day) stays. */
export function markdownText(text: string): string {
  return text
    .replaceAll(NOT_TO_BE_SEEN, ' ')
    .replaceAll(/[\\`*_{}[\]()#!~$+-]/g, '\\$&')
    .replaceAll(/[&<>@|]|:(?!\d)/g, (one) => ENTITIES[one] ?? one)
    .replaceAll(/\bwww\./gi, (one) => `${one.slice(0, -1)}&#46;`)
    .trim();
}

/** A code span that shows a text as it is, whatever backticks stand in it. */
export function markdownCode(text: string): string {
  const shown = text.replaceAll(NOT_TO_BE_SEEN, ' ').trim();
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${shown} ${fence}`;
}

/** A table; cells are Markdown already. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [header, header.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
