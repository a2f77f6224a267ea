/** Workers in front of the log: who takes what, and what theory says of the waits. Intervals are of
 * 30 replications with fixed seeds: at 5 standard errors (Student's t, 29 degrees of freedom) a
 * right model is refused once in 40,000 times. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkerGroup } from '../../../../src/experiment/tracking/workers/worker-group.ts';
import type { WorkerStatistics } from '../../../../src/experiment/tracking/workers/worker-meter.ts';
import { runArrivals, workersWith } from './arrivals.ts';

const REPLICATIONS = 30;
const SERVICE_US = 10_000;

/** Asserts that a formula is within 5 standard errors of the mean of replications. */
function expectCovered(values: readonly number[], theory: number): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  expect(error).toBeGreaterThan(0);
  expect(error / theory).toBeLessThan(0.02);
  expect(Math.abs(mean - theory)).toBeLessThan(5 * error);
}

function replicate(
  options: Omit<Parameters<typeof runArrivals>[0], 'replication'>,
  figure: (found: WorkerStatistics) => number,
): readonly number[] {
  return Array.from({ length: REPLICATIONS }, (_, replication) =>
    figure(runArrivals({ ...options, replication })),
  );
}

function group(config: Parameters<typeof workersWith>[0], partitionCount: number) {
  const settings = { config: workersWith(config), partitionCount, bucketUs: 1e6, endUs: 1e7 };
  return createWorkerGroup(settings);
}

describe('who takes what', () => {
  it('E310: a batch takes timePerBatch and timePerEvent for each of its events', () => {
    const one = group({ maxBatchEvents: 3, timePerBatch: 100, timePerEvent: 10 }, 1);
    expect(one.append(0, 5, 0)).toMatchObject({ worker: 0, finishUs: 130 });
    expect(one.append(0, 4, 50)).toBeUndefined();
    const first = one.finish(0, 130);
    expect(first.processed).toEqual([{ partition: 0, count: 3 }]);
    expect(first.next).toMatchObject({ finishUs: 260 });
    expect(one.statistics(130)).toMatchObject({ lag: 6, maxLag: 9, processed: 3, batches: 1 });
  });

  it('E311: partitions take turns, so that a full one starves nobody', () => {
    const one = group({ maxBatchEvents: 4, timePerEvent: 1 }, 3);
    one.append(0, 1_000, 0);
    one.append(1, 2, 0);
    one.append(2, 1, 0);
    const taken = [one.finish(0, 4), one.finish(0, 8), one.finish(0, 12)];
    expect(taken.map(({ processed }) => processed)).toEqual([
      [{ partition: 0, count: 4 }],
      [
        { partition: 1, count: 2 },
        { partition: 2, count: 1 },
        { partition: 0, count: 1 },
      ],
      [{ partition: 0, count: 4 }],
    ]);
  });

  it('E311: each partition has one worker; workers beyond partitions are idle', () => {
    const load = { partitions: 2, meanGapUs: 1_000, untilUs: 2e7 };
    const config = { timePerBatch: 200, timePerEvent: 1_500, maxBatchEvents: 50 };
    const two = runArrivals({ ...load, config: { ...config, count: 2 } });
    const eight = runArrivals({ ...load, config: { ...config, count: 8 } });
    expect(eight.busyUs.slice(2)).toEqual([0, 0, 0, 0, 0, 0]);
    expect({ ...eight, busyUs: eight.busyUs.slice(0, 2) }).toEqual(two);
    expect(two.processed).toBeGreaterThan(15_000);
  });
});

