/** What a row of a stored table is made of, apart from where it is stored: columns with a kind and
 * a way to read them off a row. Lake, warehouse stages and files share it. */

/** A stored value. */
export type Cell = string | number | boolean | null;

/** What a column holds, null aside:
 * - `text`: well-formed Unicode; a lone surrogate is stored as U+FFFD;
 * - `word`: text of which a batch has few different ones; only cost differs;
 * - `integer`: a safe integer;
 * - `real`: any double, NaN, infinities and −0 included;
 * - `boolean`. */
export type ColumnKind = 'text' | 'word' | 'integer' | 'real' | 'boolean';

/** One column. */
export interface Column<Row> {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Pure; called once a row. */
  readonly of: (row: Row) => Cell;
}

/** A table's columns and order. */
export interface RowSchema<Row> {
  /** Lower-case letters and `_`: names a table, a folder, a file. */
  readonly family: string;
  /** Raised when a column's meaning changes; a new column alone does not raise it. */
  readonly version: number;
  readonly columns: readonly Column<Row>[];
  /** An integer column: µs since the Unix epoch, by which rows are partitioned. */
  readonly timeColumn: string;
  /** Columns whose values order the rows; rows that are equal in all of them keep their order. */
  readonly orderBy: readonly string[];
}

/** The cells of a row, in the order of the columns. */
export function cellsOf<Row>(schema: RowSchema<Row>, row: Row): readonly Cell[] {
  return schema.columns.map((column) => column.of(row));
}

/** Whether a cell may stand in a column of this kind. */
export function fitsColumn(kind: ColumnKind, cell: Cell): boolean {
  if (cell === null) return true;
  if (kind === 'integer') return Number.isSafeInteger(cell);
  if (kind === 'real') return typeof cell === 'number';
  if (kind === 'boolean') return typeof cell === 'boolean';
  return typeof cell === 'string';
}

/** The text with lone surrogates, which UTF-8 cannot hold, replaced by U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
