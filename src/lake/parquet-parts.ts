/** Writes the result of a query as one Parquet file that appears whole. One thread and a total
 * order make its bytes a function of its rows. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PARTIAL_SUFFIX, publishFile, type StepListener } from './durable-files.ts';

/** A part to write. */
export interface PartRequest {
  readonly connection: DuckDBConnection;
  readonly directory: string;
  /** Relative to the directory. */
  readonly path: string;
  readonly select: string;
  readonly onStep: StepListener;
}

/** @returns what the manifest says of the file's bytes. */
export async function writePart(
  request: PartRequest,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { connection, path, select, onStep } = request;
  const whole = join(request.directory, path);
  const partial = whole + PARTIAL_SUFFIX;
  onStep(`write ${whole}`);
  mkdirSync(dirname(whole), { recursive: true });
  try {
    await connection.run(
      `COPY (${select}) TO ${literal(partial)}
       (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, USE_TMP_FILE false)`,
    );
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  publishFile(whole, onStep);
  const content = readFileSync(whole);
  return {
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
