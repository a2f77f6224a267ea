/** Effects: by hand, with what a design mixes, and with intervals that common chance narrows. */
import { describe, expect, it } from 'vitest';
import { effectsOf } from '../../../src/stats/design/effects.ts';
import { foldover, fullFactorial, plackettBurman } from '../../../src/stats/design/two-level.ts';
import { createNormalDraws } from '../normal-draws.ts';

const normal = createNormalDraws(112);
const NAMES = ['cache', 'workers', 'timeout'];

/** 20 + 3·cache − 2·workers + 1.5·cache·workers, per level ±1, plus chance common to all runs and
 * chance of each run's own. */
function response(levels: readonly number[], of: { run: number; r: number; common: number }) {
  const [cache = 0, workers = 0] = levels;
  const noise = of.common * normal(500, of.r) + 0.1 * normal(of.run, of.r);
  return 20 + 3 * cache - 2 * workers + 1.5 * cache * workers + noise;
}

describe('effects', () => {
  it('N53: equal the textbook by hand', () => {
    // Yields of a 2² factorial with three replications: Montgomery, Design and Analysis of
    // Experiments, 6.2. Sums 80, 100, 60, 90; A = 8.33, B = −5.00, AB = 1.67.
    const responses = [
      [28, 25, 27],
      [36, 32, 32],
      [18, 19, 23],
      [31, 30, 29],
    ];
    const found = effectsOf(fullFactorial(2), responses, { names: ['A', 'B'] });
    expect(found.map(({ name }) => name)).toEqual(['A', 'B', 'A × B']);
    const means = found.map(({ effect }) => effect?.mean ?? Number.NaN);
    expect(means[0]).toBeCloseTo(8.3333, 3);
    expect(means[1]).toBeCloseTo(-5, 12);
    expect(means[2]).toBeCloseTo(1.6667, 3);
  });

  it('N53: are found with their interactions, whatever the runs have in common', () => {
    const design = fullFactorial(3);
    const responses = design.map((levels, run) =>
      Array.from({ length: 8 }, (_, r) => response(levels, { run, r, common: 50 })),
    );
    const found = effectsOf(design, responses, { names: NAMES, confidence: 0.999 });
    const truth = [6, -4, 0, 3, 0, 0];
    for (const [i, { effect, aliases, refusal }] of found.entries()) {
      expect(aliases).toEqual([]);
      expect(refusal).toBeNull();
      expect(effect?.low).toBeLessThan(truth[i] ?? Number.NaN);
      expect(effect?.high).toBeGreaterThan(truth[i] ?? Number.NaN);
      expect(effect?.halfWidth).toBeLessThan(0.4);
    }
    expect(found[3]).toMatchObject({ name: 'cache × workers', factors: [0, 1] });
  });

  it('N53: name what a screening design mixes, and refuse interactions', () => {
    const design = plackettBurman(3, 8);
    const responses = design.map((levels, run) => [response(levels, { run, r: 0, common: 0 })]);
    const found = effectsOf(design, responses, { names: NAMES });
    const timeout = found.find(({ name }) => name === 'timeout');
    expect(timeout?.effect?.mean).not.toBeUndefined();
    expect(timeout?.effect?.halfWidth).toBeNull();
    const mixed = effectsOf(plackettBurman(4, 8), responses, { names: [...NAMES, 'zones'] });
    const refused = mixed.filter(({ refusal }) => refusal?.code === 'aliased');
    expect(refused.length).toBeGreaterThan(0);
    for (const { effect, aliases, factors } of refused) {
      expect(effect).toBeNull();
      expect(factors.length).toBe(2);
      expect(aliases.length).toBeGreaterThan(0);
    }
  });

  it('N53: a foldover frees main effects of a large interaction', () => {
    const names = ['cache', 'workers', 'timeout', 'zones', 'retries'];
    const plain = plackettBurman(5, 12);
    const of = (design: typeof plain) => {
      const responses = design.map((levels, run) => [response(levels, { run, r: 0, common: 0 })]);
      return effectsOf(design, responses, { names }).find(({ name }) => name === 'timeout');
    };
    expect(Math.abs(of(plain)?.effect?.mean ?? 0)).toBeGreaterThan(0.8);
    expect(of(plain)?.aliases).toContain('cache × workers');
    expect(Math.abs(of(foldover(plain))?.effect?.mean ?? 9)).toBeLessThan(0.2);
    expect(of(foldover(plain))?.aliases).toEqual([]);
  });

  it('N1: have no interval from one replication, and refuse shapes that do not fit', () => {
    const design = fullFactorial(1);
    const one = effectsOf(design, [[1], [3]], { names: ['A'] })[0];
    expect(one).toMatchObject({
      effect: { mean: 2, halfWidth: null },
      refusal: { code: 'too-few-replications' },
    });
    expect(() => effectsOf(design, [[1]], { names: ['A'] })).toThrow(/number of responses is 1/);
    expect(() => effectsOf(design, [[1], [3]], { names: [] })).toThrow(/number of names is 0/);
    expect(() => effectsOf(design, [[1], [3, 4]], { names: ['A'] })).toThrow(
      /replications of a run/,
    );
  });
});
