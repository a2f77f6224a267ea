/** Event-time windows as an operator: rows and watermarks in, rows of panes out, late rows aside,
 * and on request only the first of each window. A pane's event time is the window's last instant;
 * watermarks go on after the panes that they caused. Spec: W38, W39. */
import type { OperatorFunction } from 'rxjs';
import type { PlainValue } from '../../domain/plain-value.ts';
import type { Aggregator } from '../aggregates/aggregate-spec.ts';
import { TopN, type TopOptions } from '../aggregates/top-n.ts';
import type { StreamItem } from '../stream-item.ts';
import { readSavedNumber, savedNumber } from '../watermarks/saved-number.ts';
import { createWindowOperator } from '../windows/create-window-operator.ts';
import type { Pane, WindowOperator } from '../windows/window-operator.ts';
import type { PaneInfo, WindowSpec } from '../windows/window-spec.ts';
import type { RowOptions } from './rows.ts';
import { freshly, rejectionReason, type SideRow, Stage } from './stage.ts';

/** What makes a windowed aggregation. */
export interface WindowAggregateOptions<In, Acc, Result, Out> extends RowOptions<In> {
  readonly window: WindowSpec;
  readonly keyOf: (row: In) => string;
  /** Where the gap of sessions is an expression. */
  readonly gapUsOf?: (row: In) => number;
  readonly aggregator: Aggregator<In, Acc, Result>;
  readonly toRow: (pane: Pane<Result>) => Out;
  /** Rows that are too late for all their windows; they are counted in any case. */
  readonly onLate?: (late: SideRow<In>) => void;
  readonly top?: TopOptions<Out> & {
    /** The row with its rank, from 1; and the same taken back, where panes retract. */
    readonly ranked?: (row: Out, rank: number, isRetraction: boolean) => Out;
  };
}

/** The operator.
 *
 * ```ts
 * items$.pipe(windowAggregate({
 *   window: { assign: { kind: 'tumbling', sizeUs: minutes(1) } },
 *   keyOf: (row) => row.titleId,
 *   aggregator: createCount(),
 *   toRow: ({ key, value, info }) => ({ titleId: key, plays: value, start: info.startUs }),
 *   top: { limit: 10, compare: (a, b) => b.plays - a.plays || (a.titleId < b.titleId ? -1 : 1) },
 * }))
 * ``` */
export function windowAggregate<In, Acc, Result, Out>(
  options: WindowAggregateOptions<In, Acc, Result, Out>,
): OperatorFunction<StreamItem<In>, StreamItem<Out>> {
  return freshly(() => createWindowAggregate(options));
}

/** The stage of {@link windowAggregate}. @throws EngineError `STREAMS_BAD_WINDOW`. */
export function createWindowAggregate<In, Acc, Result, Out>(
  options: WindowAggregateOptions<In, Acc, Result, Out>,
): Stage<In, Out> {
  return new WindowAggregate(options);
}

class WindowAggregate<In, Acc, Result, Out> extends Stage<In, Out> {
  readonly #options: WindowAggregateOptions<In, Acc, Result, Out>;
  readonly #windows: WindowOperator<In>;
  readonly #top: WindowTops<Out> | undefined;
  #unassigned = 0;

  constructor(options: WindowAggregateOptions<In, Acc, Result, Out>) {
    super(options.step ?? 'window');
    this.#options = options;
    const { window, keyOf, gapUsOf, aggregator, top } = options;
    this.#top = top === undefined ? undefined : new WindowTops(window, top);
    this.#windows = createWindowOperator<In, Acc, Result>({
      spec: window,
      keyOf,
      ...(gapUsOf === undefined ? {} : { gapUsOf }),
      aggregator,
      onPane: (pane) => this.#pane(pane),
      onLate: ({ row, timeUs }) => {
        this.tally.drop('late');
        options.onLate?.({ row, timeUs, reason: 'late' });
      },
    });
  }

  override get stateSize(): number {
    return this.#windows.openWindows + (this.#top?.size ?? 0);
  }

  take(item: StreamItem<In>): void {
    if (item.kind === 'watermark') {
      this.#windows.advanceTo(item.timeUs);
      this.#flushTop();
      this.#top?.advanceTo(item.timeUs);
      this.emit(item);
      return;
    }
    this.tally.received += 1;
    if (this.#options.onReject === undefined) this.#windows.add(item.row, item.timeUs);
    else this.#tryAdd(item);
    this.#flushTop();
  }

  override passProcessTime(nowUs: number): void {
    this.#windows.passProcessTime(nowUs);
    this.#flushTop();
  }

  #tryAdd({ row, timeUs }: StreamItem<In> & { kind: 'row' }): void {
    try {
      this.#windows.add(row, timeUs);
    } catch (error) {
      const reason = rejectionReason(error);
      this.tally.reject(reason);
      this.#options.onReject?.({ row, timeUs, reason });
    }
  }

  #pane(pane: Pane<Result>): void {
    const row = this.#options.toRow(pane);
    if (this.#top === undefined) this.#tell(row, lastInstantUs(pane.info));
    else this.#top.accept(pane.key, pane.info, row);
  }

  #flushTop(): void {
    this.#top?.flush((row, timeUs) => this.#tell(row, timeUs));
  }

  #tell(row: Out, timeUs: number): void {
    this.tally.emitted += 1;
    this.emit({ kind: 'row', row, timeUs });
  }

  override counts() {
    const { unassigned, late } = this.#windows.counts;
    for (; this.#unassigned < unassigned; this.#unassigned += 1) this.tally.drop('no window');
    const counts = this.tally.counts();
    const rejected = Object.values(counts.rejected).reduce((sum, n) => sum + n, 0);
    return { ...counts, passed: counts.received - late - unassigned - rejected };
  }

  protected override saveState(): PlainValue {
    return {
      windows: this.#windows.snapshot(),
      unassigned: this.#unassigned,
      top: this.#top?.save() ?? null,
    };
  }

  protected override loadState(saved: PlainValue): void {
    const { windows, unassigned, top } = saved as Readonly<Record<string, PlainValue>>;
    this.#windows.restore(windows ?? null);
    this.#unassigned = Number(unassigned);
    this.#top?.load(top ?? null);
  }
}

