/** Fleets under random schedules: what must hold at every instant, and processor sharing beside a
 * walk over all jobs. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { FleetConfig } from '../../../src/queueing/stations/fleet-config.ts';
import type { Replica } from '../../../src/queueing/stations/replica.ts';
import { createDesk, job, type NamedJob } from './fleet-desk.ts';

const RUNS = { numRuns: 300, seed: 20261125 };

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('offer' as const),
      demandUs: fc.oneof(fc.nat(60), fc.double({ min: 0, max: 60, noNaN: true })),
      priority: fc.nat(7),
      patienceUs: fc.option(fc.nat(80), { nil: Number.POSITIVE_INFINITY }),
      place: fc.nat(9),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('wait' as const), us: fc.nat(50) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('speed' as const),
      factor: fc.double({ min: 0.1, max: 5, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scale' as const), count: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('failZone', 'restoreZone', 'failAll', 'restoreAll'),
      zone: fc.nat(1),
    }),
  },
);

const config: fc.Arbitrary<Partial<FleetConfig>> = fc.record({
  replicas: fc.nat(3),
  workersPerReplica: fc.integer({ min: 1, max: 3 }),
  maxWaiting: fc.nat(5),
  zones: fc.constant(2),
  discipline: fc.constantFrom('fifo', 'lifo', 'adaptive-lifo', 'priority', 'processor-sharing'),
  lifoAfterWaitUs: fc.nat(40),
  whenFull: fc.constantFrom('reject', 'shed'),
  expireWaiting: fc.boolean(),
  startupTime: fc.constantFrom(
    { kind: 'deterministic', value: 0 },
    { kind: 'exponential', mean: 60 },
  ),
  slowStart: fc.option(fc.constant({ initialSpeed: 0.1, periodUs: 100 }), { nil: undefined }),
  pauses: fc.option(
    fc.constant({
      gap: { kind: 'exponential', mean: 90 },
      length: { kind: 'exponential', mean: 20 },
    }),
    { nil: undefined },
  ),
});

type Desk = ReturnType<typeof createDesk>;
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function act(desk: Desk, offered: NamedJob[], one: Step): void {
  const { fleet, simulation } = desk;
  if (one.kind === 'wait') simulation.run(simulation.nowUs + one.us);
  else if (one.kind === 'speed') fleet.setSpeed(one.factor);
  else if (one.kind === 'scale') fleet.scaleTo(one.count);
  else if (one.kind === 'failAll') fleet.failAll();
  else if (one.kind === 'restoreAll') fleet.restoreAll();
  else if (one.kind === 'failZone') fleet.failZone(one.zone);
  else if (one.kind === 'restoreZone') fleet.restoreZone(one.zone);
  else if (one.kind === 'cancel') {
    const chosen = offered.at(-1 - one.which);
    if (chosen !== undefined) fleet.cancel(chosen);
  } else if (one.kind === 'offer' && fleet.replicas.length > 0) {
    const deadlineUs = simulation.nowUs + one.patienceUs;
    const { demandUs, priority } = one;
    const next = job(`${offered.length}`, demandUs, { priority, deadlineUs });
    offered.push(next);
    fleet.offer(next, one.place % fleet.replicas.length);
  }
}

function expectBooks({ fleet, diary, ends }: Desk, offered: readonly NamedJob[]): void {
  const books = fleet.statistics();
  const dropped = Object.values(books.dropped).reduce((sum, one) => sum + one, 0);
  expect(books.offered).toBe(offered.length);
  expect(books.offered).toBe(books.finished + dropped + books.cancelled + books.inSystem);
  expect(diary.length).toBe(books.finished + dropped);
  expect(ends.length).toBe(books.finished);
  for (const replica of fleet.replicas as readonly Replica[]) {
    expect(replica.outstanding).toBeGreaterThanOrEqual(replica.inService);
    expect(replica.isReady).toBe(replica.state === 'ready');
    if (replica.state === 'down' || replica.state === 'starting') {
      expect(replica.outstanding).toBe(0);
    }
    if (replica.state === 'draining') expect(replica.outstanding).toBeGreaterThan(0);
  }
}

function expectWorkConserved({ fleet }: Desk, { discipline }: Partial<FleetConfig>): void {
  for (const replica of fleet.replicas as readonly Replica[]) {
    if (discipline === 'processor-sharing') {
      expect(replica.inService).toBe(replica.outstanding);
    } else {
      expect(replica.inService).toBe(Math.min(replica.workers, replica.outstanding));
    }
  }
}

describe('under any schedule', () => {
  test.prop([config, fc.array(step, { maxLength: 80 })], RUNS)(
    'Q60, Q61, Q69: books balance, work is conserved, all is through in the end',
    (setting, steps) => {
      const desk = createDesk(setting);
      const offered: NamedJob[] = [];
      for (const one of steps) {
        act(desk, offered, one);
        expectBooks(desk, offered);
        expectWorkConserved(desk, setting);
      }
      desk.simulation.run(desk.simulation.nowUs + 1e6);
      expectBooks(desk, offered);
      const books = desk.fleet.statistics();
      expect(books.inSystem).toBe(0);
      expect(books.busyWorkerUs).toBeLessThanOrEqual(books.jobUs);
      for (const end of desk.ends) {
        expect(end.waitTimeUs).toBeGreaterThanOrEqual(0);
        expect(end.serviceTimeUs).toBeGreaterThanOrEqual(0);
        if (setting.expireWaiting) {
          expect(end.atUs - end.serviceTimeUs).toBeLessThan(end.job.deadlineUs);
        }
      }
    },
  );

  test.prop([config, fc.array(step, { maxLength: 60 })], { ...RUNS, numRuns: 100 })(
    'Q72: the same schedule gives the same diary',
    (setting, steps) => {
      const diaries = [0, 1].map(() => {
        const desk = createDesk(setting);
        const offered: NamedJob[] = [];
        for (const one of steps) act(desk, offered, one);
        desk.simulation.run(desk.simulation.nowUs + 1e5);
        return desk.diary;
      });
      expect(diaries[0]).toEqual(diaries[1]);
    },
  );

  test.prop(
    [
      fc.constantFrom('fifo' as const, 'priority' as const),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.record({ gap: fc.nat(20), demandUs: fc.nat(60), priority: fc.nat(2) }), {
        maxLength: 60,
      }),
    ],
    RUNS,
  )(
    'Q63: nobody starts before one who waits and is more urgent or came first',
    (...[discipline, workersPerReplica, arrivals]) => {
      const desk = createDesk({ discipline, workersPerReplica, maxWaiting: 1_000 });
      const cameAtUs: number[] = [];
      for (const [i, { gap, demandUs, priority }] of arrivals.entries()) {
        desk.simulation.run(desk.simulation.nowUs + gap);
        cameAtUs.push(desk.simulation.nowUs);
        desk.fleet.offer(job(`${i}`, demandUs, { priority }), 0);
      }
      desk.simulation.run(1e6);
      expect(desk.ends.length).toBe(arrivals.length);
      const starts = desk.ends.map((end) => ({
        number: Number(end.job.name),
        priority: discipline === 'fifo' ? 0 : end.job.priority,
        atUs: end.atUs - end.serviceTimeUs,
      }));
      for (const one of starts) {
        expect(desk.ends.every((end) => end.serviceTimeUs === end.job.demandUs)).toBe(true);
        for (const other of starts) {
          const wasThere = (cameAtUs[other.number] ?? 0) < one.atUs && other.atUs > one.atUs;
          if (!wasThere) continue;
          const isBehind = other.priority - one.priority || other.number - one.number;
          expect(isBehind).toBeGreaterThan(0);
        }
      }
    },
  );
});
