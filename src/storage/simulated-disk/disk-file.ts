/** A file as a disk has it: what is read now, what is sure to be there after a loss of power, and
 * the changes between the two, in their order. Spec: S300, S301. */
import { ByteExtent } from './byte-extent.ts';
import type { DecideFate } from './disk-verdict.ts';

type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly sizeBytes: number };

/** What the last write replaced. */
interface Before {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
}

/** A file. */
export class DiskFile {
  #now = new ByteExtent();
  readonly #synced = new ByteExtent();
  #unsynced: Change[] = [];
  #before: Before | undefined;

  get sizeBytes(): number {
    return this.#now.sizeBytes;
  }

  /** How many changes are not synced. */
  get unsyncedCount(): number {
    return this.#unsynced.length;
  }

  /** @returns bytes read. */
  read(target: Uint8Array, position: number): number {
    return this.#now.read(target, position);
  }

  /** As `read`, before the last write. */
  readStale(target: Uint8Array, position: number): number {
    const before = this.#before;
    if (before === undefined) return this.#now.read(target, position);
    const old = this.#now.copy();
    old.write(before.bytes, before.position);
    old.truncate(before.sizeBytes);
    return old.read(target, position);
  }

  write(bytes: Uint8Array, position: number): void {
    const replaced = new Uint8Array(bytes.length);
    this.#now.read(replaced, position);
    this.#before = { position, bytes: replaced, sizeBytes: this.#now.sizeBytes };
    const own = bytes.slice();
    this.#now.write(own, position);
    this.#unsynced.push({ kind: 'write', position, bytes: own });
  }

  truncate(sizeBytes: number): void {
    this.#before = undefined;
    this.#now.truncate(sizeBytes);
    this.#unsynced.push({ kind: 'truncate', sizeBytes });
  }

  sync(): void {
    for (const change of this.#unsynced) apply(this.#synced, change, 1);
    this.#unsynced = [];
  }

  /** A sync failed: what was not synced is as if it had never been. */
  dropUnsynced(): void {
    this.#unsynced = [];
    this.#before = undefined;
    this.#now = this.#synced.copy();
  }

  /** The power went: some of what was not synced is there, each for itself. */
  losePower(path: string, fateOf: (change: Parameters<DecideFate>[0]) => number): void {
    for (const change of this.#unsynced) {
      const sizeBytes = change.kind === 'write' ? change.bytes.length : 0;
      apply(this.#synced, change, fateOf({ kind: change.kind, path, sizeBytes }));
    }
    this.dropUnsynced();
  }
}

function apply(extent: ByteExtent, change: Change, share: number): void {
  if (change.kind === 'truncate') {
    if (share >= 0.5) extent.truncate(change.sizeBytes);
    return;
  }
  const kept = Math.floor(change.bytes.length * share);
  if (kept > 0) extent.write(change.bytes.subarray(0, kept), change.position);
}
