/** SQL over Parquet files of one family, whatever columns each of them has. */
import { join } from 'node:path';
import type { ColumnKind } from '../domain/stored/row-schema.ts';
import type { FamilyDescription } from './lake-family.ts';
import type { LakeFile } from './manifest.ts';
import { literal } from './parquet-parts.ts';

const SQL_TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'VARCHAR',
  word: 'VARCHAR',
  integer: 'BIGINT',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
};

/** What to select. */
export interface FileSelection {
  readonly directory: string;
  /** Those of other families are left out. */
  readonly files: readonly LakeFile[];
  /** Descriptions of one family, a version each. */
  readonly families: readonly FamilyDescription[];
  /** Whether to add `filename` and `file_row_number`. */
  readonly withPlace?: boolean;
}

/** All columns that any version has, in order of appearance; null where a file has none. */
export function selectFiles(selection: FileSelection): string {
  const { directory, files, families, withPlace = false } = selection;
  const kinds = new Map<string, ColumnKind>();
  for (const { columns } of families) for (const { name, kind } of columns) kinds.set(name, kind);
  const none = [...kinds].map(([name, kind]) => `NULL::${SQL_TYPES[kind]} AS ${name}`);
  const place = withPlace ? ['NULL::VARCHAR AS filename', 'NULL::BIGINT AS file_row_number'] : [];
  const empty = `SELECT ${[...none, ...place].join(', ')} WHERE false`;
  const [first] = families;
  const paths = files
    .filter(({ zone, family }) => zone === first?.zone && family === first.family)
    .map(({ path }) => literal(join(directory, path)));
  if (paths.length === 0) return empty;
  return `${empty} UNION ALL BY NAME SELECT * FROM read_parquet([${paths.join(', ')}],
    union_by_name = true, hive_partitioning = false, filename = ${withPlace},
    file_row_number = ${withPlace})`;
}
