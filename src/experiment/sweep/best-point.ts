/** The best point of a subject by a metric, and those that are not told from it. Spec: E275. */
import { pairedDifference } from '../../stats/paired-difference.ts';
import type { BestPoint, SweepMetric, SweepPoint } from './sweep-document.ts';

/** The best point; objectives come first. Null where nothing has a value or neither way is better.
 * @param confidence - That no point is wrongly told apart, all together (Bonferroni). */
export function bestPoint(
  points: readonly SweepPoint[],
  { name, better }: SweepMetric,
  confidence: number,
): BestPoint | null {
  if (better === null) return null;
  const meeting = points.filter(meetsObjectives);
  const candidates = (meeting.length > 0 ? meeting : points).flatMap((point) => {
    const value = point.metrics[name]?.value;
    return value === undefined || !Number.isFinite(value) ? [] : [{ point, value }];
  });
  const sign = better === 'lower' ? 1 : -1;
  const best = candidates.reduce<(typeof candidates)[number] | undefined>(
    (found, one) => (found === undefined || sign * (one.value - found.value) < 0 ? one : found),
    undefined,
  );
  if (best === undefined) return null;
  const others = candidates.filter((one) => one !== best);
  const each = 1 - (1 - confidence) / Math.max(1, others.length);
  return {
    metric: name,
    point: best.point.name,
    value: best.value,
    indistinguishable: others
      .filter(({ point }) => !isWorse(point, best.point, { name, sign, confidence: each }))
      .map(({ point }) => point.name),
    meetsObjectives: meeting.length > 0,
  };
}

function meetsObjectives({ verdicts }: SweepPoint): boolean {
  return verdicts.every(({ severity, verdict }) => severity === 'warn' || verdict !== 'fail');
}

function isWorse(
  point: SweepPoint,
  best: SweepPoint,
  by: { readonly name: string; readonly sign: number; readonly confidence: number },
): boolean {
  const [a = [], b = []] = [point, best].map(({ metrics }) => metrics[by.name]?.values);
  const pairs = a.flatMap((value, i) => {
    const other = b[i];
    return typeof value === 'number' && typeof other === 'number' ? [[value, other] as const] : [];
  });
  const { low, high } = pairedDifference(
    pairs.map(([value]) => value),
    pairs.map(([, value]) => value),
    by.confidence,
  );
  if (low === null || high === null) return false;
  return by.sign > 0 ? low > 0 : high < 0;
}
