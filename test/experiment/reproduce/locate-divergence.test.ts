/** Where two runs part: canaries that differ in one event or one draw, which must be found. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openBundle } from '../../../src/experiment/reproduce/bundle.ts';
import {
  locateDivergence,
  type Starter,
} from '../../../src/experiment/reproduce/locate-divergence.ts';
import { type WorldMaker, worldMaker } from '../../../src/experiment/reproduce/open-world.ts';
import { tracedDigest } from '../../../src/experiment/world/traced-digest.ts';
import { type Chance, createChance } from '../../../src/kernel/chance.ts';
import { createRunDigest } from '../../../src/kernel/digest.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';
import { US_PER_MINUTE } from '../../../src/kernel/time.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { recordRun, shortScenario } from './recorded.ts';

/** A model that ticks every 10 s for ten minutes, with a draw a tick. At one tick it may tell the
 * digest something else: as a model does that reads a clock. */
function ticking(oddTick: number | undefined): Starter {
  return ({ trace, watchChance = (same) => same }) => {
    const simulation = createSimulation();
    const digest = tracedDigest(createRunDigest({ sliceUs: US_PER_MINUTE }), trace);
    const draws = watchChance(createChance({ seed: 1, replication: 0 })).draws('tick');
    const tick = simulation.registerHandler('tick', (n) => {
      draws.uniform(0, n);
      digest.record(simulation.nowUs, n === oddTick ? 'clock/0' : 'ticker/0', 'ticked', n + 1);
      simulation.schedule(10_000_000, tick, n + 1);
    });
    simulation.schedule(0, tick, 0);
    const runTo = (untilUs: number) => void simulation.run(untilUs);
    return { digest, endUs: 10 * US_PER_MINUTE, runTo, close: () => {} };
  };
}

describe('locateDivergence', () => {
  it('E363: finds nothing where there is nothing', () => {
    expect(locateDivergence([ticking(undefined), ticking(undefined)], 5)).toBeUndefined();
  });

  it('E363: names the exact event in which a model that is not deterministic differs', () => {
    for (const odd of [0, 5, 6, 27, 60]) {
      const found = locateDivergence([ticking(undefined), ticking(odd)], 2);
      expect(found?.sliceUs).toBe(Math.floor(odd / 6) * US_PER_MINUTE);
      const event = { simTimeUs: odd * 10_000_000, event: 'ticked', drawCount: odd + 1 };
      expect(found?.a.event).toMatchObject({ ...event, actor: 'ticker/0' });
      expect(found?.b.event).toMatchObject({ ...event, actor: 'clock/0' });
      expect(found?.a.before).toHaveLength(Math.min(2, odd % 6));
      expect(found?.b.after.length).toBeLessThanOrEqual(2);
      expect(found?.draw).toBeNull();
    }
  });

  it('E363: names the side that has no further event', () => {
    const silent: Starter = (watchers) => {
      const run = ticking(undefined)(watchers);
      return { ...run, runTo: (untilUs) => run.runTo(Math.min(untilUs, 95_000_000)) };
    };
    const found = locateDivergence([ticking(undefined), silent], 3);
    expect(found?.a.event).toMatchObject({ simTimeUs: 100_000_000, number: 5 });
    expect(found?.b.event).toBeNull();
    expect(found?.draw).toMatchObject({ number: 11, a: { index: 10 }, b: null });
  });
});

describe('locateDivergence on a world', () => {
  const folder = temporaryFolder();
  let make: WorldMaker;
  beforeAll(async () => {
    const directory = folder.fresh();
    await recordRun(directory, shortScenario());
    const bundle = await openBundle(directory);
    const [variant] = bundle.variants;
    if (variant !== undefined) make = await worldMaker(bundle, variant);
  });

  /** The world, with one draw moved by so little. */
  const starter =
    (spoilt?: {
      readonly purpose: string;
      readonly entity: number;
      readonly index: number;
    }): Starter =>
    ({ trace, watchChance = (same) => same }) => {
      const { world, close } = make({
        trace,
        watchChance: (chance) => watchChance(spoilt ? spoil(chance, spoilt) : chance),
      });
      const { digest, endUs, simulation } = world;
      return { digest, endUs, close, runTo: (untilUs) => void simulation.run(untilUs) };
    };

  it('E364: names the one draw that was spoilt, and the event in which it shows', () => {
    const spoilt = { purpose: 'viewer.think-time', entity: 3, index: 1 };
    const found = locateDivergence([starter(), starter(spoilt)], 4);
    const { a, b } = found?.draw ?? {};
    expect(a).toMatchObject(spoilt);
    expect(b).toMatchObject(spoilt);
    expect(b?.value).toBe((a?.value ?? 0) / 2);
    // Half the quantile is a shorter pause: the viewer acts earlier than before.
    expect(found?.b.event?.actor).toBe('viewer/3');
    expect(found?.b.event?.simTimeUs).toBeLessThan(found?.a.event?.simTimeUs ?? 0);
    expect(found?.a.before).toEqual(found?.b.before);
  });

  it('E364: is equal to itself', () => {
    expect(locateDivergence([starter(), starter()], 4)).toBeUndefined();
  });
});

/** Halves one draw. */
function spoil(
  chance: Chance,
  { purpose, entity, index }: { readonly purpose: string; readonly entity: number; index: number },
): Chance {
  return {
    ...chance,
    draws(of) {
      const draws = chance.draws(of);
      const isSpoilt = (who: number, which: number) =>
        of === purpose && who === entity && which === index;
      return {
        bits: (who, which) => draws.bits(who, which),
        uniform: (who, which) => draws.uniform(who, which) / (isSpoilt(who, which) ? 2 : 1),
      };
    },
  };
}
