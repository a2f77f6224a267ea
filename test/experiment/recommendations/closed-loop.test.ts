/** The closed loop in the full world: rows are filled and shown, viewers take from them or not,
 * what they do is stored, and policies learn from what is stored. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowOutcome, RowPolicy } from '../../../src/domain/recommending/row-policy.ts';
import { summariseLoop } from '../../../src/experiment/recommendations/results/summarise-loop.ts';
import { eventLedger, requestLedger } from '../../../src/experiment/results/ledger.ts';
import { readStoredCounts } from '../../../src/experiment/results/warehouse-figures.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import { fixed, lognormal } from '../../../src/experiment/scenario/values.ts';
import { hours, minutes, ms } from '../../../src/kernel/time.ts';
import { runWorld } from '../small-world.ts';
import { type LoopRun, loopOf, loopScenario } from './loop-world.ts';

const scenario = loopScenario();
let plain: LoopRun;

beforeAll(async () => {
  plain = await runWorld(scenario);
});
afterAll(() => plain.warehouse.close());

/** A run of which only figures are wanted. */
async function figuresOf<T>(of: Scenario, look: (run: LoopRun) => T): Promise<T> {
  const run = await runWorld(of);
  try {
    return look(run);
  } finally {
    run.warehouse.close();
  }
}

/** What a viewer was shown and took, row by row, without when. */
function choices(run: LoopRun, viewers: (viewer: number) => boolean = () => true) {
  return loopOf(run)
    .truth.rows.filter(({ viewer, takenSlot }) => viewers(viewer) && takenSlot !== undefined)
    .map(({ viewer, number, titles, takenSlot }) => `${viewer}/${number} ${titles} → ${takenSlot}`)
    .sort();
}

function impressionsOf({ world, warehouse }: LoopRun) {
  return summariseLoop(world, warehouse).recommendations?.impressions;
}

describe('the closed loop', () => {
  it('M111: shows rows, and viewers take, watch, come back', () => {
    const { truth } = loopOf(plain);
    expect(truth.rows.length).toBeGreaterThan(20);
    expect(truth.rows.some(({ takenSlot }) => (takenSlot ?? -1) >= 0)).toBe(true);
    for (const { titles, propensities } of truth.rows) {
      expect(new Set(titles).size).toBe(10);
      expect(propensities.every((p) => p > 0 && p <= 1)).toBe(true);
    }
    expect(requestLedger(plain.world).residual).toBe(0);
    expect(eventLedger(plain.world, readStoredCounts(plain.warehouse)).residual).toBe(0);
  });

  it('A122: whoever comes back does so in a new session, unless that is soon', () => {
    expect(loopOf(plain).truth.viewers.some(({ visits }) => visits > 1)).toBe(true);
    const [found] = plain.warehouse.query(
      'SELECT count(DISTINCT session_id) AS n, count(DISTINCT subject) AS v FROM fact_event',
    );
    expect(Number(found?.['n'])).toBeGreaterThan(Number(found?.['v']));
  });

  it('A120: is the same on both interpreters, and after another run', async () => {
    const few = loopScenario({}, { audience: { viewers: 3 } });
    const digests: string[] = [];
    for (const interpreter of ['compiled', 'xstate', 'compiled'] as const) {
      const { world, warehouse } = await runWorld(few, { interpreter });
      digests.push(world.digest.value());
      warehouse.close();
    }
    expect(new Set(digests).size).toBe(1);
  });

  it('A121: slow pages delay viewers and change no row and no choice', async () => {
    const movie = { ...scenario.services['movie'], baseTime: fixed(ms(600)) };
    const services = { ...scenario.services, movie } as Scenario['services'];
    const slow = await figuresOf({ ...scenario, services }, (run) => ({
      firstUs: loopOf(run).truth.rows[0]?.atUs ?? 0,
      choices: choices(run),
    }));
    expect(slow.firstUs).toBeGreaterThan(loopOf(plain).truth.rows[0]?.atUs ?? 0);
    // A row may fall beyond the end of the slower run; no other may differ.
    const fast = choices(plain);
    const common = fast.filter((one) => slow.choices.includes(one));
    expect(common.length).toBeGreaterThan(20);
    expect(Math.max(fast.length, slow.choices.length) - common.length).toBeLessThanOrEqual(1);
  });

  it('M112: one viewer more changes nobody else’s rows and choices', async () => {
    const guests = [{ at: minutes(7) }, { at: hours(2) }];
    const more = { ...scenario, audience: { ...scenario.audience, guests } };
    const [all, own] = await figuresOf(more, (run) => [
      choices(run),
      choices(run, (viewer) => viewer < 1_000),
    ]);
    expect(all?.length).toBeGreaterThan(choices(plain).length);
    expect(own).toEqual(choices(plain));
  });
});

