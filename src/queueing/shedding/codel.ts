/** Controlled delay for requests: when even the least wait of an interval is above target, the
 * waiting line does not drain, and who has waited longer than twice the target is not worth
 * serving. Source: Nichols, Jacobson, "Controlling Queue Delay", 2012, as Facebook's
 * folly::Codel adapts it to servers (target 5 ms, interval 100 ms, no shortening of intervals).
 * Spec: Q58. */

/** Target and interval. */
export interface CodelConfig {
  readonly targetUs: number;
  readonly intervalUs: number;
}

/** The least wait of the interval, when it ends, and what the last one said: plain data. */
export interface CodelState {
  readonly leastWaitUs: number;
  readonly intervalEndUs: number;
  readonly isFirst: boolean;
  readonly isOverloaded: boolean;
}

/** Nothing seen yet. */
export const NEW_CODEL: CodelState = {
  leastWaitUs: 0,
  intervalEndUs: 0,
  isFirst: true,
  isOverloaded: false,
};

/** A request leaves the waiting line after `waitedUs`. @returns whether to drop it. */
export function codelStep(
  config: CodelConfig,
  before: CodelState,
  leaving: { readonly waitedUs: number; readonly nowUs: number },
): { readonly state: CodelState; readonly isShed: boolean } {
  const { waitedUs, nowUs } = leaving;
  const isOver = nowUs > before.intervalEndUs && !before.isFirst;
  const intervalEndUs = isOver ? nowUs + config.intervalUs : before.intervalEndUs;
  const isOverloaded = isOver ? before.leastWaitUs > config.targetUs : before.isOverloaded;
  // The first of an interval is always served: one request alone shows no standing line.
  if (isOver || before.isFirst) {
    const state = { leastWaitUs: waitedUs, intervalEndUs, isFirst: false, isOverloaded };
    return { state, isShed: false };
  }
  const leastWaitUs = Math.min(before.leastWaitUs, waitedUs);
  const state = { leastWaitUs, intervalEndUs, isFirst: false, isOverloaded };
  return { state, isShed: isOverloaded && waitedUs > 2 * config.targetUs };
}
