/** M/M/c/K: Poisson arrivals, exponential service, c servers, K − c places to wait; who finds all
 * K taken is turned away. With K = c it is Erlang's loss system. Spec: Q104. */
import { checkArguments, isCount } from '../../bad-argument.ts';
import { erlangB } from '../erlang.ts';
import {
  checkShare,
  type Demand,
  offeredLoad,
  type QueueTheory,
  type ServedDemand,
  steadyQueue,
} from '../queue-theory.ts';

/** Jobs at c servers and K − c waiting places. */
export interface LimitedDemand extends ServedDemand {
  /** K ≥ c: jobs that fit in, those in service included. */
  readonly maxInSystem: number;
}

/** A finite chain is always stable, whatever ρ. Waits are of those let in.
 * Cost O(K). @throws EngineError `QUEUEING_BAD_ARGUMENT`. Source: Kendall 1953; birth–death. */
export function mmck(demand: LimitedDemand): QueueTheory {
  const { serverCount, meanServiceUs, maxInSystem } = demand;
  const states = statesAtFullServers(demand);
  const places = maxInSystem - serverCount;
  const waiting = states.reduce((sum, share, places) => sum + share * places, 0);
  const blockingProbability = states[places] ?? 0;
  const letInShare = 1 - blockingProbability;
  const letInPerUs = (demand.arrivalRatePerSec * letInShare) / 1e6;
  const found = states.slice(0, places).map((share) => share / letInShare);
  return steadyQueue({
    model: `M/M/${serverCount}/${maxInSystem}`,
    demand,
    serverCount,
    blockingProbability,
    meanWaitUs: letInPerUs === 0 ? 0 : waiting / letInPerUs,
    waitProbability: Math.min(
      1,
      found.reduce((sum, share) => sum + share, 0),
    ),
    waitQuantileUs: (q) => erlangMixtureQuantile(q, found, meanServiceUs / serverCount),
    source: 'Kendall 1953 (birth–death chain)',
  });
}

/** M/M/1/K. @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function mm1k(demand: Demand & { readonly maxInSystem: number }): QueueTheory {
  return mmck({ ...demand, serverCount: 1 });
}

/** P(c + j jobs are in the system), j = 0 … K − c. Reckoned from the likelier end, so that nothing
 * overflows; P(fewer than c) is what Erlang B leaves. */
function statesAtFullServers(demand: LimitedDemand): number[] {
  const { serverCount, maxInSystem } = demand;
  const load = offeredLoad(demand);
  checkArguments([
    ['maxInSystem', maxInSystem, isCount(maxInSystem, serverCount), 'give a whole number ≥ c'],
  ]);
  const blocking = erlangB(load, serverCount);
  const places = maxInSystem - serverCount;
  const ratio = load / serverCount;
  if (blocking === 0) return Array.from({ length: places + 1 }, () => 0);
  const weightOf = (j: number) => (ratio <= 1 ? ratio ** j : ratio ** (j - places));
  const weights = Array.from({ length: places + 1 }, (_, j) => weightOf(j));
  const below = weightOf(0) * (1 / blocking - 1);
  const total = weights.reduce((sum, weight) => sum + weight, below);
  return weights.map((weight) => weight / total);
}

/** The q-quantile of a wait that is the sum of j + 1 exponential times with probability
 * `found[j]`, and nothing otherwise; by bisection. */
function erlangMixtureQuantile(q: number, found: readonly number[], meanUs: number): number {
  checkShare('q', q);
  const exceeds = (atUs: number): number => {
    let term = Math.exp(-atUs / meanUs);
    let fewerEnds = term;
    let tail = 0;
    for (const [j, share] of found.entries()) {
      tail += share * fewerEnds;
      term *= atUs / meanUs / (j + 1);
      fewerEnds += term;
    }
    return tail;
  };
  if (exceeds(0) <= 1 - q) return 0;
  let low = 0;
  let high = meanUs;
  while (exceeds(high) > 1 - q) high *= 2;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (exceeds(middle) > 1 - q) low = middle;
    else high = middle;
  }
  return high;
}
