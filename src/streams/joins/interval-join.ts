/** Joins two streams by key where times are near: a left row at `t` meets right rows within
 * `[t + lower, t + upper]`. The pair's time is the later of both; the watermark is the lesser one.
 * A row is kept until no row that is not late can meet it. A row that is late by that watermark is
 * dropped and counted. Spec: W36. */
import { ignoreElements, merge, Observable, type OperatorFunction, tap } from 'rxjs';
import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { ExpiryIndex } from '../operators/expiry-index.ts';
import { rejectionReason, type SideRow, Stage } from '../operators/stage.ts';
import type { StreamItem } from '../stream-item.ts';
import { readSavedNumber, savedNumber } from '../watermarks/saved-number.ts';

/** What makes an interval join. Keys of null meet nothing. */
export interface IntervalJoinOptions<Left, Right, Out> {
  readonly step?: string;
  readonly leftKeyOf: (row: Left) => string | null;
  readonly rightKeyOf: (row: Right) => string | null;
  readonly lowerUs: number;
  readonly upperUs: number;
  readonly join: (left: Left, right: Right) => Out;
  /** Late rows of either side. */
  readonly onLate?: (late: SideRow<Left | Right>) => void;
  readonly onReject?: (rejected: SideRow<Left | Right>) => void;
}

/** The operator. Both streams are read while it is subscribed; it completes when both have.
 *
 * ```ts
 * plays$.pipe(intervalJoin(ads$, {
 *   leftKeyOf: (play) => play.id, rightKeyOf: (ad) => ad.playId,
 *   lowerUs: 0, upperUs: minutes(5), join: (play, ad) => ({ ...play, adId: ad.id }),
 * }))
 * ``` */
export function intervalJoin<Left, Right, Out>(
  right$: Observable<StreamItem<Right>>,
  options: IntervalJoinOptions<Left, Right, Out>,
): OperatorFunction<StreamItem<Left>, StreamItem<Out>> {
  return (left$) =>
    new Observable((subscriber) => {
      const stage = createIntervalJoin(options);
      stage.emit = (item) => subscriber.next(item);
      const take = tap((item: StreamItem<Left>) => stage.take(item));
      const takeRight = tap((item: StreamItem<Right>) => stage.takeRight(item));
      const both$ = merge(left$.pipe(take), right$.pipe(takeRight));
      return both$.pipe(ignoreElements()).subscribe(subscriber);
    });
}

/** The stage of {@link intervalJoin}: left items are taken, right ones are taken beside.
 * @throws EngineError `STREAMS_BAD_ARGUMENT` for bounds that are no whole µs, or crossed. */
export function createIntervalJoin<Left, Right, Out>(
  options: IntervalJoinOptions<Left, Right, Out>,
): IntervalJoin<Left, Right, Out> {
  const { lowerUs, upperUs } = options;
  if (!Number.isSafeInteger(lowerUs) || !Number.isSafeInteger(upperUs) || lowerUs > upperUs) {
    const found = `[${lowerUs}, ${upperUs}]`;
    const message = `interval ${found}: two whole numbers of µs, ascending`;
    throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'lowerUs', found });
  }
  return new IntervalJoin(options);
}

interface Kept<Row> {
  readonly timeUs: number;
  readonly row: Row;
}

interface SavedSide {
  readonly watermarkUs: PlainValue;
  readonly isIdle: boolean;
  readonly rows: readonly (readonly [string, readonly (readonly [number, PlainValue])[]])[];
}

/** Place of the first row that is not before a time. */
function firstFrom(rows: readonly Kept<unknown>[], fromUs: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as Kept<unknown>).timeUs < fromUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One side's rows: by key, ascending by time, then by arrival. */
class Side<Row> {
  readonly #keptForUs: number;
  readonly #byKey = new Map<string, Kept<Row>[]>();
  readonly #expiry: ExpiryIndex<string>;
  watermarkUs = Number.NEGATIVE_INFINITY;
  /** Whether its source is silent, and holds the watermark back no longer. */
  isIdle = false;
  size = 0;

  /** @param keptForUs - A row at `t` is of use until the watermark reaches `t` + this. */
  constructor(keptForUs: number) {
    this.#keptForUs = keptForUs;
    this.#expiry = new ExpiryIndex(Math.abs(keptForUs));
  }

  keep(key: string, kept: Kept<Row>): void {
    const rows = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, rows);
    let at = rows.length;
    while (at > 0 && (rows[at - 1] as Kept<Row>).timeUs > kept.timeUs) at -= 1;
    rows.splice(at, 0, kept);
    this.size += 1;
    this.#expiry.add(key, kept.timeUs + this.#keptForUs);
  }

  /** Rows of the key within `[from, to]`. */
  *near(key: string, fromUs: number, toUs: number): Iterable<Kept<Row>> {
    const rows = this.#byKey.get(key) ?? [];
    for (let at = firstFrom(rows, fromUs); at < rows.length; at += 1) {
      const kept = rows[at] as Kept<Row>;
      if (kept.timeUs > toUs) return;
      yield kept;
    }
  }

  forget(watermarkUs: number): void {
    this.#expiry.drain(watermarkUs, (key) => {
      const rows = this.#byKey.get(key);
      if (rows === undefined) return;
      const alive = rows.findIndex(({ timeUs }) => timeUs + this.#keptForUs > watermarkUs);
      const gone = alive < 0 ? rows.length : alive;
      this.size -= gone;
      if (gone === rows.length) this.#byKey.delete(key);
      else rows.splice(0, gone);
    });
  }

  save(): PlainValue {
    const rows = [...this.#byKey].map(([key, kept]): [string, PlainValue] => [
      key,
      kept.map(({ timeUs, row }): [number, PlainValue] => [timeUs, row as PlainValue]),
    ]);
    return { watermarkUs: savedNumber(this.watermarkUs), isIdle: this.isIdle, rows };
  }

  load(saved: PlainValue): void {
    const { watermarkUs, isIdle, rows } = saved as unknown as SavedSide;
    this.watermarkUs = readSavedNumber(watermarkUs, 'an interval join');
    this.isIdle = isIdle === true;
    this.#byKey.clear();
    this.#expiry.clear();
    this.size = 0;
    for (const [key, kept] of rows) {
      for (const [timeUs, row] of kept) this.keep(key, { timeUs, row: row as unknown as Row });
    }
  }
}

