/** The manifest: what a lake holds, one JSON file that is replaced as a whole. Readers see the
 * files that it names and no others; so a commit is one rename. It has no clock: equal runs write
 * equal bytes. Its size grows with the number of files, which compaction keeps small. Spec: S48. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlainValue } from '../domain/plain-value.ts';
import type { DurableFiles } from './durable-files.ts';
import { lakeUnreadable } from './lake-errors.ts';
import type { FamilyDescription, LakeZone } from './lake-family.ts';

/** One Parquet file. */
export interface LakeFile {
  /** Relative to the lake, `/` between parts. */
  readonly path: string;
  readonly zone: LakeZone;
  readonly family: string;
  /** The family's version. */
  readonly version: number;
  /** Whole hours since the Unix epoch: all rows' times lie in it. */
  readonly hour: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of the family's time column. */
  readonly minTimeUs: number;
  readonly maxTimeUs: number;
  readonly sha256: string;
}

/** How far a job has come. */
export interface LakeCommit {
  readonly job: string;
  readonly checkpoint: number;
  /** Per partition of the job's source, the next offset to read. */
  readonly offsets: readonly number[];
  /** What the job wants later readers to know. */
  readonly settings?: PlainValue;
}

/** The whole manifest. */
export interface LakeManifest {
  readonly schema: typeof MANIFEST_SCHEMA;
  /** Counts replacements, from 0 for a lake that has none. */
  readonly version: number;
  /** By zone, family and version. */
  readonly families: readonly FamilyDescription[];
  /** By path. */
  readonly files: readonly LakeFile[];
  /** The last commit of each job, by job. */
  readonly commits: readonly LakeCommit[];
}

/** What a commit adds, written before it is decided. */
export interface StagedCommit {
  readonly commit: LakeCommit;
  readonly families: readonly FamilyDescription[];
  readonly files: readonly LakeFile[];
}

/** Name of the manifest's file. */
export const MANIFEST_FILE = '_manifest.json';
const MANIFEST_SCHEMA = 'backlot.lake/1';

/** Reads the manifest; a folder without one is an empty lake.
 * @throws EngineError `LAKE_UNREADABLE`. */
export function readManifest(directory: string): LakeManifest {
  const path = join(directory, MANIFEST_FILE);
  const text = readIfThere(path);
  if (text === undefined) {
    return { schema: MANIFEST_SCHEMA, version: 0, families: [], files: [], commits: [] };
  }
  const parsed = parse(path, text);
  const { schema } = parsed as { readonly schema?: unknown };
  if (schema !== MANIFEST_SCHEMA) {
    throw lakeUnreadable(
      path,
      `its schema is ${JSON.stringify(schema)}, not "${MANIFEST_SCHEMA}"; ` +
        'read it with the backlot that wrote it',
    );
  }
  if (!isManifest(parsed)) {
    throw lakeUnreadable(path, 'fields are missing or of a wrong type; restore it from a backup');
  }
  return parsed;
}

/** Replaces the manifest. A try that failed after it had replaced it is made again.
 * @throws EngineError `LAKE_UNREADABLE` where another writer replaced it since `manifest.version`
 * was one less; nothing changed then. */
export function writeManifest(directory: string, manifest: LakeManifest, disk: DurableFiles): void {
  const path = join(directory, MANIFEST_FILE);
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const { version } = readManifest(directory);
  const isAgain = version === manifest.version && readIfThere(path) === text;
  if (version !== manifest.version - 1 && !isAgain) {
    throw lakeUnreadable(
      directory,
      `another writer changed it (version ${version}, not ${manifest.version - 1}); ` +
        'let one process write at a time, and open it again',
    );
  }
  disk.write(path, text);
}

/** Two commits of a job that are staged one after the other, as one. */
export function together(first: StagedCommit, second: StagedCommit): StagedCommit {
  return {
    commit: second.commit,
    families: [...first.families, ...second.families],
    files: [...first.files, ...second.files],
  };
}

/** The manifest after a commit. */
export function withCommit(manifest: LakeManifest, staged: StagedCommit): LakeManifest {
  const keyOf = (f: FamilyDescription) => `${f.zone}/${f.family}/v=${f.version}`;
  const families = new Map(manifest.families.map((family) => [keyOf(family), family]));
  for (const family of staged.families) families.set(keyOf(family), family);
  const commits = new Map(manifest.commits.map((commit) => [commit.job, commit]));
  commits.set(staged.commit.job, staged.commit);
  return {
    schema: MANIFEST_SCHEMA,
    version: manifest.version + 1,
    families: sortedBy([...families.values()], keyOf),
    files: sortedBy([...manifest.files, ...staged.files], (file) => file.path),
    commits: sortedBy([...commits.values()], (commit) => commit.job),
  };
}

/** The manifest with some files instead of others. */
export function withFiles(manifest: LakeManifest, files: readonly LakeFile[]): LakeManifest {
  return {
    ...manifest,
    version: manifest.version + 1,
    files: sortedBy(files, (file) => file.path),
  };
}

/** Reads what a commit staged, or undefined where there is none.
 * @throws EngineError `LAKE_UNREADABLE`. */
export function readStaged(path: string): StagedCommit | undefined {
  const text = readIfThere(path);
  return text === undefined ? undefined : (parse(path, text) as StagedCommit);
}

/** In ascending order of a text, by code units. */
function sortedBy<T>(items: readonly T[], textOf: (item: T) => string): readonly T[] {
  const keyed = items.map((item) => ({ item, key: textOf(item) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return keyed.map(({ item }) => item);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw lakeUnreadable(path, 'it cannot be read; name a lake that this user may read', cause);
  }
}

function parse(path: string, text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch (cause) {
    throw lakeUnreadable(path, 'it is no JSON; restore it from a backup', cause);
  }
  throw lakeUnreadable(path, 'it is no JSON object; restore it from a backup');
}

function isManifest(parsed: object): parsed is LakeManifest {
  const { version, families, files, commits } = parsed as Partial<LakeManifest>;
  return (
    Number.isSafeInteger(version) &&
    Array.isArray(families) &&
    families.every(isFamily) &&
    Array.isArray(files) &&
    files.every(isFile) &&
    Array.isArray(commits) &&
    commits.every(isCommit)
  );
}

function isFamily(family: Partial<FamilyDescription> | null): boolean {
  return (
    (family?.zone === 'raw' || family?.zone === 'curated') &&
    isName(family.family) &&
    Number.isSafeInteger(family.version) &&
    Array.isArray(family.columns) &&
    family.columns.every((column) => isName(column?.name)) &&
    isName(family.timeColumn) &&
    Array.isArray(family.orderBy) &&
    family.orderBy.every(isName)
  );
}

/** Names stand in SQL and in paths. */
function isName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z][a-z0-9_]*$/.test(name);
}

const FILE_PATH =
  /^(raw|curated)\/[a-z0-9_]+\/v=\d+\/dt=\d{4}-\d\d-\d\d\/hour=\d\d\/[\w-]+\.parquet$/;

function isFile(file: Partial<LakeFile> | null): boolean {
  return (
    typeof file?.path === 'string' &&
    FILE_PATH.test(file.path) &&
    typeof file.sha256 === 'string' &&
    [file.hour, file.rows, file.bytes, file.minTimeUs, file.maxTimeUs].every(Number.isSafeInteger)
  );
}

function isCommit(commit: Partial<LakeCommit> | null): boolean {
  return (
    typeof commit?.job === 'string' &&
    Number.isSafeInteger(commit.checkpoint) &&
    Array.isArray(commit.offsets) &&
    commit.offsets.every(Number.isSafeInteger)
  );
}
