/** The views of a lake as of one manifest: each family is `<zone>_<family>` over all its versions;
 * a column that a version lacks is null there. Spec: S52. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { lakeUnreadable } from '../lake-errors.ts';
import type { FamilyDescription } from '../lake-family.ts';
import type { LakeFile, LakeManifest } from '../manifest.ts';
import { selectFiles } from '../select-files.ts';

/** Makes them.
 * @throws EngineError `LAKE_UNREADABLE`: there is no lake, or a file of it is not as it was. */
export async function makeViews(
  connection: DuckDBConnection,
  directory: string,
  manifest: LakeManifest,
): Promise<void> {
  if (manifest.version === 0) {
    throw lakeUnreadable(directory, 'there is no lake (no _manifest.json); write one with --lake');
  }
  for (const file of manifest.files) checkFile(directory, file);
  for (const [name, families] of viewsOf(manifest)) {
    await connection.run(
      `CREATE VIEW ${name} AS ${selectFiles({ directory, files: manifest.files, families })}`,
    );
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
