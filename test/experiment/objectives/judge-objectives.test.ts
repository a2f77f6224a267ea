/** Verdicts: their rules, worked out by hand. How often they err: `verdict-theory.test.ts`. */
import { describe, expect, it } from 'vitest';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import { judgeObjectives } from '../../../src/experiment/objectives/judge-objectives.ts';
import { parseObjective } from '../../../src/experiment/objectives/language/parse-objective.ts';
import type {
  ObjectiveMeasure,
  ObjectiveVerdict,
  PooledParts,
} from '../../../src/experiment/objectives/objective.ts';
import { seconds } from '../../../src/kernel/time.ts';

/** What a text does not say. */
type Settings = Parameters<typeof parseObjective>[1];
/** What one replication measured. */
type Measured = Partial<ObjectiveMeasure & Pick<RunSample, 'isTooShort'>>;

/** The verdict on what replications measured, by subject. */
function judge(
  text: string,
  measured: Readonly<Record<string, readonly Measured[]>>,
  settings: Settings & { readonly observationSize?: 1 | 2 } = {},
): readonly ObjectiveVerdict[] {
  const { observationSize = 1, ...others } = settings;
  const objective = parseObjective(text, others);
  const samples = new Map(
    Object.entries(measured).map(([subject, measures]) => [
      subject,
      measures.map((one, replication) => ({
        replication,
        ...(one.isTooShort === undefined ? {} : { isTooShort: one.isTooShort }),
        objectives: [
          { objective: objective.text, value: null, samples: 0, worst: null, pooled: NONE, ...one },
        ],
      })) as unknown as readonly RunSample[],
    ]),
  );
  const replayCommand = (subject: string, replication: number) => `${subject} ${replication}`;
  return judgeObjectives({ objectives: [objective], samples, replayCommand, observationSize });
}

const NONE = { kind: 'none' } as const;

function only(
  text: string,
  measures: readonly Measured[],
  settings: Parameters<typeof judge>[2] = {},
): ObjectiveVerdict {
  return judge(text, { federated: measures }, settings)[0] as ObjectiveVerdict;
}

/** `n` times the same. */
function times(n: number, measured: Measured): readonly Measured[] {
  return Array.from({ length: n }, () => measured);
}

/** Means of one value each. */
function means(...values: readonly number[]): readonly Measured[] {
  return values.map((value) => ({
    value,
    samples: 100,
    pooled: { kind: 'ratio', over: 100 * value, under: 100 },
  }));
}

/** A thousand page loads that take as long as each other. */
function tailOf(value: number): Measured {
  return { value, samples: 1_000, pooled: histogram(Array(1_000).fill(value)) };
}

/** A histogram of sorted values. */
function histogram(values: readonly number[]): PooledParts {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts.keys()].sort((a, b) => a - b);
  return {
    kind: 'histogram',
    values: sorted,
    counts: sorted.map((value) => counts.get(value) ?? 0),
  };
}

