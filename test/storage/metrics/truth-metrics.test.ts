/** What only the truth tells: the error of clocks, and what was lost. */
import { describe, expect, it } from 'vitest';
import { clockError, eventLoss } from '../../../src/storage/metrics/truth-metrics.ts';
import { PROFILES, samplesOf } from '../../streams/time-correction/clock-world.ts';

describe('metrics of the truth', () => {
  it('S88 the error of clocks is |corrected − true|, by order statistics', () => {
    const times = Array.from({ length: 100 }, (_, i) => ({
      trueTimeUs: 1_000_000_000,
      correctedTimeUs: 1_000_000_000 + (i % 2 === 0 ? 1 : -1) * (i + 1) * 100_000,
    }));
    expect(clockError(times)).toEqual({ events: 100, p50_s: 5, p95_s: 9.5, share_within_1s: 0.1 });
    expect(clockError([])).toEqual({ events: 0, p50_s: null, p95_s: null, share_within_1s: null });
  });

  it('S88 scores devices whose true times are known', () => {
    const [fibre] = PROFILES;
    if (fibre === undefined) throw new Error('no profile');
    const times = samplesOf(fibre, 20_261_125).map(({ trueTimeUs, deviceTimeUs }) => ({
      trueTimeUs,
      correctedTimeUs: deviceTimeUs,
    }));
    const { events, p50_s, p95_s } = clockError(times);
    expect(events).toBe(36_000);
    // As in docs/TIME-CORRECTION.md: fibre, none.
    expect([Number(p50_s).toFixed(1), Number(p95_s).toFixed(1)]).toEqual(['1.0', '1.9']);
  });

  it('S88 what was captured and is not stored is lost', () => {
    expect(eventLoss(['a', 'b', 'c', 'd'], new Set(['a', 'c', 'x']))).toEqual({
      captured: 4,
      lost: 2,
      share: 0.5,
    });
    expect(eventLoss([], new Set())).toEqual({ captured: 0, lost: 0, share: null });
  });
});
