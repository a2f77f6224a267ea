/** The metrics of a sweep by their names. */
import { EngineError, nearestName } from '../../kernel/errors.ts';
import { METRICS, type Metric } from '../campaign/metrics.ts';
import type { SweepMetric } from './sweep-document.ts';

/** A metric with which way is better. */
export interface RatedMetric extends SweepMetric {
  readonly metric: Metric;
}

const DEFAULT_METRICS = ['page load p95', 'page load mean', 'error share', 'highest utilization'];
/** Neither more nor less of these is better in itself. */
const NEUTRAL = ['highest utilization'];

/** The metrics of these names, in their order; the usual ones by default.
 * @throws EngineError `STATS_BAD_ARGUMENT` for a name that is none, and for a percentile that
 * replications cannot be pooled by. */
export function sweepMetrics(
  names: readonly string[] = DEFAULT_METRICS,
  replications: number,
): readonly RatedMetric[] {
  return [...new Set(names)].map((name) => {
    const metric = METRICS.find((one) => one.name === name);
    if (metric === undefined) throw unknownMetric(name);
    if (metric.isUnpoolable === true && replications > 1) {
      throw badMetric(name, 'is a percentile that replications are not pooled by; ask for one');
    }
    const better = metric.better === 'larger' ? 'higher' : 'lower';
    return { name, unit: metric.unit, better: NEUTRAL.includes(name) ? null : better, metric };
  });
}

function unknownMetric(name: string): EngineError {
  const known = METRICS.map((metric) => metric.name);
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : `did you mean "${nearest}"? `;
  return badMetric(name, `is no metric; ${hint}There are ${known.join(', ')}`);
}

function badMetric(name: string, why: string): EngineError {
  const details = { argument: 'metric', found: name };
  return new EngineError('STATS_BAD_ARGUMENT', `metric "${name}" ${why}`, details);
}