describe('impressions', () => {
  it('M116: are stored, waiting, or lost for a reason', async () => {
    const clickstream = {
      batchLossProbability: 0.3,
      malformedShare: 0.05,
      retry: { maxAttempts: 2, backoffBase: ms(500), backoffCap: ms(1_000) },
    };
    const found = await figuresOf(loopScenario({}, { clickstream }), impressionsOf);
    expect(found?.residual).toBe(0);
    expect(found?.wrongPropensities).toBe(0);
    expect(found?.stored).toBeGreaterThan(50);
    expect(found?.lost['bad_row']).toBeGreaterThan(0);
    expect(found?.lost['sdk_retries_exhausted']).toBeGreaterThan(0);
  });

  it.each([
    ['sdk_rate_limited', { eventBurst: 11, eventRatePerSec: 0.01 }],
    ['sdk_queue_full', { dropPolicy: 'oldest' as const }],
  ])('M116: are missed by name where the SDK dropped them: %s', async (reason, sdk) => {
    const clickstream = { sdk, maxQueueEvents: 12, batchLossProbability: 0.6 };
    const few = loopScenario({}, { clickstream, audience: { viewers: 5 } });
    const found = await figuresOf(few, impressionsOf);
    expect(found?.lost[reason]).toBeGreaterThan(0);
    expect(found?.residual).toBe(0);
  });

  it('M113: are made of pages that are shown, and of no others', async () => {
    const movie = { ...scenario.services['movie'], baseTime: lognormal(ms(150), 1) };
    const services = { ...scenario.services, movie } as Scenario['services'];
    const broken = loopScenario({}, { services, requests: { pageTimeout: ms(300) } });
    await figuresOf(broken, (run) => {
      const failed = run.world.recorder.loads.filter(({ page, outcome }) => {
        return page === 'home' && (outcome === 'timeout' || outcome === 'failed');
      });
      const shown = run.world.recorder.loads.filter(({ page, outcome }) => {
        return page === 'home' && outcome !== 'timeout' && outcome !== 'failed';
      });
      expect(failed.length).toBeGreaterThan(0);
      expect(shown.length).toBeGreaterThan(0);
      expect(loopOf(run).truth.rows.length).toBe(shown.length);
      expect(impressionsOf(run)?.shown).toBe(10 * shown.length);
    });
  });
});

describe('learning on the way', () => {
  it('M114, M115: is of rows that are stored, each once, as they were', async () => {
    const learning = loopScenario(
      {
        arms: [{ name: 'everybody', policy: { kind: 'popularity' } }],
        learnEvery: hours(2),
        attribution: hours(3),
      },
      { clickstream: { batchLossProbability: 0, malformedShare: 0 } },
    );
    const told: RowOutcome[] = [];
    const { world, warehouse } = await runWorld(learning, {
      look(opened) {
        const policy = loopOf({ world: opened }).policyOf(0) as { learn: RowPolicy['learn'] };
        const { learn } = policy;
        policy.learn = (outcomes) => {
          told.push(...outcomes);
          learn?.(outcomes);
        };
      },
    });
    warehouse.close();
    const { truth, lessons } = loopOf({ world });
    const key = (one: Omit<RowOutcome, 'propensities' | 'reward'>) =>
      `${one.viewer} ${one.atUs} ${one.titles} ${one.takenSlot}`;
    const epochUs = Date.parse(learning.clock.start) * 1_000;
    const known = truth.rows.map((row) =>
      key({ ...row, atUs: epochUs + row.atUs, takenSlot: row.takenSlot ?? -1 }),
    );
    expect(lessons).toMatchObject({ rows: told.length, incompleteRows: 0 });
    expect(told.length).toBeGreaterThan(20);
    expect(new Set(told.map(key)).size).toBe(told.length);
    expect(told.map(key).filter((one) => !known.includes(one))).toEqual([]);
    const lastRoundUs = Math.floor(world.endUs / hours(2)) * hours(2);
    const due = truth.rows.filter(({ atUs }) => atUs <= lastRoundUs - hours(3) - minutes(20));
    expect(told.length).toBeGreaterThanOrEqual(due.length);
    expect(told.some(({ reward }) => reward > 0)).toBe(true);
  });
});
