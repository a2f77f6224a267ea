/** Fleets: who starts, who waits, who is dropped, and what faults and scaling do to them. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';
import { createFleet } from '../../../src/queueing/stations/fleet.ts';
import { DEFAULT_FLEET_CONFIG } from '../../../src/queueing/stations/fleet-config.ts';
import { type Job, PRIORITY_CLASSES } from '../../../src/queueing/stations/job.ts';
import { createDesk, job } from './fleet-desk.ts';

const FIXED = (value: number) => ({ kind: 'deterministic' as const, value });

describe('a replica', () => {
  it('Q61: starts, lets wait, and rejects', () => {
    const { fleet, simulation, diary } = createDesk({ workersPerReplica: 2, maxWaiting: 1 });
    const verdicts = ['a', 'b', 'c', 'd'].map((name) => fleet.offer(job(name, 10), 0));
    expect(verdicts).toEqual(['started', 'started', 'waiting', 'dropped']);
    simulation.run(100);
    expect(diary).toEqual(['0 d rejected', '10 a done', '10 b done', '20 c done']);
  });

  it('Q60: keeps books', () => {
    const { fleet, simulation } = createDesk({ maxWaiting: 2 });
    const jobs = ['a', 'b', 'c', 'd'].map((name) => job(name, 10));
    for (const one of jobs) fleet.offer(one, 0);
    expect(fleet.cancel(jobs[1] as (typeof jobs)[0], 0)).toBe(true);
    expect(fleet.cancel(jobs[1] as (typeof jobs)[0])).toBe(false);
    expect(fleet.cancel(jobs[0] as (typeof jobs)[0])).toBe(false);
    simulation.run(15);
    expect(fleet.statistics()).toEqual({
      offered: 4,
      started: 2,
      finished: 1,
      cancelled: 1,
      dropped: { rejected: 1, refused: 0, reset: 0, expired: 0, shed: 0 },
      inSystem: 1,
      inService: 1,
      busyWorkerUs: 15,
      upWorkerUs: 15,
      jobUs: 10 * 2 + 5,
      memberUs: 15,
    });
    expect(fleet.busyWorkerUs(0)).toBe(15);
  });

  it("Q120: adds up the jobs' own times, under both kinds of service", () => {
    for (const discipline of ['fifo', 'processor-sharing'] as const) {
      const { fleet, simulation } = createDesk({ workersPerReplica: 2, discipline });
      for (const name of ['a', 'b', 'c']) fleet.offer(job(name, 10), 0);
      simulation.run(4);
      fleet.failAll();
      fleet.restoreAll();
      fleet.offer(job('d', 10), 0);
      simulation.run(9);
      const { busyWorkerUs, jobUs, upWorkerUs } = fleet.statistics();
      const books = fleet.books();
      expect(books).toMatchObject({ finishedSojournUs: 0, undoneSojournUs: 12, inside: 1 });
      expect(jobUs).toBe(books.undoneSojournUs + books.insideSojournUs);
      expect(books.givenUs + books.givenInsideUs).toBeCloseTo(busyWorkerUs, 9);
      expect([busyWorkerUs, upWorkerUs]).toEqual([13, 18]);
      simulation.run(20);
      expect(fleet.books()).toMatchObject({ finishedSojournUs: 10, inside: 0, givenInsideUs: 0 });
    }
  });

  it('Q72: ends jobs of one instant in the order in which their ends were planned', () => {
    const { fleet, simulation, diary } = createDesk({ workersPerReplica: 3 });
    fleet.offer(job('a', 20), 0);
    simulation.run(10);
    fleet.offer(job('b', 10), 0);
    fleet.offer(job('c', 10), 0);
    simulation.run(20);
    expect(diary).toEqual(['20 a done', '20 b done', '20 c done']);
  });

  it('Q60: keeps books when the listener offers again what was dropped or done', () => {
    const simulation = createSimulation();
    let again = 0;
    const retry = (one: Job) => {
      again += 1;
      if (again > 500) return;
      fleet.offer({ ...one, deadlineUs: simulation.nowUs + (again % 7) * 5 }, again % 2);
    };
    const fleet = createFleet<Job>({
      simulation,
      name: 'again',
      config: { ...DEFAULT_FLEET_CONFIG, replicas: 2, maxWaiting: 2, expireWaiting: true },
      listener: { finished: retry, dropped: retry },
      chance: createChance({ seed: 1, replication: 0 }),
    });
    for (const one of ['a', 'b', 'c', 'd', 'e', 'f']) fleet.offer(job(one, 10), 0);
    simulation.run(1e6);
    const { offered, finished, dropped, inSystem } = fleet.statistics();
    expect(offered).toBe(506);
    expect(finished + dropped.expired + dropped.rejected).toBe(506);
    expect(Math.min(finished, dropped.expired, dropped.rejected)).toBeGreaterThan(5);
    expect(inSystem).toBe(0);
  });

  it('Q66: drops whose deadline has come when they would start', () => {
    const { fleet, simulation, diary } = createDesk({ expireWaiting: true });
    fleet.offer(job('a', 10), 0);
    fleet.offer(job('b', 10, { deadlineUs: 10 }), 0);
    fleet.offer(job('c', 10, { deadlineUs: 11 }), 0);
    simulation.run(50);
    expect(fleet.offer(job('d', 10, { deadlineUs: 50 }), 0)).toBe('dropped');
    expect(diary).toEqual(['10 b expired', '10 a done', '20 c done', '50 d expired']);
    expect(fleet.statistics().busyWorkerUs).toBe(20);
  });

  it('E301: books the time of members, of those that start and drain, and of failed zones', () => {
    const { fleet, simulation } = createDesk({ startupTime: FIXED(5), zones: 2 });
    simulation.run(10);
    fleet.scaleTo(2);
    simulation.run(20);
    expect(fleet.statistics().memberUs).toBe(20 + 10);
    fleet.offer(job('long', 30), 1);
    fleet.scaleTo(1);
    simulation.run(100);
    // The newest drained until 50.
    expect(fleet.statistics().memberUs).toBe(100 + 40);
    fleet.failZone(0);
    simulation.run(200);
    expect(fleet.statistics().memberUs).toBe(200 + 40);
    fleet.scaleTo(0);
    simulation.run(300);
    expect(fleet.statistics().memberUs).toBe(200 + 40);
  });

  it('refuses what is no replica, no zone, no speed, no class', () => {
    const { fleet } = createDesk({ discipline: 'priority' });
    expect(() => fleet.offer(job('a', 1), 1)).toThrow(
      'QUEUEING_BAD_ARGUMENT: replica is 1; there are 1, numbered from 0',
    );
    expect(() => fleet.cancel(job('a', 1), 7)).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => fleet.busyWorkerUs(7)).toThrow('QUEUEING_BAD_ARGUMENT');
    expect(() => fleet.failZone(1)).toThrow('zone is 1; give 0 … 0');
    expect(() => fleet.setSpeed(0)).toThrow('speed is 0; give a number > 0');
    expect(() => fleet.scaleTo(1.5)).toThrow('replica count is 1.5');
    expect(() => fleet.offer(job('a', Number.NaN), 0)).toThrow('job.demandUs is NaN; give µs ≥ 0');
    expect(() => fleet.offer(job('a', Infinity), 0)).toThrow('job.demandUs is Infinity');
    fleet.offer(job('a', 1), 0);
    expect(() => fleet.offer(job('b', 1, { priority: PRIORITY_CLASSES }), 0)).toThrow(
      'job.priority is 8',
    );
    expect(() => createDesk({ workersPerReplica: 0 })).toThrow('workersPerReplica is 0');
  });
});

describe('disciplines', () => {
  function order(config: Parameters<typeof createDesk>[0], priorities = [0, 0, 0]): string[] {
    const { fleet, simulation, diary } = createDesk(config);
    fleet.offer(job('first', 10), 0);
    for (const [i, priority] of priorities.entries()) {
      simulation.run(i + 1);
      fleet.offer(job('abc'[i] ?? '', 10, { priority }), 0);
    }
    simulation.run(1_000);
    return diary.filter((line) => line.endsWith('done')).map((line) => line.split(' ')[1] ?? '');
  }

  it('Q62: FIFO takes the oldest, LIFO the newest', () => {
    expect(order({ discipline: 'fifo' })).toEqual(['first', 'a', 'b', 'c']);
    expect(order({ discipline: 'lifo' })).toEqual(['first', 'c', 'b', 'a']);
  });

  it('Q62: adaptive LIFO turns when the oldest has waited too long', () => {
    const discipline = 'adaptive-lifo';
    expect(order({ discipline, lifoAfterWaitUs: 9 })).toEqual(['first', 'a', 'c', 'b']);
    expect(order({ discipline, lifoAfterWaitUs: 8 })).toEqual(['first', 'c', 'b', 'a']);
  });

  it('Q63: priority takes the most urgent class, oldest first', () => {
    expect(order({ discipline: 'priority' }, [5, 1, 1])).toEqual(['first', 'b', 'c', 'a']);
  });

  it('Q64: a full line sheds whom it would take last', () => {
    const full = { maxWaiting: 2, whenFull: 'shed' as const };
    expect(order({ ...full, discipline: 'fifo' })).toEqual(['first', 'a', 'b']);
    expect(order({ ...full, discipline: 'lifo' })).toEqual(['first', 'c', 'b']);
    expect(order({ ...full, discipline: 'priority' }, [1, 3, 2])).toEqual(['first', 'a', 'c']);
    expect(order({ ...full, discipline: 'priority' }, [1, 3, 3])).toEqual(['first', 'a', 'b']);
    const { fleet, diary } = createDesk({ ...full, discipline: 'lifo', maxWaiting: 1 });
    for (const name of ['first', 'a', 'b']) fleet.offer(job(name, 10), 0);
    expect(diary).toEqual(['0 a shed']);
  });

  it('Q65: processor sharing divides the workers', () => {
    const { fleet, simulation, diary } = createDesk({
      discipline: 'processor-sharing',
      maxWaiting: 1,
    });
    fleet.offer(job('a', 10), 0);
    simulation.run(5);
    fleet.offer(job('b', 20), 0);
    expect(fleet.offer(job('c', 1), 0)).toBe('dropped');
    simulation.run(100);
    expect(diary).toEqual(['5 c rejected', '15 a done', '30 b done']);
    expect(fleet.statistics()).toMatchObject({ busyWorkerUs: 30, jobUs: 40, inSystem: 0 });
  });

  it('Q65: processor sharing with two workers slows nobody down until a third comes', () => {
    const { fleet, simulation, diary } = createDesk({
      discipline: 'processor-sharing',
      workersPerReplica: 2,
    });
    for (const [name, demand] of Object.entries({ a: 10, b: 20, c: 30 })) {
      fleet.offer(job(name, demand), 0);
    }
    simulation.run(100);
    expect(diary).toEqual(['15 a done', '25 b done', '35 c done']);
  });
});

describe('pace', () => {
  it.each(['fifo', 'processor-sharing'] as const)(
    'Q67: %s goes on at a new speed',
    (discipline) => {
      const { fleet, simulation, diary } = createDesk({ discipline });
      fleet.offer(job('a', 100), 0);
      simulation.run(50);
      fleet.setSpeed(0.25);
      simulation.run(90);
      fleet.setSpeed(2);
      simulation.run(1_000);
      expect(diary).toEqual(['110 a done']);
    },
  );

  it.each(['fifo', 'processor-sharing'] as const)(
    'Q68: %s stands still in pauses',
    (discipline) => {
      const pauses = { gap: FIXED(100), length: FIXED(50) };
      const { fleet, simulation, diary } = createDesk({ discipline, pauses });
      fleet.offer(job('a', 150), 0);
      simulation.run(260);
      fleet.offer(job('b', 10), 0);
      simulation.run(320);
      expect(diary).toEqual(['200 a done', '310 b done']);
    },
  );

  it('Q68: pauses go on while there is nothing to do, without an event', () => {
    const pauses = { gap: FIXED(100), length: FIXED(50) };
    const { fleet, simulation, diary } = createDesk({ pauses });
    expect(simulation.pendingCount).toBe(0);
    simulation.run(430);
    fleet.offer(job('a', 10), 0);
    simulation.run(550);
    expect(fleet.offer(job('b', 10), 0)).toBe('started');
    simulation.run(1_000);
    // Pauses are 100–150, 250–300, 400–450, 550–600.
    expect(diary).toEqual(['460 a done', '610 b done']);
    expect(simulation.pendingCount).toBe(0);
  });

  it('Q68: pauses take their share of the time', () => {
    const gap = { kind: 'exponential', mean: 900 } as const;
    const length = { kind: 'exponential', mean: 100 } as const;
    const { fleet, simulation, ends } = createDesk({ pauses: { gap, length } });
    fleet.offer(job('long', 3e6), 0);
    simulation.run(1e7);
    expect((ends[0]?.serviceTimeUs ?? 0) / 3e6).toBeCloseTo(1 / 0.9, 1);
    expect(fleet.statistics().busyWorkerUs).toBe(ends[0]?.serviceTimeUs);
  });

  it('Q68: a new replica speeds up linearly', () => {
    const slowStart = { initialSpeed: 0.2, periodUs: 100 };
    const { fleet, simulation, diary } = createDesk({
      replicas: 0,
      slowStart,
      workersPerReplica: 9,
    });
    fleet.scaleTo(1);
    // Work after t ≤ 100 µs: 0.2 t + 0.004 t²; after that 60 + (t − 100).
    for (const demand of [20, 60, 100]) fleet.offer(job(`${demand}`, demand), 0);
    simulation.run(50);
    fleet.offer(job('late', 40), 0);
    fleet.setSpeed(1);
    simulation.run(1_000);
    expect(diary).toEqual(['50 20 done', '100 60 done', '100 late done', '140 100 done']);
  });

  it('Q68: a slow start from a standstill gets going', () => {
    const slowStart = { initialSpeed: 0, periodUs: 100 };
    const { fleet, simulation, diary } = createDesk({ replicas: 0, slowStart });
    fleet.scaleTo(1);
    fleet.offer(job('nothing', 0), 0);
    fleet.offer(job('a', 50), 0);
    simulation.run(1_000);
    expect(diary).toEqual(['0 nothing done', '100 a done']);
  });
});

describe('life of replicas', () => {
  it('Q69: a starting replica refuses, a ready one takes jobs', () => {
    const { fleet, simulation, diary } = createDesk({ startupTime: FIXED(100) });
    fleet.scaleTo(2);
    expect(fleet.replicas[1]).toMatchObject({ state: 'starting', isReady: false });
    expect(fleet.offer(job('a', 10), 1)).toBe('dropped');
    simulation.run(100);
    expect(fleet.replicas[1]).toMatchObject({ state: 'ready', isReady: true });
    expect(fleet.offer(job('b', 10), 1)).toBe('started');
    simulation.run(200);
    expect(diary).toEqual(['0 a refused', '110 b done']);
  });

  it('Q70: scaling in drains those not ready, then the newest; places are used again', () => {
    const { fleet, simulation, diary } = createDesk({ replicas: 2, startupTime: FIXED(100) });
    fleet.offer(job('a', 10), 1);
    fleet.scaleTo(3);
    fleet.scaleTo(1);
    expect(fleet.replicas.map((one) => one.state)).toEqual(['ready', 'draining', 'down']);
    expect(fleet.offer(job('b', 10), 1)).toBe('dropped');
    simulation.run(10);
    expect(fleet.replicas.map((one) => one.state)).toEqual(['ready', 'down', 'down']);
    expect(diary).toEqual(['0 b refused', '10 a done']);
    fleet.scaleTo(2);
    simulation.run(200);
    expect(fleet.replicas.map((one) => one.state)).toEqual(['ready', 'ready', 'down']);
  });

  it('Q70: a draining replica stays for visits that bring more jobs', () => {
    const { fleet, simulation, diary } = createDesk({ replicas: 2 });
    const states = () => fleet.replicas.map((one) => one.state);
    fleet.hold(1);
    fleet.hold(1);
    fleet.offer(job('plan', 10), 1);
    fleet.scaleTo(1);
    simulation.run(20);
    expect(states()).toEqual(['ready', 'draining']);
    fleet.release(1);
    expect(fleet.offer(job('stranger', 10), 1)).toBe('dropped');
    expect(fleet.offerMore(job('merge', 10), 1)).toBe('started');
    simulation.run(30);
    expect(states()).toEqual(['ready', 'draining']);
    fleet.release(1);
    expect(states()).toEqual(['ready', 'down']);
    expect(fleet.offerMore(job('ghost', 10), 1)).toBe('dropped');
    expect(diary).toEqual([
      '10 plan done',
      '20 stranger refused',
      '30 merge done',
      '30 ghost refused',
    ]);
  });

  it('Q70: new replicas go where the fewest are and the zone is up', () => {
    const { fleet } = createDesk({ replicas: 5, zones: 3 });
    expect(fleet.replicas.map((one) => one.zone)).toEqual([0, 1, 2, 0, 1]);
    fleet.failZone(2);
    fleet.scaleTo(6);
    expect(fleet.replicas[5]).toMatchObject({ zone: 0, state: 'ready' });
  });

  it('Q71: a crash resets jobs in service, then those who wait; others go on', () => {
    const { fleet, simulation, diary } = createDesk({ replicas: 2, zones: 2 });
    for (const name of ['a', 'b', 'c']) fleet.offer(job(name, 10), 1);
    fleet.offer(job('d', 10), 0);
    simulation.run(4);
    fleet.failZone(1);
    expect(fleet.offer(job('e', 10), 1)).toBe('dropped');
    simulation.run(50);
    expect(diary).toEqual(['4 a reset', '4 b reset', '4 c reset', '4 e refused', '10 d done']);
    fleet.restoreZone(1);
    expect(fleet.offer(job('f', 10), 1)).toBe('started');
  });

  it('Q71: who left the fleet does not come back', () => {
    const { fleet } = createDesk({ replicas: 2 });
    fleet.scaleTo(1);
    fleet.failAll();
    fleet.restoreAll();
    expect(fleet.replicas.map((one) => one.state)).toEqual(['ready', 'down']);
  });

  it('Q71: a crash ends pauses; they begin anew', () => {
    const pauses = { gap: FIXED(100), length: FIXED(50) };
    const { fleet, simulation, diary } = createDesk({ pauses });
    fleet.offer(job('a', 1_000), 0);
    simulation.run(120);
    fleet.failAll();
    fleet.restoreAll();
    fleet.offer(job('b', 150), 0);
    simulation.run(1_000);
    // Pauses are 100–150 (cut short), then 220–270.
    expect(diary).toEqual(['120 a reset', '320 b done']);
  });

  it.each(['fifo', 'processor-sharing'] as const)('Q71: %s: all crash, all start', (discipline) => {
    const config = { discipline, replicas: 2, zones: 2, startupTime: FIXED(30) };
    const { fleet, simulation, diary } = createDesk(config);
    fleet.offer(job('a', 10), 0);
    fleet.offer(job('b', 9), 0);
    fleet.failZone(1);
    fleet.failAll();
    fleet.restoreAll();
    expect(fleet.replicas.map((one) => one.state)).toEqual(['starting', 'down']);
    simulation.run(30);
    fleet.restoreZone(1);
    simulation.run(60);
    expect(fleet.replicas.map((one) => one.state)).toEqual(['ready', 'ready']);
    expect(diary).toEqual(['0 a reset', '0 b reset']);
    expect(simulation.pendingCount).toBe(0);
  });
});

describe('who holds a replica', () => {
  it('Q70: keeps it from ending when it drains, and may bring it more work', () => {
    const { simulation, fleet, diary } = createDesk({ replicas: 2 });
    fleet.hold(1);
    fleet.scaleTo(1);
    const states = () => fleet.replicas.map(({ state }) => state);
    expect(states()).toEqual(['ready', 'draining']);
    fleet.offer(job('newcomer', 5), 1);
    fleet.offerMore(job('more', 5), 1);
    simulation.run(10);
    expect(diary).toEqual(['0 newcomer refused', '5 more done']);
    expect(states()).toEqual(['ready', 'draining']);
    fleet.release(1);
    expect(states()).toEqual(['ready', 'down']);
    fleet.offerMore(job('late', 5), 1);
    expect(diary.at(-1)).toBe('10 late refused');
  });
});
