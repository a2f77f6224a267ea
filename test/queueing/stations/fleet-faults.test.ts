/** What faults do to fleets: single replicas down, paces of several causes, standstills, and jobs
 * cut short; under any schedule of them nothing is lost and all comes back. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { FleetConfig } from '../../../src/queueing/stations/fleet-config.ts';
import type { Replica } from '../../../src/queueing/stations/replica.ts';
import { createDesk, job, type NamedJob } from './fleet-desk.ts';

const DISCIPLINES = ['fifo', 'processor-sharing'] as const;

describe('a replica that fails', () => {
  it('E411: loses its jobs alone, refuses, and is back when it is restored', () => {
    const { fleet, simulation, diary } = createDesk({ replicas: 2 });
    fleet.offer(job('a', 10), 0);
    fleet.offer(job('b', 10), 0);
    fleet.offer(job('c', 10), 1);
    simulation.run(4);
    fleet.failReplica(0);
    fleet.offer(job('d', 10), 0);
    simulation.run(20);
    fleet.restoreReplica(0);
    fleet.offer(job('e', 10), 0);
    simulation.run(100);
    expect(diary).toEqual(['4 a reset', '4 b reset', '4 d refused', '10 c done', '30 e done']);
  });

  it('E423: stays down until all that holds it down is over', () => {
    const { fleet } = createDesk({ replicas: 1, zones: 2 });
    const [replica] = fleet.replicas;
    fleet.failReplica(0);
    fleet.failReplica(0);
    fleet.failZone(0);
    fleet.failAll();
    fleet.restoreReplica(0);
    fleet.restoreAll();
    fleet.restoreZone(0);
    expect(replica?.state).toBe('down');
    fleet.restoreReplica(0);
    expect(replica?.state).toBe('ready');
  });

  it('E423: keeps its place from new members, which start beside it', () => {
    const { fleet } = createDesk({ replicas: 2 });
    fleet.failReplica(0);
    fleet.scaleTo(1);
    expect(fleet.replicas.map(({ isMember }) => isMember)).toEqual([false, true]);
    fleet.scaleTo(2);
    expect(fleet.replicas.map(({ state }) => state)).toEqual(['down', 'ready', 'ready']);
    fleet.restoreReplica(0);
    expect(fleet.replicas[0]?.state).toBe('down');
    fleet.scaleTo(3);
    expect(fleet.replicas.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  });
});

describe.each(DISCIPLINES)('paces under %s', (discipline) => {
  it('E415: factors of several causes multiply, and leave no trace', () => {
    const { fleet, simulation, diary } = createDesk({ discipline });
    const [one, other] = [{}, {}];
    fleet.offer(job('a', 30), 0);
    simulation.run(10);
    fleet.slowDown(one, 2);
    simulation.run(20);
    fleet.slowDown(other, 5);
    simulation.run(70);
    fleet.slowDown(one, 1);
    fleet.slowDown(other, 1);
    simulation.run(1_000);
    // 10 + 10 ÷ 2 + 50 ÷ 10 µs of work are done by 70; 10 are left.
    expect(diary).toEqual(['80 a done']);
    expect((fleet.replicas[0] as Replica).pace.factor).toBe(1);
  });

  it('E414: a standstill of several causes ends with the last', () => {
    const { fleet, simulation, diary } = createDesk({ discipline });
    const [one, other] = [{}, {}];
    fleet.offer(job('a', 30), 0);
    simulation.run(10);
    fleet.pause(one);
    simulation.run(15);
    fleet.pause(other);
    simulation.run(40);
    fleet.goOn(one);
    simulation.run(50);
    fleet.goOn(other);
    simulation.run(1_000);
    expect(diary).toEqual(['70 a done']);
  });

  it('E414: who crashes in a standstill comes back running, whatever ends later', () => {
    const { fleet, simulation, diary } = createDesk({ discipline });
    const [one, other] = [{}, {}];
    fleet.pause(one);
    fleet.failReplica(0);
    fleet.restoreReplica(0);
    fleet.offer(job('a', 10), 0);
    simulation.run(5);
    fleet.pause(other);
    fleet.goOn(one);
    simulation.run(100);
    expect(diary).toEqual([]);
    fleet.goOn(other);
    simulation.run(1_000);
    expect(diary).toEqual(['105 a done']);
  });

  it('E418: a job is cut short at a worker, not in the line, and not in a standstill', () => {
    const { fleet, simulation, diary } = createDesk({ discipline });
    const [a, b, cause] = [job('a', 500), job('b', 20), {}];
    fleet.offer(a, 0);
    fleet.pause(cause);
    simulation.run(30);
    expect(fleet.cutShort(a, 0)).toBe(true);
    simulation.run(40);
    expect(diary).toEqual([]);
    fleet.goOn(cause);
    fleet.offer(b, 0);
    simulation.run(1_000);
    expect(diary).toEqual(['40 a done', '60 b done']);
    expect(fleet.cutShort(b, 0)).toBe(false);
  });
});

const place = fc.nat(5);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('offer' as const), place, demandUs: fc.nat(60) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), us: fc.nat(50) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('fail' as const, 'slow' as const, 'pause' as const, 'zone' as const),
      cause: fc.nat(3),
      place,
      factor: fc.constantFrom(1.5, 3, 40),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('heal' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scale' as const), count: fc.nat(4) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const config: fc.Arbitrary<Partial<FleetConfig>> = fc.record({
  replicas: fc.integer({ min: 1, max: 3 }),
  workersPerReplica: fc.integer({ min: 1, max: 2 }),
  maxWaiting: fc.nat(5),
  zones: fc.constant(2),
  discipline: fc.constantFrom('fifo', 'lifo', 'priority', 'processor-sharing'),
  startupTime: fc.constantFrom(
    { kind: 'deterministic', value: 0 },
    { kind: 'exponential', mean: 60 },
  ),
  pauses: fc.option(
    fc.constant({
      gap: { kind: 'exponential', mean: 90 },
      length: { kind: 'exponential', mean: 20 },
    }),
    { nil: undefined },
  ),
});

/** A desk whose faults can be healed one by one. */
function faultyDesk(setting: Partial<FleetConfig>) {
  const desk = createDesk(setting);
  const { fleet, simulation } = desk;
  const offered: NamedJob[] = [];
  const heals: (() => void)[] = [];
  const zonesDown: number[] = [];
  const beginFault = (one: Extract<Step, { kind: 'fail' | 'slow' | 'pause' | 'zone' }>): void => {
    const cause = {};
    const replica = one.place % fleet.replicas.length;
    if (one.kind === 'fail') {
      fleet.failReplica(replica);
      heals.push(() => fleet.restoreReplica(replica));
    } else if (one.kind === 'slow') {
      fleet.slowDown(cause, one.factor);
      heals.push(() => fleet.slowDown(cause, 1));
    } else if (one.kind === 'pause') {
      fleet.pause(cause);
      heals.push(() => fleet.goOn(cause));
    } else if (!zonesDown.includes(one.place % 2)) {
      const zone = one.place % 2;
      zonesDown.push(zone);
      fleet.failZone(zone);
      heals.push(() => {
        zonesDown.splice(zonesDown.indexOf(zone), 1);
        fleet.restoreZone(zone);
      });
    }
  };
  const healOne = (which: number) => heals.splice(which % Math.max(1, heals.length), 1)[0]?.();
  const act = (one: Step): void => {
    if (one.kind === 'wait') simulation.run(simulation.nowUs + one.us);
    else if (one.kind === 'heal') healOne(one.which);
    else if (one.kind === 'scale') fleet.scaleTo(one.count);
    else if (one.kind === 'cut') {
      const chosen = offered.at(-1 - one.which);
      if (chosen !== undefined) fleet.replicas.some((_, at) => fleet.cutShort(chosen, at));
    } else if (one.kind === 'offer') {
      const next = job(`${offered.length}`, one.demandUs);
      offered.push(next);
      fleet.offer(next, one.place % fleet.replicas.length);
    } else beginFault(one);
  };
  const healAll = () => {
    while (heals.length > 0) healOne(0);
  };
  return { ...desk, offered, act, healAll };
}

