/** What viewers decide who are recommended something and come again: by their tastes, the choice
 * model and satisfaction, on draws of their own. What is not here they decide as others do. */
import type { ReturningViewerDecisions } from '../../actors/returning-viewer.ts';
import type { ViewerDecisions } from '../../actors/viewer.ts';
import { browse } from '../../analytics/panel/browsing.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ViewerId } from '../../domain/ids.ts';
import { choiceProbabilities, takenSlot } from '../../domain/taste/choice-model.ts';
import {
  afterPlay,
  churnProbability,
  meanReturnUs,
  satisfactionOf,
} from '../../domain/taste/satisfaction.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import { watchedShare } from '../../domain/taste/watching.ts';
import type { Chance } from '../../kernel/chance.ts';
import { createZipf } from '../../kernel/distributions/zipf.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { LoopConfig } from '../recommendations/loop-config.ts';
import { chosen, LEAST_WATCH_SHARE, TO_THE_END_FACTOR } from './viewer-decisions.ts';

/** What they are made of. */
export interface ReturningDecisionsOptions {
  /** What others decide. */
  readonly plain: ViewerDecisions;
  readonly config: LoopConfig;
  readonly catalogue: Catalogue;
  readonly popularityExponent: number;
  readonly tastes: Tastes;
  readonly chance: Chance;
  readonly simulation: Simulation;
  /** Nobody comes from here on, µs. */
  readonly closesAtUs: number;
  readonly isSeen: (viewer: ViewerId, title: number) => boolean;
  readonly firstExposure: (viewer: ViewerId) => number;
}

const DRAWS_PER_BROWSING = 64;

/** Makes the decisions of all returning viewers of a run. */
export function createReturningDecisions(
  options: ReturningDecisionsOptions,
): ReturningViewerDecisions {
  const { plain, config, catalogue, tastes, chance, simulation, closesAtUs, isSeen } = options;
  const { choice, satisfaction, browseShare, browsedTitles } = config;
  const { titles } = catalogue;
  const placeOf = new Map(titles.map(({ id }, place) => [id, place]));
  const popularity = createZipf({ n: titles.length, exponent: options.popularityExponent });
  const takes = chance.draws('viewer.row');
  const elsewhere = chance.draws('viewer.elsewhere');
  const browsing = chance.draws('viewer.browsing');
  const share = chance.draws('viewer.share');
  const churn = chance.draws('viewer.churn');
  const comesBack = chance.draws('viewer.return');
  const enjoyedShare = (viewer: ViewerId, titleId: string) => {
    const title = placeOf.get(titleId) ?? 0;
    return watchedShare(tastes.enjoyment(viewer, title), share.uniform(viewer, title));
  };
  return {
    ...plain,
    title: (viewer, step) => {
      const place = browse({
        popularity,
        wanted: browsedTitles,
        isExcluded: (title) => isSeen(viewer, title),
        attraction: (title) => tastes.attraction(viewer, title),
        uniform: (k) => browsing.uniform(viewer, step * DRAWS_PER_BROWSING + k),
      });
      return place < 0 ? plain.title(viewer, step) : chosen(titles[place]);
    },
    watchTimeUs: (viewer, _step, { titleId, durationUs }) => {
      const watched = enjoyedShare(viewer, titleId);
      return watched >= 1
        ? TO_THE_END_FACTOR * durationUs
        : Math.round(durationUs * Math.max(LEAST_WATCH_SHARE, watched));
    },
    firstExposure: options.firstExposure,
    takenSlot: (viewer, { number, slots }) =>
      takenSlot(
        choiceProbabilities(
          choice,
          slots.map(({ title }) => tastes.attraction(viewer, title)),
        ),
        takes.uniform(viewer, number),
      ),
    looksElsewhere: (viewer, { number }) => elsewhere.uniform(viewer, number) < browseShare,
    enjoyedShare,
    afterPlay: (exposure, watched) => afterPlay(satisfaction, exposure, watched),
    churns: (viewer, { visit, exposure }) =>
      churn.uniform(viewer, visit) <
      churnProbability(satisfaction, satisfactionOf(satisfaction, exposure)),
    returnTimeUs: (viewer, { visit, exposure }) =>
      -Math.log(comesBack.uniform(viewer, visit)) *
      meanReturnUs(satisfaction, satisfactionOf(satisfaction, exposure)),
    isOpen: () => simulation.nowUs < closesAtUs,
  };
}
