/** Reads a lake as of one manifest: SQL over views of its families, or rows in order. It writes
 * nothing, so any number of readers may be at a lake while it is written. Spec: S49, S52. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../domain/stored/row-schema.ts';
import { connectDuckDb } from './lake.ts';
import { lakeUnreadable } from './lake-errors.ts';
import type { FamilyDescription, LakeZone } from './lake-family.ts';
import { type LakeFile, type LakeManifest, readManifest } from './manifest.ts';
import { literal } from './parquet-parts.ts';
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
  if (manifest.version === 0) {
    throw lakeUnreadable(directory, 'there is no lake (no _manifest.json); write one with --lake');
  }
  for (const file of manifest.files) checkFile(directory, file);
  const connection = await connectDuckDb();
  for (const [name, families] of viewsOf(manifest)) {
    await connection.run(
      `CREATE VIEW ${name} AS ${selectFiles({ directory, files: manifest.files, families })}`,
    );
  }
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

function checkFile(directory: string, { path, bytes }: LakeFile): void {
  const found = statSync(join(directory, path), { throwIfNoEntry: false })?.size;
  if (found === bytes) return;
  throw lakeUnreadable(
    join(directory, path),
    found === undefined
      ? 'the manifest names this file, but it is not there; restore it from a backup'
      : `it has ${found} bytes, but the manifest says ${bytes}; restore it from a backup`,
  );
}

/** Families by the name of their view, all versions together, ascending. */
function viewsOf(manifest: LakeManifest): ReadonlyMap<string, readonly FamilyDescription[]> {
  const views = new Map<string, FamilyDescription[]>();
  for (const family of manifest.families) {
    const name = `${family.zone}_${family.family}`;
    const versions = views.get(name);
    if (versions === undefined) views.set(name, [family]);
    else versions.push(family);
  }
  return views;
}

function withNumbers(row: Readonly<Record<string, unknown>>): LakeRow {
  const cells: Record<string, Cell> = {};
  for (const [name, value] of Object.entries(row)) {
    cells[name] = typeof value === 'bigint' ? Number(value) : (value as Cell);
  }
  return cells;
}
