/** Invariants of the kernel and of requests fire where they are broken. */
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../../src/experiment/requests/calls/call.ts';
import type { Simulation } from '../../../src/kernel/simulation.ts';
import { DueHeap, isBefore } from '../../../src/testing/invariants/notes/due-heap.ts';
import { wrapMethod } from '../../../src/testing/invariants/notes/wrap-method.ts';
import { pose, tamperedRun } from './doctored.ts';
import { smallTrial } from './small-trial.ts';

/** The same simulation, but for some of its members. */
function but(real: Simulation, other: (real: Simulation) => Partial<Simulation>): Simulation {
  const changed = other(real);
  return new Proxy(real, {
    get(target, name) {
      const holder = Object.hasOwn(changed, name) ? changed : target;
      const value: unknown = Reflect.get(holder, name, holder);
      return typeof value === 'function' ? value.bind(holder) : value;
    },
  });
}

describe('a kernel', () => {
  it('T20: is caught where time goes back', () => {
    let nowUs = 100;
    const posed = pose('time-never-goes-back', {
      kernel: (real) =>
        but(real, () => ({
          get nowUs() {
            return nowUs;
          },
        })),
    });
    const handler = posed.simulation.registerHandler('event', () => {});
    posed.simulation.schedule(0, handler, 1);
    posed.simulation.run(0);
    expect(posed.look()).toBeUndefined();
    nowUs = 50;
    posed.simulation.schedule(0, handler, 2);
    posed.simulation.run(0);
    expect(posed.look()?.message).toContain('an event ran before the one before it: event at 50');
  });

  it('T21: is caught where it runs ties the wrong way round', () => {
    const posed = pose('events-run-in-order', {
      kernel: (real) =>
        but(real, ({ schedule }) => ({
          schedule: (delayUs, handler, target) =>
            schedule.call(real, delayUs, handler, target, undefined, -target),
        })),
    });
    const handler = posed.simulation.registerHandler('event', () => {});
    for (const target of [1, 2]) posed.simulation.schedule(5, handler, target);
    posed.simulation.run(10);
    expect(posed.look()?.message).toContain('another one was due before it');
    expect(posed.exercised()).toBe(2);
  });

  it('T21: may run ties in any order where the trial says so, but only ties', () => {
    const trial = smallTrial({ tieOrder: 3 });
    const posed = pose('events-run-in-order', {
      trial,
      kernel: (real) =>
        but(real, ({ schedule }) => ({
          schedule: (delayUs, handler, target) =>
            schedule.call(real, delayUs, handler, target, undefined, -target),
        })),
    });
    const handler = posed.simulation.registerHandler('event', () => {});
    for (const target of [1, 2]) posed.simulation.schedule(5, handler, target);
    posed.simulation.run(10);
    expect(posed.look()).toBeUndefined();
  });

  it('T21: is caught where an event runs at another time', () => {
    const posed = pose('events-run-in-order', {
      kernel: (real) =>
        but(real, ({ schedule }) => ({
          schedule: (delayUs, handler, target) => schedule.call(real, delayUs + 1, handler, target),
        })),
    });
    const handler = posed.simulation.registerHandler('event', () => {});
    posed.simulation.schedule(5, handler, 1);
    posed.simulation.run(10);
    expect(posed.look()?.message).toContain('was not scheduled for now');
  });

  it('T22: is caught where it forgets to cancel', () => {
    const posed = pose('cancelled-events-do-not-run', {
      kernel: (real) => but(real, () => ({ cancel: () => true })),
    });
    const handler = posed.simulation.registerHandler('event', () => {});
    const key = posed.simulation.schedule(5, handler, 1);
    posed.simulation.schedule(5, handler, 2);
    posed.simulation.cancel(key);
    posed.simulation.run(10);
    expect(posed.look()?.message).toContain('an event ran that was cancelled');
    expect(posed.exercised()).toBe(1);
  });

  it('is held against a heap that keeps the order of scheduling', () => {
    const heap = new DueHeap();
    const keys = [7, 3, 9, 3, 1, 9, 7, 0, 3];
    keys.forEach((dueUs, sequence) => {
      const rest = { handler: 0, target: 0, payload: undefined, state: 'pending' as const };
      heap.push({ dueUs, priority: sequence % 2, sequence, ...rest });
    });
    const popped = [];
    for (let { top } = heap; top !== undefined; top = heap.top) {
      popped.push(top);
      heap.pop();
    }
    expect(popped).toHaveLength(keys.length);
    expect(popped.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))).toEqual(popped);
  });
});

