/** What load tests ask for: by weight and popularity, drawn by (user, page). */
import { describe, expect, it } from 'vitest';
import type { Catalogue, Title } from '../../../src/domain/catalogue.ts';
import { createPageMix } from '../../../src/experiment/load/page-mix.ts';
import type { CallPlan } from '../../../src/gateway/call-plan.ts';
import { createChance } from '../../../src/kernel/chance.ts';

const PLAN = {} as CallPlan;

function title(id: string, name: string): Title {
  return { id, name, genres: [`genre of ${id}`] } as unknown as Title;
}

const CATALOGUE: Catalogue = {
  source: 'three',
  titles: [title('t1', 'A Long Day'), title('t2', 'of'), title('t3', '“Élan” 2')],
  people: [],
};

function mixOf(seed = 1) {
  return createPageMix({
    askables: [
      { name: 'home', weight: 3, plan: PLAN, priority: 0, variableNames: ['genre'] },
      { name: 'title', weight: 1, plan: PLAN, priority: 0, variableNames: ['id', 'text', 'odd'] },
      { name: 'play', weight: 0, plan: PLAN, priority: 0, variableNames: [] },
    ],
    catalogue: CATALOGUE,
    popularityExponent: 1,
    chance: createChance({ seed, replication: 0 }),
  });
}

describe('a page mix', () => {
  it('E3: is drawn by user and page, whatever was asked before', () => {
    const [a, b] = [mixOf(), mixOf()];
    const forwards = [0, 1, 2, 3].map((n) => a(5, n));
    const backwards = [3, 2, 1, 0].map((n) => b(5, n)).reverse();
    expect(backwards).toEqual(forwards);
    expect(mixOf(2)(5, 0) === a(5, 0)).toBe(false);
  });

  it('E3: keeps weights and popularity, and the same question is the same object', () => {
    const mix = mixOf();
    const count = 8_000;
    const pages = new Map<string, number>();
    const ids = new Map<string, number>();
    const objects = new Set<object>();
    for (let n = 0; n < count; n += 1) {
      const question = mix(n % 100, Math.floor(n / 100));
      objects.add(question.variables);
      pages.set(question.page, (pages.get(question.page) ?? 0) + 1);
      const { id } = question.variables as { id?: string };
      if (id !== undefined) ids.set(id, (ids.get(id) ?? 0) + 1);
    }
    expect(pages.get('play')).toBeUndefined();
    expect(Math.abs((pages.get('home') ?? 0) / count - 0.75)).toBeLessThan(0.02);
    // Zipf over three titles with exponent 1: 6, 3 and 2 elevenths.
    const titles = pages.get('title') ?? 0;
    expect(Math.abs((ids.get('t1') ?? 0) / titles - 6 / 11)).toBeLessThan(0.05);
    expect(Math.abs((ids.get('t3') ?? 0) / titles - 2 / 11)).toBeLessThan(0.05);
    expect(objects.size).toBe(6);
  });

  it('E3: gives variables their values from the title, frozen', () => {
    const mix = mixOf();
    for (let n = 0; n < 200; n += 1) {
      const { page, variables } = mix(1, n);
      expect(Object.isFrozen(variables)).toBe(true);
      if (page !== 'title') continue;
      const { id, text, odd } = variables as Record<string, string>;
      expect([id, text, odd]).toEqual([id, { t1: 'long', t2: 'of', t3: 'élan' }[id ?? ''], '']);
    }
  });
});
