/** The lake: Parquet files by zone, family and hour, written through DuckDB. Rows are taken at
 * once; a commit writes them as files and then replaces the manifest, in two halves where another
 * store decides (`stage`, `publish`). Equal runs leave equal bytes. Spec: S46–S52. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { PlainValue } from '../domain/plain-value.ts';
import { type CompactionOptions, type CompactionReport, compactFiles } from './compaction.ts';
import {
  DurableFiles,
  type LakeFiles,
  NODE_LAKE_FILES,
  type StepListener,
} from './durable-files.ts';
import { lakeUnreadable, writing } from './lake-errors.ts';
import { describeFamily, type LakeFamily, type LakeZone, partitionFolder } from './lake-family.ts';
import {
  type LakeCommit,
  type LakeFile,
  type LakeManifest,
  readManifest,
  type StagedCommit,
  together,
  withCommit,
  withFiles,
  writeManifest,
} from './manifest.ts';
import { writePart } from './parquet-parts.ts';
import { type LakeRecovery, recoverLake, removeUnreferenced, stagedPath } from './recovery.ts';
import { type StagedHour, StagedRows } from './staged-rows.ts';

/** Options of {@link openLake}. */
export interface LakeOptions {
  /** Made if missing. */
  readonly directory: string;
  /** Who writes: names files and checkpoints. Letters, digits and `-`. */
  readonly job: string;
  /** What a later reader needs to know of the job; kept with each commit. */
  readonly settings?: PlainValue | undefined;
  /** Of a commit that was staged when its process died: did what decides it commit? Default: no. */
  readonly wasDecided?: (commit: LakeCommit) => boolean;
  /** Watches steps on the disk; a test may throw here. */
  readonly onStep?: StepListener;
  /** For tests. Default: this machine's. */
  readonly files?: LakeFiles;
}

/** Up to where a commit takes the job's source. */
export interface LakeCheckpoint {
  /** Ascending from 1. */
  readonly checkpoint: number;
  readonly offsets: readonly number[];
}

/** Takes rows of one family. */
export interface LakeWriter<Row> {
  /** Keeps a reference: the row must not change until it is committed. */
  append(row: Row): void;
}

/** An open lake: one process writes at a time, any number reads. */
export interface Lake {
  readonly manifest: LakeManifest;
  /** What was removed, and published, when it was opened. */
  readonly recovery: LakeRecovery;
  /** The writer of a family; the same one for the same family. */
  writer<Row>(family: LakeFamily<Row>): Promise<LakeWriter<Row>>;
  /** The job's last commit; undefined before. */
  lastCommit(): LakeCommit | undefined;
  /** Stages and publishes. A checkpoint that the lake has already changes nothing: rows appended
   * for it are dropped.
   * @throws EngineError `STORAGE_UNWRITABLE`: nothing changed, and the rows wait for the next
   * try. */
  commit(at: LakeCheckpoint): Promise<void>;
  /** Writes the files and a note of them; no reader sees them yet. Errors as `commit`. */
  stage(at: LakeCheckpoint): Promise<void>;
  /** Makes what was staged visible. Without anything staged it does nothing. */
  publish(): Promise<void>;
  /** Files of one partition that are small become one. Old files stay until `vacuum`. */
  compact(options?: CompactionOptions): Promise<CompactionReport>;
  /** Forgets files all of whose rows are older. @returns how many. */
  expire(options: { readonly zone: LakeZone; readonly beforeUs: number }): Promise<number>;
  /** Removes files that the manifest does not name: no reader may still be at them.
   * @returns their paths. */
  vacuum(): Promise<readonly string[]>;
  /** Rows that are not committed are lost. Idempotent. */
  close(): Promise<void>;
}

/** Opens a lake for writing and recovers it: what no manifest names is removed.
 * @throws EngineError `LAKE_UNREADABLE`, `STORAGE_UNWRITABLE`. */
export async function openLake(options: LakeOptions): Promise<Lake> {
  const { directory, job } = options;
  if (!/^[A-Za-z0-9-]+$/.test(job)) {
    throw lakeUnreadable(directory, `"${job}" names no job; use letters, digits and "-"`);
  }
  const { wasDecided = () => false, onStep = () => {}, files = NODE_LAKE_FILES } = options;
  const disk = new DurableFiles(directory, files, onStep);
  const recovery = await writing(directory, async () =>
    recoverLake({ directory, wasDecided, disk }),
  );
  const connection = await connectDuckDb();
  const { settings } = options;
  return new DuckDbLake({ directory, job, settings, disk, recovery, connection });
}

/** A database in memory of one thread: more would make the bytes of files a matter of luck. */
export async function connectDuckDb(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  return instance.connect();
}

interface LakeParts {
  readonly directory: string;
  readonly job: string;
  readonly settings: PlainValue | undefined;
  readonly disk: DurableFiles;
  readonly recovery: LakeRecovery;
  readonly connection: DuckDBConnection;
}

class DuckDbLake implements Lake {
  readonly #parts: LakeParts;
  readonly #writers = new Map<string, StagedRows<never>>();
  #manifest: LakeManifest;
  #staged: StagedCommit | undefined;
  #isClosed = false;

  constructor(parts: LakeParts) {
    this.#parts = parts;
    this.#manifest = readManifest(parts.directory);
  }

  get manifest(): LakeManifest {
    return this.#manifest;
  }

