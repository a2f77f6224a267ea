/** Small files of one partition become one: the same rows, in the family's order. What is written
 * is a function of what was there; readers go on with the old files until the manifest changes. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DurableFiles } from './durable-files.ts';
import { lakeUnreadable } from './lake-errors.ts';
import { type FamilyDescription, partitionFolder } from './lake-family.ts';
import type { LakeFile, LakeManifest } from './manifest.ts';
import { writePart } from './parquet-parts.ts';
import { selectFiles } from './select-files.ts';

/** Which files to put together. */
export interface CompactionOptions {
  /** Files of at least this size stay as they are. Default 128 MiB. */
  readonly smallerThanBytes?: number;
}

/** What compaction did. */
export interface CompactionReport {
  /** Files that are no longer named. */
  readonly replaced: number;
  /** Files that took their place. */
  readonly written: number;
  readonly rows: number;
}

/** What compaction works on. */
export interface CompactionParts {
  readonly directory: string;
  readonly manifest: LakeManifest;
  readonly connection: DuckDBConnection;
  readonly disk: DurableFiles;
}

const SMALL_BYTES = 128 * 1_024 * 1_024;

/** Writes the new files. @returns all files that the manifest should name then. */
export async function compactFiles(
  parts: CompactionParts,
  options: CompactionOptions,
): Promise<{ readonly files: readonly LakeFile[]; readonly report: CompactionReport }> {
  const { manifest } = parts;
  const limit = options.smallerThanBytes ?? SMALL_BYTES;
  const groups = new Map<string, LakeFile[]>();
  for (const file of manifest.files) {
    if (file.bytes >= limit) continue;
    const folder = partitionFolder(file, file.hour);
    const group = groups.get(folder);
    if (group === undefined) groups.set(folder, [file]);
    else group.push(file);
  }
  const replaced = new Set<LakeFile>();
  const written: LakeFile[] = [];
  for (const [folder, group] of groups) {
    if (group.length < 2) continue;
    const path = `${folder}/part-compact-${String(manifest.version + 1).padStart(6, '0')}.parquet`;
    written.push(await mergeFiles(parts, group, path));
    for (const file of group) replaced.add(file);
  }
  const kept = manifest.files.filter((file) => !replaced.has(file));
  const rows = written.reduce((sum, file) => sum + file.rows, 0);
  return {
    files: [...kept, ...written],
    report: { replaced: replaced.size, written: written.length, rows },
  };
}

async function mergeFiles(
  { directory, manifest, connection, disk }: CompactionParts,
  group: readonly LakeFile[],
  path: string,
): Promise<LakeFile> {
  const [first] = group as [LakeFile, ...LakeFile[]];
  const { zone, family, version, hour } = first;
  const description = familyOf(manifest, first);
  if (description === undefined) {
    throw lakeUnreadable(
      directory,
      `its manifest does not describe ${zone}/${family}/v=${version}`,
    );
  }
  const order = description.orderBy.map((name) => `${name} NULLS FIRST`).join(', ');
  const names = description.columns.map(({ name }) => name).join(', ');
  const rowsOf = { directory, files: group, families: [description], withPlace: true };
  const select = `SELECT ${names} FROM (${selectFiles(rowsOf)})
    ORDER BY ${order}, filename, file_row_number`;
  const part = await writePart({ connection, directory, path, select, disk });
  return {
    path,
    zone,
    family,
    version,
    hour,
    rows: group.reduce((sum, file) => sum + file.rows, 0),
    minTimeUs: Math.min(...group.map((file) => file.minTimeUs)),
    maxTimeUs: Math.max(...group.map((file) => file.maxTimeUs)),
    ...part,
  };
}

/** The description of a file's family; undefined where the manifest has none. */
function familyOf(
  manifest: LakeManifest,
  { zone, family, version }: Pick<LakeFile, 'zone' | 'family' | 'version'>,
): FamilyDescription | undefined {
  return manifest.families.find(
    (known) => known.zone === zone && known.family === family && known.version === version,
  );
}
