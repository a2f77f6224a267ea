/** Fleets, caches and pools of connections, each beside a plain list that is walked. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createChance } from '../../../../src/kernel/chance.ts';
import { createSimulation, type Simulation } from '../../../../src/kernel/simulation.ts';
import { createFleet, type Fleet } from '../../../../src/queueing/stations/fleet.ts';
import {
  DEFAULT_FLEET_CONFIG,
  type FleetConfig,
} from '../../../../src/queueing/stations/fleet-config.ts';
import type { Job } from '../../../../src/queueing/stations/job.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';
import { type FleetStep, Walk, type WalkConfig } from './fleet-walk.ts';
import { LENDING } from './lending.ts';

interface NumberedJob extends Job {
  readonly number: number;
}

/** A fleet of one replica, and what became of its jobs, by number. */
class Desk {
  readonly ends: string[] = [];
  readonly #simulation: Simulation = createSimulation();
  readonly #fleet: Fleet<NumberedJob>;
  readonly #jobs: NumberedJob[] = [];

  constructor(config: WalkConfig) {
    const { workers, ...rest } = config;
    const whole: FleetConfig = { ...DEFAULT_FLEET_CONFIG, ...rest, workersPerReplica: workers };
    const told = (job: NumberedJob, what: string): void => {
      assert.equal(this.ends[job.number], undefined, `job ${job.number} ends twice`);
      this.ends[job.number] = `${what} at ${this.#simulation.nowUs}`;
    };
    this.#fleet = createFleet<NumberedJob>({
      simulation: this.#simulation,
      name: 'desk',
      config: whole,
      chance: createChance({ seed: 1, replication: 0 }),
      listener: {
        finished(job, _replica, waitTimeUs) {
          const isShared = config.discipline === 'processor-sharing';
          told(job, isShared ? 'done' : `done after ${waitTimeUs}`);
        },
        dropped: (job, _replica, reason) => told(job, reason),
      },
    });
  }

  take(step: FleetStep): void {
    const simulation = this.#simulation;
    simulation.run(simulation.nowUs + step.gapUs);
    if (step.do === 'offer') {
      const deadlineUs = simulation.nowUs + step.patienceUs;
      const { demandUs, priority } = step;
      const job = { number: this.#jobs.length, demandUs, priority, deadlineUs };
      this.#jobs.push(job);
      this.#fleet.offer(job, 0);
    } else if (step.do === 'cancel') {
      const job = this.#jobs.at(-1 - step.back);
      if (job !== undefined && this.#fleet.cancel(job)) this.ends[job.number] = 'cancelled';
    } else if (step.do === 'speed') this.#fleet.setSpeed(step.factor);
    else {
      this.#fleet.failAll();
      this.#fleet.restoreAll();
    }
    simulation.run(simulation.nowUs);
    this.#checkBooks();
  }

  finish(): void {
    this.#simulation.run(1e7);
    this.#checkBooks();
  }

  /** Everybody is somewhere; no sum is below zero. */
  #checkBooks(): void {
    const seen = this.#fleet.statistics();
    const dropped = Object.values(seen.dropped).reduce((sum, one) => sum + one, 0);
    const gone = seen.finished + seen.cancelled + dropped;
    assert.equal(seen.offered, gone + seen.inSystem, 'offered = gone + inside');
    assert.equal(this.ends.filter((one) => one !== undefined).length, gone);
    assert.ok(seen.inService >= 0 && seen.inService <= seen.inSystem);
  }
}

const gapUs = fc.oneof(fc.constant(0), fc.nat(30));

const offer: fc.Arbitrary<FleetStep> = fc.record({
  do: fc.constant('offer' as const),
  gapUs,
  demandUs: fc.nat(60),
  priority: fc.nat(2),
  patienceUs: fc.constantFrom(1_000, 20, 40),
});

const lined: fc.Arbitrary<WalkConfig> = fc.record({
  discipline: fc.constantFrom('fifo', 'lifo', 'adaptive-lifo', 'priority'),
  workers: fc.integer({ min: 1, max: 2 }),
  maxWaiting: fc.integer({ min: 0, max: 4 }),
  whenFull: fc.constantFrom('reject', 'shed'),
  expireWaiting: fc.boolean(),
  lifoAfterWaitUs: fc.constant(15),
});

function steps(...others: readonly fc.Arbitrary<FleetStep>[]): fc.Arbitrary<FleetStep[]> {
  const step = fc.oneof({ weight: 6, arbitrary: offer }, ...others);
  return fc.array(step, { maxLength: 30, size: 'max' });
}

