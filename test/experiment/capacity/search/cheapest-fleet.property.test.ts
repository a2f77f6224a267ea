/** The planner's search on fleets of several numbers whose answer is known by trying them all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cheapestFleet,
  type FleetProblem,
} from '../../../../src/experiment/capacity/search/cheapest-fleet.ts';
import type { Coordinate, Fleet } from '../../../../src/experiment/capacity/search/fleet.ts';
import type { Trial } from '../../../../src/experiment/capacity/search/known-fleets.ts';

const SEED = 20_261_126;

/** Stations with work to do: a fleet passes where none is busier than allowed and the waits, which
 * grow without bound towards full use, add up to little enough. */
interface Model {
  readonly work: readonly number[];
  readonly prices: readonly number[];
  readonly waitMax: number;
}

const COORDINATE_MAX = 9;

const models: fc.Arbitrary<Model> = fc.record({
  work: fc.array(fc.double({ min: 0.3, max: 5, noNaN: true }), { minLength: 1, maxLength: 3 }),
  prices: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }),
  waitMax: fc.double({ min: 0.4, max: 6, noNaN: true }),
});

function waitOf({ work }: Model, fleet: Fleet): number {
  return work.reduce((sum, load, i) => {
    const servers = fleet[i] ?? 0;
    return sum + (servers > load ? load / (servers - load) : Number.POSITIVE_INFINITY);
  }, 0);
}

function problemOf(model: Model, tried: Fleet[] = []): FleetProblem<Trial> {
  const trialOf = (fleet: Fleet): Trial => {
    tried.push(fleet);
    const wait = waitOf(model, fleet);
    const busy = model.work.map((load, i) => load / (fleet[i] ?? 1));
    return {
      verdict: wait <= model.waitMax ? 'pass' : 'fail',
      margin: 1 - wait / model.waitMax,
      bottleneck: busy.indexOf(Math.max(...busy)),
    };
  };
  return {
    coordinates: coordinatesOf(model),
    start: model.work.map((load) => Math.min(COORDINATE_MAX, Math.ceil(load + Math.sqrt(load)))),
    costOf: (fleet) => fleet.reduce((sum, n, i) => sum + n * (model.prices[i] ?? 1), 0),
    judge: async (fleet) => trialOf(fleet),
    confirm: async (fleet) => trialOf(fleet),
  };
}

function coordinatesOf({ work }: Model): readonly Coordinate[] {
  return work.map((_, i) => ({
    path: `station${i}`,
    min: 1,
    max: COORDINATE_MAX,
    step: 1,
    isPriced: true,
  }));
}

/** All fleets of the range. */
function everyFleet(size: number): readonly Fleet[] {
  if (size === 0) return [[]];
  return everyFleet(size - 1).flatMap((fleet) =>
    Array.from({ length: COORDINATE_MAX }, (_, k) => [...fleet, k + 1]),
  );
}

