/** The best of all subjects, selected with a stated probability: Kim and Nelson's procedure over
 * observations, in their order. */
import {
  createSelection,
  type SelectionState,
  selectionStatement,
  stepSelection,
} from '../../stats/comparison/kim-nelson.ts';
import type { Metric } from '../campaign/metrics.ts';
import type { SelectionReport } from './compare-sections.ts';
import { type SubjectObservations, valuesOf } from './observations.ts';

/** What is to be selected. */
export interface SelectionOptions {
  /** Smallest difference worth telling, as a share of the best mean of the first observations. */
  readonly indifference: number;
  /** Probability of a right selection. */
  readonly confidence: number;
  /** Observations before anybody drops out; at least 2. */
  readonly first: number;
}

/** Selects among subjects; null where there is nothing to select among, or too little yet.
 * Percentiles are compared by the replications' own. Spec: E160. */
export function selectBest(
  subjects: readonly SubjectObservations[],
  metric: Metric,
  { indifference: share, confidence, first }: SelectionOptions,
): SelectionReport | null {
  const columns = subjects.map((subject) => valuesOf(subject, metric));
  const count = Math.min(...columns.map((values) => values.length));
  if (subjects.length < 2 || count < first) return null;
  // A replication without a value cannot be compared, and leaving it out would favour somebody.
  if (columns.some((values) => values.some((value) => !Number.isFinite(value)))) return null;
  const better: SelectionReport['better'] = metric.better ?? 'smaller';
  const means = columns.map((values) => mean(values.slice(0, first)));
  const best = better === 'smaller' ? Math.min(...means) : Math.max(...means);
  const indifference = share * Math.abs(best);
  // Where the best is 0, no share of it is a difference worth telling.
  if (indifference === 0) return null;
  const alternatives = subjects.map(({ name }) => name);
  const rows = Array.from({ length: count }, (_, r) => columns.map((values) => values[r] ?? null));
  const rule = { alternatives, better, indifference, confidence, first };
  const state = stepSelection(createSelection(rule), rows);
  return { ...reportOf(state), metric: metric.name, indifferenceShare: share };
}

function reportOf(state: SelectionState): Omit<SelectionReport, 'metric' | 'indifferenceShare'> {
  const { rule, eliminated } = state;
  const { selected, survivors, text } = selectionStatement(state);
  const { better, indifference, confidence } = rule;
  return {
    better,
    indifference,
    confidence,
    selected,
    survivors,
    eliminated: eliminated.map(({ alternative, replications }) => ({
      subject: rule.alternatives[alternative] ?? '',
      observations: replications,
    })),
    text,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
