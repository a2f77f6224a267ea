/** What is smaller, in which order it is tried, and what a large trial comes to. */
import { describe, expect, it } from 'vitest';
import {
  eachSmaller,
  nearer,
  shorter,
  shrinkGreedily,
  withoutPairs,
} from '../../../src/testing/shrink/greedy.ts';
import { shrinkTrial } from '../../../src/testing/shrink/shrink-trial.ts';
import { omissions } from '../../../src/testing/shrink/smaller-json.ts';
import { trialSize } from '../../../src/testing/shrink/smaller-trials.ts';
import type { Trial } from '../../../src/testing/trial/trial.ts';

describe('T104: what is smaller', () => {
  it('of lists: halves, quarters, single ones, pairs', () => {
    expect([...shorter([1, 2, 3, 4])]).toEqual([
      [],
      [3, 4],
      [1, 2],
      [2, 3, 4],
      [1, 3, 4],
      [1, 2, 4],
      [1, 2, 3],
    ]);
    expect([...shorter([])]).toEqual([]);
    expect([...withoutPairs([1, 2, 3])]).toEqual([[3], [2], [1]]);
    expect([...withoutPairs(Array.from({ length: 17 }))]).toEqual([]);
  });

  it('of numbers: the plain one, then nearer and nearer', () => {
    expect([...nearer(10)]).toEqual([0, 5, 8, 9]);
    expect([...nearer(10, { plain: 4 })]).toEqual([4, 7, 9]);
    expect([...nearer(25, { step: 10 })]).toEqual([0, 5, 15]);
    expect([...nearer(4, { plain: 4 })]).toEqual([]);
    expect([...nearer(3, { plain: 4 })]).toEqual([]);
    expect([...eachSmaller([2, 0], (one) => nearer(one))]).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('of plain data: members left out, outermost first', () => {
    expect([...omissions({ a: 1, b: { c: [{ d: 2 }] } })]).toEqual([
      { b: { c: [{ d: 2 }] } },
      { a: 1 },
      { a: 1, b: {} },
      { a: 1, b: { c: [{}] } },
    ]);
    expect([...omissions(7)]).toEqual([]);
  });

  it('is tried until nothing smaller fails, each once, within the budget', async () => {
    const tried: number[] = [];
    const options = {
      smaller: (value: number) => nearer(value),
      stillFails: (value: number) => {
        tried.push(value);
        return value >= 37;
      },
    };
    expect(await shrinkGreedily(1_000, { ...options, budget: 100 })).toEqual({
      value: 37,
      tries: tried.length,
      isMinimal: true,
    });
    expect(new Set(tried).size).toBe(tried.length);
    const cut = await shrinkGreedily(1_000, { ...options, budget: 3 });
    expect(cut).toMatchObject({ tries: 3, isMinimal: false });
  });
});

const large: Trial = {
  schema: 'backlot.trial/1',
  architecture: 'federated',
  tieOrder: 9,
  healedAt: 60_000_000,
  scenario: {
    schema: 1,
    name: 'large',
    question: 'How small does it get?',
    seed: 77,
    clock: { start: '2026-11-20T20:00:00Z', duration: 180_000_000, drain: 60_000_000 },
    catalogue: { titles: 40 },
    audience: { viewers: 12, guests: [{ at: 5_000_000 }, { at: 9_500_000 }] },
    clickstream: { partitions: 2, sdk: { killProbability: 0.5 } },
    requests: { pageTimeout: 4_000_000 },
    faults: [
      { kind: 'service.slow', target: 'movie', at: 1_000_000, for: 20_000_000, factor: 9 },
      { kind: 'service.outage', target: 'talent', at: 12_345_678, for: 30_000_000 },
      { kind: 'zone.loss', zone: 0, at: 2_000_000, for: 4_000_000 },
    ],
  },
};

describe('T105: trials', () => {
  it('shrink in workload, topology, faults and ties together', async () => {
    let runs = 0;
    const stillFails = ({ scenario, architecture }: Trial) => {
      runs += 1;
      const { faults = [], audience, clickstream } = scenario;
      const isOut = faults.some(
        (fault) => fault.kind === 'service.outage' && fault.at + fault.for >= 10_000_000,
      );
      const people = (audience.viewers ?? 0) + (audience.guests ?? []).length;
      return isOut && people > 0 && architecture !== 'monolith' && clickstream?.partitions === 2;
    };
    const { value, tries, isMinimal } = await shrinkTrial(large, stillFails, 500);
    expect(trialSize(large)).toEqual({ commands: 14, faults: 4 });
    expect(trialSize(value)).toEqual({ commands: 1, faults: 1 });
    expect({ tries, isMinimal }).toEqual({ tries: runs, isMinimal: true });
    expect(runs).toBeLessThan(150);
    expect(value).toEqual({
      schema: 'backlot.trial/1',
      architecture: 'direct',
      healedAt: 10_000_000,
      scenario: {
        schema: 1,
        name: 'large',
        question: 'How small does it get?',
        seed: 77,
        clock: { ...large.scenario.clock, duration: expect.any(Number) },
        audience: { viewers: 0, guests: [{ at: 0 }] },
        clickstream: { partitions: 2 },
        faults: [{ kind: 'service.outage', target: 'talent', at: 0, for: 10_000_000 }],
      },
    });
    expect(value.scenario.clock.duration).toBeLessThan(62_000_000);
  });

  it('run only where the scenario is valid, and stop at the budget', async () => {
    const seen: Trial[] = [];
    const all = (trial: Trial) => {
      seen.push(trial);
      return false;
    };
    const { value, tries } = await shrinkTrial(large, all, 1_000);
    expect(value).toBe(large);
    expect(tries).toBe(seen.length);
    // A fault without its target would be none.
    const aimed = ({ scenario: { faults = [] } }: Trial) =>
      faults.every((fault) => fault.kind === 'zone.loss' || 'target' in fault);
    expect(seen.every(aimed)).toBe(true);
    expect(await shrinkTrial(large, () => false, 3)).toMatchObject({ tries: 3, isMinimal: false });
  });
});
