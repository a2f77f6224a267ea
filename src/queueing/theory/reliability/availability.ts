/** Availability of parts that fail and are repaired, and of k out of n of them. Spec: Q113. */
import { checkArguments, isCount } from '../../bad-argument.ts';

/** How long a part works, and how long until it works again, on average: any unit, the same. */
export interface FailureTimes {
  /** MTTF > 0. */
  readonly meanTimeToFailure: number;
  /** MTTR ≥ 0. */
  readonly meanTimeToRepair: number;
}

/** MTTF ÷ (MTTF + MTTR): the share of time that a part works, whatever the distributions.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. Source: the renewal–reward theorem. */
export function availability({ meanTimeToFailure, meanTimeToRepair }: FailureTimes): number {
  const isTime = meanTimeToFailure > 0 && Number.isFinite(meanTimeToFailure);
  const isRepair = meanTimeToRepair >= 0 && Number.isFinite(meanTimeToRepair);
  checkArguments([
    ['meanTimeToFailure', meanTimeToFailure, isTime, 'give a finite time > 0'],
    ['meanTimeToRepair', meanTimeToRepair, isRepair, 'give a finite time ≥ 0'],
  ]);
  return meanTimeToFailure / (meanTimeToFailure + meanTimeToRepair);
}

/** The probability that at least k of n independent parts work. Cost O(n), positive terms only.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function kOfNAvailability(
  part: number,
  { k, n }: { readonly k: number; readonly n: number },
): number {
  checkArguments([
    ['availability', part, part >= 0 && part <= 1, 'give a number between 0 and 1'],
    ['n', n, isCount(n, 1), 'give a whole number ≥ 1'],
    ['k', k, isCount(k, 0) && k <= n, `give 0 … ${n}`],
  ]);
  // By how many work, one part after the other: row[j] = P(j of those so far work).
  const row = new Float64Array(n + 1);
  row[0] = 1;
  for (let parts = 1; parts <= n; parts += 1) {
    for (let j = parts; j >= 1; j -= 1) {
      row[j] = (row[j] as number) * (1 - part) + (row[j - 1] as number) * part;
    }
    row[0] = (row[0] as number) * (1 - part);
  }
  return Math.min(
    1,
    row.subarray(k).reduce((sum, one) => sum + one, 0),
  );
}
