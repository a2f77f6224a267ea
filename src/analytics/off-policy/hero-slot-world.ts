/** The hero slot as a contextual bandit: one title at the top of home for whoever comes. Contexts
 * are the viewers of a panel as they stand, what they have seen excluded; rewards are the share
 * watched by those who take it. Features are from recorded plays only; the truth is from the
 * tastes. */
import type { Catalogue } from '../../domain/catalogue.ts';
import {
  type ChoiceConfig,
  choiceProbabilities,
  DEFAULT_CHOICE,
} from '../../domain/taste/choice-model.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import { expectedShare, watchedShare } from '../../domain/taste/watching.ts';
import type { BanditWorld } from './bandit-world.ts';

/** What viewers have watched so far, as a service may know it. */
export interface WatchHistory {
  /** Plays by title. */
  readonly plays: ArrayLike<number>;
  /** Share watched, summed by genre, of each viewer: row-major, viewers × genres. */
  readonly watchedByGenre: Float64Array;
  /** Share watched, summed, of each viewer. */
  readonly watched: Float64Array;
  readonly genres: readonly string[];
}

/** Features of a title for a viewer, by place. */
export const HERO_FEATURES = [
  'one',
  'popularity',
  'genre liking',
  'popularity squared',
  'popularity × liking',
  'liking squared',
] as const;

/** The top of home is large and alone: it is taken more often than one slot of a row. */
export const HERO_CHOICE: ChoiceConfig = { ...DEFAULT_CHOICE, nothing: 2 };

/** Plays that stand for what nobody knows yet of a newcomer. */
const PRIOR_PLAYS = 3;

/** Makes the world. @param options - `viewers`: their numbers, by place; `isSeen`: by place and
 * title. `history`: see {@link createWatchHistory}. */
export function createHeroSlotWorld(options: {
  readonly tastes: Tastes;
  readonly choice: ChoiceConfig;
  readonly catalogue: Catalogue;
  readonly viewers: ArrayLike<number>;
  readonly history: WatchHistory;
  isSeen(at: number, title: number): boolean;
}): BanditWorld {
  const { tastes, choice, viewers, history, isSeen } = options;
  const { titleCount } = tastes;
  const popularity = standardisedLogs(history.plays, titleCount);
  const genresOf = genreIndex(options.catalogue, history.genres);
  const base = genreShares(history);
  const liking = new Float64Array(history.genres.length);
  const width = HERO_FEATURES.length;
  const row = new Float64Array(1);
  const takeProbability = (at: number, title: number): number => {
    row[0] = tastes.attraction(viewers[at] ?? 0, title);
    return choiceProbabilities(choice, row)[0] ?? 0;
  };
  return {
    contexts: viewers.length,
    actions: titleCount,
    width,
    featuresOf(at, into) {
      likingOf(at, history, { base, into: liking });
      for (let title = 0; title < titleCount; title += 1) {
        let sum = 0;
        const genres = genresOf[title] ?? [];
        for (const genre of genres) sum += liking[genre] ?? 0;
        const like = sum / Math.max(1, genres.length);
        const popular = popularity[title] ?? 0;
        const k = title * width;
        into[k] = 1;
        into[k + 1] = popular;
        into[k + 2] = like;
        into[k + 3] = popular * popular;
        into[k + 4] = popular * like;
        into[k + 5] = like * like;
      }
      return viewers[at] ?? 0;
    },
    isAllowed: (at, title) => !isSeen(at, title),
    expectedReward: (at, title) =>
      takeProbability(at, title) * expectedShare(tastes.enjoyment(viewers[at] ?? 0, title)),
    drawReward: (at, title, uniform) =>
      uniform(0) < takeProbability(at, title)
        ? watchedShare(tastes.enjoyment(viewers[at] ?? 0, title), uniform(1))
        : 0,
  };
}

/** An empty history of so many viewers, and how a play is noted in it. */
export function createWatchHistory(options: {
  readonly catalogue: Catalogue;
  readonly viewers: number;
}): { readonly history: WatchHistory; note(at: number, title: number, share: number): void } {
  const { catalogue, viewers } = options;
  const genres = [...new Set(catalogue.titles.flatMap((title) => title.genres))].sort();
  const genresOf = genreIndex(catalogue, genres);
  const plays = new Float64Array(catalogue.titles.length);
  const watchedByGenre = new Float64Array(viewers * genres.length);
  const watched = new Float64Array(viewers);
  return {
    history: { plays, watchedByGenre, watched, genres },
    note(at, title, share) {
      plays[title] = (plays[title] ?? 0) + 1;
      watched[at] = (watched[at] ?? 0) + share;
      const own = genresOf[title] ?? [];
      for (const genre of own) {
        const k = at * genres.length + genre;
        watchedByGenre[k] = (watchedByGenre[k] ?? 0) + share / own.length;
      }
    },
  };
}

/** By genre: the viewer's share of watching less everybody's, drawn to 0 while little is known. */
function likingOf(
  at: number,
  history: WatchHistory,
  { base, into }: { readonly base: Float64Array; readonly into: Float64Array },
): void {
  const total = (history.watched[at] ?? 0) + PRIOR_PLAYS;
  for (let genre = 0; genre < base.length; genre += 1) {
    const share = base[genre] ?? 0;
    const own = history.watchedByGenre[at * base.length + genre] ?? 0;
    into[genre] = (own + PRIOR_PLAYS * share) / total - share;
  }
}

function genreShares({ watchedByGenre, genres }: WatchHistory): Float64Array {
  const sums = new Float64Array(genres.length);
  for (let k = 0; k < watchedByGenre.length; k += 1) {
    const genre = k % genres.length;
    sums[genre] = (sums[genre] ?? 0) + (watchedByGenre[k] ?? 0);
  }
  const total = sums.reduce((sum, one) => sum + one, 0);
  return total > 0 ? sums.map((one) => one / total) : sums;
}

function genreIndex(
  catalogue: Catalogue,
  genres: readonly string[],
): readonly (readonly number[])[] {
  return catalogue.titles.map((title) => title.genres.map((genre) => genres.indexOf(genre)));
}

/** ln(1 + plays), to mean 0 and standard deviation 1; 0 where all are alike. */
function standardisedLogs(plays: ArrayLike<number>, count: number): Float64Array {
  const logs = Float64Array.from({ length: count }, (_, title) => Math.log1p(plays[title] ?? 0));
  const mean = logs.reduce((sum, one) => sum + one, 0) / Math.max(1, count);
  const variance = logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, count);
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  return logs.map((one) => (one - mean) * scale);
}
