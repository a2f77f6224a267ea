/** What the closed forms say; that simulations agree with them is shown in `test/theory/`. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type QueueTheory, steadyQueue } from '../../../../src/queueing/theory/queue-theory.ts';
import { allenCunneen } from '../../../../src/queueing/theory/stations/g-g-c.ts';
import { md1 } from '../../../../src/queueing/theory/stations/m-d-1.ts';
import { mg1 } from '../../../../src/queueing/theory/stations/m-g-1.ts';
import { mgInfinity } from '../../../../src/queueing/theory/stations/m-g-infinity.ts';
import { mm1, mm1SojournQuantileUs } from '../../../../src/queueing/theory/stations/m-m-1.ts';
import { mmc } from '../../../../src/queueing/theory/stations/m-m-c.ts';
import { mmcc } from '../../../../src/queueing/theory/stations/m-m-c-c.ts';
import { mm1k, mmck } from '../../../../src/queueing/theory/stations/m-m-c-k.ts';
import { priorityQueues } from '../../../../src/queueing/theory/stations/priority.ts';
import {
  processorSharing,
  sharedSojournUs,
} from '../../../../src/queueing/theory/stations/processor-sharing.ts';

const S = 10_000;
const at = (rho: number, serverCount = 1) => ({
  arrivalRatePerSec: (rho * serverCount * 1e6) / S,
  meanServiceUs: S,
  serverCount,
});

/** Every model at one utilization. */
function allModels(rho: number): readonly QueueTheory[] {
  return [
    mm1(at(rho)),
    mmc(at(rho, 7)),
    md1(at(rho)),
    mg1({ ...at(rho), serviceScv: 3, serviceThirdMoment: 40 * S ** 3 }),
    processorSharing(at(rho, 2)),
    allenCunneen({ ...at(rho, 3), arrivalScv: 2, serviceScv: 0.5 }),
    ...priorityQueues([{ ...at(rho), serviceScv: 1 }]),
  ];
}

describe('all models', () => {
  it("Q100: say the same by the same names, and keep Little's law", () => {
    const limited = [
      mmcc(at(1.5, 3)),
      mmck({ ...at(1.2, 3), maxInSystem: 9 }),
      mgInfinity(at(4)),
      processorSharing({ ...at(1.3), maxInSystem: 4 }),
    ];
    for (const queue of [...allModels(0.7), ...limited]) {
      const {
        offeredLoad,
        blockingProbability,
        meanServiceUs = S,
      } = { ...queue, meanServiceUs: S };
      const perUs = (offeredLoad * (1 - blockingProbability)) / S;
      expect(queue.isStable, queue.model).toBe(true);
      expect(queue.meanSojournUs, queue.model).toBeCloseTo(queue.meanWaitUs + meanServiceUs, 6);
      expect(queue.meanInSystem / (perUs * queue.meanSojournUs), queue.model).toBeCloseTo(1, 9);
      expect(queue.meanWaiting, queue.model).toBeCloseTo(perUs * queue.meanWaitUs, 9);
      expect(queue.waitProbability, queue.model).toBeLessThanOrEqual(1);
      expect(queue.source.length, queue.model).toBeGreaterThan(4);
    }
  });

  it('Q101: what is asked for more than it can do is data: infinite', () => {
    for (const rho of [1, 1.3]) {
      for (const queue of allModels(rho)) {
        expect(queue.isStable, queue.model).toBe(false);
        expect(queue.utilization, queue.model).toBeCloseTo(rho, 12);
        expect(queue.meanWaitUs, queue.model).toBe(Number.POSITIVE_INFINITY);
        expect(queue.meanInSystem, queue.model).toBe(Number.POSITIVE_INFINITY);
        expect(queue.waitQuantileUs?.(0.5) ?? Infinity, queue.model).toBe(Number.POSITIVE_INFINITY);
      }
    }
  });

  it('Q101: nobody arrives: nobody waits', () => {
    for (const queue of allModels(0)) {
      expect(queue.meanWaitUs, queue.model).toBe(0);
      expect(queue.meanInSystem, queue.model).toBe(0);
      expect(queue.waitQuantileUs?.(0.99) ?? 0, queue.model).toBe(0);
    }
  });

  it('Q101: refuses what is no rate, time, count or share', () => {
    const bad = [
      () => mm1({ arrivalRatePerSec: -1, meanServiceUs: S }),
      () => mm1({ arrivalRatePerSec: 1, meanServiceUs: 0 }),
      () => mmc({ ...at(0.5), serverCount: 1.5 }),
      () => mmck({ ...at(0.5, 4), maxInSystem: 3 }),
      () => mg1({ ...at(0.5), serviceScv: -1 }),
      () => mm1(at(0.5)).waitQuantileUs?.(1),
      () => allenCunneen({ ...at(0.5), arrivalScv: Number.NaN, serviceScv: 1 }),
      () => priorityQueues([]),
    ];
    for (const call of bad) expect(call).toThrow('QUEUEING_BAD_ARGUMENT');
  });
});

