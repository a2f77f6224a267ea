/** Rows of two policies: turns, teams, and propensities that are frequencies. */
import { describe, expect, it } from 'vitest';
import { createTeamDraft } from '../../../../src/analytics/online-experiments/interleaved/draft.ts';
import type { RowPolicy, RowRequest } from '../../../../src/domain/recommending/row-policy.ts';
import { createChance } from '../../../../src/kernel/chance.ts';

const draws = createChance({ seed: 4, replication: 0 }).draws('test.draft');

function request(row: number, slots = 4): RowRequest {
  return {
    viewer: 1,
    row,
    nowUs: 0,
    slots,
    isExcluded: (title) => title === 9,
    uniform: (k) => draws.uniform(row, k),
  };
}

function ranked(id: string, ranking: readonly number[]): RowPolicy {
  return {
    id,
    choose({ slots, isExcluded }) {
      const titles = ranking.filter((title) => !isExcluded(title)).slice(0, slots);
      return { titles, propensities: titles.map(() => 1) };
    },
  };
}

/** Each title with the weight of its number, without replacement. */
const drawing: RowPolicy = {
  id: 'drawing',
  choose(asked) {
    const titles: number[] = [];
    const propensities: number[] = [];
    for (let slot = 0; slot < asked.slots; slot += 1) {
      const left = [1, 2, 3, 4].filter((t) => !asked.isExcluded(t) && !titles.includes(t));
      const total = left.reduce((sum, t) => sum + t, 0);
      let rest = asked.uniform(slot) * total;
      const title = left.find((t) => {
        rest -= t;
        return rest < 0;
      });
      if (title === undefined) break;
      titles.push(title);
      propensities.push(title / total);
    }
    return { titles, propensities };
  },
  probabilityOf(asked, [title = 0]) {
    const left = [1, 2, 3, 4].filter((t) => !asked.isExcluded(t));
    return left.includes(title) ? title / left.reduce((sum, t) => sum + t, 0) : 0;
  },
};

/** Relative frequencies of whole rows beside the products of their propensities. */
function rowsOf(a: RowPolicy, b: RowPolicy, { slots = 4, runs = 4_000 } = {}) {
  const draft = createTeamDraft({ id: 'draft', a, b });
  const seen = new Map<string, { count: number; propensity: number }>();
  for (let row = 0; row < runs; row += 1) {
    const { titles, propensities } = draft.choose(request(row, slots));
    const key = titles.join(' ');
    const propensity = propensities.reduce((product, p) => product * p, 1);
    const known = seen.get(key);
    if (known !== undefined) expect(propensity).toBeCloseTo(known.propensity, 12);
    seen.set(key, { count: (known?.count ?? 0) + 1, propensity });
  }
  return { seen, runs };
}

describe('a team draft', () => {
  it('M151: takes turns, each with its best that is left, and says who picked what', () => {
    const draft = createTeamDraft({
      id: 'draft',
      a: ranked('a', [9, 1, 2, 3, 4]),
      b: ranked('b', [1, 5, 6, 7, 8]),
    });
    const { titles, teams } = draft.choose(request(0));
    expect(titles).toHaveLength(4);
    expect(new Set(titles).size).toBe(4);
    expect(teams.filter((team) => team === 'a')).toHaveLength(2);
    expect(titles).not.toContain(9);
    expect(titles[0]).toBe(1);
  });

  it.each([
    ['two rankings', ranked('a', [1, 2, 3, 4]), ranked('b', [3, 1, 5, 6])],
    ['a ranking and itself', ranked('a', [1, 2, 3, 4]), ranked('b', [1, 2, 3, 4])],
    ['one that draws and a ranking', drawing, ranked('b', [4, 1, 5, 6])],
    ['two that draw', drawing, { ...drawing, id: 'other' }],
  ])('M152: propensities of %s are the frequencies of rows', (_, a, b) => {
    const { seen, runs } = rowsOf(a, b, { slots: 3 });
    let total = 0;
    for (const { count, propensity } of seen.values()) {
      total += propensity;
      const error = Math.sqrt((propensity * (1 - propensity)) / runs);
      expect(Math.abs(count / runs - propensity)).toBeLessThanOrEqual(4.5 * error + 1e-12);
    }
    expect(total).toBeGreaterThan(0.99);
    expect(total).toBeLessThan(1 + 1e-9);
  });

  it('ends where neither has a title left', () => {
    const draft = createTeamDraft({ id: 'draft', a: ranked('a', [1]), b: ranked('b', [1, 2]) });
    for (let row = 0; row < 20; row += 1) {
      expect(draft.choose(request(row)).titles[0]).toBe(1);
      expect(draft.choose(request(row)).titles.length).toBeLessThanOrEqual(2);
    }
  });

  it('M152: refuses one that draws and cannot say how probably', () => {
    const { probabilityOf: _, ...silent } = drawing;
    const draft = createTeamDraft({ id: 'draft', a: silent, b: drawing });
    expect(() => draft.choose(request(0))).toThrow('policy of a team draft is drawing');
  });

  it('lets both learn', () => {
    const told: string[] = [];
    const learner = (id: string): RowPolicy => ({ ...ranked(id, [1]), learn: () => told.push(id) });
    createTeamDraft({ id: 'draft', a: learner('a'), b: learner('b') }).learn?.([]);
    expect(told).toEqual(['a', 'b']);
  });
});
