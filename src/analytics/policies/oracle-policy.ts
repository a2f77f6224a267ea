/** The ceiling: knows the tastes and the choice model, and shows the row of greatest expected
 * reward to this viewer, now. It looks no further than the row. Spec: M9. */
import type { RowPolicy, RowRequest } from '../../domain/recommending/row-policy.ts';
import type { ChoiceConfig } from '../../domain/taste/choice-model.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import { expectedShare } from '../../domain/taste/watching.ts';
import { bestCascadeRow } from './cascade-row.ts';
import { bestRow, certainRow, isSameRow } from './top-titles.ts';

/** Steps of Dinkelbach's method: it needs 2 to 4. */
const STEPS_MAX = 50;

/** Makes the oracle. Cost O(titles · (factors + slots)) a row.
 *
 * Multinomial logit: exact. The value is a ratio, Σ wₖ pₖ rₖ ÷ (w₀ + Σ wₖ pₖ), w the weight of a
 * slot and p the pull of its title; for a bound λ the row of greatest Σ wₖ pₖ (rₖ − λ) is the
 * titles of greatest p (r − λ) in their order, and λ rises to the best value there is.
 * Cascade: by local search, a bound from below; in small cases within 1 % of the best.
 * Source: Dinkelbach 1967; Rusmevichientong, Shen and Shmoys 2010 (assortments). */
export function createOraclePolicy(options: {
  readonly tastes: Tastes;
  readonly choice: ChoiceConfig;
}): RowPolicy {
  const { choice } = options;
  const known = createKnowledge(options);
  const best = choice.kind === 'cascade' ? bestOfCascade : bestOfLogit;
  return {
    id: 'oracle',
    choose: (request) => certainRow(best(choice, known(request.viewer), request)),
    probabilityOf: (request, titles) =>
      isSameRow(best(choice, known(request.viewer), request), titles),
  };
}

/** A viewer's titles. */
interface Known {
  /** exp(attraction − nothing). */
  readonly pull: Float64Array;
  /** Probability of taking it once it is looked at: σ(attraction − nothing). */
  readonly take: Float64Array;
  readonly share: Float64Array;
  readonly score: Float64Array;
}

/** Of the viewer asked for last it stays known: rows of a visit follow each other. */
function createKnowledge({
  tastes,
  choice,
}: {
  readonly tastes: Tastes;
  readonly choice: ChoiceConfig;
}): (viewer: number) => Known {
  const { titleCount } = tastes;
  const pull = new Float64Array(titleCount);
  const share = new Float64Array(titleCount);
  const take = new Float64Array(titleCount);
  const known = { pull, take, share, score: new Float64Array(titleCount) };
  let last = -1;
  return (viewer) => {
    if (viewer === last) return known;
    last = viewer;
    for (let title = 0; title < titleCount; title += 1) {
      pull[title] = Math.exp(tastes.attraction(viewer, title) - choice.nothing);
      take[title] = 1 / (1 + 1 / (pull[title] ?? 0));
      share[title] = expectedShare(tastes.enjoyment(viewer, title));
    }
    return known;
  };
}

function bestOfLogit(choice: ChoiceConfig, known: Known, request: RowRequest): number[] {
  const { pull, share, score } = known;
  let titles: number[] = [];
  let bound = 0;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    for (let title = 0; title < score.length; title += 1) {
      score[title] = (pull[title] ?? 0) * ((share[title] ?? 0) - bound);
    }
    titles = bestRow(score, request);
    const value = logitValue(choice, known, titles);
    if (value <= bound) break;
    bound = value;
  }
  return titles;
}

function logitValue(choice: ChoiceConfig, { pull, share }: Known, titles: readonly number[]) {
  let gain = 0;
  let total = 1;
  for (const [slot, title] of titles.entries()) {
    const weight = (slot + 1) ** -choice.positionBias * (pull[title] ?? 0);
    gain += weight * (share[title] ?? 0);
    total += weight;
  }
  return gain / total;
}

function bestOfCascade(choice: ChoiceConfig, known: Known, request: RowRequest): number[] {
  return bestCascadeRow(
    { take: known.take, reward: known.share, score: known.score },
    request,
    (slot) => (slot + 1) ** -choice.positionBias,
  );
}
