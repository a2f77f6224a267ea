/** Survival curves as documents keep them: of all and of two groups, thinned to what a chart shows,
 * as far as ten are left, with the test of whether the groups differ. */
import { kaplanMeier, type Lifetimes, type SurvivalCurve } from './kaplan-meier.ts';
import { type LogRank, logRank } from './log-rank.ts';

/** A curve with its name. */
export interface NamedCurve extends SurvivalCurve {
  readonly name: string;
}

/** Curves to be compared. */
export interface ComparedCurves {
  /** Of all, then of each group. */
  readonly curves: readonly NamedCurve[];
  readonly logRank: LogRank | null;
  /** Why there is no curve, or no test; null where there are both. */
  readonly reason: string | null;
}

/** A group. */
export interface NamedLifetimes {
  readonly name: string;
  readonly lifetimes: Lifetimes;
}

/** Steps that a document keeps of a curve: one for each hundredth of survival, and the last. */
const STEP = 0.01;
/** With fewer left, one more end is a great step down, and says next to nothing. */
const AT_RISK_MIN = 10;

/** Compares two groups that are all there are. @param nobody - Why there may be nobody in them. */
export function comparedCurves(
  all: NamedLifetimes,
  groups: readonly [NamedLifetimes, NamedLifetimes],
  nobody = 'the warehouse has nobody to follow',
): ComparedCurves {
  if (all.lifetimes.duration.length === 0) return { curves: [], logRank: null, reason: nobody };
  const shown = [all, ...groups].filter(({ lifetimes }) => lifetimes.duration.length > 0);
  const test = logRank(groups[0].lifetimes, groups[1].lifetimes);
  const isTested = !('code' in test);
  return {
    curves: shown.map(namedCurve),
    logRank: isTested ? test : null,
    reason: isTested ? null : test.text,
  };
}

/** A curve of one group. */
export function namedCurve({ name, lifetimes }: NamedLifetimes): NamedCurve {
  return { name, ...thinned(kaplanMeier(lifetimes)) };
}

function thinned(curve: SurvivalCurve): SurvivalCurve {
  const borne = curve.steps.filter(({ atRisk }) => atRisk >= AT_RISK_MIN);
  const until = borne.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  const withinReach = (time: number | null) => (time !== null && time <= until ? time : null);
  let next = 1;
  const steps = borne.filter(({ survival }, i) => {
    if (survival > next && i < borne.length - 1) return false;
    next = survival - STEP;
    return true;
  });
  return {
    ...curve,
    steps,
    median: withinReach(curve.median),
    medianLow: withinReach(curve.medianLow),
    medianHigh: withinReach(curve.medianHigh),
  };
}
