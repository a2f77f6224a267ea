/** Writes the result of a query as one Parquet file that appears whole. One thread and a total
 * order make its bytes a function of its rows. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DurableFiles } from './durable-files.ts';

/** A part to write. */
export interface PartRequest {
  readonly connection: DuckDBConnection;
  readonly directory: string;
  /** Relative to the directory. */
  readonly path: string;
  readonly select: string;
  readonly disk: DurableFiles;
}

/** @returns what the manifest says of the file's bytes. */
export async function writePart(
  request: PartRequest,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const { connection, path, select, disk } = request;
  const whole = join(request.directory, path);
  await disk.writeBy(whole, (partial) =>
    connection.run(
      `COPY (${select}) TO ${literal(partial)}
       (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, USE_TMP_FILE false)`,
    ),
  );
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
