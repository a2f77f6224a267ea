/** What can be told of a text in SQL without an engine: its words, where a place in it lies. */

/** Comments, quoted names and texts; unfinished ones reach to the end. */
const NO_WORDS = new RegExp(
  [
    String.raw`--[^\n]*`,
    String.raw`\/\*[\s\S]*?(?:\*\/|$)`,
    `'(?:[^']|'')*(?:'|$)`,
    `"(?:[^"]|"")*(?:"|$)`,
    '`[^`]*(?:`|$)',
  ].join('|'),
  'g',
);

/** The same text with everything that is no word of SQL blanked, so that places stay. */
export function bareSql(sql: string): string {
  return sql.replace(NO_WORDS, (part) => part.replace(/[^\n]/g, ' '));
}

/** Its first word in upper case; empty where it has none. */
export function firstWord(sql: string): string {
  return /[A-Za-z_]+/.exec(bareSql(sql).replace(/^[\s(;]+/, ''))?.[0].toUpperCase() ?? '';
}

/** Line and column of an offset, from 1. */
export function placeIn(sql: string, offset: number): { line: number; column: number } {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** Whether rows are cut off in an order that nobody said. */
export function hasLimitWithoutOrder(sql: string): boolean {
  const bare = bareSql(sql);
  return /\blimit\b/i.test(bare) && !/\border\s+by\b/i.test(bare);
}

/** Whether the rows as a whole have an order. */
export function hasOrder(sql: string): boolean {
  let text = bareSql(sql);
  // What stands in brackets orders something else: from the innermost outwards they are taken away.
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\([^()]*\)/g, ' ');
  }
  return /\border\s+by\b/i.test(text);
}
