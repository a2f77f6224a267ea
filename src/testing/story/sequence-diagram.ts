/** Sequence diagrams in text: lifelines from left to right, one line a message, the label on the
 * arrow. */

/** What happens, top to bottom. */
export type DiagramLine =
  | {
      readonly kind: 'message';
      readonly at: string;
      /** Numbers of lifelines. Equal ones: a note at that lifeline. */
      readonly from: number;
      readonly to: number;
      readonly text: string;
    }
  /** Across the whole width: a fault begins, a crash. */
  | { readonly kind: 'mark'; readonly at: string; readonly text: string };

/** A label gets no longer than this. */
const LABEL_MAX = 64;
/** Arrows have at least this much line: `──` before the label and `──▶` after. */
const ARROW_ROOM = 7;
const GAP_MIN = 14;

/** Draws a diagram. @returns lines without indentation; no more than the first and the last half of
 * `maxLines` messages, with a line that tells how many are left out. */
export function sequenceDiagram(
  lifelines: readonly string[],
  lines: readonly DiagramLine[],
  maxLines = 60,
): string {
  const shown = abridged(lines, maxLines);
  const atWidth = Math.max(0, ...shown.map(({ at }) => at.length));
  const columns = columnsOf(lifelines, shown);
  const rows = shown.map((line) => {
    const body = line.kind === 'mark' ? mark(columns, line.text) : message(columns, line);
    return `${line.at.padStart(atWidth)}  ${body}`.trimEnd();
  });
  return [`${' '.repeat(atWidth)}  ${heads(columns, lifelines)}`.trimEnd(), ...rows].join('\n');
}

function abridged(lines: readonly DiagramLine[], max: number): readonly DiagramLine[] {
  if (lines.length <= max) return lines;
  const half = Math.floor(max / 2);
  const text = `… ${lines.length - 2 * half} more …`;
  return [...lines.slice(0, half), { kind: 'mark', at: '', text }, ...lines.slice(-half)];
}

/** Where each lifeline stands. */
function columnsOf(lifelines: readonly string[], lines: readonly DiagramLine[]): readonly number[] {
  const gaps = lifelines.map((name, i) => {
    const next = lifelines[i + 1] ?? '';
    return Math.max(GAP_MIN, Math.ceil((name.length + next.length) / 2) + 2);
  });
  for (const line of lines) {
    if (line.kind === 'mark' || line.from === line.to) continue;
    const first = Math.min(line.from, line.to);
    const last = Math.max(line.from, line.to);
    const need = label(line.text).length + ARROW_ROOM;
    const room = gaps.slice(first, last).reduce((sum, gap) => sum + gap, 0);
    const lastGap = gaps[last - 1] ?? GAP_MIN;
    if (room < need) gaps[last - 1] = lastGap + need - room;
  }
  const first = Math.ceil((lifelines[0]?.length ?? 0) / 2);
  const columns = [first];
  for (const gap of gaps.slice(0, -1)) columns.push((columns.at(-1) ?? 0) + gap);
  return columns;
}

function heads(columns: readonly number[], lifelines: readonly string[]): string {
  let line = '';
  for (const [i, name] of lifelines.entries()) {
    const start = Math.max(0, (columns[i] ?? 0) - Math.floor(name.length / 2));
    line = line.padEnd(start) + name;
  }
  return line;
}

function message(
  columns: readonly number[],
  { from, to, text }: Extract<DiagramLine, { kind: 'message' }>,
): string {
  const cells = blank(columns);
  const start = columns[Math.min(from, to)] ?? 0;
  const end = columns[Math.max(from, to)] ?? 0;
  if (from === to) return put(cells, start + 2, label(text)).join('');
  const words = ` ${label(text)} `;
  const width = end - start - 1;
  const body = to > from ? `──${words}`.padEnd(width - 1, '─') : `──${words}`.padEnd(width, '─');
  put(cells, start + 1, to > from ? `${body}▶` : `◀${body.slice(1)}`);
  return cells.join('');
}

function mark(columns: readonly number[], text: string): string {
  const cells = blank(columns);
  return put(cells, (columns[0] ?? 0) + 2, label(text)).join('');
}

function blank(columns: readonly number[]): string[] {
  const cells = Array.from({ length: (columns.at(-1) ?? 0) + 1 }, () => ' ');
  for (const column of columns) cells[column] = '│';
  return cells;
}

function put(cells: string[], at: number, text: string): string[] {
  for (const [i, letter] of [...text].entries()) cells[at + i] = letter;
  for (let i = 0; i < cells.length; i += 1) cells[i] ??= ' ';
  return cells;
}

function label(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return [...line].length > LABEL_MAX ? `${[...line].slice(0, LABEL_MAX - 1).join('')}…` : line;
}
