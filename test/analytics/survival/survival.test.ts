/** Survival curves and the log-rank test, against published tables. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { comparedCurves } from '../../../src/analytics/survival/compared-curves.ts';
import { kaplanMeier, type Lifetimes } from '../../../src/analytics/survival/kaplan-meier.ts';
import { logRank } from '../../../src/analytics/survival/log-rank.ts';

/** Weeks of remission of leukaemia, negative where they went on. Source: Freireich et al., Blood 21
 * (1963); the table of survival as in Kalbfleisch and Prentice. */
const MERCAPTOPURINE = [
  6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35,
];
const PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];

function lifetimes(signed: readonly number[]): Lifetimes {
  return {
    duration: Float64Array.from(signed, Math.abs),
    hasEnded: Uint8Array.from(signed, (weeks) => Number(weeks > 0)),
  };
}

describe('the survival curve', () => {
  it('M64: is the published one of the remissions', () => {
    const { steps, median, count, ended } = kaplanMeier(lifetimes(MERCAPTOPURINE));
    const table = steps.map(({ time, atRisk, ended: gone, survival, standardError }) => [
      time,
      atRisk,
      gone,
      Number(survival.toFixed(4)),
      Number((standardError ?? 0).toFixed(4)),
    ]);
    expect(table).toEqual([
      [6, 21, 3, 0.8571, 0.0764],
      [7, 17, 1, 0.8067, 0.0869],
      [10, 15, 1, 0.7529, 0.0963],
      [13, 12, 1, 0.6902, 0.1068],
      [16, 11, 1, 0.6275, 0.1141],
      [22, 7, 1, 0.5378, 0.1282],
      [23, 6, 1, 0.4482, 0.1346],
    ]);
    expect([count, ended, median]).toEqual([21, 9, 23]);
  });

  it('M65: has the published bands', () => {
    const { steps } = kaplanMeier(lifetimes(MERCAPTOPURINE));
    const bands = steps.map(({ low, high }) => [low?.toFixed(3), high?.toFixed(3)]);
    expect(bands).toEqual([
      ['0.620', '0.952'],
      ['0.563', '0.923'],
      ['0.503', '0.889'],
      ['0.432', '0.849'],
      ['0.368', '0.805'],
      ['0.268', '0.747'],
      ['0.188', '0.680'],
    ]);
  });

  it('M64: is the plain share where nobody is censored, down to nobody', () => {
    const { steps, median, medianLow, medianHigh } = kaplanMeier(lifetimes(PLACEBO));
    expect(steps.map(({ survival }) => survival)).toEqual(
      steps.map(({ time }) => expect.closeTo(PLACEBO.filter((t) => t > time).length / 21, 12)),
    );
    expect(steps.at(-1)).toMatchObject({ survival: 0, standardError: null, low: null, high: null });
    expect([median, medianLow, medianHigh]).toEqual([8, 4, 11]);
  });

  it('knows nothing of nobody, and refuses what is no time', () => {
    expect(kaplanMeier(lifetimes([]))).toMatchObject({ steps: [], median: null, lastTime: null });
    expect(() =>
      kaplanMeier({ duration: Float64Array.of(-1), hasEnded: Uint8Array.of(1) }),
    ).toThrow('duration is -1');
  });

  test.prop([
    fc.array(
      fc.integer({ min: -30, max: 30 }).filter((t) => t !== 0),
      { maxLength: 40 },
    ),
  ])('M65: falls, within its band, which stays within 0 and 1', (signed) => {
    let before = 1;
    for (const { survival, low, high } of kaplanMeier(lifetimes(signed)).steps) {
      expect(survival).toBeLessThan(before);
      before = survival;
      if (low === null || high === null) continue;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(survival);
      expect(high).toBeGreaterThanOrEqual(survival);
      expect(high).toBeLessThanOrEqual(1);
    }
  });
});

describe('the log-rank test', () => {
  it('M66: is the published one of the remissions', () => {
    const test = logRank(lifetimes(MERCAPTOPURINE), lifetimes(PLACEBO));
    if ('code' in test) throw new Error(test.text);
    expect(test.observed).toEqual([9, 21]);
    expect(test.expected.map((one) => one.toFixed(2))).toEqual(['19.25', '10.75']);
    expect(test.chiSquare).toBeCloseTo(16.793, 3);
    expect(test.pValue).toBeCloseTo(4.17e-5, 7);
  });

  it('M66: says why it cannot be had', () => {
    expect(logRank(lifetimes([]), lifetimes([1]))).toMatchObject({ code: 'no-rows' });
    expect(logRank(lifetimes([-1]), lifetimes([-2]))).toMatchObject({ code: 'no-spread' });
  });

  it('stands beside the curves, or the reason does', () => {
    const named = (name: string, signed: number[]) => ({ name, lifetimes: lifetimes(signed) });
    const both = comparedCurves(named('all', [...MERCAPTOPURINE, ...PLACEBO]), [
      named('drug', MERCAPTOPURINE),
      named('placebo', PLACEBO),
    ]);
    expect(both.curves.map(({ name }) => name)).toEqual(['all', 'drug', 'placebo']);
    expect(both).toMatchObject({ logRank: { observed: [9, 21] }, reason: null });
    const one = comparedCurves(named('all', PLACEBO), [named('drug', []), named('rest', PLACEBO)]);
    expect(one).toMatchObject({ logRank: null, reason: 'one of the two groups has nobody' });
    expect(comparedCurves(named('all', []), [named('a', []), named('b', [])]).curves).toEqual([]);
  });

  it('keeps a step for each hundredth, as far as ten are left', () => {
    const all = named1000();
    const [curve] = comparedCurves(all, [all, { name: 'none', lifetimes: lifetimes([]) }]).curves;
    expect(curve?.steps.length).toBeLessThanOrEqual(102);
    expect(curve?.steps.at(-1)).toMatchObject({ time: 991, atRisk: 10 });
    expect(curve?.median).toBe(500);
  });
});

function named1000() {
  return { name: 'all', lifetimes: lifetimes(Array.from({ length: 1000 }, (_, i) => i + 1)) };
}
