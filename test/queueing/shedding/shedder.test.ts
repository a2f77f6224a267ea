/** Load shedding: who is turned away, who is dropped, and who is next in an overloaded line. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { type CodelState, codelStep, NEW_CODEL } from '../../../src/queueing/shedding/codel.ts';
import { CRITICALITIES, type Criticality } from '../../../src/queueing/shedding/criticality.ts';
import { type ServiceOrder, takesNewest } from '../../../src/queueing/shedding/service-order.ts';
import {
  type ArrivalSight,
  createShedder,
  SHEDDING_DEFAULTS,
  type SheddingConfig,
} from '../../../src/queueing/shedding/shedder.ts';

const MS = 1_000;
const arrival = (part: Partial<ArrivalSight>): ArrivalSight => ({
  criticality: 'critical',
  utilization: 0.5,
  waiting: 0,
  u: 0.5,
  ...part,
});

/** The classes let in at a utilisation. */
function admitted(config: SheddingConfig, part: Partial<ArrivalSight>): Criticality[] {
  const shedder = createShedder(config);
  return CRITICALITIES.filter((criticality) => shedder.admits(arrival({ ...part, criticality })));
}

describe('shedding at the door', () => {
  it('Q57: turns classes away above their thresholds', () => {
    const config = SHEDDING_DEFAULTS.thresholds;
    const counts = [0.75, 0.76, 0.86, 0.96, 5].map(
      (utilization) => admitted(config, { utilization }).length,
    );
    expect(counts).toEqual([4, 3, 2, 1, 1]);
    const byLine = {
      kind: 'thresholds',
      signal: 'waiting',
      shedAbove: { 'critical-plus': null, critical: 100, 'sheddable-plus': 10, sheddable: 0 },
    } as const;
    expect(admitted(byLine, { waiting: 1, utilization: 1 })).toEqual([
      'critical-plus',
      'critical',
      'sheddable-plus',
    ]);
  });

  it('Q57: sheds progressively along a cubic curve', () => {
    const config = SHEDDING_DEFAULTS.progressive;
    // x = 0, 1/2, 0.7, 1: 0, 1/8, 0.343 and all of the priorities are turned away.
    expect(admitted(config, { utilization: 0.7 })).toHaveLength(4);
    expect(admitted(config, { utilization: 0.85, u: 0.49 })).toHaveLength(4);
    expect(admitted(config, { utilization: 0.85, u: 0.51 })).toHaveLength(3);
    expect(admitted(config, { utilization: 0.91, u: 0.62 })).toHaveLength(3);
    expect(admitted(config, { utilization: 0.91, u: 0.64 })).toHaveLength(2);
    expect(admitted(config, { utilization: 1 })).toEqual([]);
  });

  test.prop(
    [
      fc.constantFrom<SheddingConfig>(
        { kind: 'none' },
        SHEDDING_DEFAULTS.thresholds,
        SHEDDING_DEFAULTS.progressive,
        SHEDDING_DEFAULTS.codel,
      ),
      fc.record({
        utilization: fc.double({ min: 0, max: 1.5, noNaN: true }),
        u: fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
      }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ],
    { numRuns: 500, seed: 20261128 },
  )('Q57: who is let in, is at less load, and so is who matters more', (config, seen, more) => {
    const now = admitted(config, seen);
    expect(now).toEqual(CRITICALITIES.slice(0, now.length));
    const later = admitted(config, { ...seen, utilization: seen.utilization + more });
    expect(later.length).toBeLessThanOrEqual(now.length);
  });
});

/** The same decision with fields that change, as folly has it. */
function codelInPlace(): (nowUs: number, waitedUs: number) => boolean {
  let least = 0;
  let end = 0;
  let reset = true;
  let overloaded = false;
  return (nowUs, waitedUs) => {
    if (nowUs > end && !reset) {
      reset = true;
      end = nowUs + 100 * MS;
      overloaded = least > 5 * MS;
    }
    if (reset) {
      reset = false;
      least = waitedUs;
      return false;
    }
    if (waitedUs < least) least = waitedUs;
    return overloaded && waitedUs > 10 * MS;
  };
}

describe('controlled delay', () => {
  const config = SHEDDING_DEFAULTS.codel;

  it('Q58: drops after an interval whose least wait was above target, by hand', () => {
    const waits: readonly (readonly [nowMs: number, waitedMs: number])[] = [
      [1, 20],
      [2, 20],
      [90, 20],
      [103, 20],
      [104, 20],
      [105, 9],
      [106, 4],
      [204, 20],
      [205, 20],
    ];
    let state: CodelState = NEW_CODEL;
    const shed = waits.map(([nowMs, waitedMs]) => {
      const step = codelStep(config, state, { nowUs: nowMs * MS, waitedUs: waitedMs * MS });
      state = step.state;
      return step.isShed;
    });
    // The interval of creation ends at once and finds 20 ms, so does the next; the one after has
    // seen 4 ms. The first of each interval is served.
    expect(shed).toEqual([false, false, true, false, true, false, false, false, false]);
  });

  it('Q58: equals a version that keeps its fields in place', () => {
    const draws = createChance({ seed: 5, replication: 0 }).draws('codel');
    const reference = codelInPlace();
    let state = NEW_CODEL;
    let nowUs = 0;
    let shed = 0;
    for (let i = 0; i < 20_000; i += 1) {
      nowUs += Math.ceil(10 * MS * draws.uniform(0, i));
      const isBusy = draws.uniform(1, i >> 7) < 0.5;
      const waitedUs = Math.ceil((isBusy ? 6 : 0) * MS + 12 * MS * draws.uniform(2, i));
      const expected = reference(nowUs, waitedUs);
      const step = codelStep(config, state, { nowUs, waitedUs });
      if (step.isShed !== expected) expect([i, step.isShed]).toEqual([i, expected]);
      state = step.state;
      if (expected) shed += 1;
    }
    expect(shed).toBeGreaterThan(2_000);
  });
});

/** One worker of 1 ms a request, half as many again arriving for 5 s; answers within 50 ms. */
function inTime(order: ServiceOrder, shedding: SheddingConfig): { share: number; served: number } {
  const draws = createChance({ seed: 6, replication: 0 }).draws('overload');
  const shedder = createShedder(shedding);
  let state = shedder.initial;
  const line: number[] = [];
  let arriveUs = 0;
  let arrivals = 0;
  let served = 0;
  let good = 0;
  for (let nowUs = 0; nowUs < 5_000 * MS; ) {
    while (arriveUs <= nowUs) {
      line.push(arriveUs);
      arrivals += 1;
      arriveUs += Math.ceil((-1 * MS * Math.log(draws.uniform(0, arrivals))) / 1.5);
    }
    const oldest = line[0];
    if (oldest === undefined) {
      nowUs = arriveUs;
      continue;
    }
    const since = (takesNewest(order, nowUs - oldest) ? line.pop() : line.shift()) ?? nowUs;
    const step = shedder.onStart(state, { waitedUs: nowUs - since, nowUs });
    state = step.state;
    if (step.isShed) continue;
    nowUs += MS;
    served += 1;
    if (nowUs - since <= 50 * MS) good += 1;
  }
  return { share: good / arrivals, served };
}

describe('an overloaded line', () => {
  const fifo: ServiceOrder = { kind: 'fifo' };
  const adaptive: ServiceOrder = { kind: 'adaptive-lifo', lifoAboveWaitUs: 100 * MS };

  it('Q59: takes the newest once the oldest has waited too long', () => {
    expect([100 * MS, 100 * MS + 1].map((wait) => takesNewest(adaptive, wait))).toEqual([
      false,
      true,
    ]);
    expect(takesNewest(fifo, 1e9)).toBe(false);
    expect(takesNewest({ kind: 'lifo' }, 0)).toBe(true);
  });

  it('Q58, Q59: answers hardly anyone in time first come first served, most otherwise', () => {
    const none: SheddingConfig = { kind: 'none' };
    const first = inTime(fifo, none);
    const last = inTime(adaptive, none);
    const controlled = inTime(fifo, SHEDDING_DEFAULTS.codel);
    expect(first.served).toBeGreaterThan(4_900);
    expect(first.share).toBeLessThan(0.05);
    expect(last.share).toBeGreaterThan(0.55);
    expect(controlled.share).toBeGreaterThan(0.6);
  });
});
