/** Runs the vectors of watermarks, distilled from Flink's tests. */
import { expect } from 'vitest';
import { createWatermarkGenerator } from '../../../src/streams/watermarks/watermark-generator.ts';
import { createWatermarkMerge } from '../../../src/streams/watermarks/watermark-merge.ts';

/** A vector's parts that speak of watermarks. */
interface WatermarkVector {
  readonly bound?: number;
  readonly channels?: number;
  readonly cases?: readonly { readonly events: readonly number[]; readonly wm: number | 'min' }[];
  readonly steps?: readonly {
    readonly w?: number | 'max' | readonly [number, number];
    readonly idle?: number;
    readonly active?: number;
    readonly out?: unknown;
  }[];
}

/** A generator's vector: what the watermark is after some events, asked twice. */
export function runWatermarkVector({ bound = 0, cases = [] }: WatermarkVector): void {
  expect(cases.length).toBeGreaterThan(0);
  for (const { events, wm } of cases) {
    const watermark = createWatermarkGenerator<null>({ kind: 'bounded', boundUs: bound });
    for (const time of events) watermark.observe(null, time);
    const expected = wm === 'min' ? Number.NEGATIVE_INFINITY : wm;
    expect([watermark.watermarkUs, watermark.watermarkUs]).toEqual([expected, expected]);
  }
}

/** A merge's vector: what it says after each step. */
export function runMergeVector({ channels = 0, steps = [] }: WatermarkVector): void {
  expect(steps.length).toBeGreaterThan(0);
  const merge = createWatermarkMerge(channels);
  for (const { w, idle, active, out } of steps) {
    let grown: number | undefined;
    if (w !== undefined && typeof w === 'object') grown = merge.advance(w[0], w[1]);
    if (idle !== undefined) grown = merge.setIdle(idle);
    if (active !== undefined) merge.setActive(active);
    const [expected, status] = Array.isArray(out) ? out : [out, undefined];
    expect(grown).toBe(expected);
    if (status === 'IDLE') expect(merge.isAllIdle).toBe(true);
  }
}