describe('requests', () => {
  const edge = {
    name: 'clients→router',
    ...{ calls: 3, abandoned: 0, openCalls: 1 },
    settled: { answered: 2, failed: 0, stale: 0, default: 0 },
    ...{ tries: 4, answers: 2, errors: 1, timeouts: 0, hangUps: 0, openTries: 1 },
  };

  it('T24: are caught where a page, a call or a try is lost', () => {
    const pages = { asked: 3, ended: 1, open: 1, offline: 1 };
    expect(pose('pages-are-conserved', { view: { pages } }).look()).toBeUndefined();
    const lost = pose('pages-are-conserved', { view: { pages: { ...pages, open: 0 } } });
    expect(lost.look()?.message).toBe('pages got lost');
    const edges = (changed: object) => ({ view: { edges: [{ ...edge, ...changed }] } });
    expect(pose('calls-are-conserved', edges({})).look()).toBeUndefined();
    expect(pose('calls-are-conserved', edges({ openCalls: 0 })).look()?.message).toContain('calls');
    expect(pose('calls-are-conserved', edges({ hangUps: 1 })).look()?.message).toContain('tries');
  });

  it('T24: are caught where a server or its replicas lose one', () => {
    const server = { name: 'movie', offered: 5, answered: 2, failures: { shed: 1 }, inFlight: 2 };
    const replicas = [
      { index: 0, zone: 0, held: 2 },
      { index: 1, zone: 1, held: 0 },
    ];
    const servers = (changed: object) => ({
      view: { servers: [{ ...server, replicas, ...changed }] },
    });
    expect(pose('servers-conserve-calls', servers({})).look()).toBeUndefined();
    expect(pose('servers-conserve-calls', servers({ answered: 3 })).look()).toBeDefined();
    expect(pose('replicas-hold-what-is-inside', servers({})).look()).toBeUndefined();
    const wrong = servers({ replicas: [{ index: 0, zone: 0, held: 3 }] });
    expect(pose('replicas-hold-what-is-inside', wrong).look()).toBeDefined();
    const less = servers({ replicas: [...replicas, { index: 2, zone: 0, held: -1 }] });
    expect(pose('replicas-hold-what-is-inside', less).look()).toBeDefined();
  });

  it('T25: are caught where an answer counts twice', async () => {
    const found = await tamperedRun('nothing-finishes-twice', ({ wired }) => {
      for (const one of wired.edges) {
        wrapMethod(one, 'answered', (answered, attempt) => {
          answered(attempt);
          attempt.call.isSettled = false;
          attempt.isAnswered = false;
          answered(attempt);
        });
      }
    });
    expect(found?.message).toContain('a call came to its end twice');
  });

  it('T26: are caught where the answer comes before the question', async () => {
    const found = await tamperedRun('replies-come-after-requests', ({ wired }) => {
      const [one] = wired.edges;
      if (one === undefined) return;
      wrapMethod(one, 'connected', (connected, attempt: Attempt, handshakeUs) => {
        connected(attempt, handshakeUs);
        attempt.end = { outcome: 'ok', isDegraded: false } as Attempt['end'];
        one.answered(attempt);
      });
    });
    expect(found?.message).toContain('an answer came before its question');
  });

  const replica = { index: 0, state: 'ready', waiting: 2, inService: 4, workers: 4, held: 6 };
  const lines = (changed: object, server: object = {}) => ({
    view: {
      servers: [
        {
          name: 'movie',
          maxWaiting: 3,
          isShared: false,
          ...server,
          replicas: [{ ...replica, ...changed }],
        },
      ],
    },
  });

  it('T27: are caught where lines or workers leave their bounds', () => {
    const name = 'lines-and-workers-keep-bounds';
    expect(pose(name, lines({})).look()).toBeUndefined();
    expect(pose(name, lines({ waiting: -1 })).look()).toBeDefined();
    expect(pose(name, lines({ waiting: 4 })).look()).toBeDefined();
    expect(pose(name, lines({ inService: 5 })).look()).toBeDefined();
    expect(pose(name, lines({ inService: -1 })).look()).toBeDefined();
    expect(pose(name, lines({ state: 'down' })).look()).toBeDefined();
    const shared = { isShared: true };
    expect(pose(name, lines({ waiting: 0, inService: 7 }, shared)).look()).toBeUndefined();
    expect(pose(name, lines({ waiting: 0, inService: 8 }, shared)).look()).toBeDefined();
  });

  it('T28: are caught where a worker is idle beside a line', () => {
    const name = 'workers-are-not-idle-beside-a-line';
    const busy = pose(name, lines({}));
    expect(busy.look()).toBeUndefined();
    expect(busy.exercised()).toBe(1);
    const empty = pose(name, lines({ waiting: 0, inService: 0 }));
    expect(empty.look()).toBeUndefined();
    expect(empty.exercised()).toBe(0);
    expect(pose(name, lines({ inService: 3 })).look()?.message).toContain('idle');
  });
});
