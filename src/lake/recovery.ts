/** What opening a lake for writing puts right after a crash: a staged commit is published where
 * what decides it says so and else dropped; then whatever the manifest does not name is removed. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DurableFiles, filesBelow, PARTIAL_SUFFIX } from './durable-files.ts';
import { lakeUnreadable } from './lake-errors.ts';
import {
  type LakeCommit,
  type LakeFile,
  MANIFEST_FILE,
  readManifest,
  readStaged,
  withCommit,
  writeManifest,
} from './manifest.ts';

/** What recovery did. */
export interface LakeRecovery {
  /** Paths relative to the lake, sorted. */
  readonly removed: readonly string[];
  /** Commits that had been staged and were decided. */
  readonly published: readonly LakeCommit[];
}

/** What recovery needs. */
export interface RecoveryOptions {
  readonly directory: string;
  readonly wasDecided: (commit: LakeCommit) => boolean;
  readonly disk: DurableFiles;
}

const ZONES = ['raw', 'curated'];
const STAGED_PREFIX = '_staged-';

/** Where a job notes what it staged. */
export function stagedPath(directory: string, job: string): string {
  return join(directory, `${STAGED_PREFIX}${job}.json`);
}

/** Recovers. Running it again does nothing more. */
export function recoverLake({ directory, wasDecided, disk }: RecoveryOptions): LakeRecovery {
  disk.makeRoot(() => !existsSync(join(directory, MANIFEST_FILE)));
  refuseForeign(directory);
  const published: LakeCommit[] = [];
  for (const name of namesIn(directory).filter((entry) => isStagedNote(entry))) {
    const path = join(directory, name);
    const staged = readStaged(path);
    const manifest = readManifest(directory);
    const last = manifest.commits.find(({ job }) => job === staged?.commit.job)?.checkpoint ?? 0;
    if (staged !== undefined && staged.commit.checkpoint > last && wasDecided(staged.commit)) {
      writeManifest(directory, withCommit(manifest, staged), disk);
      published.push(staged.commit);
    }
    disk.remove(path);
  }
  for (const name of namesIn(directory).filter((entry) => entry.endsWith(PARTIAL_SUFFIX))) {
    disk.remove(join(directory, name));
  }
  const removed = removeUnreferenced(directory, readManifest(directory).files, disk);
  return { removed, published };
}

/** Removes files of the zones that are not among these. @returns their paths, sorted. */
export function removeUnreferenced(
  directory: string,
  files: readonly LakeFile[],
  disk: DurableFiles,
): readonly string[] {
  const kept = new Set(files.map(({ path }) => path));
  const unknown = ZONES.filter((zone) => existsSync(join(directory, zone)))
    .flatMap((zone) => filesBelow(join(directory, zone)).map((path) => `${zone}/${path}`))
    .filter((path) => !kept.has(path));
  for (const path of unknown) disk.remove(join(directory, path));
  return unknown.sort();
}

/** A folder of other things is no lake: nothing in it is touched. */
function refuseForeign(directory: string): void {
  const names = namesIn(directory);
  const isOurs = (name: string) =>
    ZONES.includes(name) || name.startsWith(MANIFEST_FILE) || name.startsWith(STAGED_PREFIX);
  const foreign = names.find((name) => !isOurs(name));
  if (foreign === undefined) return;
  throw lakeUnreadable(directory, `it holds "${foreign}", which is no lake's; name another folder`);
}

function isStagedNote(name: string): boolean {
  return name.startsWith(STAGED_PREFIX) && !name.endsWith(PARTIAL_SUFFIX);
}

function namesIn(directory: string): readonly string[] {
  return readdirSync(directory).sort();
}
