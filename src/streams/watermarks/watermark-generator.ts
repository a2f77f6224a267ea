/** How a watermark follows from the rows of one partition, by Flink's convention: W(t) says that no
 * more rows with time ≤ t are expected. Spec: W5, W25. */
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { readSavedNumber, savedNumber } from './saved-number.ts';

/** One partition's watermark. It never goes back. */
export interface WatermarkGenerator<Row> extends Checkpointable {
  observe(row: Row, timeUs: number): void;
  /** −∞ before the first row. */
  readonly watermarkUs: number;
}

/** Ways to make a watermark. */
export type WatermarkStrategy<Row> =
  /** Rows are out of order by the bound at most: greatest time − bound − 1. */
  | { readonly kind: 'bounded'; readonly boundUs: number }
  /** Times never go back, though they repeat: greatest time − 1. */
  | { readonly kind: 'ascending' }
  /** Some rows carry the watermark; null for those that do not. One that goes back is ignored. */
  | {
      readonly kind: 'punctuated';
      readonly watermarkUsOf: (row: Row, timeUs: number) => number | null;
    }
  /** The caller's own; called once for each partition. */
  | { readonly kind: 'custom'; readonly create: () => WatermarkGenerator<Row> };

/** Makes the generator of one partition. */
export function createWatermarkGenerator<Row>(
  strategy: WatermarkStrategy<Row>,
): WatermarkGenerator<Row> {
  switch (strategy.kind) {
    case 'bounded':
      return new GreatestTime(strategy.boundUs);
    case 'ascending':
      return new GreatestTime(0);
    case 'punctuated':
      return new Punctuated(strategy.watermarkUsOf);
    case 'custom':
      return strategy.create();
  }
}

class GreatestTime<Row> implements WatermarkGenerator<Row> {
  readonly #boundUs: number;
  #greatestUs = Number.NEGATIVE_INFINITY;

  constructor(boundUs: number) {
    this.#boundUs = boundUs;
  }

  get watermarkUs(): number {
    return this.#greatestUs - this.#boundUs - 1;
  }

  observe(_row: Row, timeUs: number): void {
    if (timeUs > this.#greatestUs) this.#greatestUs = timeUs;
  }

  snapshot(): PlainValue {
    return savedNumber(this.#greatestUs);
  }

  restore(saved: PlainValue): void {
    this.#greatestUs = readSavedNumber(saved, 'greatest time of a partition');
  }
}

class Punctuated<Row> implements WatermarkGenerator<Row> {
  readonly #watermarkUsOf: (row: Row, timeUs: number) => number | null;
  watermarkUs = Number.NEGATIVE_INFINITY;

  constructor(watermarkUsOf: (row: Row, timeUs: number) => number | null) {
    this.#watermarkUsOf = watermarkUsOf;
  }

  observe(row: Row, timeUs: number): void {
    const saidUs = this.#watermarkUsOf(row, timeUs);
    if (saidUs !== null && saidUs > this.watermarkUs) this.watermarkUs = saidUs;
  }

  snapshot(): PlainValue {
    return savedNumber(this.watermarkUs);
  }

  restore(saved: PlainValue): void {
    this.watermarkUs = readSavedNumber(saved, 'watermark of a partition');
  }
}