describe('the cheapest fleet', () => {
  it('E204: passes, and no fleet one step cheaper does', async () => {
    let met = 0;
    const above: number[] = [];
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const problem = problemOf(model);
        const answer = await cheapestFleet(problem);
        const passing = everyFleet(model.work.length).filter(
          (fleet) => waitOf(model, fleet) <= model.waitMax,
        );
        if (passing.length === 0) {
          expect(answer.verdict).toBe('impossible');
          return;
        }
        met += 1;
        expect(answer.verdict).toBe('met');
        expect(waitOf(model, answer.fleet)).toBeLessThanOrEqual(model.waitMax);
        expect(answer.isMinimumVerified).toBe(true);
        for (const [i, value] of answer.fleet.entries()) {
          const less = answer.fleet.with(i, value - 1);
          if (value > 1) expect(waitOf(model, less)).toBeGreaterThan(model.waitMax);
        }
        const cheapest = Math.min(...passing.map(problem.costOf));
        above.push(problem.costOf(answer.fleet) / cheapest - 1);
        expect(problem.costOf(answer.fleet)).toBeGreaterThan(0);
      }),
      { seed: SEED, numRuns: 150, endOnFailure: true },
    );
    expect(met).toBeGreaterThan(50);
    // Trades leave little between it and the very cheapest: nothing in most, never a quarter.
    expect(Math.max(...above)).toBeLessThan(0.25);
    expect(above.filter((share) => share === 0).length).toBeGreaterThan(0.8 * above.length);
  });

  it('E205: is the same twice, tries no fleet twice, and far fewer than there are', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const [first, second]: Fleet[][] = [[], []];
        const a = await cheapestFleet(problemOf(model, first));
        const b = await cheapestFleet(problemOf(model, second));
        expect(b.fleet).toEqual(a.fleet);
        expect(second).toEqual(first);
        const searched = (first ?? []).length - (a.isConfirmed ? 1 : 0);
        expect(searched).toBeLessThanOrEqual(a.known.all.length + 1);
        expect(searched).toBeLessThan(80);
      }),
      { seed: SEED, numRuns: 50, endOnFailure: true },
    );
  });

  it('E206: costs no less for more work or a tighter limit, within a trade', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const costOf = async (one: Model) => {
          const problem = problemOf(one);
          const answer = await cheapestFleet(problem);
          return answer.verdict === 'met' ? problem.costOf(answer.fleet) : Number.POSITIVE_INFINITY;
        };
        const cost = await costOf(model);
        const more = { ...model, work: model.work.map((load) => load * 1.3) };
        expect(await costOf(more)).toBeGreaterThanOrEqual(cost / 1.25);
        const stricter = { ...model, waitMax: model.waitMax / 1.5 };
        expect(await costOf(stricter)).toBeGreaterThanOrEqual(cost / 1.25);
      }),
      { seed: SEED, numRuns: 50, endOnFailure: true },
    );
  });

  it('E207: what fails its confirmation is rejected, and the next one confirmed', async () => {
    const model: Model = { work: [2.2], prices: [1, 1, 1], waitMax: 3 };
    const problem = problemOf(model);
    const confirmed: number[] = [];
    const answer = await cheapestFleet({
      ...problem,
      confirm: async (fleet) => {
        confirmed.push(fleet[0] ?? 0);
        const isEnough = (fleet[0] ?? 0) > 3;
        return { verdict: isEnough ? 'pass' : 'inconclusive', margin: 0, bottleneck: 0 };
      },
    });
    expect(waitOf(model, [3])).toBeLessThanOrEqual(model.waitMax);
    expect(confirmed).toEqual([3, 4]);
    // What is told of the answer is what confirmed it, and not what the search saw.
    expect(answer.known.simulated([4])).toBe(answer.trial);
    expect(answer).toMatchObject({ verdict: 'met', fleet: [4], isMinimumVerified: true });
  });

  it('E208: when runs end, the best so far is the answer', async () => {
    const model: Model = { work: [2, 3], prices: [1, 1, 1], waitMax: 2 };
    for (let runs = 0; runs < 12; runs += 1) {
      const problem = problemOf(model);
      let left = runs;
      const limited = async (fleet: Fleet) => {
        left -= 1;
        return left < 0 ? undefined : problem.judge(fleet);
      };
      const answer = await cheapestFleet({ ...problem, judge: limited, confirm: limited });
      if (answer.verdict === 'met') continue;
      expect(answer.verdict).toBe('stopped');
      expect(answer.isMinimumVerified).toBe(false);
      const passed = answer.known.all.some(({ trial }) => trial.verdict === 'pass');
      if (passed) expect(answer.trial?.verdict).toBe('pass');
    }
  });

  it('E209: sets free numbers to what leaves the most room', async () => {
    const flush: Coordinate = { path: 'flush', min: 1, max: 1_000, step: 1, isPriced: false };
    const workers: Coordinate = { path: 'workers', min: 1, max: 20, step: 1, isPriced: true };
    // Best around 60; far away from it no number of workers will do.
    const room = ([every = 1, count = 1]: Fleet) =>
      1 - Math.abs(Math.log(every / 60)) / 2 - 6 / count;
    const trialOf = async (fleet: Fleet): Promise<Trial> => ({
      verdict: room(fleet) >= 0 ? 'pass' : 'fail',
      margin: room(fleet),
      bottleneck: 1,
    });
    const answer = await cheapestFleet({
      coordinates: [flush, workers],
      start: [1_000, 2],
      costOf: ([, count = 0]) => count,
      judge: trialOf,
      confirm: trialOf,
    });
    expect(answer.verdict).toBe('met');
    expect(answer.fleet[0]).toBe(63);
    expect(answer.fleet[1]).toBe(7);
  });
});