/** The event time of a pane; the greatest time for the global window. */
function lastInstantUs({ endUs }: PaneInfo): number {
  return Math.min(endUs, Number.MAX_SAFE_INTEGER) - 1;
}

/** Tops of windows, kept until late rows can no longer change them. */
class WindowTops<Row> {
  readonly #tops: TopN<Ranked<Row>>;
  readonly #ranked: (row: Row, rank: number, isRetraction: boolean) => Row;
  readonly #isRetracting: boolean;
  readonly #keptForUs: number;
  /** End of each window that is kept. */
  readonly #ends = new Map<string, number>();
  #leastEndUs = Number.POSITIVE_INFINITY;

  constructor(
    window: WindowSpec,
    top: NonNullable<WindowAggregateOptions<unknown, unknown, unknown, Row>['top']>,
  ) {
    this.#tops = new TopN({
      limit: top.limit,
      compare: (a: Ranked<Row>, b: Ranked<Row>) => top.compare(a.row, b.row),
    });
    this.#ranked = top.ranked ?? ((row) => row);
    this.#isRetracting = window.accumulation === 'retracting';
    this.#keptForUs = window.allowedLatenessUs ?? 0;
  }

  get size(): number {
    return this.#tops.size;
  }

  accept(key: string, info: PaneInfo, row: Row): void {
    // What a pane takes back is replaced by the pane after it.
    if (info.isRetraction) return;
    const window = `${info.startUs}/${info.endUs}`;
    this.#tops.accept(window, key, { row, timeUs: lastInstantUs(info) });
    this.#ends.set(window, info.endUs);
    this.#leastEndUs = Math.min(this.#leastEndUs, info.endUs);
  }

  flush(tell: (row: Row, timeUs: number) => void): void {
    this.#tops.flush(({ rank, row: { row, timeUs }, before }) => {
      if (this.#isRetracting && before !== null) {
        tell(this.#ranked(before.row, rank, true), timeUs);
      }
      tell(this.#ranked(row, rank, false), timeUs);
    });
  }

  /** By Beam's convention windows close one µs later; keeping them that long does no harm. */
  advanceTo(watermarkUs: number): void {
    if (watermarkUs < this.#leastEndUs + this.#keptForUs) return;
    let leastUs = Number.POSITIVE_INFINITY;
    for (const [window, endUs] of this.#ends) {
      if (watermarkUs >= endUs + this.#keptForUs) {
        this.#ends.delete(window);
        this.#tops.forget(window);
      } else if (endUs < leastUs) leastUs = endUs;
    }
    this.#leastEndUs = leastUs;
  }

  save(): PlainValue {
    const ends = [...this.#ends].map(([window, endUs]): PlainValue => [window, savedNumber(endUs)]);
    return { tops: this.#tops.save(), ends };
  }

  load(saved: PlainValue): void {
    const { tops, ends } = saved as unknown as { tops: PlainValue; ends: [string, PlainValue][] };
    this.#tops.load(tops);
    this.#ends.clear();
    this.#leastEndUs = Number.POSITIVE_INFINITY;
    for (const [window, end] of ends) {
      const endUs = readSavedNumber(end, 'a top');
      this.#ends.set(window, endUs);
      this.#leastEndUs = Math.min(this.#leastEndUs, endUs);
    }
  }
}

interface Ranked<Row> {
  readonly row: Row;
  readonly timeUs: number;
}
