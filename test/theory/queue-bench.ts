/** One station for comparison with closed forms, out of the parts that runs are made of: the
 * kernel's simulation and chance, and a fleet. A replication begins with an empty fleet, lets the
 * empty start wear off, and then measures for a while: the jobs that arrive in that time, and the
 * fleet's own integrals over it. */
import { createChance } from '../../src/kernel/chance.ts';
import {
  type DistributionSpec,
  meanOf,
  quantileOf,
} from '../../src/kernel/distributions/distribution.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { createFleet } from '../../src/queueing/stations/fleet.ts';
import {
  DEFAULT_FLEET_CONFIG,
  type FleetConfig,
} from '../../src/queueing/stations/fleet-config.ts';
import type { Job } from '../../src/queueing/stations/job.ts';
import { LONGER, type Replication } from './coverage.ts';

/** Mean service time: long enough for whole µs not to matter. */
export const MEAN_US = 1_000_000;
export const SEED = 20_261_126;
const NEVER = Number.POSITIVE_INFINITY;

/** What is simulated. */
export interface QueueBenchOptions {
  readonly config?: Partial<FleetConfig>;
  readonly demand?: DistributionSpec;
  readonly arrivalRatePerSec: number;
  /** What is cut off, and what is measured then, in mean service times. */
  readonly warmUp: number;
  readonly measured?: number;
  /** How long arrivals go on after that, where who comes later matters to who is there. */
  readonly tail?: number;
  /** Share of jobs of class 0; the rest is of class 1. */
  readonly urgentShare?: number;
  /** The variance of waits is taken about this mean, and waits are compared with this quantile. */
  readonly meanWaitUs?: number;
  readonly waitQuantileUs?: number;
  /** Planted: every demand is so many times what it should be. */
  readonly demandFactor?: number;
}

/** The quantities of a station. */
export type QueueQuantity =
  | 'utilization'
  | 'meanInSystem'
  | 'meanWaitUs'
  | 'meanSojournUs'
  | 'waitProbability'
  | 'blockingProbability'
  | 'waitVariance'
  | 'belowQuantile'
  | 'urgentWaitUs'
  | 'otherWaitUs';

/** Times of relaxation of M/M/c, in mean service times. Six leave e⁻⁶ of an empty start where
 * measuring begins, and less than 10⁻³ of that mean over the whole of it: a tenth of the pooled
 * standard error at most. */
export function relaxations(rho: number, { servers = 1, times = 6 } = {}): number {
  return times * Math.max(1, 1 / (servers * (1 - Math.sqrt(rho)) ** 2));
}

