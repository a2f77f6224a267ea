/** The best titles, against sorting. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { rankTitles } from '../../../src/analytics/recommenders/top-titles.ts';

describe('the best titles', () => {
  test.prop([fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }), fc.nat(12), fc.nat(3)])(
    'are those of a sort, ties to the lower number',
    (scores, k, modulus) => {
      const isExcluded = (title: number) => modulus > 0 && title % (modulus + 1) === 0;
      const sorted = scores
        .map((score, title) => ({ score, title }))
        .filter(({ title }) => !isExcluded(title))
        .sort((a, b) => b.score - a.score || a.title - b.title)
        .map(({ title }) => title);
      const into = new Int32Array(k);
      const found = rankTitles(Float64Array.from(scores), { into, isExcluded });
      expect([...into.subarray(0, found)]).toEqual(sorted.slice(0, k));
    },
  );
});
