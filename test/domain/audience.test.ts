/** Viewers as functions of their number. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type AudienceConfig,
  createAudience,
  createCountryLookup,
  weightedPick,
} from '../../src/domain/audience.ts';
import { createChance } from '../../src/kernel/chance.ts';

const CONFIG: AudienceConfig = {
  deviceShares: { tv: 5, phone: 3, web: 2, console: 0 },
  countryShares: { US: 6, DE: 3, IN: 1 },
  genres: ['Drama', 'Comedy'],
};

describe('createAudience', () => {
  test.prop([fc.nat(0xffff_ffff), fc.nat(1_000_000)], { seed: 31, numRuns: 200 })(
    'gives the same viewer for the same number, with an address of their country',
    (seed, viewer) => {
      const chance = createChance({ seed, replication: 0 });
      const profile = createAudience(CONFIG, chance)(viewer);
      expect(createAudience(CONFIG, chance)(viewer)).toEqual(profile);
      expect(profile.device).not.toBe('console');
      expect(CONFIG.genres).toContain(profile.favouriteGenre);
      // The block for benchmarks: nobody's.
      expect(profile.clientAddress).toMatch(/^198\.18\.\d+\.\d+$/);
      expect(createCountryLookup(CONFIG.countryShares)(profile.clientAddress)).toBe(
        profile.country,
      );
    },
  );

  it('has the shares that were asked for, within four standard errors', () => {
    const viewers = 10_000;
    const profileOf = createAudience(CONFIG, createChance({ seed: 1, replication: 0 }));
    const profiles = Array.from({ length: viewers }, (_, viewer) => profileOf(viewer));
    const cases = [
      { found: profiles.filter((one) => one.device === 'tv').length, p: 0.5 },
      { found: profiles.filter((one) => one.country === 'US').length, p: 0.6 },
      { found: profiles.filter((one) => one.country === 'IN').length, p: 0.1 },
      { found: profiles.filter((one) => one.favouriteGenre === 'Drama').length, p: 0.5 },
    ];
    for (const { found, p } of cases) {
      expect(Math.abs(found - viewers * p)).toBeLessThan(4 * Math.sqrt(viewers * p * (1 - p)));
    }
  });

  it('D1: gives a viewer that hangs on no other viewer and on no order of asking', () => {
    const chance = createChance({ seed: 20261120, replication: 3 });
    const forwards = createAudience(CONFIG, chance);
    const backwards = createAudience(CONFIG, chance);
    const viewers = Array.from({ length: 500 }, (_, viewer) => viewer);
    const profiles = viewers.map(forwards);
    expect(viewers.toReversed().map(backwards).toReversed()).toEqual(profiles);
    // Nor on the order in which the countries are written down.
    const countryShares = { IN: 1, US: 6, DE: 3 };
    expect(viewers.map(createAudience({ ...CONFIG, countryShares }, chance))).toEqual(profiles);
    const other = createAudience(CONFIG, createChance({ seed: 20261120, replication: 4 }));
    expect(viewers.map(other)).not.toEqual(profiles);
  });

  it('knows no country of a stranger’s address', () => {
    const country = createCountryLookup(CONFIG.countryShares);
    expect([country('203.0.113.9'), country('198.18.99.1'), country('')]).toEqual([
      'ZZ',
      'ZZ',
      'ZZ',
    ]);
  });
});

describe('weightedPick', () => {
  it('cuts the unit interval by weight, in the order of the names', () => {
    const pick = weightedPick(['a', 'b', 'c'], { a: 1, b: 0, c: 3 });
    expect([0.001, 0.249, 0.251, 0.999].map(pick)).toEqual(['a', 'a', 'c', 'c']);
  });

  it('picks as often as the weights say: chi-square below its 99.9 % quantile', () => {
    const weights = { a: 1, b: 2, c: 3.5, d: 0.5, e: 13 };
    const names = ['a', 'b', 'c', 'd', 'e'] as const;
    const pick = weightedPick(names, weights);
    const draws = createChance({ seed: 20261120, replication: 0 }).draws('test.pick');
    const picks = 50_000;
    const found = { a: 0, b: 0, c: 0, d: 0, e: 0 };
    for (let i = 0; i < picks; i += 1) found[pick(draws.uniform(i, 0))] += 1;
    const chiSquare = names.reduce((sum, name) => {
      const expected = (picks * weights[name]) / 20;
      return sum + (found[name] - expected) ** 2 / expected;
    }, 0);
    // Four degrees of freedom.
    expect(chiSquare).toBeGreaterThan(0);
    expect(chiSquare).toBeLessThan(18.467);
  });

  it('gives the last name where rounding leaves a rest', () => {
    const pick = weightedPick(['a', 'b', 'c'], { a: 0.1, b: 0.2, c: 0.3 });
    expect(pick(1)).toBe('c');
    expect(pick(0)).toBe('a');
  });
});
