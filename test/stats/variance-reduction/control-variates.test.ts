/** Control variates: by hand, the gain that theory knows, coverage, and refusals. */
import { describe, expect, it } from 'vitest';
import { meanInterval } from '../../../src/stats/mean-interval.ts';
import { controlledMean } from '../../../src/stats/variance-reduction/control-variates.ts';
import { createNormalDraws } from '../normal-draws.ts';
import { COVERAGE_TIMEOUT_MS, coverageBounds, coverageOf, IS_LONG } from '../series/coverage.ts';

const normal = createNormalDraws(102);

/** Outputs of mean 50 that follow two controls of means 3 and 7; a tenth of their variance is
 * noise. */
function experiment(e: number, n: number) {
  const work = Array.from({ length: n }, (_, i) => 3 + normal(3 * e, i));
  const users = Array.from({ length: n }, (_, i) => 7 + 2 * normal(3 * e + 1, i));
  const outputs = work.map((one, i) => {
    const noise = Math.sqrt(5 / 9) * normal(3 * e + 2, i);
    return 50 + 2 * (one - 3) + 0.5 * ((users[i] ?? 0) - 7) + noise;
  });
  const controls = [
    { name: 'offered load', values: work, mean: 3 },
    { name: 'users', values: users, mean: 7 },
  ];
  return { outputs, controls };
}

describe('control variates', { timeout: COVERAGE_TIMEOUT_MS }, () => {
  it('N41: correct by hand', () => {
    // Slope 2, outputs 2c + 1 + (0.1, −0.2, 0.1, 0.1, −0.2, 0.1), mean of c 3.5 instead of 3.
    const values = [1, 2, 3, 4, 5, 6];
    const errors = [0.1, -0.2, 0.1, 0.1, -0.2, 0.1];
    const outputs = values.map((c, i) => 2 * c + 1 + (errors[i] ?? 0));
    const found = controlledMean(outputs, [{ name: 'c', values, mean: 3 }]);
    expect(found.mean).toBeCloseTo(7, 10);
    expect(found.coefficients).toEqual([{ name: 'c', value: expect.closeTo(2, 10) }]);
    // s² = 0.12 ÷ 4; error² = s²(1/6 + 0.5² ÷ 17.5); t(4) = 2.7764.
    const error = Math.sqrt(0.03 * (1 / 6 + 0.25 / 17.5));
    expect(found.halfWidth).toBeCloseTo(2.7764451 * error, 6);
    expect(found).toMatchObject({ df: 4, n: 6, refusal: null });
  });

  it('N41: gain what theory says, and name their method', () => {
    const { outputs, controls } = experiment(0, 4_000);
    const both = controlledMean(outputs, controls);
    // Variances: 4 + 1 + 5/9 in all, 5/9 left.
    expect(both.varianceRatio).toBeGreaterThan(9);
    expect(both.varianceRatio).toBeLessThan(11);
    expect(both.method).toContain('control variates: offered load, users');
    const one = controlledMean(outputs, controls.slice(0, 1));
    expect(one.varianceRatio).toBeGreaterThan(3.2);
    expect(one.varianceRatio).toBeLessThan(4);
  });

  it.each([0, 1, 2])('N41: cover the mean with %s controls', (q) => {
    const replications = IS_LONG ? 10_000 : 200;
    const found = coverageOf(replications, 50, (e) => {
      const { outputs, controls } = experiment(e, 12);
      return controlledMean(outputs, controls.slice(0, q));
    });
    const { low, high } = IS_LONG ? { low: 0.94, high: 0.96 } : coverageBounds(0.95, 200);
    expect(found.share).toBeGreaterThan(low);
    expect(found.share).toBeLessThan(high);
  });

  it('N41: say when they harm', () => {
    const { outputs } = experiment(1, 8);
    const values = Array.from({ length: 8 }, (_, i) => normal(9_999, i));
    const useless = controlledMean(outputs, [{ name: 'dice', values, mean: 0 }]);
    expect(useless.varianceRatio).toBeLessThan(1.3);
  });

  it('N41: leave the plain mean where controls are too many, constant or collinear', () => {
    const { outputs, controls } = experiment(2, 6);
    const plain = meanInterval(outputs);
    const many = controlledMean(outputs, controls);
    expect(many).toMatchObject({ ...plain, refusal: { code: 'too-few-replications' } });
    expect(many.method).toContain('2 controls take 7 replications, there are 6');
    const constant = { name: 'constant', values: outputs.map(() => 4), mean: 4 };
    expect(controlledMean(outputs, [constant])).toMatchObject({
      ...plain,
      coefficients: [],
      refusal: { code: 'collinear' },
    });
    const large = experiment(3, 20);
    const twice = [...large.controls.slice(0, 1), ...large.controls.slice(0, 1)];
    expect(controlledMean(large.outputs, twice).refusal?.code).toBe('collinear');
    expect(controlledMean(outputs, []).method).toBe('plain mean');
    const short = [{ name: 'c', values: [1], mean: 1 }];
    expect(() => controlledMean(outputs, short)).toThrow(/values of control c is 1/);
  });
});
