/** Where the measured part of a run begins. A terminating run says so itself. For a steady state
 * the empty start is an artefact: where it ends is detected when the run is over, from the pages
 * that were under way at each moment, and pages asked before are not measured. Spec: E320–E322. */
import { FIRST_GUEST } from '../../domain/audience.ts';
import type { ViewerId } from '../../domain/ids.ts';
import { refusal } from '../../stats/refusal.ts';
import { halvesAgree } from '../../stats/warm-up/halves-agree.ts';
import { createLevelAverages, type LevelAverages } from '../../stats/warm-up/level-averages.ts';
import { type DetectedWarmUp, warmUpOfAverages } from '../../stats/warm-up/warm-up-cut.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What a run says of its warm-up. */
export interface RunWarmUp {
  /** `clock.warmUp` as it is, or MSER-5 with that as the least. */
  readonly method: 'fixed' | 'mser-5';
  /** Where the measured part begins, µs; the end of `clock.duration` where nothing is measured. */
  readonly cutUs: number;
  /** Whether the run ended before its start did: it has no figures of the steady state then. */
  readonly isTooShort: boolean;
  /** Why it is too short, or why nothing was detected; null where there is nothing to explain. */
  readonly reason: string | null;
}

/** The warm-up of a run. */
export interface WarmUp {
  /** Told how many pages are under way; undefined where nothing is to be detected. */
  readonly pagesInFlight: LevelAverages | undefined;
  /** Whether a page counts. Before {@link WarmUp.settle} by `clock.warmUp`. */
  readonly isMeasured: (viewer: ViewerId, askedAtUs: number) => boolean;
  /** The run is over, at `endUs`: detects. */
  settle(endUs: number): void;
  readonly found: RunWarmUp;
}

/** Slices of time that states are averaged over: a hundred batches of MSER-5. */
const SLICES = 500;

/** Makes the warm-up of a run. @param arrivalsUs - Of viewers, by their number. */
export function createWarmUp(
  { clock }: Pick<Scenario, 'clock'>,
  arrivalsUs: readonly number[],
): WarmUp {
  if (clock.horizon === 'steady-state') return detectedWarmUp(clock);
  const { warmUp: cutUs } = clock;
  return {
    pagesInFlight: undefined,
    // Guests and users of load tests have no arrival: theirs is when they ask.
    isMeasured: (viewer, askedAtUs) =>
      (viewer >= FIRST_GUEST ? askedAtUs : (arrivalsUs[viewer] ?? 0)) >= cutUs,
    settle: () => undefined,
    found: { method: 'fixed', cutUs, isTooShort: false, reason: null },
  };
}

function detectedWarmUp({ duration, warmUp }: Scenario['clock']): WarmUp {
  const sliceUs = duration / SLICES;
  const pagesInFlight = createLevelAverages({ startUs: 0, level: 0, sliceUs });
  let found: RunWarmUp = { method: 'mser-5', cutUs: warmUp, isTooShort: false, reason: null };
  return {
    pagesInFlight,
    // Whoever asks in the drain meets a system that runs empty: no steady state either.
    isMeasured: (_viewer, askedAtUs) => askedAtUs >= found.cutUs && askedAtUs < duration,
    settle(endUs) {
      // Half a slice on, so that rounding cannot cost the last one.
      const averages = pagesInFlight.until(endUs + sliceUs / 2);
      found = judged(averages.slice(0, SLICES), { duration, warmUp, sliceUs });
    },
    get found() {
      return found;
    },
  };
}

function judged(
  averages: readonly number[],
  run: { readonly duration: number; readonly warmUp: number; readonly sliceUs: number },
): RunWarmUp {
  const { duration, warmUp, sliceUs } = run;
  const { cutUs, refusal: why } = cutOf(averages, sliceUs);
  const reason = why === null ? null : why.text;
  if (why?.code === 'run-too-short') {
    return { method: 'mser-5', cutUs: duration, isTooShort: true, reason };
  }
  const detectedUs = Math.ceil(cutUs ?? 0);
  return { method: 'mser-5', cutUs: Math.max(warmUp, detectedUs), isTooShort: false, reason };
}

/** Where the smallest error lies; where that is in the second half, the smallest one of the first:
 * the last batches of one correlated series are often equal by chance. What is left must not drift:
 * a level that begins to rise late has its smallest error at the very start. */
function cutOf(averages: readonly number[], sliceUs: number): DetectedWarmUp {
  const span = { startUs: 0, sliceUs };
  const whole = warmUpOfAverages([averages], span);
  const isLate = whole.refusal?.code === 'run-too-short';
  const found = isLate ? warmUpOfAverages([averages], { ...span, search: 'first-half' }) : whole;
  if (found.cutUs === null) return found;
  if (halvesAgree(averages.slice(Math.round(found.cutUs / sliceUs)))) return found;
  const text = 'pages under way still drift after the best cut: run longer';
  return { ...found, cutUs: null, refusal: refusal('run-too-short', text) };
}
