/** An A/B experiment judged where the effect is known, and where nothing can be said. */
import { describe, expect, it } from 'vitest';
import {
  type AbExperiment,
  judgeExperiment,
} from '../../../../src/analytics/online-experiments/ab/ab-report.ts';
import { createAllocation } from '../../../../src/analytics/online-experiments/ab/allocation.ts';
import { madeViewers } from '../made-viewers.ts';

const ARMS = [
  { name: 'popular', share: 1 },
  { name: 'personal', share: 1 },
];
const N = 4_000;
const made = madeViewers(N);
const armOf = createAllocation({ experiment: 'rows', arms: ARMS, chance: made.chance });
const arm = Int32Array.from(made.viewer, armOf);
const EFFECT = 0.2;
const treated = made.value.map((value, i) => value + EFFECT * (arm[i] ?? 0));

function judged(
  metric: Partial<AbExperiment['metrics'][number]>,
  rest: Partial<AbExperiment> = {},
) {
  return judgeExperiment({
    name: 'rows',
    arms: ARMS,
    viewers: { viewer: made.viewer, arm },
    metrics: [{ name: 'hours', unit: 'h', better: 'more', value: treated, ...metric }],
    ...rest,
  });
}

function only(report: ReturnType<typeof judgeExperiment>) {
  const found = report.metrics[0]?.comparisons[0];
  if (found === undefined) throw new Error('there is no comparison');
  return found;
}

