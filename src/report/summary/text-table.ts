/** Aligned columns of plain text, split into blocks where they do not fit the terminal. */
import { printable, shortened } from '../html/escape.ts';

/** The first column names the rows and stands left; the others stand right. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const GAP = 2;
const NAME_LENGTH_MIN = 34;

/** Lines of at most `width` characters, as long as one column fits beside the row names. */
export function textTable({ columns, rows }: TextTable, width: number): readonly string[] {
  const nameLength = Math.max(NAME_LENGTH_MIN, Math.floor(width * 0.48));
  const clean = [columns, ...rows].map((row) =>
    row.map((cell, column) => (column === 0 ? rowName(cell, nameLength) : printable(cell))),
  );
  const widths = columns.map((_, column) => Math.max(...clean.map((row) => size(row[column]))));
  return blocksOf(widths, width).flatMap((block, n) => {
    const lines = clean.map((row) =>
      block.map((column) => aligned(row[column] ?? '', column, widths[column] ?? 0)).join(''),
    );
    return n === 0 ? lines : ['', ...lines];
  });
}

/** Text broken at spaces into lines of at most `width` characters. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(/\s+/)) {
    if (line !== '' && size(line) + 1 + size(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Column numbers of each block; every block begins with the row names. */
function blocksOf(widths: readonly number[], width: number): readonly (readonly number[])[] {
  const blocks: number[][] = [];
  let block = [0];
  let used = widths[0] ?? 0;
  widths.slice(1).forEach((own, i) => {
    if (block.length > 1 && used + GAP + own > width) {
      blocks.push(block);
      block = [0];
      used = widths[0] ?? 0;
    }
    block.push(i + 1);
    used += GAP + own;
  });
  return [...blocks, block];
}

/** A name keeps its indentation. */
function rowName(cell: string, length: number): string {
  const indent = /^ */.exec(cell)?.[0] ?? '';
  return indent + shortened(cell, length);
}

function aligned(cell: string, column: number, width: number): string {
  const fill = ' '.repeat(width - size(cell));
  return column === 0 ? cell + fill : ' '.repeat(GAP) + fill + cell;
}

function size(text: string | undefined): number {
  return [...(text ?? '')].length;
}
