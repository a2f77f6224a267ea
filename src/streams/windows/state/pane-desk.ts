/** What all kinds of windows share: cells, the triggers that look at them, the panes they make, and
 * the counts of rows. Which cells a row belongs to, and when windows end, is their owner's. */
import type { Aggregator } from '../../aggregates/aggregate-spec.ts';
import type { Pane, WindowCounts, WindowOperatorOptions } from '../window-operator.ts';
import type { WindowSettings } from '../window-settings.ts';
import type { PaneInfo, PaneTiming } from '../window-spec.ts';
import { ALARM_US, CellStore, END_US, NEWS, PANES, START_US } from './cell-store.ts';
import { TimerHeap } from './timer-heap.ts';

const { MAX_SAFE_INTEGER, NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;

/** Cells and their panes. Spec: W15–W20. */
export class PaneDesk<Row, Acc, Result> {
  readonly store = new CellStore<Acc>();
  readonly settings: WindowSettings;
  readonly aggregator: Aggregator<Row, Acc, Result>;
  watermarkUs = NEGATIVE_INFINITY;
  processTimeUs = NEGATIVE_INFINITY;
  counts: { -readonly [Name in keyof WindowCounts]: number } = {
    received: 0,
    late: 0,
    partialLateDrops: 0,
    unassigned: 0,
    droppedClosed: 0,
  };
  readonly #options: WindowOperatorOptions<Row, Acc, Result>;
  readonly #alarms = new TimerHeap<number>();
  readonly #isRetracting: boolean;
  #bundled: number[] | undefined;
  /** Of the row that is being added. */
  #rowTimeUs = 0;

  constructor(settings: WindowSettings, options: WindowOperatorOptions<Row, Acc, Result>) {
    this.settings = settings;
    this.aggregator = options.aggregator;
    this.#options = options;
    this.#isRetracting = settings.accumulation === 'retracting';
  }

  /** The watermark at which a window fires; saturates. */
  fireUs(endUs: number): number {
    return Math.min(MAX_SAFE_INTEGER, endUs + this.settings.fireAfterUs);
  }

  /** The watermark at which it is forgotten; saturates, so that windows near the end of time are
   * not forgotten early. */
  closeUs(endUs: number): number {
    return Math.min(MAX_SAFE_INTEGER, endUs + this.settings.closeAfterUs);
  }

  /** @param watermarkUs - by the caller's convention. @returns whether event time moved on. */
  moveTo(watermarkUs: number): boolean {
    const movedUs = watermarkUs - this.settings.watermarkShiftUs;
    if (!(movedUs > this.watermarkUs)) return false;
    this.watermarkUs = movedUs;
    return true;
  }

  open(key: string, startUs: number, endUs: number): number {
    const cell = this.store.open(key, startUs, endUs);
    this.store.setAcc(cell, this.aggregator.create());
    return cell;
  }

  /** A row has come; `add` or `tellLate` follow. */
  receive(timeUs: number): void {
    this.#rowTimeUs = timeUs;
    this.counts.received += 1;
  }

  /** Takes a row into a cell. @param isEnded - whether the cell's window has fired. */
  add(cell: number, row: Row, isEnded: boolean): void {
    const { store, settings } = this;
    store.setAcc(cell, this.aggregator.add(store.acc(cell), row));
    const news = (store.records[cell + NEWS] as number) + 1;
    store.records[cell + NEWS] = news;
    if (news >= (isEnded ? settings.lateCount : settings.earlyCount)) this.#trigger(cell, isEnded);
    else if (!isEnded && settings.alarm !== null) this.#startAlarm(cell);
  }

  /** Merges a cell into another: contents, news, alarms, panes; the merged one is free then. */
  merge(into: number, from: number): void {
    const { store } = this;
    const { records } = store;
    this.carry(into, from);
    records[into + PANES] = (records[into + PANES] as number) + (records[from + PANES] as number);
    store.setSettledPanes(into, store.settledPanes(into) + store.settledPanes(from));
    this.setAlarm(
      into,
      Math.min(records[into + ALARM_US] as number, records[from + ALARM_US] as number),
    );
    if (this.#isRetracting) store.setTold(into, [...store.told(into), ...store.told(from)]);
    store.free(from);
  }

  /** Adds what a cell holds to another, which will tell it too; the cell stays as it is. */
  carry(into: number, from: number): void {
    const { store } = this;
    store.setAcc(into, this.aggregator.merge(store.acc(into), store.acc(from)));
    const { records } = store;
    records[into + NEWS] = (records[into + NEWS] as number) + (records[from + NEWS] as number);
  }

  /** A row that is too late for all its windows leaves. */
  tellLate(row: Row, timeUs: number): void {
    this.counts.late += 1;
    this.#options.onLate({ row, timeUs, watermarkUs: this.watermarkUs });
  }

  bundle(addRows: () => void): void {
    if (this.#bundled !== undefined) {
      addRows();
      return;
    }
    const cells: number[] = [];
    this.#bundled = cells;
    try {
      addRows();
    } finally {
      this.#bundled = undefined;
    }
    const { store, settings } = this;
    for (const cell of cells) {
      if (!store.isOpen(cell)) continue;
      const isEnded = this.fireUs(store.records[cell + END_US] as number) <= this.watermarkUs;
      const least = isEnded ? settings.lateCount : settings.earlyCount;
      if ((store.records[cell + NEWS] as number) >= least) this.#trigger(cell, isEnded);
    }
  }

  /** The watermark has reached the end of the cell's window.
   * @returns whether that was its last, as cleanup fell into the same step. */
  end(cell: number): boolean {
    const isLast = this.closeUs(this.store.records[cell + END_US] as number) <= this.watermarkUs;
    if (this.settings.firesOnTime || (isLast && this.#hasClosingPane(cell))) {
      this.fire(cell, 'ON_TIME', isLast);
    }
    if (isLast) this.#release(cell);
    return isLast;
  }

  /** Lateness is over: a last pane for what no pane has told, and the cell is forgotten. */
  close(cell: number): void {
    if (this.#hasClosingPane(cell)) this.fire(cell, 'LATE', true);
    this.#release(cell);
  }

  fire(cell: number, timing: PaneTiming, isLast: boolean): void {
    const { store } = this;
    if (this.#isRetracting) this.#retract(cell);
    const pane: Pane<Result> = {
      key: store.key(cell),
      value: this.aggregator.result(store.acc(cell)),
      info: this.#describe(cell, timing, isLast),
    };
    if (this.#isRetracting && !isLast) store.setTold(cell, [pane]);
    if (this.settings.accumulation === 'discarding') store.setAcc(cell, this.aggregator.create());
    store.records[cell + NEWS] = 0;
    store.records[cell + ALARM_US] = POSITIVE_INFINITY;
    this.#options.onPane(pane);
  }

  /** When the next early trigger of event time fires; NaN for never. */
  get nextAlarmUs(): number {
    return this.settings.alarm?.kind === 'event-time' ? this.#alarms.nextUs : Number.NaN;
  }

  /** Fires the early panes that are due at `nextAlarmUs`. A window that ends in the same step of
   * the watermark tells its on-time pane alone. */
  runAlarms(): void {
    const atUs = this.#alarms.nextUs;
    const { firesOnTime } = this.settings;
    for (const cell of this.#takeAlarms(atUs)) {
      const fireUs = this.fireUs(this.store.records[cell + END_US] as number);
      const isEnded = fireUs <= this.watermarkUs;
      if (isEnded && (firesOnTime || fireUs < atUs)) continue;
      this.fire(cell, 'EARLY', false);
    }
  }

  passProcessTime(nowUs: number): void {
    if (!(nowUs > this.processTimeUs)) return;
    this.processTimeUs = nowUs;
    if (this.settings.alarm?.kind !== 'process-time') return;
    while (this.#alarms.nextUs <= nowUs) {
      for (const cell of this.#takeAlarms(this.#alarms.nextUs)) {
        const isEnded =
          this.fireUs(this.store.records[cell + END_US] as number) <= this.watermarkUs;
        if (!isEnded) this.fire(cell, 'EARLY', false);
      }
    }
  }

  /** Puts the alarm of a cell, after a merge or a restore. +∞ for none. */
  setAlarm(cell: number, atUs: number): void {
    if (atUs === this.store.records[cell + ALARM_US]) return;
    this.store.records[cell + ALARM_US] = atUs;
    if (atUs < POSITIVE_INFINITY) this.#alarms.push(atUs, cell);
  }

  /** Forgets all cells and alarms. */
  clear(): void {
    this.store.clear();
    this.#alarms.clear();
  }

  #trigger(cell: number, isEnded: boolean): void {
    if (this.#bundled !== undefined) this.#bundled.push(cell);
    else this.fire(cell, isEnded ? 'LATE' : 'EARLY', false);
  }

  /** Starts the early trigger of a cell with news. In event time a window's first pane comes at the
   * first multiple past the row; later ones at each multiple that the watermark passes. */
  #startAlarm(cell: number): void {
    const { alarm } = this.settings;
    if (alarm === null || (this.store.records[cell + ALARM_US] as number) < POSITIVE_INFINITY)
      return;
    if (alarm.kind === 'process-time') this.setAlarm(cell, this.processTimeUs + alarm.periodUs);
    else {
      const isFirst = this.store.records[cell + PANES] === 0;
      const fromUs = isFirst ? Math.max(this.#rowTimeUs, this.watermarkUs) : this.watermarkUs;
      this.setAlarm(cell, (Math.floor(fromUs / alarm.periodUs) + 1) * alarm.periodUs);
    }
  }

  /** Cells whose alarm is at this time and true, by key and start. */
  #takeAlarms(atUs: number): number[] {
    const due: number[] = [];
    while (this.#alarms.nextUs === atUs) {
      const cell = this.#alarms.pop();
      if (this.store.records[cell + ALARM_US] !== atUs) continue;
      this.store.records[cell + ALARM_US] = POSITIVE_INFINITY;
      due.push(cell);
    }
    return due.sort(this.store.compare);
  }

  #describe(cell: number, timing: PaneTiming, isLast: boolean): PaneInfo {
    const { store } = this;
    const paneIndex = store.records[cell + PANES] as number;
    const settledPanes = store.settledPanes(cell);
    store.records[cell + PANES] = paneIndex + 1;
    if (timing !== 'EARLY') store.setSettledPanes(cell, settledPanes + 1);
    return {
      startUs: store.records[cell + START_US] as number,
      endUs: (store.records[cell + END_US] as number) - this.settings.endShownLessUs,
      timing,
      paneIndex,
      nonSpeculativeIndex: timing === 'EARLY' ? -1 : settledPanes,
      isFirst: paneIndex === 0,
      isLast,
      isRetraction: false,
    };
  }

  #retract(cell: number): void {
    const told = this.store.told(cell) as readonly Pane<Result>[];
    if (told.length === 0) return;
    this.store.setTold(cell, []);
    for (const { key, value, info } of told) {
      this.#options.onPane({ key, value, info: { ...info, isRetraction: true } });
    }
  }

  #hasClosingPane(cell: number): boolean {
    const { closing } = this.settings;
    if (closing === 'fire-always') return true;
    return closing === 'fire-if-non-empty' && (this.store.records[cell + NEWS] as number) > 0;
  }

  #release(cell: number): void {
    this.counts.droppedClosed += this.store.records[cell + NEWS] as number;
    this.store.free(cell);
  }
}
