/** Square-root staffing: many servers need the load and a few times its root, and the wait
 * probability then depends on that factor alone. Spec: Q112. */

import { checkArguments } from '../../bad-argument.ts';
import { normalProbability } from './normal-probability.ts';

/** ⌈a + β√a⌉ servers, at least 1, and as many more as stability needs.
 * @param offeredLoad - a in erlangs. @param beta - Quality of service, any finite number ≥ 0.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. Source: Erlang 1924; Halfin and Whitt 1981. */
export function squareRootStaffing(offeredLoad: number, beta: number): number {
  checkArguments([
    ['offeredLoad', offeredLoad, offeredLoad >= 0 && Number.isFinite(offeredLoad), 'give ≥ 0'],
    ['beta', beta, beta >= 0 && Number.isFinite(beta), 'give a number ≥ 0'],
  ]);
  const servers = Math.ceil(offeredLoad + beta * Math.sqrt(offeredLoad));
  return Math.max(1, servers > offeredLoad ? servers : Math.floor(offeredLoad) + 1);
}

/** The limit of Erlang C as servers grow with c = a + β√a: [1 + βΦ(β)/φ(β)]⁻¹; 1 where β ≤ 0.
 * Source: Halfin and Whitt, Operations Research 29, 1981. */
export function halfinWhittWaitProbability(beta: number): number {
  if (!(beta > 0)) return 1;
  const density = Math.exp((-beta * beta) / 2) / Math.sqrt(2 * Math.PI);
  return density === 0 ? 0 : 1 / (1 + (beta * normalProbability(beta)) / density);
}

/** The β at which that limit is the given probability, in (0, 1); by bisection to 1e-12.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function halfinWhittBeta(waitProbability: number): number {
  const isShare = waitProbability > 0 && waitProbability < 1;
  checkArguments([['waitProbability', waitProbability, isShare, 'give a number in (0, 1)']]);
  let low = 0;
  let high = 1;
  while (halfinWhittWaitProbability(high) > waitProbability) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (halfinWhittWaitProbability(middle) > waitProbability) low = middle;
    else high = middle;
  }
  return high;
}
