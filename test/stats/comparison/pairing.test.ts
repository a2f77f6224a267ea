/** The canary of common random numbers: a pairing that is lost shows. */
import { describe, expect, it } from 'vitest';
import { pairingOf } from '../../../src/stats/comparison/pairing.ts';
import { createNormalDraws } from '../normal-draws.ts';

const normal = createNormalDraws(92);

/** Two alternatives over n replications that share 0.8 of their variance, and a third that runs on
 * the draws of the replication after. */
function alternatives(e: number, n: number) {
  const at = (list: number, i: number): number => {
    return 100 + Math.sqrt(0.8) * normal(4 * e, i) + Math.sqrt(0.2) * normal(4 * e + list, i);
  };
  const of = (list: number, shift: number) =>
    Array.from({ length: n }, (_, i) => at(list, i + shift));
  return { first: of(1, 0), second: of(2, 0), outOfStep: of(3, 1) };
}

describe('pairing', () => {
  it('N30 canary: a lost pairing is caught, a kept one is not taken for lost', () => {
    const states = { paired: 0, lost: 0, unknown: 0 };
    const control = { paired: 0, lost: 0, unknown: 0 };
    for (let e = 0; e < 300; e += 1) {
      const { first, second, outOfStep } = alternatives(e, 20);
      states[pairingOf(first, outOfStep).state] += 1;
      control[pairingOf(first, second).state] += 1;
    }
    // By theory 97.5 % of the lost ones are caught and 0.5 % of the kept ones taken for lost, give
    // or take four standard errors of 300.
    expect(states.lost).toBeGreaterThan(300 * (0.975 - 0.036));
    expect(control.paired).toBeGreaterThan(300 * (0.995 - 0.016));
  });

  it('N30: reports what the pairing gains', () => {
    const { first, second } = alternatives(1, 400);
    const { correlation, low, high, varianceReduction } = pairingOf(first, second);
    expect(low).toBeLessThan(0.8);
    expect(high).toBeGreaterThan(0.8);
    expect(correlation).toBeGreaterThan(0.75);
    expect(varianceReduction).toBeGreaterThan(4);
    expect(varianceReduction).toBeLessThan(6.2);
  });

  it('N1: says what it cannot judge', () => {
    expect(pairingOf([1, 2, 3], [2, 3, 5])).toMatchObject({
      state: 'unknown',
      refusal: { code: 'too-few-replications' },
    });
    expect(pairingOf([1, 2, 3, 4], [5, 5, 5, 5])).toMatchObject({
      state: 'unknown',
      correlation: null,
      refusal: { code: 'no-spread' },
    });
    expect(pairingOf([1, 2, 3, 4], [1, 2, 3, 4])).toMatchObject({
      state: 'paired',
      correlation: 1,
    });
    expect(() => pairingOf([1], [1, 2])).toThrow(/pairs is 2/);
    expect(() => pairingOf([1], [1], 1)).toThrow(/confidence is 1/);
  });
});
