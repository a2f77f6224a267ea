/** What a policy is truly worth on given requests: the mean of its rows' values. Spec: M20. */
import type { RowPolicy, RowRequest } from '../../domain/recommending/row-policy.ts';
import type { ChoiceConfig } from '../../domain/taste/choice-model.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import { type MeanInterval, meanInterval } from '../../stats/mean-interval.ts';
import { rowValue } from './row-value.ts';

/** Draws of one row are that far apart from those of its repetitions: a slot takes one. */
const DRAWS_APART = 64;

/** The mean value of a row over the requests. What comes of a row is integrated in closed form;
 * only the policy's own chance is sampled, `rowsPerRequest` times each (1 is enough where it has
 * none).
 * @returns The interval is over requests: it says how well the mean over all requests like these
 * is known. Cost O(requests · rowsPerRequest) rows. */
export function policyValue(
  policy: RowPolicy,
  options: {
    readonly requests: readonly RowRequest[];
    readonly tastes: Tastes;
    readonly choice: ChoiceConfig;
    readonly rowsPerRequest?: number;
  },
): MeanInterval {
  const { requests, rowsPerRequest = 1 } = options;
  const values = requests.map((request) => {
    let sum = 0;
    for (let i = 0; i < rowsPerRequest; i += 1) {
      const { titles } = policy.choose(repetition(request, i));
      sum += rowValue(options, request.viewer, titles).value;
    }
    return sum / rowsPerRequest;
  });
  return meanInterval(values);
}

function repetition(request: RowRequest, i: number): RowRequest {
  const { viewer, row, nowUs, slots } = request;
  return {
    viewer,
    row,
    nowUs,
    slots,
    isExcluded: (title) => request.isExcluded(title),
    uniform: (k) => request.uniform(i * DRAWS_APART + k),
  };
}
