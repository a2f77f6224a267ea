/** Off-policy estimators of whole rows. They differ in what they take a slot's reward to depend on;
 * the less it is, the less the weights vary, and the more a world that is otherwise biases them.
 * Spec: M169. */
import { requireArgument } from '../../../stats/bad-argument.ts';
import { meanInterval } from '../../../stats/mean-interval.ts';
import { type Refusal, refusal } from '../../../stats/refusal.ts';

/** The estimators:
 * - **IPS** weighs a row by all its slots: unbiased, whatever viewers do.
 * - **RIPS** weighs a slot by it and those before: unbiased where viewers go from the first slot on
 *   and stop at what they take (cascade).
 * - **IIPS** weighs a slot by itself: unbiased where a slot's reward is that of its title and place
 *   alone. In a multinomial logit all slots compete, so both RIPS and IIPS are biased there.
 * Sources: Li et al. 2018 (IIPS); McInerney et al. 2020 (RIPS). */
export const SLATE_ESTIMATORS = ['IPS', 'RIPS', 'IIPS'] as const;

/** An estimator's name. */
export type SlateEstimatorName = (typeof SLATE_ESTIMATORS)[number];

/** Logged rows, row-major, n × slots. */
export interface SlateLog {
  readonly slots: number;
  /** What each slot gave; at most one of a row is not 0 where one title is taken. */
  readonly reward: Float64Array;
  /** Of the title in its slot, given those before it: of who logged, and of the target. */
  readonly propensity: Float64Array;
  readonly targetProbability: Float64Array;
  /** The same of the title in its slot, whatever is before it: what IIPS needs. */
  readonly marginal?: { readonly propensity: Float64Array; readonly target: Float64Array };
}

/** An estimate of the reward of a row. */
export interface SlateEstimate {
  readonly estimator: SlateEstimatorName;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly refusal: Refusal | null;
}

/** All estimates; rows are taken to be independent.
 * @throws EngineError `STATS_BAD_ARGUMENT` on columns that don't fit or a propensity of 0. */
export function estimateSlates(log: SlateLog, confidence = 0.95): readonly SlateEstimate[] {
  const { slots, reward, propensity, targetProbability, marginal } = log;
  const n = reward.length / slots;
  requireArgument(Number.isSafeInteger(n), {
    argument: 'rewards',
    found: reward.length,
    rule: `a multiple of ${slots}, the slots of a row`,
  });
  for (const [name, column] of Object.entries({ propensity, targetProbability })) {
    const found = column.length;
    const rule = `${reward.length}, as rewards`;
    requireArgument(found === reward.length, { argument: `values of ${name}`, found, rule });
  }
  const odd = propensity.find((p) => !(p > 0));
  requireArgument(odd === undefined, { argument: 'propensity', found: odd, rule: 'above 0' });
  const ratio = (k: number): number => (targetProbability[k] ?? 0) / (propensity[k] ?? 1);
  const ofRow: Record<SlateEstimatorName, ((row: number) => number) | null> = {
    IPS: (row) => {
      let weight = 1;
      let sum = 0;
      for (let k = row * slots; k < (row + 1) * slots; k += 1) {
        weight *= ratio(k);
        sum += reward[k] ?? 0;
      }
      return weight * sum;
    },
    RIPS: (row) => {
      let weight = 1;
      let sum = 0;
      for (let k = row * slots; k < (row + 1) * slots; k += 1) {
        weight *= ratio(k);
        sum += weight * (reward[k] ?? 0);
      }
      return sum;
    },
    IIPS:
      marginal === undefined
        ? null
        : (row) => {
            let sum = 0;
            for (let k = row * slots; k < (row + 1) * slots; k += 1) {
              const weight = (marginal.target[k] ?? 0) / (marginal.propensity[k] ?? 1);
              sum += weight * (reward[k] ?? 0);
            }
            return sum;
          },
  };
  return SLATE_ESTIMATORS.map((estimator): SlateEstimate => {
    const term = ofRow[estimator];
    const none = { estimator, value: null, low: null, high: null };
    if (term === null) return { ...none, refusal: refusal('too-few-values', NO_MARGINALS) };
    if (n < 2) {
      const text = `an estimate takes 2 rows, there are ${n}`;
      return { ...none, refusal: refusal('too-few-values', text) };
    }
    const { mean, low, high } = meanInterval(
      Array.from({ length: n }, (_, row) => term(row)),
      confidence,
    );
    return { estimator, value: mean, low, high, refusal: null };
  });
}

const NO_MARGINALS = 'the log does not tell how probable a title was in its slot by itself';
