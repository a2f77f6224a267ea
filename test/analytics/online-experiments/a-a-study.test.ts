/** Tests that see differences where there are none: as often as they say, or caught. */
import { describe, expect, it } from 'vitest';
import { type AaTest, studyAa } from '../../../src/analytics/online-experiments/a-a-study.ts';
import { madeViewers } from './made-viewers.ts';

const RUNS = 300;
const { chance, viewer, before, value, clicks, impressions } = madeViewers(2_000);
const study = studyAa({
  viewer,
  mean: { name: 'hours', unit: 'h', better: 'more', value, before },
  ratio: { name: 'clicks', unit: '1', better: 'more', value: clicks, weight: impressions },
  runs: RUNS,
  looks: 50,
  chance,
});

function line(test: AaTest) {
  const found = study.lines.find((one) => one.test === test);
  if (found === undefined) throw new Error(`${test} was not counted`);
  return found;
}

describe('A/A', () => {
  it.each(['fixed horizon', 'cuped', 'delta method', 'sample ratio'] as const)(
    'M150: false positives of %s are within the binomial bound',
    (test) => {
      expect(line(test).verdict).toBe('as promised');
      expect(line(test).runs).toBe(RUNS);
    },
  );

  it('M150: whoever peeks at the always-valid bound is not fooled more often than promised', () => {
    expect(line('sequential, peeked at').verdict).not.toBe('too often');
  });

  it('M150: whoever peeks at the fixed horizon is', () => {
    const { falsePositives, most, verdict } = line('fixed horizon, peeked at');
    expect(verdict).toBe('too often');
    expect(falsePositives).toBeGreaterThan(2 * most);
  });

  it('M150: impressions as the unit of a ratio are caught', () => {
    // Each impression a "viewer" of its own, allocated with its viewer: what a naive count does.
    const naive = studyAa({
      viewer: Float64Array.from({ length: 6_000 }, (_, i) => Math.floor(i / 6)),
      mean: {
        name: 'clicks',
        unit: '1',
        better: 'more',
        value: Float64Array.from({ length: 6_000 }, (_, i) => value[Math.floor(i / 6)] ?? 0),
      },
      runs: 100,
      looks: 1,
      chance,
    });
    expect(naive.lines[0]).toMatchObject({ test: 'fixed horizon', verdict: 'too often' });
  });

  it('refuses no runs', () => {
    const mean = { name: 'hours', unit: 'h', better: 'more', value } as const;
    expect(() => studyAa({ viewer, mean, runs: 0, looks: 1, chance })).toThrow('runs is 0');
  });
});
