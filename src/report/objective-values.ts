/** Values of objectives as people read them: documents hold base units (µs, shares, counts, USD)
 * and the unit that the objective was written in. */
import { fromBase } from '../experiment/objectives/language/units.ts';
import type { ObjectiveVerdict } from '../experiment/objectives/objective.ts';
import { asSentence, formatNumber, NO_NUMBER, plural } from './numbers.ts';

/** `449 ms`, `0.12 %`, `3`; a dash for null. */
export function formatObjectiveValue(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return NO_NUMBER;
  const shown = formatNumber(fromBase(value, unit));
  return unit === '' ? shown : `${shown} ${unit}`;
}

/** `449 ms [438, 461]`; without an interval where there is none. */
export function formatObjectiveEstimate({ value, low, high, unit }: ObjectiveVerdict): string {
  const shown = formatObjectiveValue(value, unit);
  if (low === null && high === null) return shown;
  const bound = (one: number | null, open: string): string =>
    one === null || !Number.isFinite(one) ? open : formatNumber(fromBase(one, unit));
  return `${shown} [${bound(low, '−∞')}, ${bound(high, '∞')}]`;
}

/** Words and signs for verdicts, so that colour is not needed. */
export const VERDICT_SIGNS: Readonly<Record<ObjectiveVerdict['verdict'], string>> = {
  pass: '✓ pass',
  fail: '✗ FAIL',
  inconclusive: '? inconclusive',
  skipped: '– skipped',
};

/** Why the verdict is what it is, and how many more replications would decide, as sentences. */
export function reasonSentences({ reason, moreReplications }: ObjectiveVerdict): string {
  const why = asSentence(reason);
  return moreReplications === null
    ? why
    : `${why} About ${plural(moreReplications, 'more replication')} would decide.`;
}

/** How many objectives are met, missed and undecided, in a sentence; undefined without any. */
export function verdictSentence(verdicts: readonly ObjectiveVerdict[]): string | undefined {
  if (verdicts.length === 0) return undefined;
  const count = (verdict: ObjectiveVerdict['verdict']) =>
    verdicts.filter((one) => one.verdict === verdict).length;
  const parts = [
    [count('pass'), 'met'],
    [count('fail'), 'missed'],
    [count('inconclusive'), 'undecided'],
    [count('skipped'), 'skipped'],
  ].flatMap(([n, word]) => (n === 0 ? [] : [`${n} ${word}`]));
  const failed = verdicts.find(({ verdict }) => verdict === 'fail');
  const example =
    failed === undefined
      ? ''
      : ` ${failed.subject} misses ${failed.objective}: ${formatObjectiveEstimate(failed)}.`;
  return `Of ${plural(verdicts.length, 'judged objective')}, ${parts.join(', ')}.${example}`;
}
