/** Thompson sampling: a title is shown as often as it is likely to be the best, as far as is known.
 * Rewards of titles are Beta–Bernoulli, by segment of viewers. After each lesson the posterior is
 * represented by a number of draws of it, and each slot takes the best title of one of these, by
 * chance: so propensities are exact counts, and no estimates. Source: Thompson 1933; Chapelle, Li
 * 2011; Russo et al. 2018, §3; fractional rewards: Agrawal, Goyal 2012. Spec: M17. */
import type { ChosenRow, RowPolicy, RowRequest } from '../../../domain/recommending/row-policy.ts';
import { DEFAULT_CHOICE } from '../../../domain/taste/choice-model.ts';
import type { Chance } from '../../../kernel/chance.ts';
import { betaDraw, DRAWS_PER_BETA } from './beta-draws.ts';
import { createTitleMeans, type TitleMeans } from './title-means.ts';

/** How it learns. */
export interface ThompsonSettings {
  /** Draws that stand for the posterior: propensities are multiples of 1 ÷ so many. */
  readonly posteriorDraws: number;
  /** Beta(a, b) of a title that nobody has looked at. */
  readonly prior: { readonly a: number; readonly b: number };
  /** η: slot k is looked at (k + 1)^−η, as services measure by exchanging slots. */
  readonly positionBias: number;
}

/** Until more is known, a title is thought to give a thirtieth of a play a look: chosen on panels
 * of the built-in world. */
export const THOMPSON_DEFAULTS: ThompsonSettings = {
  posteriorDraws: 100,
  prior: { a: 1, b: 30 },
  positionBias: DEFAULT_CHOICE.positionBias,
};

/** Makes it. @param options - `segmentOf`: viewers of one segment learn together, as those of one
 * favourite genre; all of them if left out. Cost of a row: O(draws · slots); of a lesson, for each
 * segment that then asks: O(draws · titles · log titles). */
export function createThompsonPolicy(
  options: Partial<ThompsonSettings> & {
    readonly titleCount: number;
    readonly chance: Chance;
    readonly segmentOf?: (viewer: number) => string;
  },
): RowPolicy {
  const { titleCount, segmentOf = () => '' } = options;
  const settings = { ...THOMPSON_DEFAULTS, ...options };
  const segments = new Map<string, Segment>();
  const segmentNamed = (name: string): Segment => {
    const known = segments.get(name);
    if (known !== undefined) return known;
    const means = createTitleMeans(titleCount, settings.positionBias);
    const made = { name, means, lessons: 0, orders: undefined };
    segments.set(name, made);
    return made;
  };
  const rows = createRows(settings.posteriorDraws, titleCount);
  const ordersOf = (request: RowRequest): readonly Int32Array[] => {
    const segment = segmentNamed(segmentOf(request.viewer));
    segment.orders ??= posteriorOrders(segment, { ...settings, ...options });
    return segment.orders;
  };
  return {
    id: 'thompson',
    choose: (request) => rows.choose(ordersOf(request), request),
    probabilityOf: (request, titles) => rows.probabilityOf(ordersOf(request), request, titles),
    learn(outcomes) {
      for (const outcome of outcomes) {
        const segment = segmentNamed(segmentOf(outcome.viewer));
        if (segment.orders !== undefined) segment.lessons += 1;
        segment.orders = undefined;
        segment.means.learn(outcome);
      }
    },
  };
}

interface Segment {
  readonly name: string;
  readonly means: TitleMeans;
  /** Times that the posterior was drawn before: a key of its draws. */
  lessons: number;
  /** Titles by each draw of the posterior, best first; undefined until asked for. */
  orders: readonly Int32Array[] | undefined;
}

function posteriorOrders(
  { name, means, lessons }: Segment,
  options: ThompsonSettings & { readonly titleCount: number; readonly chance: Chance },
): readonly Int32Array[] {
  const { titleCount, prior, posteriorDraws, chance } = options;
  const draws = chance.draws(`policy.thompson.${lessons}.${name}`);
  const sample = new Float64Array(titleCount);
  return Array.from({ length: posteriorDraws }, (_, draw) => {
    for (let title = 0; title < titleCount; title += 1) {
      const won = means.rewards[title] as number;
      const lost = Math.max(0, (means.looks[title] as number) - won);
      sample[title] = betaDraw({ a: prior.a + won, b: prior.b + lost }, (k) =>
        draws.uniform(draw, title * DRAWS_PER_BETA + k),
      );
    }
    const order = Int32Array.from({ length: titleCount }, (__, title) => title);
    return order.sort((a, b) => (sample[b] as number) - (sample[a] as number) || a - b);
  });
}

/** Fills rows from orders of titles: each slot takes the first that is left of one of them. */
function createRows(drawCount: number, titleCount: number) {
  const places = new Int32Array(drawCount);
  const votes = new Int32Array(titleCount);
  /** What each order has first, after those titles; they are counted in `votes`. */
  const heads = (
    orders: readonly Int32Array[],
    request: RowRequest,
    titles: readonly number[],
  ): boolean => {
    votes.fill(0);
    for (const [draw, order] of orders.entries()) {
      let place = places[draw] as number;
      while (place < titleCount) {
        const title = order[place] as number;
        if (!titles.includes(title) && !request.isExcluded(title)) break;
        place += 1;
      }
      places[draw] = place;
      if (place >= titleCount) return false;
      const head = order[place] as number;
      votes[head] = (votes[head] as number) + 1;
    }
    return true;
  };
  return {
    choose(orders: readonly Int32Array[], request: RowRequest): ChosenRow {
      const titles: number[] = [];
      const propensities: number[] = [];
      places.fill(0);
      while (titles.length < request.slots && heads(orders, request, titles)) {
        const draw = Math.floor(request.uniform(titles.length) * drawCount);
        const title = (orders[draw] as Int32Array)[places[draw] as number] as number;
        titles.push(title);
        propensities.push((votes[title] as number) / drawCount);
      }
      return { titles, propensities };
    },
    probabilityOf(
      orders: readonly Int32Array[],
      request: RowRequest,
      titles: readonly number[],
    ): number {
      let probability = 1;
      places.fill(0);
      for (let slot = 0; slot < request.slots; slot += 1) {
        const title = titles[slot];
        const isLeft = heads(orders, request, titles.slice(0, slot));
        if (!isLeft || title === undefined) return isLeft || title !== undefined ? 0 : probability;
        probability *= (votes[title] as number) / drawCount;
      }
      return titles.length === request.slots ? probability : 0;
    },
  };
}
