/** Erlang C the other way round: the smallest number of servers that keeps a promise. One walk up
 * over server counts, each costing one step of the recursion. Spec: Q111. */
import { badArgument, checkArguments } from '../../bad-argument.ts';
import { type ErlangPoint, erlangCOfB, nextErlangB } from '../erlang.ts';
import { checkShare, type Demand, offeredLoad } from '../queue-theory.ts';

/** Past this many servers the search ends. */
export const SERVERS_MAX = 10_000_000;

/** The smallest c with P(wait) ≤ the given probability in M/M/c. Cost O(c).
 * @param load - a in erlangs. @param waitProbability - In (0, 1]; at 1 the smallest stable c.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function serversForWaitProbability(load: number, waitProbability: number): number {
  const isShare = waitProbability > 0 && waitProbability <= 1;
  checkArguments([['waitProbability', waitProbability, isShare, 'give a number in (0, 1]']]);
  return smallest(load, (probability) => probability <= waitProbability);
}

/** The smallest c with a mean wait of at most `meanWaitUs` > 0 in M/M/c. Cost O(c).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function serversForMeanWait(demand: Demand, meanWaitUs: number): number {
  checkArguments([['meanWaitUs', meanWaitUs, meanWaitUs > 0, 'give µs > 0']]);
  const load = offeredLoad(demand);
  return smallest(load, (probability, serverCount) => {
    return (probability * demand.meanServiceUs) / (serverCount - load) <= meanWaitUs;
  });
}

/** The smallest c at which a share q of all jobs of M/M/c waits at most `waitUs` ≥ 0. Cost O(c).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function serversForWaitQuantile(
  demand: Demand,
  { q, waitUs }: { readonly q: number; readonly waitUs: number },
): number {
  checkShare('q', q);
  checkArguments([['waitUs', waitUs, waitUs >= 0, 'give µs ≥ 0']]);
  const load = offeredLoad(demand);
  return smallest(load, (probability, serverCount) => {
    const rate = (serverCount - load) / demand.meanServiceUs;
    return probability * Math.exp(-rate * waitUs) <= 1 - q;
  });
}

/** The smallest c with ρ ≤ the given utilization, in (0, 1). Cost O(1).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function serversForUtilization(load: number, utilization: number): number {
  const isShare = utilization > 0 && utilization < 1;
  checkArguments([
    ['utilization', utilization, isShare, 'give a number in (0, 1)'],
    ['offeredLoad', load, load >= 0 && Number.isFinite(load), 'give finite erlangs ≥ 0'],
  ]);
  return Math.max(1, Math.ceil(load / utilization));
}

/** The smallest stable c that keeps a promise on Erlang C. */
function smallest(
  load: number,
  keeps: (waitProbability: number, serverCount: number) => boolean,
): number {
  const isLoad = load >= 0 && load < SERVERS_MAX;
  checkArguments([['offeredLoad', load, isLoad, `give erlangs ≥ 0 and < ${SERVERS_MAX}`]]);
  let blocking = 1;
  for (let serverCount = 1; serverCount <= SERVERS_MAX; serverCount += 1) {
    const point: ErlangPoint = { offeredLoad: load, serverCount };
    blocking = nextErlangB(blocking, point);
    if (serverCount > load && keeps(erlangCOfB(blocking, point), serverCount)) return serverCount;
  }
  throw badArgument('offeredLoad', load, `no ${SERVERS_MAX} servers keep the promise`);
}
