/** What a fleet is like: plain data, checked when a fleet is made of it. */
import type { DistributionSpec } from '../../kernel/distributions/distribution.ts';
import { checkArguments, isCount } from '../bad-argument.ts';

/** Who is served next. `adaptive-lifo` takes the oldest until that has waited longer than
 * `lifoAfterWaitUs`, then the newest (Maurer, "Fail at scale", ACM Queue 2015). `priority` is
 * non-preemptive, first come first within a class. `processor-sharing` serves all n jobs of a
 * replica at once, each at the rate min(1, c/n). */
export type Discipline = 'fifo' | 'lifo' | 'adaptive-lifo' | 'priority' | 'processor-sharing';

/** Stop-the-world pauses of each replica: while one lasts no worker of it gets on. */
export interface PauseConfig {
  /** From the end of a pause to the next, in µs. */
  readonly gap: DistributionSpec;
  /** µs. */
  readonly length: DistributionSpec;
}

/** A new replica is slow at first: its speed grows linearly from `initialSpeed` to 1. */
export interface SlowStartConfig {
  /** 0 … 1. */
  readonly initialSpeed: number;
  readonly periodUs: number;
}

/** Fixed properties of a fleet. */
export interface FleetConfig {
  /** Replicas at the start, ready and at full speed. */
  readonly replicas: number;
  /** Workers (c) of each. */
  readonly workersPerReplica: number;
  /** Jobs that may wait at one replica (K − c). Under processor sharing nobody waits: the replica
   * shares itself among c + `maxWaiting` jobs at most. */
  readonly maxWaiting: number;
  /** Zones 0 … n−1: a new replica goes where the fewest are, ties to the lowest. */
  readonly zones: number;
  readonly discipline: Discipline;
  /** `adaptive-lifo`: how long the oldest may have waited until the newest goes first. */
  readonly lifoAfterWaitUs: number;
  /** A job that finds the line full is rejected; or else whom the line would take last is `shed`
   * for it: the oldest under LIFO, the newest of the least urgent under priority. */
  readonly whenFull: 'reject' | 'shed';
  /** Whether jobs whose deadline has passed when they would start are dropped without work. */
  readonly expireWaiting: boolean;
  /** From the decision to start a replica until it is ready, in µs. */
  readonly startupTime: DistributionSpec;
  readonly slowStart?: SlowStartConfig | undefined;
  readonly pauses?: PauseConfig | undefined;
}

/** What a fleet has where nothing else is said: one replica, one worker, FIFO, 200 places. */
export const DEFAULT_FLEET_CONFIG: FleetConfig = {
  replicas: 1,
  workersPerReplica: 1,
  maxWaiting: 200,
  zones: 1,
  discipline: 'fifo',
  lifoAfterWaitUs: 100_000,
  whenFull: 'reject',
  expireWaiting: false,
  startupTime: { kind: 'deterministic', value: 0 },
};

/** Checks what no distribution checks by itself.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function checkFleetConfig(config: FleetConfig): void {
  const { replicas, workersPerReplica: workers, maxWaiting, zones, lifoAfterWaitUs } = config;
  const { initialSpeed, periodUs } = config.slowStart ?? { initialSpeed: 1, periodUs: 0 };
  const isShare = initialSpeed >= 0 && initialSpeed <= 1;
  checkArguments([
    ['replicas', replicas, isCount(replicas, 0), 'give a whole number ≥ 0'],
    ['workersPerReplica', workers, isCount(workers, 1), 'give a whole number ≥ 1'],
    ['maxWaiting', maxWaiting, maxWaiting >= 0, 'give a number ≥ 0, or Infinity'],
    ['zones', zones, isCount(zones, 1), 'give a whole number ≥ 1'],
    ['lifoAfterWaitUs', lifoAfterWaitUs, lifoAfterWaitUs >= 0, 'give µs ≥ 0'],
    ['slowStart.initialSpeed', initialSpeed, isShare, 'give a share between 0 and 1'],
    ['slowStart.periodUs', periodUs, isCount(periodUs, 0), 'give whole µs ≥ 0'],
  ]);
}
