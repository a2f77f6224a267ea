/** Effects of changes against one baseline, on common random numbers: differences of replications
 * in pairs. What decides is one family of comparisons over all changes, and what is told beside it
 * another one. Spec: M192. */
import { holmAdjusted } from '../../../stats/comparison/holm.ts';
import type { RunSample } from '../../campaign/run-sample.ts';
import type { ComparedPair } from '../../compare/compare-sections.ts';
import { pooledPercentile } from '../../compare/estimates.ts';
import { observed, type SubjectObservations, valuesOf } from '../../compare/observations.ts';
import { comparedPairs } from '../../compare/pairs.ts';
import type { AdviceEffect, EffectVerdict } from '../advice-document.ts';
import type { RatedMetric } from './advice-metrics.ts';

/** Chance of any false alarm in a family. */
const LEVEL = 0.05;

/** Of each change its effects, metric by metric; a metric that a replication has nothing of is left
 * out there, and still counts in its family.
 * @param baseline - By replication; `changed` has the same ones in the same order. */
export function effectsOf(
  baseline: readonly RunSample[],
  changed: readonly (readonly RunSample[])[],
  metrics: readonly RatedMetric[],
): readonly (readonly AdviceEffect[])[] {
  const before = observationsOf(baseline, 'baseline');
  const families = [true, false].map((decides) =>
    familyOf(
      before,
      changed,
      metrics.filter((metric) => metric.decides === decides),
    ),
  );
  return changed.map((_, i) => families.flatMap((family) => family[i] ?? []));
}

/** The effects of one family. */
function familyOf(
  before: SubjectObservations,
  changed: readonly (readonly RunSample[])[],
  metrics: readonly RatedMetric[],
): readonly (readonly AdviceEffect[])[] {
  const size = Math.max(1, changed.length * metrics.length);
  const compared = changed.map((samples) => {
    const after = observationsOf(samples, 'changed');
    const known = metrics.filter(({ name }) => isMeasured(samples, name));
    const pairs = comparedPairs(
      [before, after],
      known.map(({ metric }) => metric),
      size,
    );
    return known.flatMap((metric, i) => {
      const pair = pairs[i];
      return pair === undefined ? [] : [{ metric, pair, pValue: pValueOf(pair) }];
    });
  });
  const all = compared.flat();
  // What has no p-value counts in the family as what shows nothing.
  const without = Array.from({ length: size - all.length }, () => 1);
  const adjusted = holmAdjusted([...all.map(({ pValue }) => pValue ?? 1), ...without]);
  let next = 0;
  return compared.map((own) =>
    own.map(({ metric, pair, pValue }): AdviceEffect => {
      const holm = pValue === null ? null : (adjusted[next] ?? 1);
      next += 1;
      return effectOf(metric, { before, pair, adjustedPValue: holm });
    }),
  );
}

function effectOf(
  metric: RatedMetric,
  of: {
    readonly before: SubjectObservations;
    readonly pair: ComparedPair;
    readonly adjustedPValue: number | null;
  },
): AdviceEffect {
  const { pair, adjustedPValue } = of;
  const value = valueBefore(of.before, metric);
  const { difference, adjusted } = pair;
  return {
    metric: metric.name,
    before: value,
    after: value + difference.value,
    difference,
    adjusted,
    adjustedPValue,
    verdict: verdictOf(metric, { pair, adjustedPValue }),
  };
}

/** Better or worse takes both: shown to differ, and by more than is negligible. */
function verdictOf(
  { better, negligible }: RatedMetric,
  of: { readonly pair: ComparedPair; readonly adjustedPValue: number | null },
): EffectVerdict {
  const { difference, adjusted } = of.pair;
  const isShown = of.adjustedPValue !== null && of.adjustedPValue <= LEVEL;
  if (isShown && Math.abs(difference.value) > negligible) {
    return difference.value > 0 === (better === 'larger') ? 'better' : 'worse';
  }
  const { low, high } = adjusted;
  const isNone = low !== null && high !== null && low >= -negligible && high <= negligible;
  return isNone ? 'no difference' : 'inconclusive';
}

/** Differences that do not vary are certain, and have no p-value of their own. */
function pValueOf({ adjustedPValue, difference }: ComparedPair): number | null {
  const { value, low, high } = difference;
  if (low !== null && low === high) return value === 0 ? 1 : 0;
  return adjustedPValue;
}

function valueBefore(subject: SubjectObservations, { metric }: RatedMetric): number {
  if (metric.quantile !== undefined) return pooledPercentile(subject, metric.quantile).value;
  const values = valuesOf(subject, metric);
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function observationsOf(samples: readonly RunSample[], name: string): SubjectObservations {
  const [first] = samples;
  const demand = first?.demand ?? { viewers: 0, test: null };
  return observed({ name, architecture: first?.architecture ?? '', demand, samples }, 1);
}

function isMeasured(samples: readonly RunSample[], name: string): boolean {
  return samples.every(({ metrics }) => typeof metrics[name] === 'number');
}
