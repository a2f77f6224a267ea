/** Window assignments and watermarks in the field's words. Durations are µs: `minutes(5)`. */
import type { WindowAssignment, WindowSpec } from '../../windows/window-spec.ts';
import type { WatermarkSpec } from '../plan.ts';
import type { NumberColumn } from './column.ts';

/** An assignment over rows with columns `F`. */
export interface Windowing<F> {
  readonly assignOf: (fields: F) => WindowAssignment;
}

/** Everything of a {@link WindowSpec} besides the assignment, with its defaults. */
export type WindowOptions = Omit<WindowSpec, 'assign'>;

/** Windows side by side. */
export function tumbling(
  sizeUs: number,
  options: { readonly offsetUs?: number } = {},
): Windowing<unknown> {
  return { assignOf: () => ({ kind: 'tumbling', sizeUs, ...options }) };
}

/** Windows of one size that start every slide; a row is in ⌈size / slide⌉ of them. */
export function hopping(options: {
  readonly sizeUs: number;
  readonly slideUs: number;
  readonly offsetUs?: number;
}): Windowing<unknown> {
  return { assignOf: () => ({ kind: 'hopping', ...options }) };
}

/** Windows that last until a key is silent for the gap: fixed, or an expression over the row. */
export function session<F>(
  gapUs: number | ((fields: F) => NumberColumn),
  options: { readonly touch?: 'merge' | 'split' | 'kafka' } = {},
): Windowing<F> {
  return {
    assignOf: (fields) => ({
      kind: 'session',
      gapUs: typeof gapUs === 'number' ? gapUs : gapUs(fields).expression,
      ...options,
    }),
  };
}

/** One window a key, for ever. */
export function globalWindow(): Windowing<unknown> {
  return { assignOf: () => ({ kind: 'global' }) };
}

/** Windows of one start that grow by a step up to a size. */
export function cumulate(options: {
  readonly stepUs: number;
  readonly maxSizeUs: number;
  readonly offsetUs?: number;
}): Windowing<unknown> {
  return { assignOf: () => ({ kind: 'cumulate', ...options }) };
}

/** Watermark = greatest time − bound − 1. */
export function boundedOutOfOrderness(boundUs: number): WatermarkSpec {
  return { kind: 'bounded', boundUs };
}

/** Times never go back. */
export function ascendingTimes(): WatermarkSpec {
  return { kind: 'ascending' };
}

/** A row where the column is not NULL carries the watermark there. */
export function punctuatedBy(column: string): WatermarkSpec {
  return { kind: 'punctuated', column };
}
