/** Policies over a scorer: the best first; the best first but sometimes another; and by chance, the
 * better the likelier. The last two say exactly how likely each choice was, so that rows they chose
 * can judge policies that were never served. Spec: M13–M15. */
import type { ChosenRow, RowPolicy, RowRequest } from '../../domain/recommending/row-policy.ts';
import type { RowScorer } from './row-scorer.ts';
import { bestRow, certainRow, isSameRow } from './top-titles.ts';

/** What all of them are made of. */
export interface ScoredPolicyOptions {
  readonly id: string;
  readonly scorer: RowScorer;
  readonly titleCount: number;
}

/** The best first. Cost: the scorer's, and O(titles). */
export function createGreedyPolicy({ id, scorer, titleCount }: ScoredPolicyOptions): RowPolicy {
  const scores = new Float64Array(titleCount);
  const best = (request: RowRequest) => {
    scorer.score(request, scores);
    return bestRow(scores, request);
  };
  return {
    id,
    choose: (request) => certainRow(best(request)),
    probabilityOf: (request, titles) => isSameRow(best(request), titles),
    ...learning(scorer),
  };
}

/** Slot by slot the best of what is left, or with probability ε any of what is left.
 * @param options - `epsilon`: 0–1, each a uniform number a slot. */
export function createEpsilonGreedyPolicy(
  options: ScoredPolicyOptions & { readonly epsilon: number },
): RowPolicy {
  const { epsilon } = options;
  return createSequentialPolicy(options, (scores, left, chances) => {
    let best = 0;
    for (let i = 0; i < left.length; i += 1) {
      chances[i] = epsilon / left.length;
      if ((scores[left[i] ?? 0] ?? 0) > (scores[left[best] ?? 0] ?? 0)) best = i;
    }
    chances[best] = (chances[best] ?? 0) + 1 - epsilon;
  });
}

/** exp of more below the best than this is taken as this: every title stays possible. */
const EXPONENT_MIN = -600;

/** Slot by slot by chance among what is left, in proportion to exp(score ÷ temperature): the
 * Plackett–Luce law over rows. @param options - `temperature`: above 0, in units of scores.
 * Source: Plackett 1975; Luce 1959. */
export function createSoftmaxPolicy(
  options: ScoredPolicyOptions & { readonly temperature: number },
): RowPolicy {
  const { temperature } = options;
  const toWeights = (scores: Float64Array, left: readonly number[]) => {
    let most = Number.NEGATIVE_INFINITY;
    for (const title of left) most = Math.max(most, scores[title] ?? 0);
    for (const title of left) {
      const score = scores[title] ?? 0;
      // Where all are −∞ they are alike.
      const exponent = score === most ? 0 : (score - most) / temperature;
      scores[title] = Math.exp(Math.max(EXPONENT_MIN, exponent));
    }
  };
  return createSequentialPolicy(
    options,
    (weights, left, chances) => {
      let total = 0;
      for (const title of left) total += weights[title] ?? 0;
      for (let i = 0; i < left.length; i += 1) {
        chances[i] = (weights[left[i] ?? 0] ?? 0) / total;
      }
    },
    toWeights,
  );
}

/** Writes the chance of each title that is left; they add up to 1. */
type ChancesOf = (scores: Float64Array, left: readonly number[], chances: Float64Array) => void;

/** Fills slot by slot, with one uniform number each. Cost O(slots · titles).
 * @param prepare - What is done to a row's scores once. */
function createSequentialPolicy(
  { id, scorer, titleCount }: ScoredPolicyOptions,
  chancesOf: ChancesOf,
  prepare?: (scores: Float64Array, left: readonly number[]) => void,
): RowPolicy {
  const scores = new Float64Array(titleCount);
  const chances = new Float64Array(titleCount);
  const open = (request: RowRequest) => {
    scorer.score(request, scores);
    const left: number[] = [];
    for (let title = 0; title < titleCount; title += 1) {
      if (!request.isExcluded(title)) left.push(title);
    }
    prepare?.(scores, left);
    return left;
  };
  return {
    id,
    choose(request): ChosenRow {
      const left = open(request);
      const titles: number[] = [];
      const propensities: number[] = [];
      for (let slot = 0; slot < request.slots && left.length > 0; slot += 1) {
        chancesOf(scores, left, chances);
        const picked = pick(chances, left.length, request.uniform(slot));
        titles.push(left[picked] ?? 0);
        propensities.push(chances[picked] ?? 0);
        left.splice(picked, 1);
      }
      return { titles, propensities };
    },
    probabilityOf(request, titles) {
      const left = open(request);
      if (titles.length !== Math.min(request.slots, left.length)) return 0;
      let probability = 1;
      for (const title of titles) {
        chancesOf(scores, left, chances);
        const at = left.indexOf(title);
        if (at < 0) return 0;
        probability *= chances[at] ?? 0;
        left.splice(at, 1);
      }
      return probability;
    },
    ...learning(scorer),
  };
}

/** The place that a uniform number falls on; of chance above 0 whatever rounding leaves over. */
function pick(chances: Float64Array, count: number, u: number): number {
  let rest = u;
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    const chance = chances[i] ?? 0;
    if (chance > 0) last = i;
    rest -= chance;
    if (rest < 0) return i;
  }
  return last;
}

function learning(scorer: RowScorer): Pick<RowPolicy, 'learn'> {
  const { learn } = scorer;
  return learn === undefined ? {} : { learn: (outcomes) => learn.call(scorer, outcomes) };
}
