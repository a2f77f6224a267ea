/** Where runs begin to be measured: a world that starts empty under heavy load, with and without
 * the cut, beside the closed network of theory. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleOf } from '../../../src/experiment/campaign/sample-of.ts';
import { summarise } from '../../../src/experiment/results/summarise.ts';
import { exponential } from '../../../src/experiment/scenario/values.ts';
import { createWarmUp } from '../../../src/experiment/world/warm-up.ts';
import { minutes, seconds, us } from '../../../src/kernel/time.ts';
import { meanInterval } from '../../../src/stats/mean-interval.ts';
import { loadScenario, ONE_CALL } from '../load/load-world.ts';
import { runWorld } from '../small-world.ts';

const USERS = 60;
const DEMAND_US = 40_000;
const THINK_US = 1_200_000;
const RAMP_SECONDS = 20;
const OBJECTIVES = ['p99(page.load) < 1s', 'count(page.requests) < 9000'];

/** Mean response time of N users of one server who think in between, µs: exact mean value
 * analysis. Source: Reiser and Lavenberg, JACM 27 (1980). */
function responseUs(users: number): number {
  let queue = 0;
  let response = 0;
  for (let n = 1; n <= users; n += 1) {
    response = DEMAND_US * (1 + queue);
    queue = (n * response) / (response + THINK_US);
  }
  return response;
}