describe('under any schedule of faults', () => {
  test.prop([config, fc.array(step, { maxLength: 60 })], { numRuns: 250, seed: 20261126 })(
    'E423, E434: books balance, no job ends twice, all is as before when the last is over',
    (setting, steps) => {
      const desk = faultyDesk(setting);
      const { fleet, simulation, diary, offered } = desk;
      for (const one of steps) {
        desk.act(one);
        const { dropped, finished, inSystem } = fleet.statistics();
        const left = Object.values(dropped).reduce((sum, count) => sum + count, finished);
        expect(offered.length).toBe(left + inSystem);
        expect(diary.length).toBe(left);
      }
      desk.healAll();
      simulation.run(simulation.nowUs + 1e6);
      const names = diary.map((line) => line.split(' ')[1]);
      expect(new Set(names).size).toBe(offered.length);
      const books = fleet.books();
      const { busyWorkerUs, jobUs } = fleet.statistics();
      expect(books.inside).toBe(0);
      expect(jobUs).toBe(books.finishedSojournUs + books.undoneSojournUs);
      expect(Math.abs(busyWorkerUs - books.givenUs)).toBeLessThan(1);
      for (const replica of fleet.replicas as readonly Replica[]) {
        expect(replica.pace).toMatchObject({ factor: 1, isStalled: false });
        expect(replica.state).toBe(replica.isMember ? 'ready' : 'down');
      }
    },
  );
});
