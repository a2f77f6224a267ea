/** What a result document says of the closed loop: sums that add up, values in closed form, an A/B
 * test, and metrics that replications are compared by. */
import { beforeAll, describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/experiment/campaign/metrics.ts';
import type { LoopResult } from '../../../src/experiment/recommendations/results/loop-result.ts';
import type { ArchitectureResult, RunDocument } from '../../../src/experiment/result.ts';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import { performRun } from '../../../src/experiment/run-task.ts';
import { variantsOf } from '../../../src/experiment/scenario/variants.ts';
import { loopDocument, loopTest } from './loop-document.ts';

let document: RunDocument;
let test: LoopResult;
let oracle: LoopResult;

beforeAll(async () => {
  document = await loopDocument;
  [test, oracle] = document.architectures.map((one) => one.recommendations) as [
    LoopResult,
    LoopResult,
  ];
});

function sum<T>(of: readonly T[], value: (one: T) => number): number {
  return of.reduce((total, one) => total + value(one), 0);
}

describe('results of the closed loop', () => {
  it('M119: have each arm, and add up', () => {
    const [first] = document.architectures;
    expect(test.arms.map(({ name, policy, share }) => [name, policy, share])).toEqual([
      ['popular', 'popularity', 1 / 3],
      ['als', 'als', 2 / 3],
    ]);
    expect(sum(test.arms, ({ viewers }) => viewers)).toBe(first?.viewers);
    expect(test.impressions.shown).toBe(10 * sum(test.arms, ({ rows }) => rows));
    for (const arm of test.arms) {
      expect(sum(arm.bySlot, ({ taken }) => taken)).toBe(arm.takes);
      expect(arm.bySlot.map(({ shown }) => shown)).toEqual(arm.bySlot.map(() => arm.rows));
      expect(arm.takeRate?.value).toBeCloseTo(arm.takes / arm.rows, 12);
      expect(arm.takeRate?.low).toBeLessThan(arm.takeRate?.value ?? 0);
      expect(arm.regret).toBeGreaterThan(0);
    }
    const stored = sum(test.arms, ({ bySlot }) => sum(bySlot, (slot) => slot.stored));
    expect(stored).toBe(test.impressions.stored);
  });

  it('M119: know the worth of rows, to which the oracle adds nothing', () => {
    const [only] = oracle.arms;
    expect(only?.regret).toBe(0);
    expect(only?.shareOfOracle).toBe(1);
    for (const { value, bestValue } of test.arms) expect(value).toBeLessThan(bestValue ?? 0);
    // What is expected of the choice model is what was counted, within three standard deviations.
    const takes = sum(test.arms, (arm) => arm.takes);
    const expected = sum(test.arms, ({ bySlot }) => sum(bySlot, (slot) => slot.expected));
    expect(Math.abs(takes - expected)).toBeLessThan(3 * Math.sqrt(expected));
  });

  it('M119: go over time, and end where the sums do', () => {
    const { hours, arms } = test.series;
    expect(hours.at(-1)).toBeCloseTo(document.virtualHours, 9);
    arms.forEach(({ regretPerViewer, satisfaction }, i) => {
      const arm = test.arms[i];
      expect(regretPerViewer.at(-1)).toBeCloseTo((arm?.regret ?? 0) / (arm?.viewers ?? 1), 9);
      expect(satisfaction.at(-1)).toBeCloseTo(arm?.satisfaction?.value ?? 0, 9);
    });
  });

  it('M119: are an A/B test with the history as pre-period; one arm is none', () => {
    expect(test.comparison?.arms.map(({ viewers }) => viewers)).toEqual(
      test.arms.map(({ viewers }) => viewers),
    );
    const [hours] = test.comparison?.metrics ?? [];
    expect(hours?.means[0]).toBeCloseTo(test.arms[0]?.hoursPerViewer?.value ?? 0, 12);
    expect(hours?.viewersWithoutBefore).toBe(0);
    expect(hours?.comparisons[0]?.cuped).not.toBeNull();
    expect(oracle.comparison).toBeNull();
    expect(JSON.stringify(document)).not.toMatch(/NaN|Infinity/);
  });

  it('M115: tell what was learned on the way, where somebody learns', () => {
    expect(test.learning?.rounds).toBe(5);
    expect(test.learning?.rows).toBeGreaterThan(10);
    expect(oracle.learning).toBeNull();
    expect(test.history?.plays).toBeGreaterThan(40);
  });

  it('M117: do not change where another run has made tastes and models before', async () => {
    const [variant] = variantsOf(loopTest);
    if (variant === undefined) throw new Error('no variant');
    const { catalogue, arrivals } = await readRunInputs(loopTest, {});
    const again = await performRun({
      ...{ ...variant, catalogue, arrivals, replication: 0, directory: undefined, trace: false },
    });
    expect(again.result.digest).toBe(document.architectures[0]?.digest);
    expect(again.result.recommendations).toEqual(test);
  });

  it('M121: are metrics of replications, of those and of no others', () => {
    const others = ['SLO minutes missed', 'replica hours'];
    const rare = METRICS.filter(({ name, isRare }) => isRare === true && !others.includes(name));
    expect(rare.length).toBeGreaterThan(5);
    const [result] = document.architectures as [ArchitectureResult];
    const values = Object.fromEntries(rare.map(({ name, of }) => [name, of(result)]));
    expect(values['row take rate']).toBeCloseTo(
      sum(test.arms, ({ takes }) => takes) / sum(test.arms, ({ rows }) => rows),
      12,
    );
    expect(Object.values(values).every((value) => typeof value === 'number')).toBe(true);
    const { recommendations, ...plain } = result;
    expect(recommendations).toBe(test);
    expect(rare.map(({ of }) => of(plain))).toEqual(rare.map(() => null));
  });
});
