/** Samples gathered over a window before a limit sees them: one average instead of each request,
 * so that a burst of fast answers does not move the limit. Source: Netflix concurrency-limits,
 * WindowedLimit with AverageSampleWindow (defaults: 1 s, 10 samples, at least 100 µs). Spec:
 * Q41. */
import type { ConcurrencyLimit, LimitSample } from './limit-sample.ts';

/** A window lasts `clamp(2 · fastest answer, minWindowUs, maxWindowUs)` from the sample that closed
 * the one before. */
export interface SampleWindowConfig {
  readonly minWindowUs: number;
  readonly maxWindowUs: number;
  /** A window with fewer samples is thrown away. */
  readonly minSamples: number;
  /** A faster answer is no sample. */
  readonly minDurationUs: number;
}

/** The limit's own state and the window so far. */
export interface WindowedState<S> {
  readonly inner: S;
  readonly nextUpdateUs: number;
  readonly count: number;
  readonly sumUs: number;
  /** The fastest answer; 0 while the window is empty. */
  readonly minUs: number;
  readonly maxInFlight: number;
  readonly anyDropped: boolean;
}

const EMPTY = { count: 0, sumUs: 0, minUs: 0, maxInFlight: 0, anyDropped: false };

/** Puts a window before a limit. */
export function windowedLimit<S>(
  inner: ConcurrencyLimit<S>,
  config: SampleWindowConfig,
): ConcurrencyLimit<WindowedState<S>> {
  return {
    initial: { inner: inner.initial, nextUpdateUs: 0, ...EMPTY },
    limitOf: (state) => inner.limitOf(state.inner),
    onSample(state, sample) {
      if (sample.durationUs < config.minDurationUs) return state;
      const filled = gathered(state, sample);
      if (sample.nowUs <= state.nextUpdateUs) return filled;
      const lengthUs = Math.min(Math.max(filled.minUs * 2, config.minWindowUs), config.maxWindowUs);
      const isReady = filled.count >= config.minSamples;
      return {
        inner: isReady ? inner.onSample(state.inner, averageOf(filled, sample)) : state.inner,
        nextUpdateUs: sample.nowUs + lengthUs,
        ...EMPTY,
      };
    },
  };
}

function gathered<S>(state: WindowedState<S>, sample: LimitSample): WindowedState<S> {
  return {
    inner: state.inner,
    nextUpdateUs: state.nextUpdateUs,
    count: state.count + 1,
    sumUs: state.sumUs + sample.durationUs,
    minUs: state.count === 0 ? sample.durationUs : Math.min(state.minUs, sample.durationUs),
    maxInFlight: Math.max(state.maxInFlight, sample.inFlight),
    anyDropped: state.anyDropped || sample.dropped,
  };
}

function averageOf<S>(state: WindowedState<S>, last: LimitSample): LimitSample {
  return {
    durationUs: Math.floor(state.sumUs / state.count),
    inFlight: state.maxInFlight,
    dropped: state.anyDropped,
    nowUs: last.nowUs,
    u: last.u,
  };
}
