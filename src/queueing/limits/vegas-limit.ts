/** TCP Vegas for requests: the waiting line behind the limit is estimated from how much slower
 * answers are than without load, and held between α and β. Source: Netflix concurrency-limits,
 * VegasLimit (defaults: 20 up to 1000, smoothing 1, probe multiplier 30). The baseline measured by
 * a probe under load is that of a loaded server: it inflates (issue 165 there). Spec: Q40, Q42. */
import type { ConcurrencyLimit, LimitSample } from './limit-sample.ts';

/** With `lg = max(1, ⌊log10 L⌋)`, α = 3·lg, β = 6·lg and `queue = ⌈L · (1 − noLoad/rtt)⌉`: drop →
 * L − lg; less than half used → hold; queue ≤ lg → L + β; < α → L + lg; > β → L − lg. */
export interface VegasConfig {
  readonly kind: 'vegas';
  readonly initialLimit: number;
  readonly maxLimit: number;
  /** Share of the new limit that is taken on, in (0, 1]. */
  readonly smoothing: number;
  /** The baseline is measured anew after U(0.5, 1) · probeMultiplier · L samples. */
  readonly probeMultiplier: number;
}

/** The estimate, the fastest answer known (0: none yet), and the way to the next probe. */
export interface VegasState {
  readonly limit: number;
  readonly noLoadUs: number;
  readonly probeCount: number;
  /** In (0.5, 1); 0 until the first sample has drawn it. */
  readonly probeJitter: number;
}

/** Makes a Vegas limit. */
export function createVegasLimit(config: VegasConfig): ConcurrencyLimit<VegasState> {
  return {
    initial: { limit: config.initialLimit, noLoadUs: 0, probeCount: 0, probeJitter: 0 },
    limitOf: (state) => Math.floor(state.limit),
    onSample: (state, sample) => vegasStep(config, state, sample),
  };
}

function vegasStep(config: VegasConfig, state: VegasState, sample: LimitSample): VegasState {
  const rttUs = Math.max(1, sample.durationUs);
  const freshJitter = 0.5 + sample.u / 2;
  const probeJitter = state.probeJitter === 0 ? freshJitter : state.probeJitter;
  const probeCount = state.probeCount + 1;
  if (probeJitter * config.probeMultiplier * state.limit <= probeCount) {
    return { ...state, noLoadUs: rttUs, probeCount: 0, probeJitter: freshJitter };
  }
  if (state.noLoadUs === 0 || rttUs < state.noLoadUs) {
    return { ...state, noLoadUs: rttUs, probeCount, probeJitter };
  }
  const wanted = proposed(state, rttUs, sample);
  const bounded = Math.max(1, Math.min(config.maxLimit, wanted));
  const limit =
    wanted === state.limit
      ? state.limit
      : (1 - config.smoothing) * state.limit + config.smoothing * bounded;
  return { limit, noLoadUs: state.noLoadUs, probeCount, probeJitter };
}

function proposed(state: VegasState, rttUs: number, sample: LimitSample): number {
  const { limit } = state;
  const lg = wholeLog10(Math.floor(limit));
  if (sample.dropped) return limit - lg;
  if (sample.inFlight * 2 < limit) return limit;
  const queued = Math.ceil(limit * (1 - state.noLoadUs / rttUs));
  if (queued <= lg) return limit + 6 * lg;
  if (queued < 3 * lg) return limit + lg;
  return queued > 6 * lg ? limit - lg : limit;
}

/** `max(1, ⌊log10 n⌋)` without a logarithm, so that 1000 gives 3 on every platform. */
function wholeLog10(n: number): number {
  let digits = 0;
  for (let power = 10; power <= n; power *= 10) digits += 1;
  return Math.max(1, digits);
}
