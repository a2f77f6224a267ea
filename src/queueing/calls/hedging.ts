/** Hedging: a call that takes long is sent a second time, and the first success counts. The hedge
 * goes out after a fixed delay (gRPC A6, `hedgingDelay` 500 ms in its example) or after a quantile
 * of the durations seen (Dean and Barroso, "The Tail at Scale", CACM 2013: the 95th percentile adds
 * about 5 % of calls); at once when an attempt fails with a non-fatal error; never after a fatal
 * one. Hedges ≤ capRatio · calls, ever. Quantiles are P² over the last finished `windowSamples`
 * successes, so that an old calm is forgotten. Spec: Q32. */
import { type CallFailure, TRANSIENT_FAILURES } from './call-failure.ts';
import {
  NO_SAMPLES,
  type QuantileMarkers,
  quantileEstimate,
  withSample,
} from './streaming-quantile.ts';

interface HedgeLimits {
  /** Hedges per call. */
  readonly maxHedges: number;
  /** Failures after which the next hedge goes out at once. After others none follows; a try that is
   * under way may still answer the call. */
  readonly nonFatal: readonly CallFailure[];
  /** Hedges per call over all calls, 0–1. */
  readonly capRatio: number;
  /** Unused hedges that may be saved up. */
  readonly maxSaved: number;
}

/** Hedges after the same delay always. */
export interface FixedHedgeConfig extends HedgeLimits {
  readonly kind: 'fixed';
  readonly delayUs: number;
}

/** Hedges after a quantile of the durations of successes. */
export interface QuantileHedgeConfig extends HedgeLimits {
  readonly kind: 'quantile';
  readonly quantile: number;
  /** Used until `minSamples` durations were seen. */
  readonly initialDelayUs: number;
  readonly minSamples: number;
  readonly windowSamples: number;
}

/** Every form of hedging. */
export type HedgeConfig = FixedHedgeConfig | QuantileHedgeConfig;

/** Plain data. */
export interface HedgeState {
  /** Hedges that may be sent, in thousandths. */
  readonly milliHedges: number;
  readonly filling: QuantileMarkers;
  /** The estimate of the last full window in µs; 0 before there is one. */
  readonly settledUs: number;
}

/** Hedging as pure functions of its state. */
export interface Hedging {
  readonly initial: HedgeState;
  /** A call begins. */
  onRequest(state: HedgeState): HedgeState;
  /** An attempt succeeded after `durationUs`. */
  onSuccess(state: HedgeState, durationUs: number): HedgeState;
  /** µs from an attempt until the next hedge is due. */
  delayUs(state: HedgeState): number;
  /** Asks to send a hedge, and pays for it where it is granted.
   * @param sent - Hedges of this call. */
  tryHedge(
    state: HedgeState,
    sent: number,
  ): { readonly state: HedgeState; readonly allowed: boolean };
  /** When the next hedge goes out, after an attempt of the call failed: 0 at once, the server's
   * pushback where it names one ≥ 0, undefined where none may be sent any more. */
  afterFailureUs(failure: CallFailure, pushbackUs?: number): number | undefined;
}

const LIMITS: HedgeLimits = {
  maxHedges: 1,
  nonFatal: TRANSIENT_FAILURES,
  capRatio: 0.1,
  maxSaved: 10,
};

/** gRPC's example delay; one hedge, at most a tenth of calls. */
export const DEFAULT_FIXED_HEDGE: FixedHedgeConfig = { kind: 'fixed', delayUs: 500_000, ...LIMITS };

/** The 95th percentile of "The Tail at Scale"; one hedge, at most a tenth of calls. */
export const DEFAULT_QUANTILE_HEDGE: QuantileHedgeConfig = {
  kind: 'quantile',
  quantile: 0.95,
  initialDelayUs: 500_000,
  minSamples: 100,
  windowSamples: 1_000,
  ...LIMITS,
};

const MILLI = 1_000;

/** Makes the hedging. */
export function createHedging(config: HedgeConfig): Hedging {
  const gain = Math.floor(config.capRatio * MILLI + 1e-9);
  const most = config.maxSaved * MILLI;
  return {
    initial: { milliHedges: 0, filling: NO_SAMPLES, settledUs: 0 },
    onRequest(state) {
      const milliHedges = Math.min(most, state.milliHedges + gain);
      return milliHedges === state.milliHedges ? state : { ...state, milliHedges };
    },
    onSuccess(state, durationUs) {
      if (config.kind === 'fixed') return state;
      const filling = withSample(state.filling, config.quantile, durationUs);
      if (filling.count < config.windowSamples) return { ...state, filling };
      const settledUs = Math.max(1, Math.round(quantileEstimate(filling, config.quantile)));
      return { ...state, filling: NO_SAMPLES, settledUs };
    },
    delayUs(state) {
      if (config.kind === 'fixed') return config.delayUs;
      if (state.settledUs > 0) return state.settledUs;
      if (state.filling.count < config.minSamples) return config.initialDelayUs;
      return Math.max(1, Math.round(quantileEstimate(state.filling, config.quantile)));
    },
    tryHedge(state, sent) {
      if (sent >= config.maxHedges || state.milliHedges < MILLI) return { state, allowed: false };
      return { state: { ...state, milliHedges: state.milliHedges - MILLI }, allowed: true };
    },
    afterFailureUs(failure, pushbackUs = 0) {
      return pushbackUs < 0 || !config.nonFatal.includes(failure) ? undefined : pushbackUs;
    },
  };
}
