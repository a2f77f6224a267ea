/** Other orders of simultaneous events: each is legal, and the order of scheduling stays itself. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createSimulation, type EventKey } from '../../src/kernel/simulation.ts';

/** One event as it ran. */
interface Ran {
  readonly atUs: number;
  readonly handler: number;
  readonly target: number;
  readonly priority: number;
  /** Its place in the order of scheduling. */
  readonly sequence: number;
}

/** What an event does: schedules others, and cancels one that was scheduled. */
interface Deed {
  readonly schedules: readonly (readonly [delayUs: number, target: number, priority: number])[];
  readonly cancels: number;
}

const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.record({
    schedules: fc.array(
      fc.tuple(
        fc.constantFrom(0, 0, 1, 300),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom(0, 1),
      ),
      { maxLength: 3 },
    ),
    cancels: fc.nat(20),
  }),
  { maxLength: 40 },
);

/** Runs deeds. @param breakAt - Saves after so many events and goes on in a new simulation. */
function trace(tieOrder: number | undefined, plan: readonly Deed[], breakAt = -1): readonly Ran[] {
  const ran: Ran[] = [];
  const keys: EventKey[] = [];
  const create = (order: number | undefined) => {
    const simulation = createSimulation({}, { tieOrder: order });
    const handlers = [0, 1].map((handler) =>
      simulation.registerHandler(`h${handler}`, (target, payload) => {
        const { priority, sequence } = payload as { priority: number; sequence: number };
        ran.push({ atUs: simulation.nowUs, handler, target, priority, sequence });
        const deed = plan[ran.length - 1];
        if (deed === undefined) return;
        for (const [delayUs, to, of] of deed.schedules) schedule(delayUs, to, of);
        simulation.cancel(keys[deed.cancels % keys.length] ?? -1);
      }),
    );
    const schedule = (delayUs: number, target: number, priority: number) => {
      const sequence = keys.length;
      const handler = handlers[sequence % 2] ?? 0;
      keys.push(simulation.schedule(delayUs, handler, target, { priority, sequence }, priority));
    };
    return { simulation, schedule };
  };
  let { simulation, schedule } = create(tieOrder);
  for (let target = 0; target < 4; target += 1) schedule(5, target, 0);
  for (let target = 0; target < 4; target += 1) schedule(5, target, target % 2);
  while (simulation.step(1_000_000)) {
    if (ran.length !== breakAt) continue;
    const state = JSON.parse(JSON.stringify(simulation.save()));
    ({ simulation, schedule } = create(undefined));
    simulation.restore(state);
  }
  return ran;
}

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const drawn = { seed: 20_261_126, numRuns: 200 };

describe('the order of ties', () => {
  test.prop([seeds, deeds], drawn)(
    'K12: is by time and priority, whatever the seed',
    (seed, plan) => {
      const ran = trace(seed, plan);
      expect(ran.length).toBeGreaterThan(0);
      for (const [i, event] of ran.entries()) {
        const before = ran[i - 1];
        if (before === undefined) continue;
        expect(event.atUs).toBeGreaterThanOrEqual(before.atUs);
        // A lower priority may follow a higher one only where it was scheduled by it, or later.
        if (event.atUs !== before.atUs || event.priority >= before.priority) continue;
        expect(event.sequence).toBeGreaterThan(7);
      }
    },
  );

  test.prop([seeds, deeds], drawn)('K12: what one target is told keeps its order', (seed, plan) => {
    const last = new Map<string, number>();
    for (const { atUs, handler, target, priority, sequence } of trace(seed, plan)) {
      const lane = `${atUs}/${handler}/${target}/${priority}`;
      expect(sequence).toBeGreaterThan(last.get(lane) ?? -1);
      last.set(lane, sequence);
    }
  });

  test.prop([seeds, deeds], drawn)('K12: runs the same events, each once', (seed, plan) => {
    const sequences = trace(seed, plan).map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(trace(seed, plan).map(({ sequence }) => sequence)).toEqual(sequences);
  });

  test.prop([seeds, deeds, fc.nat(30)], drawn)(
    'K10, K12: a saved run goes on in its order',
    (seed, plan, breakAt) => {
      expect(trace(seed, plan, breakAt)).toEqual(trace(seed, plan));
    },
  );

  it('K12: every order of three targets comes up', () => {
    const orders = new Set<string>();
    for (let tieOrder = 0; tieOrder < 60; tieOrder += 1) {
      const simulation = createSimulation({}, { tieOrder });
      const seen: number[] = [];
      const note = simulation.registerHandler('note', (target) => void seen.push(target));
      for (const target of [0, 1, 2]) simulation.schedule(7, note, target);
      simulation.run(7);
      orders.add(seen.join());
    }
    expect(orders.size).toBe(6);
  });

  it('K12: instants and lanes count with all their bits', () => {
    const high = 2 ** 32;
    const orderOf = (atUs: number, lanes: readonly number[]) => {
      const simulation = createSimulation({}, { tieOrder: 5 });
      const seen: number[] = [];
      const note = simulation.registerHandler('note', (target) => void seen.push(target), {
        laneOf: (target) => lanes[target] as number,
      });
      for (const target of lanes.keys()) simulation.schedule(atUs, note, target);
      simulation.run(atUs);
      return seen.join();
    };
    const range = Array.from({ length: 60 }, (_, i) => i);
    const inHours = new Set(range.map((i) => orderOf(i * high + 7, [1, 2, 3])));
    expect(inHours.size).toBe(6);
    const apart = new Set(range.map((i) => orderOf(i + 1, [1, high + 1, 2 * high + 1])));
    expect(apart.size).toBe(6);
  });

  it('K12: the first instant is one like others', () => {
    const simulation = createSimulation({}, { tieOrder: 1 });
    const seen: number[] = [];
    const note = simulation.registerHandler('note', (target) => void seen.push(target));
    for (const target of [0, 1, 2]) simulation.schedule(0, note, target);
    expect(simulation.run(0)).toBe(3);
    expect(seen.toSorted()).toEqual([0, 1, 2]);
  });

  it('K12: one event less leaves the others in their order', () => {
    const order = (targets: readonly number[]) => {
      const simulation = createSimulation({}, { tieOrder: 3 });
      const seen: number[] = [];
      const note = simulation.registerHandler('note', (target) => void seen.push(target));
      for (const target of targets) simulation.schedule(7, note, target);
      simulation.run(7);
      return seen;
    };
    const all = order([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(all).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(order([0, 1, 2, 4, 5, 6, 7])).toEqual(all.filter((target) => target !== 3));
  });

  it('K12: handlers may say what keeps its order', () => {
    const seen: unknown[] = [];
    const simulation = createSimulation({}, { tieOrder: 1 });
    const lanes = { group: 'together', laneOf: () => 0 };
    const first = simulation.registerHandler('first', (target) => void seen.push(target), lanes);
    const second = simulation.registerHandler('second', (target) => void seen.push(target), lanes);
    for (let i = 0; i < 10; i += 2) {
      simulation.schedule(3, first, i);
      simulation.schedule(3, second, i + 1);
    }
    simulation.run(3);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('K7, K12: limits hold', () => {
    const simulation = createSimulation({ maxEventsPerInstant: 50 }, { tieOrder: 1 });
    const loop = simulation.registerHandler(
      'loop',
      (n) => void simulation.schedule(0, loop, n + 1),
    );
    simulation.schedule(1, loop, 0);
    expect(() => simulation.run(9)).toThrow(
      expect.objectContaining({ code: 'SIM_MAX_EVENTS_PER_INSTANT' }),
    );
  });
});
