/** What is drawn is what its users may rely on, and shrinks to the plainest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plan as topTitles } from '../../../pipelines/top-titles.ts';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';
import { FAULT_KIND_NAMES } from '../../../src/experiment/faults/catalogue/fault-kinds.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import {
  disordered,
  type EventStreamOptions,
  eventStreams,
} from '../../../src/testing/arbitraries/event-streams.ts';
import { faultPlans, plannedFault } from '../../../src/testing/arbitraries/fault-plans.ts';
import { planRecords } from '../../../src/testing/arbitraries/plan-records.ts';
import { scenarios } from '../../../src/testing/arbitraries/scenarios.ts';
import { tieOrders } from '../../../src/testing/arbitraries/tie-orders.ts';
import {
  stampTrackedEvent,
  viewerHistories,
} from '../../../src/testing/arbitraries/viewer-histories.ts';
import { deliver } from '../../../src/testing/pipelines/delivery.ts';
import {
  onTime,
  type StreamTrial,
  streamSize,
} from '../../../src/testing/pipelines/stream-trial.ts';
import { runTrial } from '../../../src/testing/trial/run-trial.ts';

const SEED = 20_261_126;
const STEP = 1_000_000;

const streams = (options: Partial<EventStreamOptions<string>> = {}) =>
  eventStreams({ row: fc.constantFrom('a', 'b', 'c'), ...options });

const rich = streams({ partitions: 3, faults: ['stall', 'crash'], idleTimeoutUs: 20 * STEP });
const delivered = (trial: StreamTrial<string>) => deliver(trial, (row) => row);

/** The smallest value for which the predicate is false. */
function smallest<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): T {
  const { counterexample } = fc.check(fc.property(arbitrary, holds), {
    seed: SEED,
    numRuns: 1_000,
  });
  if (counterexample === null) throw new Error('nothing was found');
  return counterexample[0];
}

describe('event streams', () => {
  it('T80: arrive by time and delay, ties by their seed; the same seed, the same stream', () => {
    fc.assert(
      fc.property(rich, (trial) => {
        const items = delivered(trial);
        expect(delivered(JSON.parse(JSON.stringify(trial)) as typeof trial)).toEqual(items);
        const rows = items.filter((item) => item.kind === 'row');
        const arrivals = rows.map(({ arrivalUs }) => arrivalUs);
        expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b));
        const again = trial.events.filter(({ againAfterUs }) => againAfterUs !== undefined);
        expect(rows).toHaveLength(trial.events.length + again.length);
        expect(items.at(-1)).toEqual({ kind: 'watermark', timeUs: Number.POSITIVE_INFINITY });
      }),
      { seed: SEED, numRuns: 200 },
    );
    expect(fc.sample(rich, { seed: 5, numRuns: 3 })).toEqual(
      fc.sample(rich, { seed: 5, numRuns: 3 }),
    );
  });

  it('T81: nothing within the bound is late, whatever stalls', () => {
    const seen = { late: 0, delayed: 0, twice: 0, ties: 0, stalls: 0 };
    const free = streams({ partitions: 2, faults: ['stall'], lateShare: 0.2 });
    for (const arbitrary of [free, rich, streams()]) {
      const property = fc.property(arbitrary, (trial) => {
        const isLate = (items: ReturnType<typeof delivered>) =>
          items.some((item) => item.kind === 'row' && item.isLate && !item.isDuplicate);
        expect(isLate(delivered(onTime(trial)))).toBe(false);
        seen.late += isLate(delivered(trial)) ? 1 : 0;
        seen.delayed += trial.events.some(({ delayUs = 0 }) => delayUs > 0) ? 1 : 0;
        seen.twice += trial.events.some(({ againAfterUs }) => againAfterUs !== undefined) ? 1 : 0;
        seen.ties +=
          new Set(trial.events.map(({ timeUs }) => timeUs)).size < trial.events.length ? 1 : 0;
        seen.stalls += trial.faults?.some(({ kind }) => kind === 'stall') === true ? 1 : 0;
      });
      fc.assert(property, { seed: SEED, numRuns: 150 });
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(60);
  });

  it('T81: shares are kept', () => {
    const all = fc.sample(streams({ maxEvents: 60 }), { seed: SEED, numRuns: 150 });
    const events = all.flatMap((trial) => trial.events);
    const share = (is: (event: (typeof events)[number]) => boolean) =>
      events.filter(is).length / events.length;
    expect(share(({ delayUs = 0 }) => delayUs > 0 && delayUs <= 5 * STEP)).toBeCloseTo(0.3, 1);
    expect(share(({ delayUs = 0 }) => delayUs > 5 * STEP)).toBeCloseTo(0.1, 1);
    expect(share(({ againAfterUs }) => againAfterUs !== undefined)).toBeCloseTo(0.15, 1);
    const none = streams({ disorderShare: 0, lateShare: 0, duplicateShare: 0, ties: false });
    const plain = fc.sample(none, { seed: SEED, numRuns: 50 });
    expect(plain.every((trial) => streamSize(trial).faults === 0)).toBe(true);
  });

  it('T83: shrink to one plain event', () => {
    const found = smallest(rich, ({ events }) => events.length < 1);
    expect(found).toEqual({
      schema: 'backlot.stream/1',
      boundUs: 5 * STEP,
      partitions: 3,
      idleTimeoutUs: 20 * STEP,
      events: [{ timeUs: 0, row: 'a' }],
    });
    const late = smallest(streams(), ({ events }) =>
      events.every(({ delayUs = 0 }) => delayUs <= 5 * STEP),
    );
    expect(late.events).toEqual([{ timeUs: 0, row: 'a', delayUs: 6 * STEP }]);
    expect(smallest(tieOrders(), (order) => order === undefined)).toBe(1);
  });
});

