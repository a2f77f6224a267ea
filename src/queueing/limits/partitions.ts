/** Shares of one concurrency limit, guaranteed to kinds of requests and lent out while there is
 * room. Source: Netflix concurrency-limits, AbstractPartitionedLimiter (at most 100 delayed
 * rejections). Spec: Q43. */

/** Guaranteed shares by name, summing to at most 1. */
export interface PartitionConfig {
  readonly shares: Readonly<Record<string, number>>;
  /** Rejections that may be held back at once, so that clients slow down. */
  readonly maxDelayed: number;
  /** How long a rejection is held back; 0: not at all. */
  readonly rejectDelayUs: number;
}

/** Who is in flight: plain data. */
export interface PartitionState {
  readonly inFlight: number;
  readonly inFlightBy: Readonly<Record<string, number>>;
  readonly delayed: number;
}

/** `admitted`, or `rejected` after a delay (0: at once). */
export interface PartitionAnswer {
  readonly state: PartitionState;
  readonly verdict: 'admitted' | 'rejected';
  readonly delayUs: number;
}

/** Nobody in flight. */
export const NO_PARTITIONS: PartitionState = { inFlight: 0, inFlightBy: {}, delayed: 0 };

/** A partition's guaranteed part of a limit: `max(1, ⌈limit · share⌉)`; the parts may add up to
 * more than the limit. A name without a share has none. */
export function partitionLimit(config: PartitionConfig, name: string, limit: number): number {
  const share = config.shares[name];
  return share === undefined ? 0 : Math.max(1, Math.ceil(limit * share));
}

/** A request asks for a slot. Its partition's limit counts only once `limit` requests are in flight
 * altogether: until then it may use what others leave. */
export function enterPartition(
  config: PartitionConfig,
  state: PartitionState,
  asked: { readonly name: string; readonly limit: number },
): PartitionAnswer {
  const mine = state.inFlightBy[asked.name] ?? 0;
  const isFree = state.inFlight < asked.limit;
  if (isFree || mine < partitionLimit(config, asked.name, asked.limit)) {
    return { state: moved(state, asked.name, 1), verdict: 'admitted', delayUs: 0 };
  }
  if (config.rejectDelayUs === 0 || state.delayed >= config.maxDelayed) {
    return { state, verdict: 'rejected', delayUs: 0 };
  }
  const held = { ...state, delayed: state.delayed + 1 };
  return { state: held, verdict: 'rejected', delayUs: config.rejectDelayUs };
}

/** An admitted request is done. */
export function leavePartition(state: PartitionState, name: string): PartitionState {
  return moved(state, name, -1);
}

/** A delayed rejection has been sent. */
export function endDelay(state: PartitionState): PartitionState {
  return { ...state, delayed: state.delayed - 1 };
}

function moved(state: PartitionState, name: string, by: number): PartitionState {
  const inFlightBy = { ...state.inFlightBy, [name]: (state.inFlightBy[name] ?? 0) + by };
  return { ...state, inFlight: state.inFlight + by, inFlightBy };
}
