/** The choice from a row: probabilities, position bias, both models by hand. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  choiceProbabilities,
  DEFAULT_CHOICE,
  takenSlot,
} from '../../../src/domain/taste/choice-model.ts';

const attractions = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { maxLength: 12 });
const config = fc.record({
  kind: fc.constantFrom('multinomial-logit' as const, 'cascade' as const),
  nothing: fc.double({ min: -5, max: 10, noNaN: true }),
  positionBias: fc.double({ min: 0, max: 2, noNaN: true }),
});

describe('the choice from a row', () => {
  test.prop([config, attractions])(
    'D23: has probabilities that leave room for nothing',
    (c, row) => {
      const probabilities = choiceProbabilities(c, row);
      expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeLessThanOrEqual(1 + 1e-12);
    },
  );

  test.prop([config, fc.double({ min: -3, max: 8, noNaN: true }), fc.integer({ min: 2, max: 12 })])(
    'D24: of equals, takes the one further in front at least as often',
    (c, attraction, slots) => {
      const row = choiceProbabilities(c, new Array(slots).fill(attraction));
      for (let slot = 1; slot < slots; slot += 1) {
        expect(row[slot]).toBeLessThanOrEqual((row[slot - 1] ?? 0) + 1e-12);
      }
    },
  );

  it('is the multinomial logit, by hand', () => {
    const row = choiceProbabilities({ ...DEFAULT_CHOICE, nothing: 0, positionBias: 1 }, [0, 0]);
    expect([...row]).toEqual([expect.closeTo(1 / 2.5), expect.closeTo(0.5 / 2.5)]);
  });

  it('is the cascade, by hand', () => {
    const row = choiceProbabilities({ kind: 'cascade', nothing: 0, positionBias: 1 }, [0, 0]);
    expect([...row]).toEqual([expect.closeTo(0.5), expect.closeTo(0.5 * 0.5 * 0.5)]);
  });

  it('takes each slot as often as it says', () => {
    const row = [0.2, 0.3];
    expect([0.1, 0.2, 0.49, 0.51].map((u) => takenSlot(row, u))).toEqual([0, 1, 1, -1]);
  });
});
