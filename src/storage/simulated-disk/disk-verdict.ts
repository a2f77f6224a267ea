/** What may go wrong with a simulated disk, as data. The disk has no chance of its own: it asks for
 * each operation, and for each change that was not synced when the power went, and does as told.
 * Spec: S300–S306. */

/** What is asked of a disk. */
export type DiskCall =
  | 'lock'
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'sync-folder'
  | 'make-folder'
  | 'list'
  | 'rename'
  | 'remove';

/** One operation, about to be carried out. */
export interface DiskOperation {
  readonly call: DiskCall;
  readonly path: string;
  /** Reads and writes: where in the file, and how many bytes; a truncation's size; else 0. */
  readonly position: number;
  readonly sizeBytes: number;
}

/** What becomes of an operation.
 * - `error`: it fails with a system error. Of a write, `share` (0 … 1) of the bytes are there. A
 *   sync that fails forgets what was not synced, as Linux does.
 * - `dies`: the process ends in a write; `share` of the bytes are there, `astrayBytes` behind their
 *   place. Nothing works until the disk is started again.
 * - `flip`: a read gives one bit the other way round, `at` (0 … 1) of the way through it.
 * - `stale`: a read gives what was there before the file's last write. */
export type DiskVerdict =
  | {
      readonly kind: 'error';
      readonly code: 'EIO' | 'ENOSPC' | 'EROFS' | 'EACCES';
      readonly share?: number;
    }
  | { readonly kind: 'dies'; readonly share: number; readonly astrayBytes?: number }
  | { readonly kind: 'flip'; readonly at: number }
  | { readonly kind: 'stale' };

/** Decides an operation; undefined lets it be. @param index - Operations of this disk before it. */
export type DecideDisk = (operation: DiskOperation, index: number) => DiskVerdict | undefined;

/** A change that was not synced when the power went. */
export interface UnsyncedChange {
  readonly kind: 'write' | 'truncate' | 'name';
  readonly path: string;
  /** Of a write. */
  readonly sizeBytes: number;
}

/** Decides what survives of a change: 0 nothing, 1 all, between them the first bytes of a write;
 * other changes happened from 0.5 on. @param index - Changes asked about before it. */
export type DecideFate = (change: UnsyncedChange, index: number) => number;
