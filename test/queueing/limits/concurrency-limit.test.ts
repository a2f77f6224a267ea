/** Adaptive concurrency limits: equal to an independent re-implementation, within their bounds, and
 * as wrong under saturation as in production. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import {
  createConcurrencyLimit,
  LIMIT_DEFAULTS,
  type LimitAlgorithm,
  type LimitState,
} from '../../../src/queueing/limits/concurrency-limit.ts';
import type { LimitSample } from '../../../src/queueing/limits/limit-sample.ts';
import {
  type ReferenceLimit,
  referenceAimd,
  referenceGradient,
  referenceGradient2,
  referenceVegas,
} from './reference-limits.ts';

const ADAPTIVE: readonly (readonly [LimitAlgorithm, () => ReferenceLimit])[] = [
  [LIMIT_DEFAULTS.aimd, referenceAimd],
  [LIMIT_DEFAULTS.vegas, referenceVegas],
  [LIMIT_DEFAULTS.gradient, referenceGradient],
  [LIMIT_DEFAULTS.gradient2, referenceGradient2],
];
const BASE_US = 10_000;

const sample = (part: Partial<LimitSample>): LimitSample => ({
  durationUs: BASE_US,
  inFlight: 1_000,
  dropped: false,
  nowUs: 0,
  u: 0.5,
  ...part,
});

/** Samples that visit all branches: quiet and busy spells, fast and slow answers, some drops. */
function randomTrace(seed: number, count: number): LimitSample[] {
  const draws = createChance({ seed, replication: 0 }).draws('limit-trace');
  return Array.from({ length: count }, (_, i) => {
    const isSlow = draws.uniform(0, i >> 5) < 0.4;
    const isBusy = draws.uniform(1, i >> 4) < 0.7;
    return sample({
      durationUs: Math.ceil(BASE_US * (isSlow ? 1 + 8 * draws.uniform(2, i) : draws.uniform(2, i))),
      inFlight: isBusy ? 1_000 : Math.ceil(60 * draws.uniform(3, i)),
      dropped: draws.uniform(4, i) < 0.03,
      u: draws.uniform(5, i),
    });
  });
}

/** Feeds both and compares after each sample. @returns how often the limit changed. */
function changesAlike(
  algorithm: LimitAlgorithm,
  reference: ReferenceLimit,
  trace: readonly LimitSample[],
): number {
  const limit = createConcurrencyLimit({ algorithm });
  let state = limit.initial;
  let changes = 0;
  for (const [step, one] of trace.entries()) {
    const before = limit.limitOf(state);
    state = limit.onSample(state, one);
    reference.learn(one);
    const found = [algorithm.kind, step, limit.limitOf(state)];
    if (limit.limitOf(state) !== reference.limit()) {
      expect(found).toEqual([algorithm.kind, step, reference.limit()]);
    }
    if (limit.limitOf(state) !== before) changes += 1;
  }
  return changes;
}

/** A server of `capacity` and endless demand: answers slow down with what is in flight. */
function saturate(algorithm: LimitAlgorithm, options: { capacity: number; samples: number }) {
  const limit = createConcurrencyLimit({ algorithm });
  const draws = createChance({ seed: 4, replication: 0 }).draws('saturation');
  let state: LimitState = limit.initial;
  let durationUs = BASE_US;
  for (let i = 0; i < options.samples; i += 1) {
    const inFlight = limit.limitOf(state);
    durationUs = Math.round(BASE_US * Math.max(1, inFlight / options.capacity));
    state = limit.onSample(state, sample({ durationUs, inFlight, u: draws.uniform(0, i) }));
  }
  return { limit: limit.limitOf(state), slowdown: durationUs / BASE_US, state };
}

