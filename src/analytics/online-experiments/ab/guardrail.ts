/** Guardrails: metrics that need not gain, but must not lose more than a margin. "No significant
 * harm" is no answer to that; too few viewers would say so of anything. Spec: M147. */

/** A guardrail's verdict. */
export interface GuardrailVerdict {
  /** Largest loss that is accepted, in the metric's unit. */
  readonly margin: number;
  /** `holds`: the loss is below the margin. `breached`: above it. `inconclusive`: can't be said. */
  readonly verdict: 'holds' | 'breached' | 'inconclusive';
  /** Bounds of the loss (positive: worse than control), one-sided each at the level. */
  readonly lossLow: number | null;
  readonly lossHigh: number | null;
}

/** Judges a difference by its one-sided bounds (non-inferiority).
 * @param bounds - Of treatment minus control, with confidence 1 − 2 · level; null where there is
 * no interval. Source: Schuirmann 1987, one side of it. */
export function judgeGuardrail(
  bounds: { readonly low: number; readonly high: number } | null,
  rule: { readonly margin: number; readonly better: 'more' | 'less' },
): GuardrailVerdict {
  const { margin, better } = rule;
  if (bounds === null) return { margin, verdict: 'inconclusive', lossLow: null, lossHigh: null };
  const lossLow = better === 'more' ? -bounds.high : bounds.low;
  const lossHigh = better === 'more' ? -bounds.low : bounds.high;
  const isHeld = lossHigh < margin;
  const verdict = isHeld ? 'holds' : lossLow > margin ? 'breached' : 'inconclusive';
  return { margin, verdict, lossLow, lossHigh };
}
