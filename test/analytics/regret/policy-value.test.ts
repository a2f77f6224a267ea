/** The value of a policy against the sum over all its rows. */
import { describe, expect, it } from 'vitest';
import { createSoftmaxPolicy } from '../../../src/analytics/policies/scored-policies.ts';
import { policyValue } from '../../../src/analytics/regret/policy-value.ts';
import { rowValue } from '../../../src/analytics/regret/row-value.ts';
import { DEFAULT_CHOICE } from '../../../src/domain/taste/choice-model.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';
import { requestOf } from '../policies/row-requests.ts';

describe('the value of a policy', () => {
  it('M20: is the mean over requests and over what the policy draws', () => {
    const { tastes } = analyticsWorld({ titles: 5 });
    const scorer = {
      score: (_: unknown, into: Float64Array) => into.set(numbersTo(5)),
    };
    const options = { id: 'softmax', scorer, titleCount: 5, temperature: 2 };
    const policy = createSoftmaxPolicy(options);
    const truth = { tastes, choice: { ...DEFAULT_CHOICE, nothing: 1 } };
    const requests = numbersTo(400).map((row) => requestOf({ viewer: row % 4, row, slots: 2 }));
    const exact = requests.slice(0, 4).map((request) =>
      numbersTo(5)
        .flatMap((a) => numbersTo(5).map((b) => [a, b]))
        .reduce((sum, titles) => {
          const p = policy.probabilityOf?.(request, titles) ?? 0;
          return sum + (p > 0 ? p * rowValue(truth, request.viewer, titles).value : 0);
        }, 0),
    );
    const wanted = exact.reduce((sum, value) => sum + value, 0) / 4;
    const { mean, low, high } = policyValue(policy, { requests, ...truth, rowsPerRequest: 8 });
    expect(Math.abs(mean - wanted)).toBeLessThan(0.02);
    expect(low ?? 1).toBeLessThan(wanted);
    expect(high ?? 0).toBeGreaterThan(wanted);
  });
});