/** All numbers of a document. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(numbersOf);
}

describe('the report of an A/B experiment', () => {
  it('M143: has the difference of means, by Welch, around the truth', () => {
    const { difference, method, verdict } = only(judged({}));
    expect(method).toBe('welch');
    expect(difference?.low).toBeLessThan(EFFECT);
    expect(difference?.high).toBeGreaterThan(EFFECT);
    // Two arms of N ÷ 2, each of variance 2.
    expect(difference?.standardError).toBeCloseTo(Math.sqrt((2 * 2) / (N / 2)), 2);
    expect(verdict).toBe('better');
  });

  it('M149: says what so many viewers could show, and how many the difference would take', () => {
    const { detectable, viewersNeeded, difference } = only(judged({}));
    // (1.96 + 0.84) standard errors.
    expect(detectable).toBeCloseTo(2.8016 * (difference?.standardError ?? 0), 3);
    const ratio = (detectable ?? 0) / (difference?.value ?? 1);
    expect((viewersNeeded ?? 0) / N).toBeCloseTo(ratio ** 2, 2);
  });

  it('M144: takes viewers as the unit of a ratio', () => {
    const report = judged({ name: 'clicks', value: made.clicks, weight: made.impressions });
    const { difference, method } = only(report);
    const sum = (column: ArrayLike<number>, of: number) =>
      Array.from(column).reduce((total, one, i) => total + (arm[i] === of ? one : 0), 0);
    const ratio = (of: number) => sum(made.clicks, of) / sum(made.impressions, of);
    expect(method).toBe('delta method');
    expect(difference?.value).toBeCloseTo(ratio(1) - ratio(0), 12);
    // Impressions as the unit would deny that a viewer's clicks have something in common.
    const p = ratio(0);
    const naive = Math.sqrt(
      p * (1 - p) * (1 / sum(made.impressions, 0) + 1 / sum(made.impressions, 1)),
    );
    expect(difference?.standardError).toBeGreaterThan(1.2 * naive);
  });

  it('M145: CUPED narrows by the share of variance that the pre-period explains', () => {
    const { cuped, judgedBy } = only(judged({ before: made.before }));
    expect(judgedBy).toBe('cuped');
    expect(cuped?.varianceReduction).toBeGreaterThan(1.8);
    expect(cuped?.varianceReduction).toBeLessThan(2.2);
    expect(cuped?.slope).toBeCloseTo(1, 1);
    expect(cuped?.low).toBeLessThan(EFFECT);
    expect(cuped?.high).toBeGreaterThan(EFFECT);
  });

  it('M145: without a pre-period that says something, it does not adjust and says so', () => {
    const none = only(judged({}));
    const constant = only(judged({ before: made.before.map(() => 4) }));
    const unknown = only(judged({ before: made.before.map(() => Number.NaN) }));
    for (const one of [none, constant, unknown]) {
      expect(one.cuped).toBeNull();
      expect(one.judgedBy).toBe('plain');
      expect(one.cupedRefusal?.text).toContain('adjusted');
    }
  });

  it('M145: a viewer without a pre-period is kept, unadjusted', () => {
    const half = made.before.map((one, i) => (i % 2 === 0 ? one : Number.NaN));
    const report = judged({ before: half });
    expect(report.metrics[0]?.viewersWithoutBefore).toBe(N / 2);
    const reduction = only(report).cuped?.varianceReduction ?? 0;
    expect(reduction).toBeGreaterThan(1.15);
    expect(reduction).toBeLessThan(1.5);
  });

  it('M142: an arm that loses viewers makes everything invalid', () => {
    const kept = made.viewer.filter((i) => arm[i] === 0 || i % 5 !== 0);
    const report = judgeExperiment({
      name: 'leak',
      arms: ARMS,
      viewers: { viewer: kept, arm: kept.map((i) => arm[i] ?? 0) },
      metrics: [
        {
          name: 'hours',
          unit: 'h',
          better: 'more',
          value: Float64Array.from(kept, (i) => treated[i] ?? 0),
        },
      ],
    });
    expect(report.sampleRatio).toMatchObject({ verdict: 'mismatch', alertLevel: 0.0005 });
    expect(report.decisions[0]?.verdict).toBe('invalid');
    expect(judged({}).sampleRatio.verdict).toBe('as planned');
  });

  it('M147: a guardrail holds, is broken, or cannot be said', () => {
    const guard = (better: 'more' | 'less', margin: number) =>
      only(judged({ better, margin })).guardrail?.verdict;
    expect(guard('more', 0.1)).toBe('holds');
    expect(guard('less', 0.05)).toBe('breached');
    expect(guard('less', EFFECT)).toBe('inconclusive');
  });

  it('M148: ships what gains and breaks nothing', () => {
    const hours = { name: 'hours', unit: 'h', better: 'more', value: treated } as const;
    const decision = (metrics: AbExperiment['metrics']) =>
      judged({}, { metrics }).decisions[0]?.verdict;
    expect(decision([hours])).toBe('ship');
    expect(decision([hours, { ...hours, name: 'stalls', better: 'less', margin: 0.05 }])).toBe(
      'do not ship',
    );
    expect(decision([hours, { ...hours, name: 'stalls', better: 'less', margin: EFFECT }])).toBe(
      'inconclusive',
    );
    expect(decision([{ ...hours, value: made.value }])).toBe('inconclusive');
    expect(decision([{ ...hours, better: 'less' }])).toBe('do not ship');
  });

  it('M148: several metrics are tested as a family', () => {
    const noise = Array.from({ length: 4 }, (_, k) => ({
      name: `noise ${k}`,
      unit: '1',
      better: 'more' as const,
      value: madeViewers(N, 100 + k).value,
    }));
    const report = judged({}, { metrics: noise });
    for (const { comparisons } of report.metrics) {
      const [one] = comparisons;
      expect(one?.adjustedPValue).toBeGreaterThanOrEqual(one?.difference?.pValue ?? 1);
    }
  });

  it('M146: the always-valid bound holds the truth and is wider at every look', () => {
    const { sequential } = only(judged({ before: made.before }));
    const looks = sequential?.viewers.length ?? 0;
    expect(looks).toBe(40);
    for (let look = 0; look < looks; look += 1) {
      const [low, high] = [sequential?.low[look], sequential?.high[look]];
      if (typeof low !== 'number' || typeof high !== 'number') continue;
      expect((high - low) / 2).toBeGreaterThan(sequential?.fixedHalfWidth[look] ?? 0);
      expect(low).toBeLessThan(EFFECT);
      expect(high).toBeGreaterThan(EFFECT);
    }
    expect(sequential?.low[0]).toBeNull();
    expect(sequential?.stoppedAtViewers).toBeLessThan(N);
  });

  it.each([
    ['nobody', 0],
    ['one viewer', 1],
    ['three', 3],
  ])('of %s has nulls with reasons and no NaN', (_, count) => {
    const viewer = made.viewer.slice(0, count);
    const report = judgeExperiment({
      name: 'few',
      arms: ARMS,
      viewers: { viewer, arm: arm.slice(0, count).map(() => 0) },
      metrics: [
        {
          name: 'hours',
          unit: 'h',
          better: 'more',
          value: treated.slice(0, count),
          before: made.before.slice(0, count),
        },
      ],
    });
    expect(numbersOf(report).every(Number.isFinite)).toBe(true);
    expect(only(report).refusal?.text).toContain('2 viewers');
    expect(report.sampleRatio.refusal?.text).toContain('5 viewers');
    expect(report.decisions[0]?.verdict).toBe('inconclusive');
  });

  it('of viewers who are all equal has an interval of no width, and no NaN', () => {
    const same = made.value.map(() => 1);
    const report = judged({ value: same, before: same });
    expect(numbersOf(report).every(Number.isFinite)).toBe(true);
    expect(only(report).difference).toMatchObject({ value: 0, low: 0, high: 0, pValue: null });
    const weightless = judged({ weight: made.value.map(() => 0) });
    expect(numbersOf(weightless).every(Number.isFinite)).toBe(true);
    expect(only(weightless).refusal?.text).toContain('0 ÷ 0');
  });

  it('refuses a viewer twice, an unknown arm and a value that is none', () => {
    const run = (viewers: { viewer: number[]; arm: number[] }, value: number[]) => () =>
      judgeExperiment({
        name: 'x',
        arms: ARMS,
        viewers,
        metrics: [{ name: 'hours', unit: 'h', better: 'more', value }],
      });
    expect(run({ viewer: [1, 1], arm: [0, 1] }, [1, 2])).toThrow('sum up the rows of a viewer');
    expect(run({ viewer: [1, 2], arm: [0, 2] }, [1, 2])).toThrow('arm of viewer 2 is 2');
    expect(run({ viewer: [1, 2], arm: [0, 1] }, [1, Number.NaN])).toThrow('value of hours is NaN');
    expect(run({ viewer: [1, 2], arm: [0, 1] }, [1])).toThrow('values of hours is 1');
    expect(() => judged({}, { metrics: [] })).toThrow('number of metrics is 0');
  });
});
