/** LinUCB: shows the titles whose reward may be highest, estimate plus α widths, so that what is
 * not known yet is tried. What a title gives a viewer is its own mean over all viewers, plus the
 * viewer's weights times the title's features: the first is learned of all rows, the second, by
 * viewer, of what is left over. Source: Li, Chu, Langford, Schapire 2010 (a hybrid: common and own
 * parts); Lagrée, Vernade, Cappé 2016 (slots further back are looked at less). Spec: M16. */
import type { RowOutcome, RowPolicy, RowRequest } from '../../../domain/recommending/row-policy.ts';
import { DEFAULT_CHOICE } from '../../../domain/taste/choice-model.ts';
import { bestRow, certainRow, isSameRow } from '../top-titles.ts';
import { createRidgeArms } from './ridge-arms.ts';
import type { TitleFeatures } from './title-features.ts';
import { createTitleMeans, tieBreakers } from './title-means.ts';

/** How it learns. */
export interface LinUcbSettings {
  /** α: widths that are added to an estimate; 0 explores nothing. */
  readonly alpha: number;
  /** What holds a viewer's weights near 0 until rows tell otherwise, above 0. */
  readonly viewerRidge: number;
  /** The same for a title's mean: as if so many looks at it had given nothing. */
  readonly titleRidge: number;
  /** η: slot k is looked at (k + 1)^−η, as services measure by exchanging slots. */
  readonly positionBias: number;
}

/** Chosen on panels of the built-in world (bench `analytics`). */
export const LIN_UCB_DEFAULTS: LinUcbSettings = {
  alpha: 0.1,
  viewerRidge: 30,
  titleRidge: 5,
  positionBias: DEFAULT_CHOICE.positionBias,
};

/** Makes it. Cost of a row: O(titles · d²), d the features' length; of learning: O(slots · d²). */
export function createLinUcbPolicy(
  options: Partial<LinUcbSettings> & { readonly features: TitleFeatures },
): RowPolicy {
  const { features } = options;
  const { alpha, viewerRidge, titleRidge, positionBias } = { ...LIN_UCB_DEFAULTS, ...options };
  const { length, values: vectors } = features;
  const titleCount = vectors.length / length;
  const viewers = createRidgeArms({ length, ridge: viewerRidge });
  const means = createTitleMeans(titleCount, positionBias);
  const ties = tieBreakers(titleCount);
  const scores = new Float64Array(titleCount);
  const seen = new Float64Array(length);
  const meanOf = (title: number) =>
    (means.rewards[title] as number) / (titleRidge + (means.looks[title] as number));
  /** Whose bounds `scores` are: rows of a visit follow each other. */
  let scored: number | undefined;
  const best = (request: RowRequest) => {
    if (request.viewer !== scored) bound(request.viewer);
    return bestRow(scores, request);
  };
  const bound = (viewer: number) => {
    scored = viewer;
    for (let title = 0; title < titleCount; title += 1) {
      const width = 1 / Math.sqrt(titleRidge + (means.looks[title] as number));
      scores[title] = (ties[title] as number) + meanOf(title) + alpha * width;
    }
    viewers.addBounds(viewer, { vectors, alpha, into: scores });
  };
  const learnOwn = ({ viewer, takenSlot, reward }: RowOutcome, title: number, slot: number) => {
    const look = means.look(slot);
    for (let i = 0; i < length; i += 1) seen[i] = look * (vectors[title * length + i] as number);
    viewers.learn(viewer, seen, (slot === takenSlot ? reward : 0) - look * meanOf(title));
  };
  return {
    id: 'lin-ucb',
    choose: (request) => certainRow(best(request)),
    probabilityOf: (request, row) => isSameRow(best(request), row),
    learn(outcomes) {
      scored = undefined;
      for (const outcome of outcomes) means.learn(outcome);
      for (const outcome of outcomes) {
        for (const [slot, title] of outcome.titles.entries()) learnOwn(outcome, title, slot);
      }
    },
  };
}
