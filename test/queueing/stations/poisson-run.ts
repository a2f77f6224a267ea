/** Poisson arrivals at one replica, and what came of them: for comparison with closed forms. */
import { createChance } from '../../../src/kernel/chance.ts';
import {
  type DistributionSpec,
  quantileOf,
} from '../../../src/kernel/distributions/distribution.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';
import { createFleet } from '../../../src/queueing/stations/fleet.ts';
import {
  DEFAULT_FLEET_CONFIG,
  type FleetConfig,
} from '../../../src/queueing/stations/fleet-config.ts';
import type { Job } from '../../../src/queueing/stations/job.ts';

/** The mean demand of every run: long enough for whole microseconds not to matter. */
export const MEAN_DEMAND_US = 20_000;
const SEED = 20_261_125;
const WARM_UP_SHARE = 0.05;

/** Offers `jobs` jobs at the utilization `rho` and runs until all are through. */
export function runPoisson(options: {
  readonly config?: Partial<FleetConfig>;
  readonly rho: number;
  readonly jobs?: number;
  readonly demand?: DistributionSpec;
  /** Share of jobs of class 0; the rest is of class 1. */
  readonly urgentShare?: number;
}) {
  const { config, rho, jobs = 300_000, urgentShare = 1 } = options;
  const demandQuantile = quantileOf(
    options.demand ?? { kind: 'exponential', mean: MEAN_DEMAND_US },
  );
  const workers = config?.workersPerReplica ?? 1;
  const gapQuantile = quantileOf({ kind: 'exponential', mean: MEAN_DEMAND_US / rho / workers });
  const chance = createChance({ seed: SEED, replication: 0 });
  const draws = ['gap', 'demand', 'class'].map((name) => chance.draws(name));
  const draw = (which: number, n: number) => draws[which]?.uniform(0, n) ?? 0.5;
  const simulation = createSimulation();
  const seen = {
    waitUs: [[], []] as number[][],
    sojournUs: [] as number[],
    demandUs: [] as number[],
  };
  let rejected = 0;
  let offered = 0;
  let atLastArrival = { busyWorkerUs: 0, jobUs: 0, nowUs: 0 };
  const fleet = createFleet<Job>({
    simulation,
    name: 'theory',
    chance,
    config: { ...DEFAULT_FLEET_CONFIG, maxWaiting: Number.POSITIVE_INFINITY, ...config },
    listener: {
      finished(...[job, , waitTimeUs, serviceTimeUs]) {
        if (offered < jobs * WARM_UP_SHARE) return;
        seen.waitUs[job.priority]?.push(waitTimeUs);
        seen.sojournUs.push(waitTimeUs + serviceTimeUs);
        seen.demandUs.push(job.demandUs);
      },
      dropped: () => {
        rejected += 1;
      },
    },
  });
  const handler = simulation.registerHandler('theory.arrival', () => {
    const priority = draw(2, offered) < urgentShare ? 0 : 1;
    const deadlineUs = Number.POSITIVE_INFINITY;
    fleet.offer({ demandUs: demandQuantile(draw(1, offered)), priority, deadlineUs }, 0);
    offered += 1;
    if (offered < jobs) simulation.schedule(Math.round(gapQuantile(draw(0, offered))), handler, 0);
    else atLastArrival = { ...fleet.statistics(), nowUs: simulation.nowUs };
  });
  simulation.schedule(0, handler, 0);
  simulation.run(Number.MAX_SAFE_INTEGER);
  const { busyWorkerUs, jobUs, nowUs } = atLastArrival;
  return {
    ...seen,
    jobs: seen.sojournUs.length,
    rejectedShare: rejected / jobs,
    utilization: busyWorkerUs / nowUs / workers,
    meanJobs: jobUs / nowUs,
    arrivalRate: jobs / nowUs,
    statistics: fleet.statistics(),
  };
}

/** The mean, in units of {@link MEAN_DEMAND_US}. */
export function meanInDemands(timesUs: readonly number[]): number {
  return timesUs.reduce((sum, one) => sum + one, 0) / timesUs.length / MEAN_DEMAND_US;
}
