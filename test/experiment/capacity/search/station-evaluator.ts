/** A fleet of the real kernel under Poisson arrivals, as a planner tries it: common random numbers
 * over all numbers of servers, replications judged by a one-sided t bound. */
import type { Trial } from '../../../../src/experiment/capacity/search/known-fleets.ts';
import { tryInLooks } from '../../../../src/experiment/capacity/search/sequential-trial.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { createFleet } from '../../../../src/queueing/stations/fleet.ts';
import { DEFAULT_FLEET_CONFIG } from '../../../../src/queueing/stations/fleet-config.ts';
import type { Job } from '../../../../src/queueing/stations/job.ts';
import { meanInterval } from '../../../../src/stats/mean-interval.ts';

/** One queueing question. */
export interface StationCase {
  readonly seed: number;
  readonly offeredErlangs: number;
  readonly meanServiceUs: number;
  /** Largest share of jobs that may wait at all. */
  readonly waitProbability: number;
  readonly jobs: number;
}

const WARM_UP_SHARE = 0.1;

/** Share of jobs that wait at `servers` servers in one replication. */
export function simulatedWaitShare(
  { seed, offeredErlangs, meanServiceUs, jobs }: StationCase,
  servers: number,
  replication: number,
): number {
  const chance = createChance({ seed, replication });
  const [gaps, demands] = [chance.draws('gap'), chance.draws('demand')];
  const gapUs = meanServiceUs / offeredErlangs;
  const simulation = createSimulation();
  const first = Math.floor(jobs * WARM_UP_SHARE);
  let [offered, counted, waited] = [0, 0, 0];
  const fleet = createFleet<Job & { readonly n: number }>({
    simulation,
    name: 'station',
    chance,
    config: {
      ...DEFAULT_FLEET_CONFIG,
      workersPerReplica: servers,
      maxWaiting: Number.POSITIVE_INFINITY,
    },
    listener: {
      finished() {},
      dropped() {},
    },
  });
  const handler = simulation.registerHandler('arrival', () => {
    const demandUs = -Math.log(demands.uniform(0, offered)) * meanServiceUs;
    const job = { demandUs, priority: 0, deadlineUs: Number.POSITIVE_INFINITY, n: offered };
    const verdict = fleet.offer(job, 0);
    if (offered >= first) {
      counted += 1;
      if (verdict === 'waiting') waited += 1;
    }
    offered += 1;
    if (offered < jobs) {
      const gap = -Math.log(gaps.uniform(0, offered)) * gapUs;
      simulation.schedule(Math.max(0, Math.round(gap)), handler, 0);
    }
  });
  simulation.schedule(0, handler, 0);
  // Only arrivals matter: what is left when they end is not waited for.
  while (offered < jobs) simulation.run(simulation.nowUs + 1_000 * Math.ceil(gapUs));
  return waited / counted;
}

/** Tries a number of servers in looks of 3, 6, 12 … replications. */
export async function tryServers(
  station: StationCase,
  servers: number,
  looks: { readonly first: number; readonly last: number; readonly from?: number },
): Promise<Trial> {
  const { waitProbability } = station;
  const shares: number[] = [];
  const outcome = await tryInLooks({
    ...looks,
    look: async (replications) => {
      for (let r = shares.length; r < replications; r += 1) {
        shares.push(simulatedWaitShare(station, servers, (looks.from ?? 0) + r));
      }
      // One-sided 95 %: the end of a two-sided 90 % interval.
      const { low, high, mean } = meanInterval(shares, 0.9);
      const isPass = (high ?? Infinity) <= waitProbability;
      const isFail = (low ?? -Infinity) > waitProbability;
      const verdict = isPass ? 'pass' : isFail ? 'fail' : 'inconclusive';
      const isFarOff = shares.every((share) => share > 1.25 * waitProbability);
      return { verdict, isFarOff, mean } as const;
    },
  });
  const look = outcome?.look ?? { verdict: 'inconclusive' as const, mean: 1 };
  return {
    verdict: outcome?.isScreened === true ? 'fail' : look.verdict,
    margin: 1 - look.mean / waitProbability,
    bottleneck: 0,
  };
}
