/** Windows by Kafka's rule: the greatest time of any row, not a watermark, closes them. A row is
 * taken in before the windows close that it closes. Spec: W20. */
import type { PlainValue } from '../../domain/plain-value.ts';
import type { WindowCounts, WindowOperator } from './window-operator.ts';

/** Drives an operator by stream time: stream time t says as much as a watermark t − 1. */
export class StreamTimeWindows<Row> implements WindowOperator<Row> {
  readonly #windows: WindowOperator<Row>;

  /** @param windows - the operator, whose settings say when windows close by stream time. */
  constructor(windows: WindowOperator<Row>) {
    this.#windows = windows;
  }

  get openWindows(): number {
    return this.#windows.openWindows;
  }

  get counts(): WindowCounts {
    return this.#windows.counts;
  }

  add(row: Row, timeUs: number): void {
    this.#windows.add(row, timeUs);
    this.#windows.advanceTo(timeUs - 1);
  }

  bundle(addRows: () => void): void {
    this.#windows.bundle(addRows);
  }

  /** Only the end of the stream means anything here. */
  advanceTo(watermarkUs: number): void {
    if (watermarkUs === Number.POSITIVE_INFINITY) this.#windows.advanceTo(watermarkUs);
  }

  passProcessTime(nowUs: number): void {
    this.#windows.passProcessTime(nowUs);
  }

  snapshot(): PlainValue {
    return this.#windows.snapshot();
  }

  restore(saved: PlainValue): void {
    this.#windows.restore(saved);
  }
}
