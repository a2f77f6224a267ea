/** The histogram beside its model, HdrHistogram's own port: on data of several shapes, quantiles
 * agree within what the two promise, and merging gives the union in both. */
import * as hdr from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../src/kernel/chance.ts';
import { createHistogram, histogramFromCounts } from '../../src/stats/hdr-histogram.ts';
import { quantileOfCounts } from '../../src/stats/histogram-counts.ts';
import { orderStatistic } from '../../src/stats/quantile-interval.ts';

const MAX_VALUE = 3_600_000_000;
const OPTIONS = { significantDigits: 3, maxValue: MAX_VALUE };
const N = 10_000;
/** Times N these are whole numbers, so that both take the same rank. */
const QUANTILES = [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1];

const draws = createChance({ seed: 121, replication: 0 }).draws('test.histogram');
const uniform = (entity: number) => (i: number) => draws.uniform(entity, i);

/** µs, as a function of a uniform number. */
const SHAPES: Readonly<Record<string, (u: number) => number>> = {
  uniform: (u) => 5_000 + 1e6 * u,
  exponential: (u) => -120_000 * Math.log(u),
  'Pareto, a heavy tail': (u) => Math.min(MAX_VALUE, 10_000 * u ** -1.2),
  'small whole numbers': (u) => Math.floor(40 * u),
  'two peaks': (u) => (u < 0.97 ? 20_000 + 3_000 * u : 30_000_000 + 1e6 * u),
  'powers of two': (u) => 2 ** Math.floor(32 * u) - 1,
  constant: () => 123_456,
};

function pair(values: readonly number[]) {
  const ours = createHistogram(OPTIONS);
  const peer = hdr.build({
    highestTrackableValue: 2 * MAX_VALUE,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 'packed',
    useWebAssembly: false,
  });
  for (const value of values) {
    ours.record(value);
    peer.recordValue(value);
  }
  return { ours, peer };
}

function valuesOf(shape: (u: number) => number, entity: number): number[] {
  return Array.from({ length: N }, (_, i) => Math.round(shape(uniform(entity)(i))));
}

describe('histogram beside hdr-histogram-js', () => {
  it.each(Object.entries(SHAPES))('N4: agrees on %s', (_, shape) => {
    const values = valuesOf(shape, 1);
    const sorted = Float64Array.from(values).sort();
    const { ours, peer } = pair(values);
    expect(ours.relativeErrorMax).toBeLessThanOrEqual(0.0005);
    for (const q of QUANTILES) {
      const exact = orderStatistic(sorted, q);
      const found = ours.quantile(q);
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * ours.relativeErrorMax);
      // The peer names the upper end of a bucket that is at most a thousandth wide.
      const distance = Math.abs(found - peer.getValueAtPercentile(100 * q));
      expect(distance).toBeLessThanOrEqual(exact * (ours.relativeErrorMax + 0.001));
    }
    expect(ours.count).toBe(peer.totalCount);
    expect(Math.abs(ours.mean / peer.mean - 1) || 0).toBeLessThan(0.001);
  });

  it('N4: merges to the union, as the peer does', () => {
    const shapes = Object.values(SHAPES).slice(0, 4);
    const whole = pair(shapes.flatMap((shape, e) => valuesOf(shape, e)));
    const merged = pair([]);
    for (const [e, shape] of shapes.entries()) {
      const part = pair(valuesOf(shape, e));
      merged.ours.merge(part.ours);
      merged.peer.add(part.peer as hdr.JsHistogram);
    }
    expect(merged.ours.counts()).toEqual(whole.ours.counts());
    expect(merged.ours.count).toBe(merged.peer.totalCount);
    for (const q of QUANTILES) {
      expect(merged.ours.quantile(q)).toBe(whole.ours.quantile(q));
      expect(merged.peer.getValueAtPercentile(100 * q)).toBe(
        whole.peer.getValueAtPercentile(100 * q),
      );
    }
  });

  it('N4: comes back from plain data with the same buckets', () => {
    const { ours } = pair(valuesOf(SHAPES['exponential'] ?? (() => 1), 3));
    const counts = JSON.parse(JSON.stringify(ours.counts()));
    const back = histogramFromCounts(counts, OPTIONS);
    expect(back.counts()).toEqual(ours.counts());
    expect(back.count).toBe(ours.count);
    expect(Math.abs(back.mean / ours.mean - 1)).toBeLessThan(ours.relativeErrorMax);
    for (const q of QUANTILES.slice(0, -1)) {
      expect(quantileOfCounts(counts, q)).toBe(ours.quantile(q));
      expect(Math.abs(back.quantile(q) - ours.quantile(q))).toBeLessThanOrEqual(1);
    }
    const short = { values: [1, 2], counts: [1] };
    expect(() => histogramFromCounts(short, OPTIONS)).toThrow(/number of counts is 1/);
    expect(() => histogramFromCounts({ values: [1], counts: [0] }, OPTIONS)).toThrow(/count is 0/);
  });
});
