/** Team-draft interleaving: one row of two policies, who take turns to pick their best title that
 * is not yet in it; a coin says who begins each round. Whose title is taken wins the row: every
 * viewer compares both policies at once, instead of half of them seeing one. Spec: M151–M152. */
import type { ChosenRow, RowPolicy, RowRequest } from '../../../domain/recommending/row-policy.ts';
import { requireArgument } from '../../../stats/bad-argument.ts';

/** An interleaved row. */
export interface DraftedRow extends ChosenRow {
  /** Who picked each slot. */
  readonly teams: readonly Team[];
}

/** One of the two policies. */
export type Team = 'a' | 'b';

/** A policy whose rows say who picked what. */
export interface TeamDraft extends RowPolicy {
  choose(request: RowRequest): DraftedRow;
}

/** Coins are drawn from here on, so that they are not those of the policies. */
const COIN_DRAWS = 3_584;
/** Draws of a slot's pick of a policy that draws itself. */
const DRAWS_PER_PICK = 128;

/** Makes the draft. Propensities are exact: the probability of a title in its slot given those
 * before it, over the coins, and over the policies' own draws. A policy that always answers a
 * request alike needs nothing for that; one that draws needs `probabilityOf`, and is then asked
 * title by title, which draws from the same distribution as asking for a row.
 * @throws EngineError `STATS_BAD_ARGUMENT` where a policy draws and cannot tell probabilities.
 * Cost: a row of either policy; of one that draws, a row a slot.
 * Source: Radlinski, Kurup and Joachims 2008. */
export function createTeamDraft(options: {
  readonly id: string;
  readonly a: RowPolicy;
  readonly b: RowPolicy;
}): TeamDraft {
  const { id, a, b } = options;
  return {
    id,
    choose(request) {
      const sources = { a: sourceOf(a, request, 0), b: sourceOf(b, request, 1) };
      const row = new OpenRow();
      for (let slot = 0; slot < request.slots; slot += 1) {
        if (!pickSlot(row, sources, () => request.uniform(COIN_DRAWS + (slot >>> 1)) < 0.5)) break;
      }
      return { titles: row.titles, propensities: row.propensities, teams: row.teams };
    },
    learn(outcomes) {
      a.learn?.(outcomes);
      b.learn?.(outcomes);
    },
  };
}

/** A row that is being drafted. */
class OpenRow {
  readonly titles: number[] = [];
  readonly propensities: number[] = [];
  readonly teams: Team[] = [];
  /** Probability that a began this round, given the titles so far. */
  aBegan = 0.5;

  has(title: number): boolean {
    return this.titles.includes(title);
  }
}

/** What a policy picks next, and how probable that was. */
interface Source {
  /** @returns −1 where nothing is left. */
  next(row: OpenRow): number;
  probability(row: OpenRow, title: number): number;
}

type Sources = Readonly<Record<Team, Source>>;

/** @returns false where neither has a title left. */
function pickSlot(row: OpenRow, sources: Sources, isHeads: () => boolean): boolean {
  const isRoundStart = row.titles.length % 2 === 0;
  const last = row.teams.at(-1);
  const team: Team = isRoundStart ? (isHeads() ? 'a' : 'b') : last === 'a' ? 'b' : 'a';
  const title = sources[team].next(row);
  if (title < 0) return false;
  const fromA = sources.a.probability(row, title);
  const fromB = sources.b.probability(row, title);
  const aPicks = isRoundStart ? 0.5 : 1 - row.aBegan;
  const propensity = aPicks * fromA + (1 - aPicks) * fromB;
  if (isRoundStart) row.aBegan = (0.5 * fromA) / propensity;
  row.titles.push(title);
  row.propensities.push(propensity);
  row.teams.push(team);
  return true;
}

function sourceOf(policy: RowPolicy, request: RowRequest, seat: number): Source {
  const ranking = policy.choose(request);
  const isSure = ranking.propensities.every((p) => p === 1);
  return isSure ? rankedSource(ranking.titles) : drawnSource(policy, request, seat);
}

/** A ranking as long as the row is enough: the other can take no more than the rest of it. */
function rankedSource(ranking: readonly number[]): Source {
  const next = (row: OpenRow): number => ranking.find((title) => !row.has(title)) ?? -1;
  return { next, probability: (row, title) => Number(next(row) === title) };
}

function drawnSource(policy: RowPolicy, request: RowRequest, seat: number): Source {
  requireArgument(policy.probabilityOf !== undefined, {
    argument: 'policy of a team draft',
    found: policy.id,
    rule: 'one that never draws, or one with `probabilityOf`',
  });
  const asked = (row: OpenRow): RowRequest => ({
    viewer: request.viewer,
    row: request.row,
    nowUs: request.nowUs,
    slots: 1,
    isExcluded: (title) => row.has(title) || request.isExcluded(title),
    uniform: (k) =>
      request.uniform(((row.titles.length * 2 + seat) * DRAWS_PER_PICK + k) % COIN_DRAWS),
  });
  return {
    next: (row) => policy.choose(asked(row)).titles[0] ?? -1,
    probability: (row, title) => policy.probabilityOf?.(asked(row), [title]) ?? 0,
  };
}