describe('verdicts', () => {
  it('E111: passes, fails and leaves open by one-sided bounds', () => {
    const values = [100e3, 102e3, 98e3, 101e3, 99e3];
    // s = 1.5811 ms, t(4, 95 %) = 2.1318: ± 1.5074 ms.
    const pass = only('mean(page.load) < 102ms', means(...values));
    expect(pass).toMatchObject({ verdict: 'pass', value: 100e3, replications: 5, samples: 500 });
    expect(pass.high).toBeCloseTo(101_507.4, 0);
    expect(pass.low).toBeCloseTo(98_492.6, 0);
    expect(pass.margin).toBeCloseTo(2 / 102, 9);
    expect(pass.reason).toBe('100ms [98.49ms, 101.5ms] is < 102ms');
    expect(only('mean(page.load) < 98ms', means(...values)).verdict).toBe('fail');
    const open = only('mean(page.load) < 101ms', means(...values));
    // (1.5074 ÷ 1)² · 5 = 11.4.
    expect([open.verdict, open.moreReplications]).toEqual(['inconclusive', 7]);
    expect(open.reason).toBe(
      '100ms [98.49ms, 101.5ms] leaves < 101ms open: about 7 more would decide',
    );
    expect(only('mean(page.load) > 98ms', means(...values)).verdict).toBe('pass');
    expect(only('mean(page.load) > 102ms', means(...values)).verdict).toBe('fail');
  });

  it('E112: no verdict before there are replications and samples enough', () => {
    const one = only('mean(page.load) < 1s', means(1));
    expect([one.verdict, one.moreReplications, one.low]).toEqual(['inconclusive', 4, null]);
    expect(one.reason).toContain('1 replication, 5 are needed');
    const ten = only('mean(page.load) < 1s', means(1, 2, 1), { minReplications: 10 });
    expect([ten.verdict, ten.moreReplications]).toEqual(['inconclusive', 7]);
    const few = only('mean(page.load) < 1s', means(1, 2, 1, 2, 1), { minSamples: 1_000 });
    expect([few.verdict, few.moreReplications]).toEqual(['inconclusive', 5]);
    const tail = { value: 1, samples: 100, pooled: histogram(Array(100).fill(1)) };
    const p99 = only('p99(page.load) < 1s', times(5, tail));
    expect([p99.verdict, p99.moreReplications]).toEqual(['inconclusive', 5]);
    expect(p99.reason).toContain('500 samples, 1000 are needed');
    expect(only('p99(page.load) < 1s', times(10, tail)).verdict).toBe('pass');
  });

  it('E112: none of what is counted is a count of it, and decides', () => {
    const none: Measured = { value: 0, samples: 0, pooled: { kind: 'ratio', over: 0, under: 1 } };
    expect(only('count(events.late) < 5', times(5, none)).verdict).toBe('pass');
    expect(only('rate(page.errors) < 1/s', times(5, none)).verdict).toBe('pass');
    const many = only('count(events.late) < 5', times(5, none), { minSamples: 10 });
    expect(many.reason).toContain('0 samples, 10 are needed');
  });

  it('E113: no data fail, unless it is said otherwise', () => {
    const verdicts = (['fail', 'pass', 'skip'] as const).map(
      (onNoData) => only('p99(page.load) < 1s', times(5, {}), { onNoData }).verdict,
    );
    expect(verdicts).toEqual(['fail', 'pass', 'skipped']);
    expect(only('p99(page.load) < 1s', times(5, {})).reason).toBe('there are no data');
  });

  it('E112: what must hold in every run fails by one, and passes with what that shows', () => {
    const none: Measured = { value: 0, samples: 1, pooled: { kind: 'ratio', over: 0, under: 1 } };
    const broken: Measured = { ...none, value: 3 };
    const fail = only('count(events.lost) == 0', [none, broken]);
    expect(fail).toMatchObject({
      verdict: 'fail',
      value: 3,
      reason: 'replication 1 has 3, not == 0',
    });
    expect(only('count(events.lost) == 0', [broken]).verdict).toBe('fail');
    expect(only('count(events.lost) == 0', [none]).verdict).toBe('inconclusive');
    const pass = only('count(events.lost) == 0', times(10, none));
    expect(pass.verdict).toBe('pass');
    // 1 − 0.05^(1/10).
    expect(pass.reason).toContain('at most 26% of runs do, with 95% confidence');
    const windows = 'p99(page.load) < 1s over 1m windows';
    const held: Measured = { value: 1, samples: 9, pooled: { kind: 'ratio', over: 9, under: 9 } };
    expect(only(windows, times(5, held)).verdict).toBe('pass');
    expect(only(windows, [{ ...held, value: 8 / 9 }]).verdict).toBe('fail');
  });

  it('E112: a recovery that never came is told before a long one', () => {
    const text = 'recover(p99(page.load) < 1s) within 90s after fault("zone.loss")';
    const took = (s: number, more: Measured = {}): Measured => {
      const value = seconds(s);
      return { value, samples: 9, pooled: { kind: 'extreme', value }, ...more };
    };
    expect(only(text, times(5, took(80)))).toMatchObject({ verdict: 'pass', margin: 10 / 90 });
    expect(only(text, [took(100), took(30)]).reason).toBe('replication 0 has 100s, not <= 90s');
    const never = only(text, [took(100), took(50, { isCensored: true })]);
    expect(never).toMatchObject({ verdict: 'fail' });
    expect(never.reason).toBe('replication 1 has at least 50s, not <= 90s');
    // 50 s of waiting in vain leave no room, though they are less than 90.
    expect(only(text, [took(50, { isCensored: true })])).toMatchObject({
      verdict: 'fail',
      value: seconds(50),
      margin: null,
    });
  });

  it('E117: runs without a steady state decide nothing but what the others miss', () => {
    const short: Measured = { isTooShort: true };
    const all = only('mean(page.load) < 1s', times(5, short), { onNoData: 'pass' });
    expect([all.verdict, all.value, all.moreReplications]).toEqual(['inconclusive', null, null]);
    expect(all.reason).toContain('5 of 5 replications ended before the start did');
    const good = means(1, 2, 1, 2, 1);
    expect(only('mean(page.load) < 1s', good).verdict).toBe('pass');
    const one = only('mean(page.load) < 1s', [...good, short]);
    expect([one.verdict, one.reason.slice(0, 21)]).toEqual([
      'inconclusive',
      '1 of 6 replications e',
    ]);
    expect(only('mean(page.load) > 1s', [...good, short]).verdict).toBe('fail');
    // What is of the run as a whole has nothing to do with it.
    const cost: Measured = { value: 1, samples: 1, pooled: { kind: 'ratio', over: 1, under: 1 } };
    const paid = times(5, { ...cost, ...short });
    expect(only('mean(cost.per_hour) < 2USD', paid).verdict).toBe('pass');
  });

  it('E111: an antithetic pair is one observation', () => {
    // Pairs that agree: ten runs say no more than five.
    const values = [100e3, 102e3, 98e3, 101e3, 99e3];
    const pairs = means(...values.flatMap((value) => [value, value]));
    const five = only('mean(page.load) < 101ms', means(...values));
    const ten = only('mean(page.load) < 101ms', pairs, { observationSize: 2 });
    expect(ten.high).toBeCloseTo(five.high ?? 0, 6);
    expect([ten.replications, ten.moreReplications]).toEqual([10, 14]);
    expect(only('mean(page.load) < 101ms', pairs).verdict).toBe('pass');
    // Pairs that balance each other: their means do not vary.
    const balanced = means(90e3, 110e3, 95e3, 105e3, 80e3, 120e3);
    const settled = only('mean(page.load) < 101ms', balanced, { observationSize: 2 });
    expect([settled.verdict, settled.low, settled.high]).toEqual(['pass', 100e3, 100e3]);
    const tails = values.flatMap((x) => times(2, tailOf(x)));
    const open = { observationSize: 2, minReplications: 2 } as const;
    expect(only('p50(page.load) < 1s', tails, open)).toMatchObject({ value: 100e3 });
  });

  it('E114: names the worst window of all replications, and how to run it again', () => {
    const measured = [300, 900, 500].map((value, i) => ({
      ...(means(value)[0] as Measured),
      worst: { fromUs: i, toUs: i + 1, value },
    }));
    const verdict = only('mean(page.load) < 1s', measured);
    expect(verdict.worst).toEqual({ fromUs: 1, toUs: 2, value: 900, replication: 1 });
    expect(verdict.replayCommand).toBe('federated 1');
    expect(only('mean(page.load) > 1ms', measured).worst?.replication).toBe(0);
  });

  it('E110: a percentile that equals its limit is not below it, and not above', () => {
    const waiting = histogram([...Array(500).fill(0), ...Array(495).fill(1), ...Array(5).fill(2)]);
    const verdict = (condition: string) =>
      only(
        `p90(server.queue) ${condition}`,
        times(6, { value: 1, samples: 1_000, pooled: waiting }),
      ).verdict;
    expect(['< 1', '<= 1', '>= 1', '> 1', '> 0', '< 2'].map(verdict)).toEqual([
      'fail',
      'pass',
      'pass',
      'fail',
      'pass',
      'pass',
    ]);
  });

  it('E110: percentiles are pooled: their average would say otherwise', () => {
    // Nine quiet runs of few pages and a busy one, which holds most pages and all slow ones.
    const quiet = { value: 100e3, samples: 100, pooled: histogram(Array(100).fill(100e3)) };
    const slow = [...Array(9_000).fill(100e3), ...Array(1_000).fill(900e3)];
    const busy = { value: 900e3, samples: 10_000, pooled: histogram(slow) };
    const measures = [...times(9, quiet), busy];
    const verdict = only('p95(page.load) < 300ms', measures);
    const average = measures.reduce((sum, { value }) => sum + (value ?? 0), 0) / measures.length;
    expect(average).toBeLessThan(300e3);
    expect(verdict.value).toBe(900e3);
    expect(verdict.verdict).not.toBe('pass');
  });
});

describe('ratios between architectures', () => {
  const text = 'mean(page.load, arch="a") / mean(page.load, arch="b") < 1.15';

  it('E115: pairing cancels what both met', () => {
    const busy = [1, 3, 9, 2, 6, 4];
    const [verdict, ...rest] = judge(text, {
      a: means(...busy.map((x) => 1.05 * x)),
      b: means(...busy),
      c: means(1, 1, 1),
    });
    expect(rest).toEqual([]);
    expect(verdict).toMatchObject({ verdict: 'pass', subject: 'a / b', replications: 6 });
    expect(verdict?.value).toBeCloseTo(1.05, 9);
    expect((verdict?.high ?? 2) - (verdict?.low ?? 0)).toBeLessThan(1e-9);
    // Without the pairs nothing would be known.
    const [lost] = judge(text, {
      a: means(...busy.map((x) => 1.05 * x)).toReversed(),
      b: means(...busy),
    });
    expect(lost?.verdict).toBe('inconclusive');
  });

  it('E115: one that was not run is no verdict', () => {
    expect(judge(text, { a: means(1, 2, 3, 4, 5) })[0]).toMatchObject({
      verdict: 'skipped',
      reason: 'a / b was not run',
    });
  });
});
