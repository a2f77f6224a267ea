/** The survival curve: how many last how long, where some were still going when the data ended.
 * Source: Kaplan and Meier 1958; Greenwood 1926 (variance); Kalbfleisch and Prentice 1980 (bands on
 * ln(−ln S), which stay within 0 and 1); Brookmeyer and Crowley 1982 (interval of the median).
 * Spec: M64–M65. */
import { requireArgument } from '../../stats/bad-argument.ts';
import { normalQuantile } from '../../stats/normal.ts';

/** How long each lasted, and whether it ended or was only seen so far (censored). */
export interface Lifetimes {
  /** Any unit, at least 0. */
  readonly duration: Float64Array;
  /** 1: it ended then; 0: it had not ended yet, and nothing more is known. */
  readonly hasEnded: Uint8Array;
}

/** The curve from one end on. */
export interface SurvivalStep {
  readonly time: number;
  /** Seen just before: those who end or are censored at this very time among them. */
  readonly atRisk: number;
  readonly ended: number;
  /** Share that lasts longer. */
  readonly survival: number;
  /** Greenwood's; null where nobody is left. */
  readonly standardError: number | null;
  /** Of the band; null where nobody is left. */
  readonly low: number | null;
  readonly high: number | null;
}

/** A curve. */
export interface SurvivalCurve {
  readonly count: number;
  readonly ended: number;
  readonly censored: number;
  /** Ascending; one for each time at which something ended. */
  readonly steps: readonly SurvivalStep[];
  /** The longest that anybody was seen: nothing is known beyond. */
  readonly lastTime: number | null;
  /** First time at which at most half are left; null where more than half outlast the data. */
  readonly median: number | null;
  readonly medianLow: number | null;
  readonly medianHigh: number | null;
}

/** The curve. Who is censored at the time of an end is taken to have outlived it.
 * @param confidence - Of the band at one point, 0–1: 0.95 unless given.
 * @throws EngineError `STATS_BAD_ARGUMENT` on a negative or non-finite duration.
 * Cost O(n log n). */
export function kaplanMeier({ duration, hasEnded }: Lifetimes, confidence = 0.95): SurvivalCurve {
  const order = Array.from(duration.keys()).sort(
    (a, b) => (duration[a] ?? 0) - (duration[b] ?? 0) || a - b,
  );
  for (const found of duration) {
    const rule = 'a finite number, at least 0';
    requireArgument(found >= 0 && found < Infinity, { argument: 'duration', found, rule });
  }
  const z = normalQuantile(0.5 + confidence / 2);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  let greenwood = 0;
  for (let i = 0; i < order.length; ) {
    const time = duration[order[i] ?? 0] ?? 0;
    const atRisk = order.length - i;
    let ended = 0;
    for (; i < order.length && duration[order[i] ?? 0] === time; i += 1) {
      ended += hasEnded[order[i] ?? 0] ?? 0;
    }
    if (ended === 0) continue;
    survival *= 1 - ended / atRisk;
    greenwood += ended / (atRisk * (atRisk - ended));
    steps.push({ time, atRisk, ended, survival, ...band({ survival, greenwood, z }) });
  }
  const ended = hasEnded.reduce((sum, one) => sum + one, 0);
  const firstBelow = (of: (step: SurvivalStep) => number | null): number | null => {
    return steps.find((step) => (of(step) ?? 1) <= 0.5 + 1e-12)?.time ?? null;
  };
  return {
    count: order.length,
    ended,
    censored: order.length - ended,
    steps,
    lastTime: order.length === 0 ? null : (duration[order.at(-1) ?? 0] ?? 0),
    median: firstBelow((step) => step.survival),
    medianLow: firstBelow((step) => step.low),
    medianHigh: firstBelow((step) => step.high),
  };
}

/** S^exp(±z·se) with se of ln(−ln S): √greenwood ÷ |ln S|. */
function band({
  survival,
  greenwood,
  z,
}: {
  readonly survival: number;
  readonly greenwood: number;
  readonly z: number;
}): Pick<SurvivalStep, 'high' | 'low' | 'standardError'> {
  if (survival <= 0) return { standardError: null, low: null, high: null };
  const spread = Math.exp((z * Math.sqrt(greenwood)) / Math.abs(Math.log(survival)));
  return {
    standardError: survival * Math.sqrt(greenwood),
    low: survival ** spread,
    high: survival ** (1 / spread),
  };
}
