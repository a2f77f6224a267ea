/** A circuit breaker that opens after n failures in a row, as a Markov chain: calls come by a
 * Poisson stream, end at once, and fail independently of one another. Spec: Q113. */
import { checkArguments, isCount } from '../../bad-argument.ts';

/** What the breaker and its calls are like. */
export interface BreakerChainOptions {
  readonly callRatePerSec: number;
  /** Of each call that is let through, in (0, 1). */
  readonly failureProbability: number;
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before a trial. */
  readonly openUs: number;
}

/** Its steady state. */
export interface BreakerChain {
  /** Share of time in which it is open, the wait for the call that becomes the trial included. */
  readonly openShare: number;
  /** Share of calls that it turns away. */
  readonly turnedAwayShare: number;
  /** Times that it opens, a second, failed trials included. */
  readonly opensPerSec: number;
}

/** Calls until n failures in a row: (p⁻ⁿ − 1) ÷ (1 − p) on average; then 1 ÷ (1 − p) pauses, each
 * with a trial at its end. Cost O(1). @throws EngineError `QUEUEING_BAD_ARGUMENT`.
 * Source: runs of failures, Feller vol. 1, XIII.7; renewal–reward. */
export function breakerChain(options: BreakerChainOptions): BreakerChain {
  const { callRatePerSec: rate, failureProbability: p, failures, openUs } = options;
  checkArguments([
    ['callRatePerSec', rate, rate > 0 && Number.isFinite(rate), 'give a finite rate > 0'],
    ['failureProbability', p, p > 0 && p < 1, 'give a number in (0, 1)'],
    ['failures', failures, isCount(failures, 1), 'give a whole number ≥ 1'],
    ['openUs', openUs, openUs >= 0 && Number.isFinite(openUs), 'give finite µs ≥ 0'],
  ]);
  const gapUs = 1e6 / rate;
  const closedUs = (gapUs * (p ** -failures - 1)) / (1 - p);
  const pauses = 1 / (1 - p);
  const openedUs = pauses * (openUs + gapUs);
  const cycleUs = closedUs + openedUs;
  return {
    openShare: openedUs / cycleUs,
    turnedAwayShare: (pauses * openUs) / cycleUs,
    opensPerSec: (pauses * 1e6) / cycleUs,
  };
}
