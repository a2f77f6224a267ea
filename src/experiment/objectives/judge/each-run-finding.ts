/** Whether every single run meets a condition: highest and lowest values, recoveries, counts that
 * must be equal. One that does not settles it. If none does not, the share of runs that would is
 * bounded by how many there were (rule of three): of n at most 1 − α^(1/n). Spec: E112. */
import type { Finding } from './finding.ts';

/** One replication: its value, and whether it meets the condition. */
export interface RunValue {
  readonly value: number;
  readonly isMet: boolean;
}

/** The finding; its value is the worst. @param worst - The worse of two values. */
export function eachRunFinding(
  runs: readonly RunValue[],
  worst: (a: number, b: number) => number,
): Finding {
  const missed = runs.filter(({ isMet }) => !isMet);
  const values = (missed.length > 0 ? missed : runs).map(({ value }) => value);
  const value = values.length === 0 ? null : values.reduce((a, b) => worst(a, b));
  const decision = missed.length > 0 ? 'missed' : runs.length > 0 ? 'met' : 'open';
  return { value, low: null, high: null, decision, more: null };
}

/** At most this share of runs breaks what none of n broke, at a confidence. */
export function highestShareBreaking(n: number, confidence: number): number {
  return 1 - (1 - confidence) ** (1 / n);
}
