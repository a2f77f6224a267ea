/** Whether two groups last equally long: the log-rank test. Source: Mantel 1966; Peto and Peto
 * 1972, with the hypergeometric variance of ties. Spec: M66. */
import { normalProbability } from '../../stats/normal.ts';
import { type Refusal, refusal } from '../../stats/refusal.ts';
import type { Lifetimes } from './kaplan-meier.ts';

/** The test. */
export interface LogRank {
  /** Ends of the first group and of the second: seen, and expected if both lasted equally long. */
  readonly observed: readonly [number, number];
  readonly expected: readonly [number, number];
  /** χ² of one degree of freedom. */
  readonly chiSquare: number;
  readonly pValue: number;
}

/** Tests it, or says why it cannot be tested. Cost O(n log n). */
export function logRank(first: Lifetimes, second: Lifetimes): LogRank | Refusal {
  const sizes = [first.duration.length, second.duration.length];
  if (sizes.includes(0)) return refusal('no-rows', 'one of the two groups has nobody');
  const all = [...membersOf(first, 0), ...membersOf(second, 1)];
  all.sort((a, b) => a.duration - b.duration || a.group - b.group);
  const left = [...sizes] as [number, number];
  const observed: [number, number] = [0, 0];
  let expected = 0;
  let variance = 0;
  for (let i = 0; i < all.length; ) {
    const time = all[i]?.duration;
    const gone: [number, number] = [0, 0];
    const ended: [number, number] = [0, 0];
    for (; i < all.length && all[i]?.duration === time; i += 1) {
      const { group, hasEnded } = all[i] ?? { group: 0, hasEnded: 0 };
      gone[group] += 1;
      ended[group] += hasEnded;
    }
    const atRisk = left[0] + left[1];
    const events = ended[0] + ended[1];
    const share = left[0] / atRisk;
    observed[0] += ended[0];
    observed[1] += ended[1];
    expected += events * share;
    if (atRisk > 1) {
      variance += (events * share * (1 - share) * (atRisk - events)) / (atRisk - 1);
    }
    left[0] -= gone[0];
    left[1] -= gone[1];
  }
  if (variance <= 0) {
    return refusal('no-spread', 'nothing ended while both groups were there to be compared');
  }
  const chiSquare = (observed[0] - expected) ** 2 / variance;
  const total = observed[0] + observed[1];
  return {
    observed,
    expected: [expected, total - expected],
    chiSquare,
    pValue: 2 * normalProbability(-Math.sqrt(chiSquare)),
  };
}

interface Member {
  readonly duration: number;
  readonly hasEnded: number;
  readonly group: 0 | 1;
}

function membersOf({ duration, hasEnded }: Lifetimes, group: 0 | 1): Member[] {
  return Array.from(duration, (one, i) => ({ duration: one, hasEnded: hasEnded[i] ?? 0, group }));
}
