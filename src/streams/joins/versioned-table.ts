/** A table of changes: what held for a key at any time. Changes may arrive in any order. A change
 * is late where a row of its time or after it has been looked up before: rows that were joined
 * keep what they saw, in any case; what becomes of the change is a policy. Spec: W37. */
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { restoring, savedCount } from '../operators/restoring.ts';
import type { Scalar } from '../plan/expression.ts';

/** Values of one version. */
export type TableRow = Readonly<Record<string, Scalar>>;

/** From `validFromUs` on, the key has these values, or none (`null`). */
export interface TableChange {
  readonly key: Scalar;
  readonly validFromUs: number;
  readonly values: TableRow | null;
}

/** A versioned table. */
export interface VersionedTable extends Checkpointable {
  /** @returns false where a late change was refused. */
  change(change: TableChange): boolean;
  /** The values that held at a time, or null. Cost O(log versions of the key). */
  lookup(key: Scalar, timeUs: number): TableRow | null;
  /** Changes for times that had been looked up already, applied or refused. */
  readonly lateChanges: number;
  /** Whether it never changes; such tables are not in snapshots of a run. */
  readonly isFrozen: boolean;
}

/** What makes a table. */
export interface VersionedTableOptions {
  readonly changes?: readonly TableChange[];
  /** `apply` (default): rows looked up from now on see a late change. `refuse`: nobody does, so
   * that two rows of one key and time always see the same. */
  readonly lateChanges?: 'apply' | 'refuse';
  /** Reference data that never changes after it was made. */
  readonly isFrozen?: boolean;
}

/** Makes a table. Two changes of one key and time: the later told holds. */
export function createVersionedTable(options: VersionedTableOptions = {}): VersionedTable {
  return new Table(options);
}

interface Version {
  readonly fromUs: number;
  values: TableRow | null;
}

interface SavedTable {
  readonly lookedUpUs: number | null;
  readonly lateChanges: number;
  readonly keys: readonly (readonly [Scalar, readonly (readonly [number, TableRow | null])[]])[];
}

class Table implements VersionedTable {
  readonly #versions = new Map<Scalar, Version[]>();
  readonly #policy: 'apply' | 'refuse';
  readonly isFrozen: boolean;
  #isFilled = false;
  #lookedUpUs = Number.NEGATIVE_INFINITY;
  lateChanges = 0;

  constructor({ changes = [], lateChanges = 'apply', isFrozen = false }: VersionedTableOptions) {
    this.#policy = lateChanges;
    this.isFrozen = isFrozen;
    for (const one of changes) this.change(one);
    this.#isFilled = true;
  }

  change(change: TableChange): boolean {
    const { key, validFromUs, values } = change;
    if (this.isFrozen && this.#isFilled) {
      const message = 'a frozen table cannot change; make it without isFrozen';
      throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'key', found: key });
    }
    if (key === null || !Number.isSafeInteger(validFromUs)) {
      const message = `table change at ${validFromUs}: needs a key and a time in whole µs`;
      throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'change', found: change });
    }
    if (validFromUs <= this.#lookedUpUs) {
      this.lateChanges += 1;
      if (this.#policy === 'refuse') return false;
    }
    const versions = this.#versions.get(key) ?? [];
    this.#versions.set(key, versions);
    const at = indexAt(versions, validFromUs);
    const known = versions[at];
    if (known?.fromUs === validFromUs) known.values = values;
    else versions.splice(at + 1, 0, { fromUs: validFromUs, values });
    return true;
  }

  lookup(key: Scalar, timeUs: number): TableRow | null {
    if (timeUs > this.#lookedUpUs) this.#lookedUpUs = timeUs;
    const versions = this.#versions.get(key);
    if (versions === undefined) return null;
    return versions[indexAt(versions, timeUs)]?.values ?? null;
  }

  snapshot(): PlainValue {
    const saved: SavedTable = {
      lookedUpUs: Number.isFinite(this.#lookedUpUs) ? this.#lookedUpUs : null,
      lateChanges: this.lateChanges,
      keys: [...this.#versions].map(([key, versions]) => [
        key,
        versions.map(({ fromUs, values }) => [fromUs, values] as const),
      ]),
    };
    return saved as unknown as PlainValue;
  }

  restore(saved: PlainValue): void {
    restoring('a versioned table', () => {
      const { lookedUpUs, lateChanges, keys } = saved as unknown as SavedTable;
      this.#lookedUpUs = lookedUpUs ?? Number.NEGATIVE_INFINITY;
      this.lateChanges = savedCount(lateChanges, 'a versioned table');
      this.#versions.clear();
      for (const [key, versions] of keys) {
        const restored = versions.map(([fromUs, values]) => ({ fromUs, values }));
        this.#versions.set(key, restored);
      }
    });
  }
}

/** The last version that begins at a time or before it; −1 for none. */
function indexAt(versions: readonly Version[], timeUs: number): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((versions[middle] as Version).fromUs <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
