/** Erlang's two formulas, by a recursion whose terms are all positive: no factorial, no overflow,
 * no loss of digits up to 100,000 servers and more. Spec: Q102. */
import { checkArguments, isCount } from '../bad-argument.ts';

/** Erlang B: the share of time that all c servers of M/M/c/c are busy, and by PASTA the share of
 * jobs that are turned away. Cost O(c), 1 ns a server.
 * @param offeredLoad - a = λ/μ in erlangs, ≥ 0. @param serverCount - c ≥ 0.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`.
 * Source: A. K. Erlang 1917; B(c) = a·B(c−1) ÷ (c + a·B(c−1)). */
export function erlangB(offeredLoad: number, serverCount: number): number {
  checkLoad(offeredLoad, serverCount, 0);
  let blocking = 1;
  for (let c = 1; c <= serverCount; c += 1) {
    blocking = nextErlangB(blocking, { offeredLoad, serverCount: c });
  }
  return blocking;
}

/** Erlang C: the probability that a job of M/M/c waits; 1 where a ≥ c. Cost O(c).
 * @param offeredLoad - a = λ/μ in erlangs, ≥ 0. @param serverCount - c ≥ 1.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`.
 * Source: A. K. Erlang 1917; C = B ÷ (1 − ρ(1 − B)). */
export function erlangC(offeredLoad: number, serverCount: number): number {
  checkLoad(offeredLoad, serverCount, 1);
  if (offeredLoad >= serverCount) return 1;
  return erlangCOfB(erlangB(offeredLoad, serverCount), { offeredLoad, serverCount });
}

/** A load on c servers. */
export interface ErlangPoint {
  readonly offeredLoad: number;
  readonly serverCount: number;
}

/** B(c) out of B(c − 1): for who goes through many fleets. */
export function nextErlangB(blocking: number, { offeredLoad, serverCount }: ErlangPoint): number {
  const carried = offeredLoad * blocking;
  return carried / (serverCount + carried);
}

/** C(c) out of B(c); 1 where a ≥ c. */
export function erlangCOfB(blocking: number, { offeredLoad, serverCount }: ErlangPoint): number {
  if (offeredLoad >= serverCount) return 1;
  return blocking / (1 - (offeredLoad / serverCount) * (1 - blocking));
}

function checkLoad(offeredLoad: number, serverCount: number, minimum: number): void {
  const isLoad = offeredLoad >= 0 && Number.isFinite(offeredLoad);
  const isServers = isCount(serverCount, minimum);
  checkArguments([
    ['offeredLoad', offeredLoad, isLoad, 'give finite erlangs ≥ 0'],
    ['serverCount', serverCount, isServers, `give a whole number ≥ ${minimum}`],
  ]);
}
