/** Saving and restoring: a run that continues from plain data is the unbroken run. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { EngineError } from '../../src/kernel/errors.ts';
import {
  createSimulation,
  type EventKey,
  type Simulation,
  type SimulationLimits,
} from '../../src/kernel/simulation.ts';

/** What one event does when it runs: schedules, and cancels a key that was ever given. */
interface Deed {
  readonly delaysUs: readonly number[];
  readonly priority: number;
  readonly cancel: number;
}

/** A world whose whole state is plain data besides its simulation's. */
interface World {
  readonly simulation: Simulation;
  readonly keys: EventKey[];
  readonly log: unknown[];
}

const HANDLERS = ['even', 'odd'] as const;

/** @param names - The handlers, in the order of registration. */
function createWorld(deeds: readonly Deed[], names: readonly string[]): World {
  const simulation = createSimulation();
  const world: World = { simulation, keys: [], log: [] };
  const numbers = new Map<string, number>();
  for (const name of names) {
    const handle = (target: number, payload: unknown) => {
      const { nowUs, executedCount, pendingCount } = simulation;
      const deed = deeds[executedCount];
      world.log.push([name, nowUs, target, payload, pendingCount]);
      if (deed === undefined) return;
      deed.delaysUs.forEach((delayUs, i) => {
        const next = numbers.get(HANDLERS[i % 2] ?? 'even') ?? -1;
        const note = i % 3 === 0 ? undefined : { after: executedCount, nested: [i] };
        world.keys.push(simulation.schedule(delayUs, next, target + i, note, deed.priority));
      });
      const key = world.keys[deed.cancel % Math.max(1, world.keys.length)];
      if (key !== undefined) world.log.push(['cancelled', key, simulation.cancel(key)]);
    };
    numbers.set(name, simulation.registerHandler(name, handle));
  }
  return world;
}

function begin(world: World): void {
  const event = world.simulation.schedule(0, 0, 1);
  world.keys.push(event);
}

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

const deed: fc.Arbitrary<Deed> = fc.record({
  delaysUs: fc.array(fc.oneof(fc.constant(0), fc.nat(40)), { maxLength: 3 }),
  priority: fc.integer({ min: -128, max: 127 }),
  cancel: fc.nat(),
});

describe('a saved simulation', () => {
  test.prop([fc.array(deed, { minLength: 1, maxLength: 120 }), fc.nat(400)], {
    numRuns: 500,
    seed: 20261120,
  })('K10: continues from JSON as the unbroken run', (deeds, atUs) => {
    const unbroken = createWorld(deeds, HANDLERS);
    begin(unbroken);
    unbroken.simulation.run(10_000);

    const first = createWorld(deeds, HANDLERS);
    begin(first);
    first.simulation.run(atUs);
    const saved = throughJson({ ...first, simulation: first.simulation.save() });

    const second = createWorld(deeds, HANDLERS.toReversed());
    second.simulation.restore(saved.simulation);
    expect(throughJson(second.simulation.save())).toEqual(saved.simulation);
    second.keys.push(...saved.keys);
    second.log.push(...saved.log);
    second.simulation.run(10_000);

    expect(throughJson(second.log)).toEqual(throughJson(unbroken.log));
    expect(second.keys).toEqual(unbroken.keys);
    expect(second.simulation.save()).toEqual(unbroken.simulation.save());
  });

  it('K10: can be taken by a handler, in the middle of an instant', () => {
    const run = (limits: Partial<SimulationLimits>) => {
      const simulation = createSimulation(limits);
      const saved: unknown[] = [];
      const loop = simulation.registerHandler('loop', (target) => {
        simulation.schedule(0, loop, target + 1);
        if (target === 3) saved.push(throughJson(simulation.save()));
      });
      return { simulation, loop, saved };
    };
    const first = run({ maxEventsPerInstant: 5 });
    first.simulation.schedule(9, first.loop, 0);
    expect(() => first.simulation.run(9)).toThrow(/SIM_MAX_EVENTS_PER_INSTANT/);
    const second = run({ maxEventsPerInstant: 5 });
    second.simulation.restore(first.saved[0] as ReturnType<Simulation['save']>);
    expect(() => second.simulation.run(9)).toThrow(/SIM_MAX_EVENTS_PER_INSTANT/);
    expect(second.simulation.executedCount).toBe(first.simulation.executedCount);
  });

  it('K5, K10: leaves stale keys stale and pending keys pending', () => {
    const world = createWorld([], HANDLERS);
    const { simulation } = world;
    const [ran, cancelled, waiting] = [1, 2, 3].map((delay) => simulation.schedule(delay, 0, 0));
    simulation.run(1);
    simulation.cancel(cancelled ?? -1);
    const restored = createWorld([], HANDLERS).simulation;
    restored.restore(throughJson(simulation.save()));
    const again = [ran, cancelled, waiting, waiting].map((key) => restored.cancel(key ?? -1));
    expect(again).toEqual([false, false, true, false]);
  });

  it('K10: holds more events than a new simulation has room for', () => {
    const simulation = createWorld([], HANDLERS).simulation;
    for (let i = 0; i < 5_000; i += 1) simulation.schedule(5_000 - i, i % 2, i, { i });
    const restored = createWorld([], HANDLERS);
    restored.simulation.restore(throughJson(simulation.save()));
    expect(restored.simulation.run(5_000)).toBe(5_000);
    expect(restored.log[0]).toEqual(['odd', 1, 4_999, { i: 4_999 }, 4_999]);
  });
});

describe('a state that does not fit', () => {
  function savedWith(names: readonly string[]) {
    const { simulation } = createWorld([], names);
    names.forEach((_, handler) => {
      simulation.schedule(5, handler, 0);
    });
    return simulation.save();
  }

  it('K10: is refused where a handler is missing, naming all of them and the nearest', () => {
    const simulation = createWorld([], ['actor.timer', 'other']).simulation;
    const problemsOf = () => {
      try {
        simulation.restore(savedWith(['actor.timers', 'other', 'zzz']));
      } catch (error) {
        return (error as EngineError<'SNAPSHOT_REFUSED'>).details.problems;
      }
      return [];
    };
    expect(problemsOf()).toEqual([
      'handler "actor.timers" is not registered, the nearest name is "actor.timer"; ' +
        'register all handlers before restoring',
      'handler "zzz" is not registered; register all handlers before restoring',
    ]);
    expect([simulation.pendingCount, simulation.nowUs]).toEqual([0, 0]);
    expect(() => simulation.restore(savedWith(['yyy', 'zzz']))).toThrow(/restoring; handler "zzz"/);
    simulation.restore(savedWith(['other']));
    expect(simulation.pendingCount).toBe(1);
  });

  it('K10: is refused where something was scheduled or run already', () => {
    const state = savedWith(['a']);
    const scheduled = createWorld([], ['a']).simulation;
    scheduled.schedule(3, 0, 0);
    expect(() => scheduled.restore(state)).toThrow(/SNAPSHOT_REFUSED: .*scheduled or run already/);
    expect(scheduled.pendingCount).toBe(1);
    const ran = createWorld([], ['a']).simulation;
    ran.run(7);
    expect(() => ran.restore(state)).toThrow(/SNAPSHOT_REFUSED: .*now 7 µs/);
  });
});
