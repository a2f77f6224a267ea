/** Reads a lake as of one manifest: SQL over views of its families, or rows in order. It writes
 * nothing, so any number of readers may be at a lake while it is written. Spec: S49, S52. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../domain/stored/row-schema.ts';
import { connectDuckDb } from './lake.ts';
import type { LakeZone } from './lake-family.ts';
import { type LakeManifest, readManifest } from './manifest.ts';
import { literal } from './parquet-parts.ts';
import { makeViews } from './query/lake-views.ts';
import { selectFiles } from './select-files.ts';

/** Which rows to read. */
export interface RowRange {
  readonly zone: LakeZone;
  readonly family: string;
  /** First time, of the family's time column; default: all. */
  readonly fromUs?: number | undefined;
  /** First time no longer read. */
  readonly toUs?: number | undefined;
  /** Only rows whose columns have these values. */
  readonly only?: Readonly<Record<string, string>>;
}

/** A row by column. */
export type LakeRow = Readonly<Record<string, Cell>>;

/** An open reader. */
export interface LakeReader {
  readonly manifest: LakeManifest;
  /** Rows of a query. Each family is a view `<zone>_<family>` over all its versions: a column that
   * a version lacks is null there. Whole numbers come as numbers. */
  query(sql: string): Promise<readonly LakeRow[]>;
  /** Rows in the family's order, a chunk at a time. Cost: one sort of the range. */
  rows(range: RowRange): AsyncGenerator<readonly LakeRow[]>;
  /** Compares every file's content with the manifest. @returns paths of files that differ. */
  verify(): readonly string[];
  close(): void;
}

/** Opens a reader.
 * @throws EngineError `LAKE_UNREADABLE`: no lake, a damaged manifest, a file that is not there. */
export async function openLakeReader(directory: string): Promise<LakeReader> {
  const manifest = readManifest(directory);
  const connection = await connectDuckDb();
  await makeViews(connection, directory, manifest);
  return new DuckDbReader(directory, manifest, connection);
}

class DuckDbReader implements LakeReader {
  readonly manifest: LakeManifest;
  readonly #directory: string;
  readonly #connection: DuckDBConnection;

  constructor(directory: string, manifest: LakeManifest, connection: DuckDBConnection) {
    this.#directory = directory;
    this.manifest = manifest;
    this.#connection = connection;
  }

  async query(sql: string): Promise<readonly LakeRow[]> {
    const result = await this.#connection.runAndReadAll(sql);
    return result.getRowObjects().map(withNumbers);
  }

  async *rows({
    zone,
    family,
    fromUs,
    toUs,
    only = {},
  }: RowRange): AsyncGenerator<readonly LakeRow[]> {
    const families = this.manifest.families.filter(
      (known) => known.zone === zone && known.family === family,
    );
    const newest = families.at(-1);
    if (newest === undefined) return;
    const from = fromUs ?? Number.MIN_SAFE_INTEGER;
    // Exclusive, so that the last time there is belongs to it.
    const to = toUs ?? Number.MAX_SAFE_INTEGER + 1;
    const files = this.manifest.files.filter(
      ({ minTimeUs, maxTimeUs }) => maxTimeUs >= from && minTimeUs < to,
    );
    const order = newest.orderBy.map((name) => `${name} NULLS FIRST`).join(', ');
    const others = Object.entries(only).map(([name, value]) => `AND ${name} = ${literal(value)}`);
    const result = await this.#connection.stream(
      `SELECT * FROM (${selectFiles({ directory: this.#directory, files, families })})
       WHERE ${newest.timeColumn} >= ${from} AND ${newest.timeColumn} < ${to} ${others.join(' ')}
       ORDER BY ${order}`,
    );
    for await (const chunk of result.yieldRowObjects()) yield chunk.map(withNumbers);
  }

  verify(): readonly string[] {
    return this.manifest.files
      .filter(({ path, sha256 }) => {
        const content = readFileSync(join(this.#directory, path));
        return createHash('sha256').update(content).digest('hex') !== sha256;
      })
      .map(({ path }) => path);
  }

  close(): void {
    this.#connection.closeSync();
  }
}

function withNumbers(row: Readonly<Record<string, unknown>>): LakeRow {
  const cells: Record<string, Cell> = {};
  for (const [name, value] of Object.entries(row)) {
    cells[name] = typeof value === 'bigint' ? Number(value) : (value as Cell);
  }
  return cells;
}
