/** What every storage stage does with rows before it takes them. */
import { EngineError } from '../../kernel/errors.ts';
import { type Cell, cellsOf, fitsColumn, type RowSchema, wellFormed } from './row-schema.ts';

/** Checks rows against their schema.
 * @throws EngineError `STORAGE_BAD_ROW` with the first cell that does not fit. */
export function checkRows<Row>(schema: RowSchema<Row>, rows: readonly Row[]): void {
  for (const row of rows) {
    for (const { name, kind, of } of schema.columns) {
      const cell = of(row);
      const isTime = name === schema.timeColumn;
      if (fitsColumn(kind, cell) && !(isTime && cell === null)) continue;
      const found = typeof cell === 'string' ? JSON.stringify(cell) : String(cell);
      throw new EngineError(
        'STORAGE_BAD_ROW',
        `${schema.family}.${name}: ${found} is no ${kind}${isTime ? ' (null is no time)' : ''}; ` +
          'give a value of that kind, or null where it has none',
        { column: name, found },
      );
    }
  }
}

/** The cells of a row as a stage stores them. */
export function storedCells<Row>(schema: RowSchema<Row>, row: Row): readonly Cell[] {
  return cellsOf(schema, row).map((cell, place) => {
    if (typeof cell === 'string') return wellFormed(cell);
    // An integer has one zero.
    return cell === 0 && schema.columns[place]?.kind === 'integer' ? 0 : cell;
  });
}

/** Rows in the schema's order: by code points for text, null first; equal rows keep their order. */
export function inOrder<Row>(
  schema: RowSchema<Row>,
  rows: readonly (readonly Cell[])[],
): readonly (readonly Cell[])[] {
  const places = schema.orderBy.map((name) =>
    schema.columns.findIndex((column) => column.name === name),
  );
  return rows.toSorted((a, b) => {
    for (const place of places) {
      const order = compareCells(a[place] ?? null, b[place] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  return a < b ? -1 : Number(a > b);
}

/** By code points, as UTF-8 bytes compare: JavaScript's `<` goes by code units. */
function compareTexts(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i += 1) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return (a.codePointAt(i) ?? 0) < (b.codePointAt(i) ?? 0) ? -1 : 1;
  }
  return a.length - b.length;
}
