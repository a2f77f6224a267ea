/** Pauses between tries, as reducers: state and uniform in, pause and state out. With n pauses made
 * before (0, 1, …), d = min(cap, base · 2ⁿ) and a uniform u in (0, 1):
 * none d; full jitter u·d; equal jitter (d + u·d)/2; decorrelated min(cap, base + u·(3·previous −
 * base)), first previous = base; decorrelated V2 min(cap, (f(n+u) − previous f)·base/1.4), where
 * f(t) = 2ᵗ·tanh √(4t). Sources: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog
 * 2015; V2: Polly.Contrib.WaitAndRetry, as cockatiel 4 has it (128 ms to 30 s). Spec: Q21. */

/** A form of backoff. `baseUs` 0 means: try again at once. */
export interface BackoffConfig {
  readonly kind: 'none' | 'full-jitter' | 'equal-jitter' | 'decorrelated' | 'decorrelated-v2';
  readonly baseUs: number;
  readonly capUs: number;
}

/** What a call remembers from pause to pause. */
export interface BackoffState {
  /** Pauses made. */
  readonly pauses: number;
  /** The last pause in µs (decorrelated) or the last f(t) (V2); 0 at first. */
  readonly previous: number;
}

/** A pause in whole µs, and what to remember. */
export interface BackoffStep {
  readonly state: BackoffState;
  readonly pauseUs: number;
}

/** Before the first pause. */
export const FIRST_BACKOFF: BackoffState = { pauses: 0, previous: 0 };

/** Scales the medians of V2 near base, 2·base, 4·base. */
const V2_SCALE = 1 / 1.4;
/** Smooths V2's first pause. */
const V2_FACTOR = 4;

/** The next pause. A uniform u gives whole µs, at least 1 unless `baseUs` is 0.
 * Full jitter equals `backoffUs` of `queueing/retry.ts` for the same u. */
export function nextBackoff(config: BackoffConfig, state: BackoffState, u: number): BackoffStep {
  const pauses = state.pauses + 1;
  if (config.baseUs === 0) return { state: { pauses, previous: 0 }, pauseUs: 0 };
  if (config.kind === 'decorrelated-v2') {
    const t = state.pauses + u;
    const previous = 2 ** t * Math.tanh(Math.sqrt(V2_FACTOR * t));
    const raw = Math.max(0, previous - state.previous) * V2_SCALE * config.baseUs;
    // 2ᵗ overflows after a thousand tries, and ∞ − ∞ is no number: both mean the cap.
    const pauseUs = Number.isFinite(previous) ? whole(Math.min(config.capUs, raw)) : config.capUs;
    return { state: { pauses, previous: Math.min(previous, Number.MAX_VALUE) }, pauseUs };
  }
  const pauseUs = whole(jittered(config, state, u));
  return { state: { pauses, previous: pauseUs }, pauseUs };
}

/** The server's own word on when to try again (Retry-After, grpc-retry-pushback-ms): it replaces
 * the pause, and the backoff starts anew. `undefined` where it says not to (negative).
 * Source: gRPC A6, "Pushback". */
export function pushedBack(pushbackUs: number): BackoffStep | undefined {
  return pushbackUs < 0 ? undefined : { state: FIRST_BACKOFF, pauseUs: pushbackUs };
}

function jittered(config: BackoffConfig, state: BackoffState, u: number): number {
  const { baseUs, capUs } = config;
  if (config.kind === 'decorrelated') {
    const previous = state.pauses === 0 ? baseUs : state.previous;
    return Math.min(capUs, baseUs + u * (3 * previous - baseUs));
  }
  const ceilingUs = Math.min(capUs, baseUs * 2 ** state.pauses);
  if (config.kind === 'full-jitter') return u * ceilingUs;
  return config.kind === 'equal-jitter' ? (ceilingUs + u * ceilingUs) / 2 : ceilingUs;
}

function whole(us: number): number {
  return Math.max(1, Math.round(us));
}
