/** How two lists of results differ, in words that fit a story. */

/** A text for a value: JSON with names in order, so that equal values have equal texts. */
export function textOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`);
  return `{${members.join(',')}}`;
}

/** What two sides are called. */
export interface Sides {
  readonly left: string;
  readonly right: string;
}

/** More than so many lines are not told. */
const LINES_MAX = 6;

/** What is on one side only, counting how often; undefined where the sides are equal. Order does
 * not matter. */
export function bagDifference(
  left: readonly unknown[],
  right: readonly unknown[],
  sides: Sides,
): string | undefined {
  const counts = new Map<string, number>();
  for (const one of left) count(counts, textOf(one), 1);
  for (const one of right) count(counts, textOf(one), -1);
  const lines = [...counts]
    .filter(([, n]) => n !== 0)
    .map(([text, n]) => {
      const times = Math.abs(n) === 1 ? '' : ` (${Math.abs(n)} times)`;
      return `only ${n > 0 ? sides.left : sides.right}: ${text}${times}`;
    });
  return lines.length === 0 ? undefined : abridged(lines);
}

/** The first place where two lists differ; undefined where they are equal. */
export function firstDifference(
  left: readonly unknown[],
  right: readonly unknown[],
  sides: Sides,
): string | undefined {
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one, other] = [left, right].map((list) =>
      at < list.length ? textOf(list[at]) : 'nothing',
    );
    if (one === other) continue;
    return `result ${at + 1} is ${one} ${sides.left}, and ${other} ${sides.right}`;
  }
  return undefined;
}

function count(counts: Map<string, number>, text: string, by: number): void {
  counts.set(text, (counts.get(text) ?? 0) + by);
}

function abridged(lines: readonly string[]): string {
  const shown = lines.slice(0, LINES_MAX);
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more`);
  return shown.join('\n');
}
