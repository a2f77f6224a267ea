/** The last stage of a pipeline, whatever stands behind it: rows are written, then committed with
 * the source's offsets, all of a batch or nothing of it. One contract suite holds every
 * implementation to it (`test/contract/storage-stages.test.ts`). Spec: S40–S45. */
import type { Cell } from './row-schema.ts';

/** A commit that a stage holds. */
export interface StageCommit {
  /** Ascending from 1. */
  readonly checkpoint: number;
  /** Per partition of the source, the next offset to read. */
  readonly offsets: readonly number[];
}

/** What opening a stage found that no commit vouches for, and removed. */
export interface StageRecovery {
  /** Uncommitted bytes, rows or files, in words; empty after a clean end. */
  readonly removed: readonly string[];
}

/** A stage that answers at once. Opening it recovers: what was written and not committed is
 * gone. */
export interface StorageStage<Row> {
  readonly recovery: StageRecovery;
  /** Takes rows; nobody sees them before they are committed.
   * @throws EngineError `STORAGE_BAD_ROW`: none of these rows was taken. */
  write(rows: readonly Row[]): void;
  /** Makes what was written since the last commit durable. A checkpoint that is committed already
   * is left as it is, and what was written for it again is dropped.
   * @throws EngineError `STORAGE_UNWRITABLE`: nothing changed, and the same call may be made
   * again. */
  commit(commit: StageCommit): void;
  /** undefined before the first commit. */
  lastCommit(): StageCommit | undefined;
  /** All committed rows, in the schema's order. */
  readBack(): readonly (readonly Cell[])[];
  /** What was written and not committed is lost. Idempotent. */
  close(): void;
}

/** The same, where answers take time (DuckDB). One call at a time: the caller awaits each. */
export interface AsyncStorageStage<Row> {
  readonly recovery: StageRecovery;
  /** As {@link StorageStage.write}. */
  write(rows: readonly Row[]): void;
  /** As {@link StorageStage.commit}. */
  commit(commit: StageCommit): PromiseLike<void>;
  /** As {@link StorageStage.lastCommit}. */
  lastCommit(): StageCommit | undefined;
  /** As {@link StorageStage.readBack}. */
  readBack(): PromiseLike<readonly (readonly Cell[])[]>;
  /** As {@link StorageStage.close}. */
  close(): PromiseLike<void>;
}
