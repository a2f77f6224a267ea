/** How much more traffic a fleet bears: per replication the factor at which an objective is missed
 * first, on common random numbers; their mean with a t interval. A plan passes by all replications
 * together, so a single one may miss at the planned traffic: it bears less. Spec: E212. */
import { meanInterval } from '../../stats/mean-interval.ts';
import type { Estimate } from '../result.ts';
import type { Headroom } from './documents/plan-document.ts';
import { metricOf } from './load-figures.ts';
import type { Fleet } from './search/fleet.ts';
import {
  type FactorBracket,
  type FactorQuestion,
  geometricRamp,
  highestFactors,
  middleOf,
} from './search/highest-factor.ts';
import { type FleetTrials, range } from './subject/fleet-trials.ts';

const FACTOR_MAX = 4;
const RAMP_POINTS = 7;
const BISECTIONS = 3;
/** Each asks for a dozen runs a situation. */
const REPLICATIONS_MAX = 5;

/** The bracket's width, as a share of its lower end. */
export const HEADROOM_TOLERANCE = FACTOR_MAX ** (1 / (RAMP_POINTS - 1) / 2 ** BISECTIONS) - 1;

/** Headroom of a fleet. Null where runs ended before. */
export async function headroomOf(
  subject: { readonly replications: { readonly last: number } },
  trials: FleetTrials,
  fleet: Fleet,
): Promise<Headroom | null> {
  const replications = range(0, Math.min(REPLICATIONS_MAX, subject.replications.last));
  const brackets = await bracketsOf(trials, fleet, replications);
  if (brackets === undefined) return null;
  const factors = brackets.map(factorOf);
  const isAtLeast = brackets.some(({ missedAt }) => missedAt === null);
  // What lies beyond an end of the ramp is not known: there is no interval then.
  const isKnown = brackets.every(({ holdsAt, missedAt }) => holdsAt !== null && missedAt !== null);
  const estimateOf = (values: readonly number[]): Estimate => {
    const { mean: value, low, high } = meanInterval(values);
    return isKnown ? { value, low, high } : { value, low: null, high: null };
  };
  const planned = await trials.samplesOf(fleet, replications);
  const pages = planned === undefined ? [] : metricOf(planned.at(-1) ?? [], 'pages per second');
  const rates = pages.map((rate, i) => rate * (factors[i] ?? 1));
  return {
    factor: estimateOf(factors),
    pagesPerSec: rates.length < 2 ? null : estimateOf(rates),
    replications: replications.length,
    factorMax: FACTOR_MAX,
    isAtLeast,
    toleranceShare: HEADROOM_TOLERANCE,
    binding: await trials.bindingAbove(fleet, brackets),
  };
}

/** Upwards from the planned traffic; of replications that miss there already, up to it. */
async function bracketsOf(
  trials: Pick<FleetTrials, 'holds'>,
  fleet: Fleet,
  replications: readonly number[],
): Promise<readonly FactorBracket[] | undefined> {
  const bisected = {
    bisections: BISECTIONS,
    holds: (questions: readonly FactorQuestion[]) => trials.holds(fleet, questions),
  };
  const ramp = geometricRamp(1, FACTOR_MAX, RAMP_POINTS);
  const above = await highestFactors({ ...bisected, ramp, replications });
  if (above === undefined) return undefined;
  const missing = above.filter(({ holdsAt }) => holdsAt === null);
  const below = await highestFactors({
    ...bisected,
    ramp: geometricRamp(1 / FACTOR_MAX, 1, RAMP_POINTS),
    replications: missing.map(({ replication }) => replication),
  });
  return below && above.map((one) => below.find((b) => b.replication === one.replication) ?? one);
}

/** Where it holds up to the end of the ramp, at least that; where it never held, at most its
 * beginning. */
function factorOf(bracket: FactorBracket): number {
  if (bracket.missedAt === null) return FACTOR_MAX;
  return bracket.holdsAt === null ? 1 / FACTOR_MAX : middleOf(bracket);
}
