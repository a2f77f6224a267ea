/** What a page costs a gateway: CPU to plan it, for each answer that it takes in, and to merge and
 * serialise. Times of a distribution are drawn by (client, page, call), the same for all tries. */
import type { PageEnd } from '../../../gateway/page-trace.ts';
import type { Chance } from '../../../kernel/chance.ts';
import { type DistributionSpec, quantileOf } from '../../../kernel/distributions/distribution.ts';
import type { Call } from '../calls/call.ts';
import { drawEntity, drawIndex } from '../calls/page-request.ts';

/** CPU of a gateway as a scenario has it: µs, or their distribution. */
export interface GatewayCostsConfig {
  readonly planTime: number | DistributionSpec;
  /** For each answer of a service, before anything that follows from it. */
  readonly answerTime: number | DistributionSpec;
  readonly mergeTimePerFetch: number;
  readonly mergeTimePerKib: number;
}

/** CPU of a gateway, in µs. */
export interface GatewayCosts {
  planUs(page: Call): number;
  /** Undefined where answers cost nothing. */
  readonly answerUs: ((call: Call) => number) | undefined;
  mergeUs(end: PageEnd): number;
}

const BYTES_PER_KIB = 1_024;

/** Makes the costs of one gateway. @param name - Of the gateway: its draws are its own. */
export function createGatewayCosts(
  config: GatewayCostsConfig,
  { name, chance }: { readonly name: string; readonly chance: Chance },
): GatewayCosts {
  const { answerTime, mergeTimePerFetch, mergeTimePerKib } = config;
  const timeOf = (time: number | DistributionSpec, purpose: string): ((call: Call) => number) => {
    if (typeof time === 'number') return () => time;
    const quantile = quantileOf(time);
    const draws = chance.draws(`${name}.${purpose}`);
    return ({ request, slot }) =>
      quantile(draws.uniform(drawEntity(request), drawIndex(request, slot, 0)));
  };
  return {
    planUs: timeOf(config.planTime, 'plan-time'),
    answerUs: answerTime === 0 ? undefined : timeOf(answerTime, 'answer-time'),
    mergeUs: ({ callCount, bytes }) =>
      mergeTimePerFetch * callCount + (mergeTimePerKib * bytes) / BYTES_PER_KIB,
  };
}