describe('textbook values', () => {
  it('Q103: M/M/1 at ρ = 0.8 waits 4 service times and stays 5, exponentially', () => {
    const queue = mm1(at(0.8));
    expect(queue.meanWaitUs / S).toBeCloseTo(4, 9);
    expect(queue.meanInSystem).toBeCloseTo(4, 9);
    expect(queue.waitQuantileUs?.(0.2)).toBe(0);
    expect((queue.waitQuantileUs?.(0.99) ?? 0) / S).toBeCloseTo(5 * Math.log(80), 9);
    expect(mm1SojournQuantileUs(at(0.8), 0.5) / S).toBeCloseTo(5 * Math.LN2, 9);
    expect((queue.waitVariance ?? 0) / S ** 2).toBeCloseTo(0.8 * 1.2 * 25, 9);
  });

  it('Q104: M/M/1/K and M/M/c/K by their sums, and in the limits', () => {
    const rho = 0.9;
    const queue = mm1k({ ...at(rho), maxInSystem: 4 });
    expect(queue.blockingProbability).toBeCloseTo(((1 - rho) * rho ** 4) / (1 - rho ** 5), 12);
    const wide = mmck({ ...at(0.8, 3), maxInSystem: 5_000 });
    expect(wide.meanWaitUs).toBeCloseTo(mmc(at(0.8, 3)).meanWaitUs, 6);
    expect(wide.waitQuantileUs?.(0.99)).toBeCloseTo(mmc(at(0.8, 3)).waitQuantileUs?.(0.99) ?? 0, 3);
    const flooded = mmck({ ...at(500, 2), maxInSystem: 1_000 });
    expect(flooded.blockingProbability).toBeCloseTo(1 - 1 / 500, 9);
    expect(flooded.meanInSystem).toBeGreaterThan(999);
  });

  it('Q105: constant service halves the wait, and quantiles integrate to it', () => {
    const queue = md1(at(0.9));
    expect(queue.meanWaitUs / mm1(at(0.9)).meanWaitUs).toBeCloseTo(0.5, 12);
    const steps = 4_000;
    let sum = 0;
    for (let i = 0; i < steps; i += 1) sum += queue.waitQuantileUs?.((i + 0.5) / steps) ?? 0;
    expect(sum / steps / queue.meanWaitUs).toBeCloseTo(1, 3);
    // Past its first steps the tail falls off as exponentially as its equation says.
    const [p99, p999, p9999] = [0.99, 0.999, 0.9999].map((q) => queue.waitQuantileUs?.(q) ?? 0);
    expect(((p9999 ?? 0) - (p999 ?? 0)) / ((p999 ?? 0) - (p99 ?? 0))).toBeCloseTo(1, 6);
  });

  it('Q108: classes wait by Cobham; the urgent one even where all are too many', () => {
    const one = { meanServiceUs: S, serviceScv: 1 };
    const rate = (rho: number) => (rho * 1e6) / S;
    const [first, second] = priorityQueues([
      { ...one, arrivalRatePerSec: rate(0.3) },
      { ...one, arrivalRatePerSec: rate(0.5) },
    ]);
    expect((first?.meanWaitUs ?? 0) / S).toBeCloseTo(0.8 / 0.7, 9);
    expect((second?.meanWaitUs ?? 0) / S).toBeCloseTo(0.8 / (0.7 * 0.2), 9);
    const [urgent, drowned] = priorityQueues([
      { ...one, arrivalRatePerSec: rate(0.3) },
      { ...one, arrivalRatePerSec: rate(2) },
    ]);
    expect((urgent?.meanWaitUs ?? 0) / S).toBeCloseTo(1 / 0.7, 9);
    expect(drowned?.isStable).toBe(false);
  });

  it('Q107: a shared server slows all sizes alike', () => {
    expect(processorSharing(at(0.75)).meanSojournUs / S).toBeCloseTo(4, 9);
    expect(sharedSojournUs(at(0.75), 3 * S) / S).toBeCloseTo(12, 9);
    expect(sharedSojournUs(at(1.75), S)).toBe(Number.POSITIVE_INFINITY);
  });

  it('Q109: Allen–Cunneen is exact for M/M/c and M/G/1, and says that it is not elsewhere', () => {
    const [base, rho] = [mmc(at(0.7, 5)), 0.7];
    const same = allenCunneen({ ...at(rho, 5), arrivalScv: 1, serviceScv: 1 });
    expect(same.meanWaitUs).toBeCloseTo(base.meanWaitUs, 9);
    expect(same.waitQuantileUs?.(0.99)).toBeCloseTo(base.waitQuantileUs?.(0.99) ?? 0, 6);
    expect(same.isExact).toBe(false);
    const general = allenCunneen({ ...at(rho), arrivalScv: 1, serviceScv: 4 });
    expect(general.meanWaitUs).toBeCloseTo(mg1({ ...at(rho), serviceScv: 4 }).meanWaitUs, 9);
  });

  it('Q103: another server, or both rates doubled, never makes anybody wait longer', () => {
    void fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (servers, rho) => {
          const queue = mmc(at(rho, servers));
          const more = mmc({ ...at(rho, servers), serverCount: servers + 1 });
          const doubled = mmc(at(rho, 2 * servers));
          expect(more.meanWaitUs).toBeLessThanOrEqual(queue.meanWaitUs);
          expect(doubled.meanWaitUs).toBeLessThanOrEqual(queue.meanWaitUs);
        },
      ),
      { numRuns: 200, seed: 2 },
    );
  });
});

it('Q100: what a model leaves open is null', () => {
  const known = { model: 'M/X/1', demand: at(0.5), serverCount: 1, source: 'nobody' };
  const queue = steadyQueue({ ...known, meanWaitUs: 1, waitProbability: 0.5 });
  expect([queue.waitVariance, queue.waitQuantileUs]).toEqual([null, null]);
});