  get recovery(): LakeRecovery {
    return this.#parts.recovery;
  }

  async writer<Row>(family: LakeFamily<Row>): Promise<LakeWriter<Row>> {
    const name = `${family.zone}_${family.family}_v${family.version}`;
    const known = this.#writers.get(name);
    if (known !== undefined) return known as unknown as LakeWriter<Row>;
    const made = await StagedRows.create(family, this.#parts.connection, name);
    this.#writers.set(name, made as unknown as StagedRows<never>);
    return made;
  }

  lastCommit(): LakeCommit | undefined {
    return this.#manifest.commits.find(({ job }) => job === this.#parts.job);
  }

  async commit(at: LakeCheckpoint): Promise<void> {
    await this.stage(at);
    await this.publish();
  }

  async stage(at: LakeCheckpoint): Promise<void> {
    const { directory, job, settings, disk } = this.#parts;
    const writers = [...this.#writers.values()];
    if (at.checkpoint <= (this.lastCommit()?.checkpoint ?? 0)) {
      for (const rows of writers) await rows.clear();
      return;
    }
    if (this.#staged?.commit.checkpoint === at.checkpoint) return;
    await writing(directory, async () => {
      const held = writers.map((rows) => ({ rows, hours: rows.hold() }));
      try {
        const files = await this.#writeFiles(held, at.checkpoint);
        const fresh = {
          commit: { job, ...at, ...(settings === undefined ? {} : { settings }) },
          families: writers.map((rows) => describeFamily(rows.family)),
          files,
        };
        // Of an earlier checkpoint that was staged and could not be published: its rows are in
        // files already, and are the next one's as well.
        const staged = this.#staged === undefined ? fresh : together(this.#staged, fresh);
        disk.write(stagedPath(directory, job), `${JSON.stringify(staged)}\n`);
        for (const rows of writers) await rows.clear();
        this.#staged = staged;
      } finally {
        for (const rows of writers) rows.release();
      }
    });
  }

  async publish(): Promise<void> {
    const { directory, job, disk } = this.#parts;
    const staged = this.#staged;
    if (staged === undefined) return;
    await writing(directory, async () => {
      checkStaged(directory, job, staged);
      const manifest = withCommit(this.#manifest, staged);
      writeManifest(directory, manifest, disk);
      this.#manifest = manifest;
      this.#staged = undefined;
      disk.remove(stagedPath(directory, job));
    });
  }

  async compact(options: CompactionOptions = {}): Promise<CompactionReport> {
    const { directory, disk, connection } = this.#parts;
    return writing(directory, async () => {
      const manifest = this.#manifest;
      const compacted = await compactFiles({ directory, manifest, connection, disk }, options);
      if (compacted.report.replaced > 0) this.#replaceFiles(compacted.files);
      return compacted.report;
    });
  }

  async expire(options: { readonly zone: LakeZone; readonly beforeUs: number }): Promise<number> {
    const { files } = this.#manifest;
    const kept = files.filter(
      ({ zone, maxTimeUs }) => zone !== options.zone || maxTimeUs >= options.beforeUs,
    );
    if (kept.length === files.length) return 0;
    await writing(this.#parts.directory, async () => this.#replaceFiles(kept));
    return files.length - kept.length;
  }

  async vacuum(): Promise<readonly string[]> {
    const { directory, disk } = this.#parts;
    const staged = this.#staged?.files ?? [];
    return writing(directory, async () =>
      removeUnreferenced(directory, [...this.#manifest.files, ...staged], disk),
    );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const rows of this.#writers.values()) rows.close();
    this.#parts.connection.closeSync();
  }

  #replaceFiles(files: readonly LakeFile[]): void {
    const manifest = withFiles(this.#manifest, files);
    writeManifest(this.#parts.directory, manifest, this.#parts.disk);
    this.#manifest = manifest;
  }

  async #writeFiles(
    held: readonly { readonly rows: StagedRows<never>; readonly hours: readonly StagedHour[] }[],
    checkpoint: number,
  ): Promise<readonly LakeFile[]> {
    const { directory, job, disk, connection } = this.#parts;
    const files: LakeFile[] = [];
    for (const { rows, hours } of held) {
      const { zone, family, version } = rows.family;
      await rows.shareWords();
      for (const [sequence, figures] of hours.entries()) {
        const name = `part-${job}-${padded(checkpoint)}-${padded(sequence)}.parquet`;
        const path = `${partitionFolder(rows.family, figures.hour)}/${name}`;
        const select = rows.selectHour(figures.hour);
        const part = await writePart({ connection, directory, path, select, disk });
        files.push({ path, zone, family, version, ...figures, ...part });
      }
    }
    return files;
  }
}

/** Numbers in names sort as text. */
function padded(number: number): string {
  return String(number).padStart(6, '0');
}

/** Another process that opened the lake meanwhile took what was staged for a dead one's, and
 * removed it: a manifest that names those files would break the whole lake. */
function checkStaged(directory: string, job: string, { files }: StagedCommit): void {
  const paths = [stagedPath(directory, job), ...files.map(({ path }) => join(directory, path))];
  if (paths.every((path) => existsSync(path))) return;
  throw lakeUnreadable(
    directory,
    'another writer opened it and removed what was staged; let one process write at a time, and ' +
      'do it again',
  );
}