/** Replications of a station; each is found by its number alone. */
export function queueBench(options: QueueBenchOptions): (n: number) => Replication<QueueQuantity> {
  const { config, arrivalRatePerSec: rate, demandFactor = 1, urgentShare = 1 } = options;
  const spec = options.demand ?? { kind: 'exponential', mean: MEAN_US };
  const demandOf = quantileOf(spec);
  const gapOf = quantileOf({ kind: 'exponential', mean: 1e6 / rate });
  const scale = meanOf(spec);
  const workers = config?.workersPerReplica ?? 1;
  const warmUpUs = Math.round(options.warmUp * scale);
  const spanUs = Math.round((options.measured ?? 100) * scale * LONGER);
  const tailUs = Math.round((options.tail ?? 0) * scale);
  const chance = createChance({ seed: SEED, replication: 0 });
  const [gaps, demands, classes] = ['gap', 'demand', 'class'].map((name) => chance.draws(name));
  const simulation = createSimulation();
  let startUs = 0;
  let replication = 0;
  let jobs = 0;
  let seen = newSums();
  const fleet = createFleet<TimedJob>({
    simulation,
    name: 'theory',
    chance,
    config: { ...DEFAULT_FLEET_CONFIG, maxWaiting: NEVER, ...config },
    listener: {
      finished(...[job, , waitUs, serviceUs]) {
        if (!job.isMeasured) return;
        seen.finished += 1;
        seen.waitUs += waitUs;
        seen.sojournUs += waitUs + serviceUs;
        if (waitUs > 0) seen.waited += 1;
        seen.squares += (waitUs - (options.meanWaitUs ?? 0)) ** 2;
        if (waitUs <= (options.waitQuantileUs ?? 0)) seen.below += 1;
        seen.classes[job.priority] = (seen.classes[job.priority] ?? 0) + 1;
        seen.classWaitUs[job.priority] = (seen.classWaitUs[job.priority] ?? 0) + waitUs;
      },
      dropped(job) {
        if (job.isMeasured) seen.rejected += 1;
      },
    },
  });
  const arrive = simulation.registerHandler('theory.arrival', () => {
    const sinceUs = simulation.nowUs - startUs;
    const isMeasured = sinceUs >= warmUpUs && sinceUs < warmUpUs + spanUs;
    const u = demands?.uniform(replication, jobs) ?? 0.5;
    const isUrgent = urgentShare === 1 || (classes?.uniform(replication, jobs) ?? 0) < urgentShare;
    fleet.offer(
      {
        demandUs: demandOf(u) * demandFactor,
        priority: isUrgent ? 0 : 1,
        deadlineUs: NEVER,
        isMeasured,
      },
      0,
    );
    jobs += 1;
    next();
  });
  const next = () => {
    const delayUs = Math.round(gapOf(gaps?.uniform(replication, jobs) ?? 0.5));
    const atUs = simulation.nowUs + delayUs - startUs;
    if (atUs < warmUpUs + spanUs + tailUs) simulation.schedule(delayUs, arrive, 0);
  };
  return (n) => {
    startUs = simulation.nowUs;
    replication = n;
    jobs = 0;
    seen = newSums();
    next();
    simulation.run(startUs + warmUpUs);
    const before = fleet.statistics();
    simulation.run(startUs + warmUpUs + spanUs);
    const after = fleet.statistics();
    // Nobody comes any more at last: whoever is there leaves.
    simulation.run(simulation.nowUs + tailUs);
    while (fleet.statistics().inSystem > 0) simulation.run(simulation.nowUs + 10 * scale);
    return quantitiesOf(seen, {
      busyUs: after.busyWorkerUs - before.busyWorkerUs,
      jobUs: after.jobUs - before.jobUs,
      spanUs,
      workers,
    });
  };
}

interface TimedJob extends Job {
  readonly isMeasured: boolean;
}

function newSums() {
  return {
    finished: 0,
    rejected: 0,
    waitUs: 0,
    sojournUs: 0,
    waited: 0,
    squares: 0,
    below: 0,
    classes: [0, 0],
    classWaitUs: [0, 0],
  };
}

function quantitiesOf(
  seen: ReturnType<typeof newSums>,
  over: {
    readonly busyUs: number;
    readonly jobUs: number;
    readonly spanUs: number;
    readonly workers: number;
  },
): Replication<QueueQuantity> {
  const { finished, classes, classWaitUs } = seen;
  const perJob = (sum: number) => ({ sum, count: finished });
  return {
    utilization: { sum: over.busyUs, count: over.spanUs * over.workers },
    meanInSystem: { sum: over.jobUs, count: over.spanUs },
    meanWaitUs: perJob(seen.waitUs),
    meanSojournUs: perJob(seen.sojournUs),
    waitProbability: perJob(seen.waited),
    blockingProbability: { sum: seen.rejected, count: finished + seen.rejected },
    waitVariance: perJob(seen.squares),
    belowQuantile: perJob(seen.below),
    urgentWaitUs: { sum: classWaitUs[0] ?? 0, count: classes[0] ?? 0 },
    otherWaitUs: { sum: classWaitUs[1] ?? 0, count: classes[1] ?? 0 },
  };
}