describe('an adaptive limit', () => {
  it('Q40: equals the reference step by step on random traces', () => {
    let changes = 0;
    for (const [algorithm, reference] of ADAPTIVE) {
      for (let seed = 1; seed <= 20; seed += 1) {
        changes += changesAlike(algorithm, reference(), randomTrace(seed, 3_000));
      }
    }
    expect(changes).toBeGreaterThan(40_000);
  });

  test.prop(
    [
      fc.constantFrom(...ADAPTIVE.map(([algorithm]) => algorithm)),
      fc.array(
        fc.record({
          durationUs: fc.integer({ min: 0, max: 20_000_000 }),
          inFlight: fc.nat({ max: 2_000 }),
          dropped: fc.boolean(),
          nowUs: fc.nat(),
          u: fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
        }),
        { minLength: 1, maxLength: 300 },
      ),
    ],
    { numRuns: 300, seed: 20261125 },
  )('Q40: stays within its bounds, a whole number, and plain data', (algorithm, samples) => {
    const limit = createConcurrencyLimit({ algorithm });
    const minLimit =
      algorithm.kind === 'vegas' ? 1 : 'minLimit' in algorithm ? algorithm.minLimit : 0;
    const maxLimit = 'maxLimit' in algorithm ? algorithm.maxLimit : 0;
    let state = limit.initial;
    for (const one of samples) {
      state = limit.onSample(JSON.parse(JSON.stringify(state)) as LimitState, one);
      const now = limit.limitOf(state);
      expect(Number.isInteger(now) && now >= minLimit && now <= maxLimit).toBe(true);
    }
  });

  it('Q40: never rises while all is dropped, except gradient2, which is blind to drops', () => {
    for (const [algorithm] of ADAPTIVE) {
      const limit = createConcurrencyLimit({ algorithm });
      let state = limit.initial;
      for (let i = 0; i < 200; i += 1) state = limit.onSample(state, sample({ u: 0.3 }));
      const before = limit.limitOf(state);
      let last = before;
      for (let i = 0; i < 100; i += 1) {
        state = limit.onSample(state, sample({ dropped: true }));
        if (algorithm.kind !== 'gradient2') expect(limit.limitOf(state)).toBeLessThanOrEqual(last);
        last = limit.limitOf(state);
      }
      if (algorithm.kind === 'gradient2') expect(last).toBeGreaterThanOrEqual(before);
      else expect(last).toBeLessThan(before);
    }
  });

  it('Q40: AIMD by hand', () => {
    const limit = createConcurrencyLimit({ algorithm: { ...LIMIT_DEFAULTS.aimd, minLimit: 1 } });
    let state = limit.initial;
    const step = (part: Partial<LimitSample>) => {
      state = limit.onSample(state, sample(part));
      return limit.limitOf(state);
    };
    expect(step({ inFlight: 10 })).toBe(21);
    expect(step({ inFlight: 10 })).toBe(21);
    expect(step({ dropped: true })).toBe(18);
    expect(step({ durationUs: 5_000_001 })).toBe(16);
    expect(step({ durationUs: 5_000_000 })).toBe(17);
  });

  it('Q40: Vegas by hand', () => {
    const vegas = { ...LIMIT_DEFAULTS.vegas, initialLimit: 10 };
    const limit = createConcurrencyLimit({ algorithm: vegas });
    const run = (durationsMs: readonly number[]) => {
      let state = limit.initial;
      for (const one of durationsMs) {
        state = limit.onSample(state, sample({ durationUs: one * 1_000 }));
      }
      return limit.limitOf(state);
    };
    // The first sample is the baseline. Queues of 10 · (1 − 10/rtt), rounded up: 0, 2, 5, 8.
    expect(run([10])).toBe(10);
    expect(run([10, 10])).toBe(16);
    expect(run([10, 12])).toBe(11);
    expect(run([10, 20])).toBe(10);
    expect(run([10, 50])).toBe(9);
    expect(run([10, 50, 8])).toBe(9);
  });

  it('Q42: Gradient2 drifts to its ceiling under plain saturation', () => {
    const ended = saturate(LIMIT_DEFAULTS.gradient2, { capacity: 30, samples: 1_200 });
    expect(ended.limit).toBe(200);
    expect(ended.slowdown).toBeCloseTo(200 / 30, 1);
  });

  it('Q42: Vegas takes a loaded answer for its baseline whenever it probes', () => {
    const capacity = 30;
    const before = saturate(LIMIT_DEFAULTS.vegas, { capacity, samples: 200 });
    const after = saturate(LIMIT_DEFAULTS.vegas, { capacity, samples: 60_000 });
    const never = { ...LIMIT_DEFAULTS.vegas, probeMultiplier: 1e9 };
    const unprobed = saturate(never, { capacity, samples: 60_000 });
    expect(before.limit).toBeLessThan(capacity + 10);
    expect(unprobed.limit).toBe(before.limit);
    expect(after.limit).toBeGreaterThan(3 * before.limit);
    expect((after.state as { noLoadUs: number }).noLoadUs).toBeGreaterThan(3 * BASE_US);
  });

  it('refuses bounds that exclude one another', () => {
    const algorithm = { ...LIMIT_DEFAULTS.aimd, initialLimit: 300 };
    expect(() => createConcurrencyLimit({ algorithm })).toThrow(
      /QUEUEING_BAD_ARGUMENT: limit.maxLimit/,
    );
  });

  it('leaves a fixed limit alone', () => {
    const limit = createConcurrencyLimit({ algorithm: { kind: 'fixed', limit: 7 } });
    expect(limit.limitOf(limit.onSample(limit.initial, sample({ dropped: true })))).toBe(7);
  });
});

describe('a sample window', () => {
  const config = { algorithm: LIMIT_DEFAULTS.aimd, window: LIMIT_DEFAULTS.window };
  const limit = createConcurrencyLimit(config);
  const feed = (samples: readonly Partial<LimitSample>[]) =>
    samples.reduce((state, one) => limit.onSample(state, sample(one)), limit.initial);

  it('Q41: shows the limit one average a window', () => {
    const every100Ms = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ nowUs: (i + 1) * 100_000 }));
    // The first window closes at once with one sample and is thrown away; the second closes with
    // the first sample after 1.1 s.
    expect(limit.limitOf(feed(every100Ms(11)))).toBe(20);
    expect(limit.limitOf(feed(every100Ms(12)))).toBe(21);
    expect(limit.limitOf(feed(every100Ms(22)))).toBe(21);
    expect(limit.limitOf(feed(every100Ms(23)))).toBe(22);
  });

  it('Q41: keeps the greatest number in flight and any drop', () => {
    const samples = Array.from({ length: 12 }, (_, i) => ({
      nowUs: (i + 1) * 100_000,
      inFlight: i === 5 ? 30 : 1,
    }));
    expect(limit.limitOf(feed(samples))).toBe(21);
    const dropped = samples.map((one, i) => ({ ...one, dropped: i === 3 }));
    const config1 = { ...config, algorithm: { ...LIMIT_DEFAULTS.aimd, minLimit: 1 } };
    const low = createConcurrencyLimit(config1);
    const state = dropped.reduce((s, one) => low.onSample(s, sample(one)), low.initial);
    expect(low.limitOf(state)).toBe(18);
  });

  it('Q41: throws thin windows and too fast answers away', () => {
    const thin = Array.from({ length: 50 }, (_, i) => ({ nowUs: (i + 1) * 200_000 }));
    expect(limit.limitOf(feed(thin))).toBe(20);
    const fast = Array.from({ length: 50 }, (_, i) => ({
      nowUs: (i + 1) * 50_000,
      durationUs: 99,
    }));
    expect(feed(fast)).toBe(limit.initial);
  });
});
