/** Joins rows with the version of a table's row that held at their event time. Spec: W37. */
import type { OperatorFunction } from 'rxjs';
import type { RowOptions } from '../operators/rows.ts';
import { freshly, rejectionReason, Stage } from '../operators/stage.ts';
import type { Scalar } from '../plan/expression.ts';
import type { StreamItem } from '../stream-item.ts';
import type { TableRow, VersionedTable } from './versioned-table.ts';

/** What makes a lookup join. */
export interface LookupJoinOptions<In, Out> extends RowOptions<In> {
  /** Its state is its own: who takes snapshots of a stream takes them of its tables too. */
  readonly table: VersionedTable;
  readonly keyOf: (row: In) => Scalar;
  /** The joined row; `values` is null where nothing held. */
  readonly join: (row: In, values: TableRow | null) => Out;
  /** Whether rows without a match go on (`null`, default) or are dropped and counted. */
  readonly missing?: 'null' | 'drop';
}

/** The operator.
 *
 * ```ts
 * items$.pipe(lookupJoin({
 *   table,
 *   keyOf: (play) => play.titleId,
 *   join: (play, title) => ({ ...play, kind: title?.['kind'] ?? null }),
 * }))
 * ``` */
export function lookupJoin<In, Out>(
  options: LookupJoinOptions<In, Out>,
): OperatorFunction<StreamItem<In>, StreamItem<Out>> {
  return freshly(() => createLookupJoin(options));
}

/** The stage of {@link lookupJoin}. */
export function createLookupJoin<In, Out>(options: LookupJoinOptions<In, Out>): Stage<In, Out> {
  return new LookupJoin(options);
}

class LookupJoin<In, Out> extends Stage<In, Out> {
  readonly #options: LookupJoinOptions<In, Out>;

  constructor(options: LookupJoinOptions<In, Out>) {
    super(options.step ?? 'lookup-join');
    this.#options = options;
  }

  take(item: StreamItem<In>): void {
    if (item.kind === 'watermark') {
      this.emit(item);
      return;
    }
    this.tally.received += 1;
    const key = this.#keyOf(item);
    if (key === undefined) return;
    const { table, join, missing } = this.#options;
    const values = key === null ? null : table.lookup(key, item.timeUs);
    if (values === null && missing === 'drop') {
      this.tally.drop('no match');
      return;
    }
    this.tally.passed += 1;
    this.tally.emitted += 1;
    this.emit({ kind: 'row', row: join(item.row, values), timeUs: item.timeUs });
  }

  #keyOf({ row, timeUs }: StreamItem<In> & { kind: 'row' }): Scalar | undefined {
    const { keyOf, onReject } = this.#options;
    if (onReject === undefined) return keyOf(row);
    try {
      return keyOf(row);
    } catch (error) {
      const reason = rejectionReason(error);
      this.tally.reject(reason);
      onReject({ row, timeUs, reason });
      return undefined;
    }
  }
}
