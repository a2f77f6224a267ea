/** Rows on their way into Parquet: kept by reference for a while, then copied, a column at a time,
 * into a table of DuckDB. Numbers go as doubles and words as numbers of a dictionary, because one
 * call a string is what costs: on a quiet machine a trial of 20 columns took 1.1 µs a row, DuckDB's
 * appender 3 µs. */
import {
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { type Column, type ColumnKind, wellFormed } from '../domain/stored/row-schema.ts';
import { invariant } from '../kernel/errors.ts';
import type { LakeFamily } from './lake-family.ts';

/** Rows of one hour. */
export interface StagedHour {
  readonly hour: number;
  readonly rows: number;
  readonly minTimeUs: number;
  readonly maxTimeUs: number;
}

type HourFigures = { -readonly [Name in keyof StagedHour]: StagedHour[Name] };

/** Most rows of a DuckDB vector. */
const CHUNK_ROWS = 2_048;
/** Rows that wait at most before they are copied: the copy is smaller than what it is made of. */
const FILL_ROWS = 8 * CHUNK_ROWS;
/** A boolean that is null, as a number. */
const NEITHER = 2;
const US_PER_HOUR = 3_600_000_000;

/** The rows of one family. */
export class StagedRows<Row> {
  readonly family: LakeFamily<Row>;
  readonly #connection: DuckDBConnection;
  readonly #table: string;
  readonly #appender: DuckDBAppender;
  readonly #chunk: DuckDBDataChunk;
  readonly #time: Column<Row>;
  readonly #words: ReadonlyMap<string, WordList>;
  readonly #hours = new Map<number, HourFigures>();
  #pending: Row[] = [];
  #isHeld = false;

  private constructor(family: LakeFamily<Row>, table: string, appender: DuckDBAppender) {
    this.family = family;
    this.#connection = appender.connection;
    this.#table = table;
    this.#appender = appender;
    this.#chunk = DuckDBDataChunk.create(family.columns.map(vectorTypeOf));
    const time = family.columns.find(({ name }) => name === family.timeColumn);
    invariant(time !== undefined, 'LAKE_NO_TIME_COLUMN', { family: family.family });
    this.#time = time;
    this.#words = new Map(
      family.columns
        .filter(({ kind }) => kind === 'word')
        .map(({ name }) => [name, new WordList(`${table}_${name}`)]),
    );
  }

  /** @param table - A name of its own. */
  static async create<Row>(
    family: LakeFamily<Row>,
    connection: DuckDBConnection,
    table: string,
  ): Promise<StagedRows<Row>> {
    const columns = family.columns.map((column) => `${column.name} ${vectorTypeOf(column)}`);
    await connection.run(`CREATE TABLE ${table} (${columns.join(', ')})`);
    return new StagedRows(family, table, await connection.createAppender(table));
  }

  /** Keeps a reference to the row for a while, at most until the next commit. */
  append(row: Row): void {
    this.#pending.push(row);
    if (this.#pending.length >= FILL_ROWS && !this.#isHeld) this.#fill();
  }

  /** From now on until `release`, rows that come belong to the next commit.
   * @returns the hours that this one's rows lie in, ascending. */
  hold(): readonly StagedHour[] {
    this.#fill();
    this.#isHeld = true;
    return [...this.#hours.values()].sort((a, b) => a.hour - b.hour);
  }

  /** Ends the hold. The rows stay for another try. */
  release(): void {
    this.#isHeld = false;
  }

  /** Makes the words known to the SQL of {@link selectHour}. */
  async shareWords(): Promise<void> {
    for (const list of this.#words.values()) await list.share(this.#connection);
  }

  /** SQL of the rows of an hour, in the family's order, in their own types. */
  selectHour(hour: number): string {
    const { columns, orderBy, timeColumn } = this.family;
    const selected = columns.map((column) => `${this.#sqlOf(column)} AS ${column.name}`);
    const from = hour * US_PER_HOUR;
    const order = orderBy.map((name) => `${name} NULLS FIRST`);
    return `SELECT ${selected.join(', ')} FROM ${this.#table}
      WHERE ${this.#table}.${timeColumn} >= ${from}
        AND ${this.#table}.${timeColumn} < ${from + US_PER_HOUR}
      ORDER BY ${order.join(', ')}, ${this.#table}.rowid`;
  }

  /** Forgets the rows of the commit, and those that wait where nothing is held. */
  async clear(): Promise<void> {
    if (!this.#isHeld) this.#pending = [];
    for (const list of this.#words.values()) list.clear();
    this.#hours.clear();
    await this.#connection.run(`TRUNCATE ${this.#table}`);
  }

  close(): void {
    this.#appender.closeSync();
  }

  /** Copies what waits into the table, a chunk at a time. */
  #fill(): void {
    for (let start = 0; start < this.#pending.length; start += CHUNK_ROWS) {
      const rows = this.#pending.slice(start, start + CHUNK_ROWS);
      this.#fillChunk(rows);
      this.#countHours(rows);
    }
    this.#pending = [];
    this.#appender.flushSync();
  }

  #fillChunk(rows: readonly Row[]): void {
    const chunk = this.#chunk;
    chunk.reset();
    chunk.rowCount = rows.length;
    for (const [at, column] of this.family.columns.entries()) {
      const vector = chunk.getColumnVector(at) as unknown as SettableVector;
      const encode = this.#encoderOf(column);
      let row = 0;
      for (const source of rows) {
        vector.setItem(row, encode(column.of(source)));
        row += 1;
      }
      vector.flush();
    }
    this.#appender.appendDataChunk(chunk);
  }

  #countHours(rows: readonly Row[]): void {
    const { family } = this;
    let figures: HourFigures | undefined;
    for (const row of rows) {
      const timeUs = this.#time.of(row);
      invariant(Number.isSafeInteger(timeUs), 'LAKE_BAD_TIME', { family: family.family, timeUs });
      const at = timeUs as number;
      const hour = Math.floor(at / US_PER_HOUR);
      if (figures?.hour !== hour) {
        figures = this.#hours.get(hour) ?? { hour, rows: 0, minTimeUs: at, maxTimeUs: at };
        this.#hours.set(hour, figures);
      }
      figures.rows += 1;
      if (at < figures.minTimeUs) figures.minTimeUs = at;
      if (at > figures.maxTimeUs) figures.maxTimeUs = at;
    }
  }

  #encoderOf({ name, kind }: Column<Row>): (cell: unknown) => unknown {
    if (kind === 'word') {
      const words = this.#words.get(name) as WordList;
      return (cell) => words.numberOf(cell as string | null);
    }
    if (kind === 'integer') return (cell) => (cell === null ? Number.NaN : cell);
    if (kind === 'boolean') return (cell) => (cell === null ? NEITHER : Number(cell));
    return (cell) => cell;
  }

  #sqlOf({ name, kind }: Column<Row>): string {
    const column = `${this.#table}.${name}`;
    if (kind === 'word') return `getvariable('${this.#table}_${name}')[${column}]`;
    if (kind === 'integer') {
      return `CASE WHEN isnan(${column}) THEN NULL ELSE CAST(${column} AS BIGINT) END`;
    }
    if (kind === 'boolean') {
      return `CASE WHEN ${column} <> ${NEITHER} THEN CAST(${column} AS BOOLEAN) END`;
    }
    return column;
  }
}

