/** gRPC's retry throttling: tokens start at `maxTokens`; a retryable failure takes one, a success
 * gives `tokenRatio`; extra attempts only while tokens > maxTokens ÷ 2. Asking costs nothing.
 * Tokens are kept in thousandths, as the implementations do (three decimals of the ratio count).
 * Source: gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs"; 10 and 0.1 are its
 * example's. Spec: Q23. */
import type { RetryBudget } from './retry-budget.ts';

/** Retries while failures are few compared with successes. */
export interface GrpcThrottleConfig {
  readonly kind: 'grpc-throttle';
  /** 1–1,000 in gRPC. */
  readonly maxTokens: number;
  readonly tokenRatio: number;
}

/** Plain data. */
export interface GrpcThrottleState {
  readonly milliTokens: number;
}

/** The proposal's example. */
export const DEFAULT_GRPC_THROTTLE: GrpcThrottleConfig = {
  kind: 'grpc-throttle',
  maxTokens: 10,
  tokenRatio: 0.1,
};

const MILLI = 1_000;

/** Makes the budget. */
export function createGrpcThrottle(config: GrpcThrottleConfig): RetryBudget<GrpcThrottleState> {
  const most = config.maxTokens * MILLI;
  const gain = Math.floor(config.tokenRatio * MILLI + 1e-9);
  return {
    initial: { milliTokens: most },
    onRequest: (state) => state,
    tryRetry: (state) => ({ state, allowed: state.milliTokens > most / 2 }),
    onOutcome(state, { ok }) {
      const { milliTokens } = state;
      const next = ok ? Math.min(most, milliTokens + gain) : Math.max(0, milliTokens - MILLI);
      return next === milliTokens ? state : { milliTokens: next };
    },
  };
}