/** A join of two streams, whose rows are plain data where snapshots are taken. */
export class IntervalJoin<Left, Right, Out> extends Stage<Left, Out> {
  readonly #options: IntervalJoinOptions<Left, Right, Out>;
  readonly #left: Side<Left>;
  readonly #right: Side<Right>;
  #watermarkUs = Number.NEGATIVE_INFINITY;

  constructor(options: IntervalJoinOptions<Left, Right, Out>) {
    super(options.step ?? 'interval-join');
    this.#options = options;
    this.#left = new Side(options.upperUs);
    this.#right = new Side(-options.lowerUs);
  }

  override get stateSize(): number {
    return this.#left.size + this.#right.size;
  }

  take(item: StreamItem<Left>): void {
    if (item.kind === 'watermark') {
      this.#left.watermarkUs = item.timeUs;
      this.#advance();
      return;
    }
    const key = this.#admit(item, this.#options.leftKeyOf);
    if (key === undefined) return;
    const { row, timeUs } = item;
    const { lowerUs, upperUs, join } = this.#options;
    this.#left.keep(key, { timeUs, row });
    for (const other of this.#right.near(key, timeUs + lowerUs, timeUs + upperUs)) {
      this.#pair(join(row, other.row), Math.max(timeUs, other.timeUs));
    }
  }

  /** Takes an item of the right stream. */
  takeRight(item: StreamItem<Right>): void {
    if (item.kind === 'watermark') {
      this.#right.watermarkUs = item.timeUs;
      this.#advance();
      return;
    }
    const key = this.#admit(item, this.#options.rightKeyOf);
    if (key === undefined) return;
    const { row, timeUs } = item;
    const { lowerUs, upperUs, join } = this.#options;
    this.#right.keep(key, { timeUs, row });
    for (const other of this.#left.near(key, timeUs - upperUs, timeUs - lowerUs)) {
      this.#pair(join(other.row, row), Math.max(timeUs, other.timeUs));
    }
  }

  /** Tells which sides' sources are silent: such a side no longer holds the watermark back. Where
   * both are, event time stands still. */
  setIdle(sides: { readonly left: boolean; readonly right: boolean }): void {
    this.#left.isIdle = sides.left;
    this.#right.isIdle = sides.right;
    this.#advance();
  }

  #admit<Row extends Left | Right>(
    { row, timeUs }: { readonly row: Row; readonly timeUs: number },
    keyOf: (row: Row) => string | null,
  ): string | undefined {
    this.tally.received += 1;
    if (timeUs <= this.#watermarkUs) {
      this.tally.drop('late');
      this.#options.onLate?.({ row, timeUs, reason: 'late' });
      return undefined;
    }
    const key = this.#keyOf({ row, timeUs }, keyOf);
    if (key === undefined) return undefined;
    if (key === null) {
      this.tally.drop('no key');
      return undefined;
    }
    this.tally.passed += 1;
    return key;
  }

  #keyOf<Row extends Left | Right>(
    { row, timeUs }: { readonly row: Row; readonly timeUs: number },
    keyOf: (row: Row) => string | null,
  ): string | null | undefined {
    const { onReject } = this.#options;
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

  #pair(row: Out, timeUs: number): void {
    this.tally.emitted += 1;
    this.emit({ kind: 'row', row, timeUs });
  }

  #advance(): void {
    const counted = [this.#left, this.#right].filter(({ isIdle }) => !isIdle);
    if (counted.length === 0) return;
    const watermarkUs = Math.min(...counted.map((side) => side.watermarkUs));
    if (!(watermarkUs > this.#watermarkUs)) return;
    this.#watermarkUs = watermarkUs;
    this.#left.forget(watermarkUs);
    this.#right.forget(watermarkUs);
    this.emit({ kind: 'watermark', timeUs: watermarkUs });
  }

  protected override saveState(): PlainValue {
    return {
      watermarkUs: savedNumber(this.#watermarkUs),
      left: this.#left.save(),
      right: this.#right.save(),
    };
  }

  protected override loadState(saved: PlainValue): void {
    const { watermarkUs, left, right } = saved as Readonly<Record<string, PlainValue>>;
    this.#watermarkUs = readSavedNumber(watermarkUs, 'an interval join');
    this.#left.load(left ?? null);
    this.#right.load(right ?? null);
  }
}
