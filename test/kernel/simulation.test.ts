/** Virtual time: order, limits, and what happens to bad times. */
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/kernel/errors.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';

describe('a simulation', () => {
  it('K2, K3: runs equal times by priority, then in the order of scheduling', () => {
    const simulation = createSimulation();
    const seen: unknown[] = [];
    const note = simulation.registerHandler('note', (target) => seen.push(target));
    simulation.schedule(10, note, 1);
    simulation.schedule(10, note, 2);
    simulation.schedule(10, note, 3, undefined, -1);
    simulation.schedule(5, note, 4);
    expect(simulation.run(10)).toBe(4);
    expect(seen).toEqual([4, 3, 1, 2]);
  });

  it('K6: stands at the end of the run, events at the end included', () => {
    const simulation = createSimulation();
    let executed = 0;
    const tick = simulation.registerHandler('tick', () => {
      executed += 1;
      simulation.schedule(10, tick, 0);
    });
    simulation.schedule(0, tick, 0);
    simulation.run(100);
    expect([simulation.nowUs, executed, simulation.executedCount]).toEqual([100, 11, 11]);
    simulation.run(105);
    expect([simulation.nowUs, simulation.pendingCount]).toEqual([105, 1]);
  });

  it('K6: a run in two parts is the run in one', () => {
    const trace = (cuts: readonly number[]) => {
      const simulation = createSimulation();
      const seen: (readonly [number, number])[] = [];
      const hop = simulation.registerHandler('hop', (target) => {
        seen.push([simulation.nowUs, target]);
        simulation.schedule(7 + (target % 3), hop, target + 1);
      });
      simulation.schedule(3, hop, 0);
      for (const cut of cuts) simulation.run(cut);
      return seen;
    };
    expect(trace([1_000])).toEqual(trace([13, 500, 999, 1_000]));
    expect(trace([1_000]).length).toBeGreaterThan(100);
  });

  it('K4: refuses the past, fractions and what is no number', () => {
    const simulation = createSimulation();
    const handler = simulation.registerHandler('any', () => {});
    for (const delay of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(() => simulation.schedule(delay, handler, 0)).toThrow(
        expect.objectContaining({ code: 'SIM_BAD_TIME' }),
      );
    }
    expect(simulation.pendingCount).toBe(0);
  });

  it('K7: ends a model that never ends', () => {
    const simulation = createSimulation({ maxEvents: 1_000 });
    const tick = simulation.registerHandler('tick', () => {
      simulation.schedule(1, tick, 0);
    });
    simulation.schedule(0, tick, 0);
    expect(() => simulation.run(1e12)).toThrow(
      expect.objectContaining({ code: 'SIM_MAX_EVENTS', details: { limit: 1_000, nowUs: 1_000 } }),
    );
  });

  it('K7: ends a loop without delay at its instant', () => {
    const simulation = createSimulation({ maxEventsPerInstant: 500 });
    const loop = simulation.registerHandler('loop', () => {
      simulation.schedule(0, loop, 0);
    });
    simulation.schedule(42, loop, 0);
    expect(() => simulation.run(1e12)).toThrow(
      expect.objectContaining({
        code: 'SIM_MAX_EVENTS_PER_INSTANT',
        details: { limit: 500, nowUs: 42 },
      }),
    );
  });

  it('K7: ends a model that schedules faster than it runs', () => {
    const simulation = createSimulation({ maxPending: 100 });
    const spawn = simulation.registerHandler('spawn', () => {
      simulation.schedule(1, spawn, 0);
      simulation.schedule(1, spawn, 0);
    });
    simulation.schedule(0, spawn, 0);
    expect(() => simulation.run(1e12)).toThrow(
      expect.objectContaining({ code: 'SIM_MAX_PENDING' }),
    );
  });

  it('refuses a handler name twice', () => {
    const simulation = createSimulation();
    simulation.registerHandler('same', () => {});
    expect(() => simulation.registerHandler('same', () => {})).toThrow(InvariantError);
  });
});
