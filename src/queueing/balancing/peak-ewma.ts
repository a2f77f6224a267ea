/** Peak EWMA: of two different replicas at random, the one with the lower expected cost, average
 * answer time times calls outstanding, where the average jumps to a peak at once and forgets it
 * slowly. Source: Finagle, PeakEwma on P2C (decay 10 s); Finagle lets the average of both
 * candidates fade at every look, and so does `sent`. Spec: Q46. */
import { distinctPair, type PickRule } from './pick-rules.ts';

/** Average answer time of each replica (0: unknown) and when it was last touched. */
export interface PeakEwmaState {
  readonly costUs: readonly number[];
  readonly touchedUs: readonly number[];
}

/** Load of a replica that has calls outstanding and has never answered: as good as infinite. */
const PENALTY = 2 ** 47;

/** Makes the rule. @param decayUs - τ: after it, what is known weighs 1/e. */
export function peakEwma(decayUs: number): PickRule<PeakEwmaState> {
  return {
    initial: { costUs: [], touchedUs: [] },
    pick(state, field) {
      const [first, second] = distinctPair(field);
      if (second < 0) return first;
      const load = (index: number) => {
        const costUs = fadedUs(state, index, { nowUs: field.request.nowUs, decayUs });
        const calls = field.request.replicas[index]?.outstanding ?? 0;
        return costUs === 0 && calls > 0 ? PENALTY + calls : costUs * (calls + 1);
      };
      return load(second) < load(first) ? second : first;
    },
    sent(state, field) {
      const { nowUs } = field.request;
      let next = state;
      for (const index of distinctPair(field)) {
        if (index < 0) continue;
        next = touched(next, index, { costUs: fadedUs(next, index, { nowUs, decayUs }), nowUs });
      }
      return next;
    },
    observe(state, { replica, durationUs, nowUs }) {
      const known = state.costUs[replica] ?? 0;
      const weight = weightOf(state, replica, { nowUs, decayUs });
      const costUs = durationUs > known ? durationUs : known * weight + durationUs * (1 - weight);
      return touched(state, replica, { costUs, nowUs });
    },
  };
}

interface Clock {
  readonly nowUs: number;
  readonly decayUs: number;
}

function weightOf(state: PeakEwmaState, index: number, clock: Clock): number {
  const elapsedUs = Math.max(0, clock.nowUs - (state.touchedUs[index] ?? clock.nowUs));
  return Math.exp(-elapsedUs / clock.decayUs);
}

function fadedUs(state: PeakEwmaState, index: number, clock: Clock): number {
  const known = state.costUs[index] ?? 0;
  return known === 0 ? 0 : known * weightOf(state, index, clock);
}

function touched(
  state: PeakEwmaState,
  index: number,
  now: { readonly costUs: number; readonly nowUs: number },
): PeakEwmaState {
  if (index < state.costUs.length) {
    return {
      costUs: state.costUs.with(index, now.costUs),
      touchedUs: state.touchedUs.with(index, now.nowUs),
    };
  }
  const missing = index - state.costUs.length;
  const gap = Array.from({ length: missing }, () => 0);
  return {
    costUs: [...state.costUs, ...gap, now.costUs],
    touchedUs: [...state.touchedUs, ...gap.map(() => now.nowUs), now.nowUs],
  };
}
