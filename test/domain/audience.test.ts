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
});
