/** Pages per second of a closed load test, whose users wait for their answers: a closed network of
 * the stations and one delay for thought, network and what pages do at once. Spec: E252. */
import {
  type ClosedStation,
  closedNetwork,
} from '../../../queueing/theory/networks/closed-network.ts';

/** A station as one page of the mix loads it. */
export interface PageStation {
  readonly workers: number;
  /** Worker time of a page there, µs. */
  readonly workUs: number;
}

/** What users go round in. */
export interface ClosedLoop {
  readonly stations: readonly PageStation[];
  readonly thinkUs: number;
  /** Time of a page that never waits, µs: shorter than the sum of its work where calls are made at
   * once. */
  readonly unhinderedUs: number;
}

/** Above this many users the knee is narrow: the operational bounds are taken. */
const MAX_POPULATION = 200;

/** Throughput by number of users. Exact for exponential times and pages that do one thing after
 * the other; else an approximation that is right at few users and in saturation.
 * Sources: see `closedNetwork`; Denning and Buzen 1978 for the bounds. */
export function closedThroughput(loop: ClosedLoop): (users: number) => number {
  const known = new Map<number, number>();
  return (users) => {
    const population = Math.round(users);
    if (population < 1) return 0;
    let perSec = known.get(population);
    if (perSec === undefined) {
      perSec = population > MAX_POPULATION ? bound(loop, population) : solved(loop, population);
      known.set(population, perSec);
    }
    return perSec;
  };
}

function bound({ stations, thinkUs, unhinderedUs }: ClosedLoop, users: number): number {
  const capacities = stations.map(({ workers, workUs }) => workers / workUs);
  return Math.min(users / (thinkUs + unhinderedUs), ...capacities) * 1e6;
}

function solved({ stations, thinkUs, unhinderedUs }: ClosedLoop, users: number): number {
  const workUs = stations.reduce((sum, station) => sum + station.workUs, 0);
  const elsewhereUs = Math.max(1, thinkUs + unhinderedUs - workUs);
  const delay: ClosedStation = {
    serverCount: Number.POSITIVE_INFINITY,
    meanServiceUs: elsewhereUs,
  };
  const queues = stations.map(({ workers, workUs: meanServiceUs }) => ({
    serverCount: workers,
    meanServiceUs,
  }));
  return closedNetwork(users, [delay, ...queues]).throughputPerSec;
}
