/** Sample-ratio mismatch: whether the arms hold as many viewers as their shares say. Where they
 * don't, something lost or moved viewers by arm, and no other figure of the experiment can be
 * trusted. Spec: M142. */
import { chiSquareTail } from '../../../stats/comparison/chi-square.ts';
import { type Refusal, refusal } from '../../../stats/refusal.ts';
import { type Arm, requireArms } from './allocation.ts';

/** Usual alert level: checks are many and looked at daily, so an alert has to be rare by chance.
 * Source: Fabijan et al. 2019 (0.0005 to 0.001 in practice). */
export const SAMPLE_RATIO_ALERT_LEVEL = 0.0005;

/** What the check says. */
export interface SampleRatioCheck {
  readonly arms: readonly {
    readonly name: string;
    readonly expected: number;
    readonly found: number;
  }[];
  /** χ² of found against expected; null without enough viewers. */
  readonly chiSquare: number | null;
  readonly pValue: number | null;
  readonly alertLevel: number;
  /** `mismatch`: the p-value is below the alert level. */
  readonly verdict: 'as planned' | 'mismatch' | 'unknown';
  readonly refusal: Refusal | null;
}

/** Pearson's χ² of viewers by arm, with arms − 1 degrees of freedom. Unknown with fewer than two
 * arms, and where an arm expects fewer than five viewers.
 * @param counts - Viewers by arm. Source: Pearson 1900; Fabijan et al. 2019. */
export function checkSampleRatio(
  arms: readonly Arm[],
  counts: readonly number[],
  alertLevel = SAMPLE_RATIO_ALERT_LEVEL,
): SampleRatioCheck {
  requireArms(arms);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weight = arms.reduce((sum, { share }) => sum + share, 0);
  const rows = arms.map(({ name, share }, i) => ({
    name,
    expected: (total * share) / weight,
    found: counts[i] ?? 0,
  }));
  const least = Math.min(...rows.map(({ expected }) => expected));
  if (arms.length < 2 || least < 5) {
    const text =
      arms.length < 2
        ? 'one arm alone has no ratio'
        : `the check takes 5 viewers expected in each arm, the least has ${least.toFixed(1)}`;
    const why = refusal('too-few-values', text);
    const none = { chiSquare: null, pValue: null };
    return { arms: rows, ...none, alertLevel, verdict: 'unknown', refusal: why };
  }
  const chiSquare = rows.reduce(
    (sum, row) => sum + (row.found - row.expected) ** 2 / row.expected,
    0,
  );
  const pValue = chiSquareTail(chiSquare, arms.length - 1);
  const verdict = pValue < alertLevel ? 'mismatch' : 'as planned';
  return { arms: rows, chiSquare, pValue, alertLevel, verdict, refusal: null };
}
