/** The ceiling of what can be foretold: how probable it is that a viewer of a panel plays a title
 * next, by their true taste and by how titles come before them: rows of random titles, and what
 * browsing turns up. Taste alone is no ceiling: nobody plays what they never see. Spec: M43. */
import type { ChoiceConfig } from '../../domain/taste/choice-model.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import type { Chance, Draws } from '../../kernel/chance.ts';
import { createZipf, type Zipf } from '../../kernel/distributions/zipf.ts';
import type { PanelConfig } from '../panel/panel-config.ts';
import type { Recommender } from '../recommenders/recommender.ts';
import type { Interactions } from '../training/interactions.ts';
import { hasPair, playMatrix } from '../training/play-matrix.ts';

/** Rivals of a title are drawn so often. */
const SAMPLES = 24;
/** Draws for one set of titles, at most. */
const DRAWS_PER_SET = 256;

/** A recommender that knows the tastes. Users are those of `train`, called `v<viewer>`; what they
 * had played is not drawn as a rival. It is exact but for the rivals, of which it takes a sample:
 * all titles meet the same. Cost a user: O(titles · (factors + samples)). */
export function createPlayOracle(options: {
  readonly tastes: Tastes;
  readonly config: PanelConfig;
  readonly train: Interactions;
  readonly chance: Chance;
}): Recommender {
  const { tastes, config, train, chance } = options;
  const { titleCount } = tastes;
  const draws = chance.draws('play-oracle.rivals');
  const history = playMatrix(train);
  const popularity = createZipf({ n: titleCount, exponent: config.browseExponent });
  const weights = new Float64Array(titleCount);
  return {
    name: 'oracle',
    score(user, into) {
      const viewer = Number(train.users[user]?.slice(1) ?? 0);
      const isSeen = (title: number) => user >= 0 && hasPair(history, user, title);
      for (let title = 0; title < titleCount; title += 1) {
        weights[title] = Math.exp(tastes.attraction(viewer, title));
      }
      const rivals: Rivals = { draws, viewer, isSeen, weights, titleCount };
      playProbabilities({ config, popularity, rivals }, into);
    },
  };
}

interface Rivals {
  readonly draws: Draws;
  readonly viewer: number;
  isSeen(title: number): boolean;
  /** exp(attraction) by title. */
  readonly weights: Float64Array;
  readonly titleCount: number;
}

/** P(played next) = P(taken from a row) + P(nothing taken) · P(browses) · P(taken when
 * browsing). */
function playProbabilities(
  options: { readonly config: PanelConfig; readonly popularity: Zipf; readonly rivals: Rivals },
  into: Float64Array,
): void {
  const { config, popularity, rivals } = options;
  const { slots, browsedTitles, browseShare, choice } = config;
  const { isSeen, weights, titleCount } = rivals;
  let unseen = 0;
  let unseenMass = 0;
  for (let title = 0; title < titleCount; title += 1) {
    if (isSeen(title)) continue;
    unseen += 1;
    unseenMass += popularity.probability(title + 1);
  }
  const rows = rowContests(rivals, { slots: Math.min(slots, unseen), choice });
  const browsing = browseContests(rivals, { wanted: Math.min(browsedTitles, unseen), popularity });
  let taken = 0;
  for (let title = 0; title < titleCount; title += 1) {
    into[title] = 0;
    if (isSeen(title)) continue;
    const isShown = Math.min(1, slots / unseen);
    into[title] = isShown * rows(weights[title] as number);
    taken += into[title] as number;
  }
  const browses = Math.max(0, 1 - taken) * browseShare;
  for (let title = 0; title < titleCount; title += 1) {
    if (isSeen(title)) continue;
    const share = Math.min(1, popularity.probability(title + 1) / unseenMass);
    const turnsUp = 1 - (1 - share) ** browsedTitles;
    into[title] = (into[title] as number) + browses * turnsUp * browsing(weights[title] as number);
  }
}

/** P(taken) of a title of a weight that is in a random row, over its slots and rivals. */
function rowContests(
  rivals: Rivals,
  { slots, choice }: { readonly slots: number; readonly choice: ChoiceConfig },
): (weight: number) => number {
  const nothing = Math.exp(choice.nothing);
  const contests = Array.from({ length: SAMPLES }, (_, sample) => {
    const slot = sample % Math.max(1, slots);
    const row = drawnSet(rivals, {
      wanted: slots,
      set: sample,
      titleOf: (u) => Math.floor(u * rivals.titleCount),
    });
    const looked = (at: number) => (at + 1) ** -choice.positionBias;
    const rest = row.reduce(
      (sum, title, at) =>
        at === slot ? sum : sum + (rivals.weights[title] as number) * looked(at),
      nothing,
    );
    const untaken = row.slice(0, slot).reduce((product, title, at) => {
      const weight = rivals.weights[title] as number;
      return product * (1 - (looked(at) * weight) / (weight + nothing));
    }, 1);
    return { looked: looked(slot), rest, untaken };
  });
  return (weight) => {
    let sum = 0;
    for (const { looked, rest, untaken } of contests) {
      sum +=
        choice.kind === 'cascade'
          ? (untaken * looked * weight) / (weight + nothing)
          : (looked * weight) / (looked * weight + rest);
    }
    return sum / SAMPLES;
  };
}

/** P(taken) of a title of a weight that browsing turned up: one of them is. */
function browseContests(
  rivals: Rivals,
  { wanted, popularity }: { readonly wanted: number; readonly popularity: Zipf },
): (weight: number) => number {
  const rests = Float64Array.from({ length: SAMPLES }, (_, sample) =>
    drawnSet(rivals, {
      wanted: wanted - 1,
      set: SAMPLES + sample,
      titleOf: (u) => popularity.rank(u) - 1,
    }).reduce((sum, title) => sum + (rivals.weights[title] as number), 0),
  );
  return (weight) => {
    let sum = 0;
    for (const rest of rests) sum += weight / (weight + rest);
    return sum / SAMPLES;
  };
}

/** Different titles that the viewer has not seen; fewer where draws run out. */
function drawnSet(
  { draws, viewer, isSeen }: Rivals,
  options: {
    readonly wanted: number;
    readonly set: number;
    readonly titleOf: (u: number) => number;
  },
): readonly number[] {
  const { wanted, set, titleOf } = options;
  const found: number[] = [];
  for (let k = 0; k < DRAWS_PER_SET && found.length < wanted; k += 1) {
    const title = titleOf(draws.uniform(viewer, set * DRAWS_PER_SET + k));
    if (!isSeen(title) && !found.includes(title)) found.push(title);
  }
  return found;
}