const cancel = fc.record({ do: fc.constant('cancel' as const), gapUs, back: fc.nat(4) });
const speed = fc.record({
  do: fc.constant('speed' as const),
  gapUs,
  factor: fc.constantFrom(0.5, 1, 2),
});
const crash = fc.record({ do: fc.constant('crash' as const), gapUs });

function sizeOf(taken: { readonly steps: readonly FleetStep[] }): {
  readonly commands: number;
  readonly faults: number;
} {
  const faults = taken.steps.filter((one) => one.do === 'crash').length;
  return { commands: taken.steps.length - faults, faults };
}

function endsAsWalked(config: WalkConfig, taken: readonly FleetStep[]): void {
  const desk = new Desk(config);
  const walk = new Walk(config);
  for (const step of taken) {
    desk.take(step);
    walk.take(step);
  }
  desk.finish();
  walk.finish();
  assert.deepEqual(desk.ends, walk.ends);
}

const linesAsWalked = zooProperty({
  name: 'jobs-in-line-as-walked',
  claim: 'each job waits, is served and dropped as a walk over all of them says',
  arbitrary: fc.record({ config: lined, steps: steps(cancel, speed, crash) }),
  sizeOf,
  holds: ({ config, steps: taken }) => endsAsWalked(config, taken),
});

const sharesAsWalked = zooProperty({
  name: 'shared-jobs-as-walked',
  claim: 'under processor sharing each job ends when a walk over all of them says',
  arbitrary: fc.record({
    config: fc.record({
      discipline: fc.constant('processor-sharing' as const),
      workers: fc.integer({ min: 1, max: 3 }),
      maxWaiting: fc.integer({ min: 0, max: 9 }),
      whenFull: fc.constant('reject' as const),
      expireWaiting: fc.boolean(),
      lifoAfterWaitUs: fc.constant(0),
    }),
    steps: steps(speed, crash),
  }),
  sizeOf,
  holds: ({ config, steps: taken }) => endsAsWalked(config, taken),
});

type ZoneStep =
  | { readonly do: 'offer'; readonly replica: number }
  | { readonly do: 'fail' | 'restore'; readonly zone: number }
  | { readonly do: 'scale'; readonly replicas: number };

const ZONES = 2;

const zonesFailWhole = zooProperty({
  name: 'zones-fail-whole',
  claim:
    'no replica of a failed zone serves, every other member does, and each job is told of once',
  arbitrary: fc.array(
    fc.oneof<fc.Arbitrary<ZoneStep>[]>(
      fc.record({ do: fc.constant('offer' as const), replica: fc.nat(5) }),
      fc.record({ do: fc.constantFrom('fail' as const, 'restore'), zone: fc.nat(ZONES - 1) }),
      fc.record({ do: fc.constant('scale' as const), replicas: fc.integer({ min: 1, max: 5 }) }),
    ),
    { maxLength: 25, size: 'max' },
  ),
  sizeOf: (taken) => {
    const faults = taken.filter((one) => one.do === 'fail').length;
    return { commands: taken.length - faults, faults };
  },
  holds(taken) {
    const simulation = createSimulation();
    const told: number[] = [];
    const note = (job: NumberedJob): void => {
      told[job.number] = (told[job.number] ?? 0) + 1;
    };
    const fleet = createFleet<NumberedJob>({
      simulation,
      name: 'zones',
      config: { ...DEFAULT_FLEET_CONFIG, replicas: 3, zones: ZONES },
      chance: createChance({ seed: 1, replication: 0 }),
      listener: { finished: note, dropped: note },
    });
    const down = new Set<number>();
    let jobs = 0;
    for (const step of taken) {
      if (step.do === 'offer') {
        const job = { number: jobs, demandUs: 5, priority: 0, deadlineUs: 1e9 };
        jobs += 1;
        fleet.offer(job, step.replica % fleet.replicas.length);
      } else if (step.do === 'scale') fleet.scaleTo(step.replicas);
      else if (step.do === 'fail') {
        down.add(step.zone);
        fleet.failZone(step.zone);
      } else {
        down.delete(step.zone);
        fleet.restoreZone(step.zone);
      }
      for (const { zone, isReady, outstanding } of fleet.replicas) {
        if (!down.has(zone)) continue;
        assert.ok(!isReady && outstanding === 0, `zone ${zone} is down and serves`);
      }
      simulation.run(simulation.nowUs + 1);
    }
    simulation.run(1e7);
    assert.deepEqual(told, new Array(jobs).fill(1), 'each job is told of once');
  },
});

/** All properties of what serves, keeps and lends. */
export const FLEETS: readonly ZooProperty[] = [
  linesAsWalked,
  sharesAsWalked,
  zonesFailWhole,
  ...LENDING,
];