describe('T82: records of a plan', () => {
  it('have its paths and types, and what it compares with', () => {
    const records = fc.sample(planRecords(topTitles, topTitles.source), { seed: 1, numRuns: 200 });
    const types = new Set(records.map((record) => record['type']));
    expect(types).toContain('media.play');
    expect(types).toContain('media.ping');
    expect(types).toContain(null);
    for (const record of records) {
      expect(Object.keys(record).sort()).toEqual(['data', 'type']);
      const { watchedMs } = record['data'] as { readonly watchedMs: unknown };
      expect(watchedMs === null || Number.isInteger(watchedMs)).toBe(true);
    }
  });
});

describe('T97: histories of viewers', () => {
  it('are what the collector takes', () => {
    const seen = new Set<string>();
    const property = fc.property(viewerHistories(), (history) => {
      const ids = history.map(({ row }) => row.id);
      expect(new Set(ids).size).toBe(ids.length);
      const times = history.map(({ timeUs }) => timeUs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const next = new Map<string, number>();
      for (const { row, timeUs } of history) {
        seen.add(row.type);
        expect(row.eventTimeUs).toBe(timeUs);
        expect(row.sequence).toBe(next.get(row.sessionId) ?? 0);
        next.set(row.sessionId, row.sequence + 1);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 150 });
    expect([...seen].sort()).toEqual([
      'media.end',
      'media.pause',
      'media.ping',
      'media.play',
      'media.resume',
      'page.view',
      'ui.search',
    ]);
  });

  it('have heartbeats within plays, as long as they last', () => {
    const all = fc.sample(viewerHistories({ heartbeatUs: STEP }), { seed: 2, numRuns: 100 });
    let plays = 0;
    for (const history of all) {
      const byPlay = new Map<string, TrackedEvent[]>();
      for (const { row } of history) {
        const { playbackId } = row.data;
        if (playbackId === undefined) continue;
        byPlay.set(playbackId, [...(byPlay.get(playbackId) ?? []), row]);
      }
      for (const events of byPlay.values()) {
        plays += 1;
        expect(events[0]?.type).toBe('media.play');
        const end = events.at(-1);
        expect(end?.type).toBe('media.end');
        const pings = events.filter(({ type }) => type === 'media.ping');
        // A pause in the middle of a second takes that second's ping.
        expect(Math.abs(pings.length - (end?.data.playedSeconds ?? 0))).toBeLessThanOrEqual(1);
      }
    }
    expect(plays).toBeGreaterThan(50);
  });

  it('shrink to one page, and can be put out of order', () => {
    expect(smallest(viewerHistories(), () => false)).toHaveLength(2);
    const trials = fc.sample(disordered(viewerHistories(), {}), { seed: 1, numRuns: 50 });
    expect(trials.some((trial) => streamSize(trial).faults > 3)).toBe(true);
    const [first] = trials[0]?.events ?? [];
    if (first === undefined) throw new Error('no event');
    expect(stampTrackedEvent(first.row, { timeUs: 7 }).eventTimeUs).toBe(7);
  });
});

describe('faults and scenarios', () => {
  const base = fc.sample(scenarios(), { seed: 1, numRuns: 1 })[0];
  if (base === undefined) throw new Error('no scenario');

  it.each(FAULT_KIND_NAMES)('T98: %s is valid as it is drawn, and over in time', (kind) => {
    const untilUs = 60 * STEP;
    const faults = fc.sample(plannedFault(kind, { untilUs }), { seed: 7, numRuns: 20 });
    expect(() => defineScenario({ ...base, faults })).not.toThrow();
    for (const fault of faults) expect(fault.at + fault.for).toBeLessThanOrEqual(untilUs);
    const plain = smallest(plannedFault(kind, { untilUs }), () => false);
    expect(plain).toEqual({ kind, at: 0, for: STEP });
  });

  it('T98: plans are empty, small, and of any kind', () => {
    const plans = fc.sample(faultPlans({ untilUs: 60 * STEP }), { seed: 3, numRuns: 400 });
    expect(plans.some((plan) => plan.length === 0)).toBe(true);
    expect(new Set(plans.flat().map(({ kind }) => kind)).size).toBe(FAULT_KIND_NAMES.length);
    expect(smallest(faultPlans({ untilUs: STEP }), (plan) => plan.length === 0)).toHaveLength(1);
  });

  it('T99: scenarios are valid and run; they shrink to one guest', async () => {
    for (const scenario of fc.sample(scenarios(), { seed: 9, numRuns: 60 })) {
      expect(() => defineScenario(scenario)).not.toThrow();
    }
    const { audience, services } = smallest(scenarios(), () => false);
    expect({ audience, services }).toEqual({ audience: { guests: [{ at: 0 }] } });
    const trial = { schema: 'backlot.trial/1', scenario: base, healedAt: 0 } as const;
    const { events } = await runTrial({ ...trial, architecture: 'direct' }, []);
    expect(events).toBeGreaterThan(10);
  });
});
