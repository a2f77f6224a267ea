/** What an objective's text does not say: how sure a verdict must be and what it means. */
import type { Objective } from '../objective.ts';

/** Settings; left out, the defaults. */
export interface ObjectiveSettings {
  /** Default `fail`. */
  readonly severity?: Objective['severity'] | undefined;
  /** One-sided, between 0.5 and 1. Default 0.95; `@99%` in the text goes before it. */
  readonly confidence?: number | undefined;
  /** No verdict but `inconclusive` before; what one run can refute fails at once. Default 5. */
  readonly minReplications?: number | undefined;
  /** Values over all replications. Default 1; a quantile never takes fewer than
   * 10 ÷ min(q, 1 − q). */
  readonly minSamples?: number | undefined;
  /** Default `fail`. */
  readonly onNoData?: Objective['onNoData'] | undefined;
}

/** Confidence of verdicts unless said otherwise. */
export const DEFAULT_CONFIDENCE = 0.95;

/** Settings with every default filled in. */
export function settled(
  settings: ObjectiveSettings,
): Pick<Objective, 'severity' | 'confidence' | 'minReplications' | 'minSamples' | 'onNoData'> {
  return {
    severity: settings.severity ?? 'fail',
    confidence: settings.confidence ?? DEFAULT_CONFIDENCE,
    minReplications: settings.minReplications ?? 5,
    minSamples: settings.minSamples ?? 1,
    onNoData: settings.onNoData ?? 'fail',
  };
}
