/** Runs metrics by name on a warehouse. Spec: S6. */
import { METRICS, type MetricName } from './metrics/catalogue.ts';
import type { MetricRow } from './metrics/metric.ts';
import type { Warehouse } from './warehouse.ts';

/** Runs a metric. Cost: one scan of the facts, as a rule. */
export function runMetric(warehouse: Warehouse, name: MetricName): readonly MetricRow[] {
  return warehouse.query(METRICS[name].sql);
}
