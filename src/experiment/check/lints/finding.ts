/** What lints look at, and how they tell what they find. */
import type { Scenario } from '../../scenario/schema.ts';
import type { Variant } from '../../scenario/variants.ts';
import type { Finding, SubjectPreflight } from '../check-document.ts';

/** Every code, in the order of the documentation. `SCENARIO_INVALID` and its like come before any
 * of these. */
export const LINT_CODES = [
  'L-STABLE',
  'L-ZONE',
  'L-SATURATED',
  'L-AUTOSCALER',
  'L-FAULT',
  'L-POOL',
  'L-PARTITIONS',
  'L-TAIL',
  'L-RUN-LENGTH',
  'L-TRAFFIC',
  'L-SCALE',
  'L-RETURNS',
  'L-TIMEOUT',
  'L-CONNECTIONS',
  'L-OBJECTIVE',
  'L-SAMPLES',
  'L-REPLICATIONS',
] as const;
/** One of {@link LINT_CODES}. */
export type LintCode = (typeof LINT_CODES)[number];

/** One subject with its scenario. */
export interface LintedSubject {
  readonly variant: Variant;
  readonly preflight: SubjectPreflight;
}

/** What all lints get. */
export interface LintContext {
  readonly scenario: Scenario;
  readonly subjects: readonly LintedSubject[];
  /** Replications that are meant to be run. */
  readonly replications: number;
}

/** A lint. */
export type Lint = (context: LintContext) => readonly Finding[];

/** A finding with its code checked. */
export function finding(
  severity: Finding['severity'],
  code: LintCode,
  told: Omit<Finding, 'severity' | 'code'>,
): Finding {
  return { severity, code, ...told };
}

/** `33 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Three significant digits, thousands apart. */
export function number(value: number): string {
  const text = String(Number(value.toPrecision(3)));
  return value >= 1_000 ? text.replace(/\B(?=(\d{3})+$)/g, ',') : text;
}

/** `1.5 s`, `20 min`. */
export function duration(us: number): string {
  if (us >= 120e6) return `${number(us / 60e6)} min`;
  return us >= 1e6 ? `${number(us / 1e6)} s` : `${number(us / 1e3)} ms`;
}