/** The vectors of a chunk, as far as they are used here. */
interface SettableVector {
  setItem(index: number, value: unknown): void;
  flush(): void;
}

/** Different words of a column, numbered from 1; 0 is null, which is also what DuckDB finds at
 * place 0 of a list. */
class WordList {
  readonly #variable: string;
  readonly #numbers = new Map<string, number>();
  #words: string[] = [];
  #last: string | null = null;
  #lastNumber = 0;

  constructor(variable: string) {
    this.#variable = variable;
  }

  numberOf(word: string | null): number {
    if (word === this.#last) return this.#lastNumber;
    let number = 0;
    if (word !== null) {
      number = this.#numbers.get(word) ?? 0;
      if (number === 0) {
        number = this.#words.push(wellFormed(word));
        this.#numbers.set(word, number);
      }
    }
    this.#last = word;
    this.#lastNumber = number;
    return number;
  }

  async share(connection: DuckDBConnection): Promise<void> {
    const sql = `SET VARIABLE ${this.#variable} = from_json($1, '["VARCHAR"]')`;
    await connection.run(sql, [JSON.stringify(this.#words)]);
  }

  clear(): void {
    this.#numbers.clear();
    this.#words = [];
    this.#last = null;
    this.#lastNumber = 0;
  }
}

function vectorTypeOf({ kind }: { readonly kind: ColumnKind }) {
  if (kind === 'text') return VARCHAR;
  return kind === 'word' || kind === 'boolean' ? INTEGER : DOUBLE;
}