/** Users who come one after the other until the server is as full as it gets: ρ is nearly 1. */
async function runRamp(options: {
  readonly horizon: 'terminating' | 'steady-state';
  readonly seconds: number;
  readonly seed: number;
}) {
  const scenario = loadScenario({
    traffic: {
      kind: 'closed',
      users: [
        { at: 0, users: 0 },
        { at: seconds(RAMP_SECONDS), users: USERS },
      ],
      thinkTime: exponential(us(THINK_US)),
      ...ONE_CALL,
    },
    seconds: options.seconds,
    seed: options.seed,
    movie: { workersPerReplica: 1, baseTime: exponential(us(DEMAND_US)) },
    over: { objectives: OBJECTIVES },
  });
  const { horizon } = options;
  const { world, warehouse } = await runWorld({
    ...scenario,
    clock: { ...scenario.clock, horizon },
  });
  const subject = { name: 'ramp', architecture: 'federated', demand: { viewers: 0, test: null } };
  const figures = summarise(subject, world, warehouse);
  warehouse.close();
  return { world, ...figures };
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('the start of a steady state', () => {
  let runs: Awaited<ReturnType<typeof runRamp>>[] = [];
  beforeAll(async () => {
    for (const seed of SEEDS) {
      runs.push(await runRamp({ horizon: 'steady-state', seconds: 100, seed }));
    }
  });
  afterAll(() => {
    runs = [];
  });

  // Theory is outside of such an interval once in a thousand times; the seeds are fixed.
  it('E320: is cut off, and the rest is what theory says', () => {
    const means = runs.map(({ result }) => (result.meanPageLoadTimeMs ?? 0) * 1_000);
    const { low, high, halfWidth } = meanInterval(means, 0.999);
    const theory = responseUs(USERS);
    expect(theory / DEMAND_US).toBeGreaterThan(25);
    expect(low).toBeLessThan(theory);
    expect(high).toBeGreaterThan(theory);
    expect((halfWidth ?? theory) / theory).toBeLessThan(0.1);
  });

  it('E320: canary: with the start in it, the interval misses', () => {
    const means = runs.map(({ world }) => {
      const times = world.recorder.loads.map(({ pageLoadTimeUs }) => pageLoadTimeUs);
      return times.reduce((sum, us) => sum + us, 0) / times.length;
    });
    expect(meanInterval(means, 0.999).high).toBeLessThan(responseUs(USERS));
  });

  it('E320: pages asked before the cut are not measured, and the result says where it is', () => {
    for (const { world, result, pageLoadTimeUs } of runs) {
      expect(result.warmUp).toMatchObject({ method: 'mser-5', isTooShort: false, reason: null });
      expect(result.warmUpUs).toBe(result.warmUp.cutUs);
      expect(result.warmUpUs).toBeGreaterThan(seconds(RAMP_SECONDS / 2));
      expect(result.warmUpUs).toBeLessThan(seconds(50));
      const froms = result.stations.slice(0, 2).map(({ measured }) => measured.fromUs);
      expect(froms).toEqual([result.warmUpUs, result.warmUpUs]);
      const isMeasured = world.recorder.loads.map((load) => load.isMeasured);
      expect(isMeasured).toEqual(
        world.recorder.loads.map(
          ({ askedAtUs }) => askedAtUs >= result.warmUpUs && askedAtUs < seconds(100),
        ),
      );
      const measured = pageLoadTimeUs.counts.reduce((sum, count) => sum + count, 0);
      expect(measured).toBe(isMeasured.filter(Boolean).length);
      expect(measured).toBeGreaterThan(1_000);
    }
  });

  it('E321: a run that is too short says so and has no figures', async () => {
    const short = { horizon: 'steady-state', seconds: RAMP_SECONDS } as const;
    for (const seed of [2, 3, 4]) {
      expect((await runRamp({ ...short, seed })).result.warmUp.isTooShort).toBe(true);
    }
    const { result, pageLoadTimeUs, sections } = await runRamp({ ...short, seed: 1 });
    expect(result.warmUp.isTooShort).toBe(true);
    expect(result.warmUp.reason).toMatch(/run longer$/);
    expect(result.warmUpUs).toBe(seconds(RAMP_SECONDS));
    expect(result.meanPageLoadTimeMs).toBeNull();
    expect(result.pageLoadTimeMs.p99).toBeNaN();
    expect(result.pageLoadTimeIntervalsMs.p99).toMatchObject({ low: null, high: null });
    expect(pageLoadTimeUs.counts).toEqual([]);
    expect(sampleOf({ result, pageLoadTimeUs, sections }, 0).isTooShort).toBe(true);
    expect(result.objectives.map(({ value }) => value)).toEqual([null, null]);
    // What came in is counted all the same, and the books close.
    expect(result.requests).toBeGreaterThan(50);
    expect(result.ledger.requests.residual).toBe(0);
  });

  it('E320: detection changes nothing of the run itself', async () => {
    const one = { seconds: RAMP_SECONDS, seed: 3 };
    const fixedCut = await runRamp({ ...one, horizon: 'terminating' });
    const detected = await runRamp({ ...one, horizon: 'steady-state' });
    expect(detected.result.digest).toBe(fixedCut.result.digest);
    expect(fixedCut.result.warmUp).toEqual({
      method: 'fixed',
      cutUs: 0,
      isTooShort: false,
      reason: null,
    });
  });
});

describe('a warm-up', () => {
  const clock = {
    start: '2026-11-20T20:00:00-05:00',
    duration: minutes(10),
    warmUp: minutes(1),
    drain: minutes(1),
  };

  it('E322: of a terminating run is what it says: viewers by arrival, others by asking', () => {
    const warmUp = createWarmUp({ clock: { ...clock, horizon: 'terminating' } }, [
      seconds(59),
      6e7,
    ]);
    expect(warmUp.pagesInFlight).toBeUndefined();
    expect(warmUp.isMeasured(0, minutes(5))).toBe(false);
    expect(warmUp.isMeasured(1, minutes(5))).toBe(true);
    expect(warmUp.isMeasured(0x6000_0000, seconds(59))).toBe(false);
    expect(warmUp.isMeasured(0x6000_0000, seconds(60))).toBe(true);
  });

  it('E322: detected is never shorter than the given one; nothing to see is no cut', () => {
    const found = (levels: readonly (readonly [atUs: number, level: number])[]) => {
      const warmUp = createWarmUp({ clock: { ...clock, horizon: 'steady-state' } }, []);
      for (const [atUs, level] of levels) warmUp.pagesInFlight?.set(atUs, level);
      warmUp.settle(minutes(11));
      return warmUp.found;
    };
    const flicker = Array.from(
      { length: 600 },
      (_, s) => [seconds(s), s < 12 ? 0 : 5 + (s % 2)] as const,
    );
    expect(found(flicker)).toMatchObject({ cutUs: minutes(1), isTooShort: false, reason: null });
    const late = flicker.map(([atUs, level], s) => [atUs, s < 180 ? 0 : level] as const);
    expect(found(late)).toMatchObject({ cutUs: minutes(3), isTooShort: false });
    const idle = found([]);
    expect(idle).toMatchObject({ cutUs: minutes(1), isTooShort: false });
    expect(idle.reason).toMatch(/never changes/);
  });
});