describe('theory', () => {
  it('E312: one event at a time is M/D/1: W = ρ·D ÷ 2(1−ρ)', () => {
    const rho = 0.7;
    const load = { config: { timePerBatch: SERVICE_US }, meanGapUs: SERVICE_US / rho };
    const waits = replicate(
      { ...load, untilUs: 15_000 * SERVICE_US },
      ({ waitUs, processed }) => waitUs / processed,
    );
    expectCovered(waits, (rho * SERVICE_US) / (2 * (1 - rho)));
  });

  it('E312: batches without a limit have the size a + e⁻ᵃ and the wait D/2 · a ÷ (a + e⁻ᵃ)', () => {
    // All that came during a batch is the next one: a Poisson number of mean a = λD, or else the
    // first to come.
    const a = 1.7;
    const size = a + Math.exp(-a);
    const config = { timePerBatch: SERVICE_US, maxBatchEvents: 1e9 };
    const load = { config, meanGapUs: SERVICE_US / a, untilUs: 8_000 * SERVICE_US };
    expectCovered(
      replicate(load, ({ processed, batches }) => processed / batches),
      size,
    );
    expectCovered(
      replicate(load, ({ waitUs, processed }) => waitUs / processed),
      ((SERVICE_US / 2) * a) / size,
    );
    expectCovered(
      replicate(load, ({ busyUs, atUs }) => (busyUs[0] ?? 0) / atUs),
      a / size,
    );
  });

  it('E312: above capacity lag grows by λ − μ, below it does not', () => {
    const config = { timePerBatch: 5_000, timePerEvent: 1_000, maxBatchEvents: 20 };
    const capacityPerSec = 20 / 0.025;
    const untilUs = 60e6;
    for (const share of [1.25, 2]) {
      const perSec = capacityPerSec * share;
      const found = runArrivals({ config, meanGapUs: 1e6 / perSec, untilUs });
      const grownBy = (perSec - capacityPerSec) * 60;
      // Arrivals are Poisson: five of their standard deviations, and what is in a batch.
      expect(Math.abs(found.lag - grownBy)).toBeLessThan(5 * Math.sqrt(perSec * 60) + 20);
      expect((found.busyUs[0] ?? 0) / untilUs).toBeGreaterThan(0.99);
      const { lag } = found.byBucket;
      // The slope is the same all along: halfway there is half of it.
      expect(Math.abs((lag[4] ?? 0) - grownBy / 2)).toBeLessThan(5 * Math.sqrt(perSec * 30) + 20);
    }
    const calm = runArrivals({ config, meanGapUs: 1e6 / (0.8 * capacityPerSec), untilUs });
    expect(calm.maxLag).toBeLessThan(200);
  });

  it('E312: twice the workers are half as busy each', () => {
    const load = { partitions: 8, meanGapUs: 1_000, untilUs: 2e7 };
    const config = { timePerEvent: 600, maxBatchEvents: 100 };
    const shares = [1, 2, 4, 8].map((count) => {
      const { busyUs } = runArrivals({ ...load, config: { ...config, count } });
      return busyUs.reduce((sum, us) => sum + us, 0) / count / load.untilUs;
    });
    const [one = 0] = shares;
    expect(one).toBeCloseTo(0.6, 1);
    for (const [i, share] of shares.entries()) expect(share * 2 ** i).toBeCloseTo(one, 3);
  });
});

describe('books', () => {
  it('E314: ∫ lag dt = Σ sojourns + Σ ages of those inside, to the µs', () => {
    const step = fc.record({
      gapUs: fc.nat(5_000),
      partition: fc.nat(4),
      count: fc.integer({ min: 1, max: 40 }),
    });
    const config = fc.record({
      count: fc.integer({ min: 1, max: 7 }),
      maxBatchEvents: fc.integer({ min: 1, max: 60 }),
      timePerBatch: fc.nat(4_000),
      timePerEvent: fc.nat(300),
    });
    fc.assert(
      fc.property(config, fc.array(step, { maxLength: 60 }), (settings, steps) => {
        const one = group(settings, 5);
        let nowUs = 0;
        let given = 0;
        const revealed = [0, 0, 0, 0, 0];
        const passTo = (atUs: number) => {
          for (let batch = one.next(); batch !== undefined && batch.finishUs <= atUs; ) {
            for (const { partition, count } of one.finish(batch.worker, batch.finishUs).processed) {
              revealed[partition] = (revealed[partition] ?? 0) + count;
            }
            batch = one.next();
          }
        };
        for (const { gapUs, partition, count } of steps) {
          nowUs += gapUs;
          passTo(nowUs);
          one.append(partition, count, nowUs);
          given += count;
          const found = one.statistics(nowUs);
          expect(found.eventUs).toBe(found.waitUs + found.serviceUs + found.insideUs);
          expect(found.appended).toBe(found.processed + found.lag);
          for (const us of found.busyUs) expect(us).toBeLessThanOrEqual(nowUs);
        }
        passTo(Number.POSITIVE_INFINITY);
        expect(revealed.reduce((sum, count) => sum + count, 0)).toBe(given);
      }),
      { numRuns: 100, seed: 310 },
    );
  });
});
