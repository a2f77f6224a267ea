/** What follows from an experiment, in one word and one sentence. Spec: M148. */
import type { AbComparison, AbMetricReport } from './metric-report.ts';
import type { SampleRatioCheck } from './sample-ratio.ts';

/** The decision about one treatment. */
export interface Decision {
  readonly arm: string;
  /** `invalid`: the sample ratio is off, so that no figure can be trusted. `ship`: something
   * gained, nothing lost, and all guardrails hold. `do not ship`: something lost, or a guardrail
   * broke. */
  readonly verdict: 'ship' | 'do not ship' | 'inconclusive' | 'invalid';
  readonly text: string;
}

/** Decides about a treatment. */
export function decide(
  arm: string,
  metrics: readonly AbMetricReport[],
  sampleRatio: SampleRatioCheck,
): Decision {
  if (sampleRatio.verdict === 'mismatch') {
    const text =
      'arms do not hold the viewers that their shares say: look for what loses them first';
    return { arm, verdict: 'invalid', text };
  }
  const of = (holds: (one: AbComparison) => boolean): string[] =>
    metrics.flatMap(({ name, comparisons }) =>
      comparisons.some((one) => one.arm === arm && holds(one)) ? [name] : [],
    );
  const lost = of(({ verdict }) => verdict === 'worse');
  const broken = of(({ guardrail }) => guardrail?.verdict === 'breached');
  const bad = [
    ...lost.map((name) => `${name} is worse`),
    ...broken.map((name) => `${name} lost more than its margin`),
  ];
  if (bad.length > 0) return { arm, verdict: 'do not ship', text: bad.join('; ') };
  const gained = of(({ verdict }) => verdict === 'better');
  if (gained.length === 0) {
    return { arm, verdict: 'inconclusive', text: 'no metric differs beyond chance' };
  }
  const open = of(({ guardrail }) => guardrail?.verdict === 'inconclusive');
  if (open.length > 0) {
    const unknown = `it cannot be said yet whether ${open.join(', ')} holds`;
    const text = `${gained.join(', ')} better, but ${unknown}`;
    return { arm, verdict: 'inconclusive', text };
  }
  return { arm, verdict: 'ship', text: `${gained.join(', ')} better, and no guardrail broke` };
}
