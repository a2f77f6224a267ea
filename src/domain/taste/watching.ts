/** How much of a title somebody watches who began it: some to the end, the others a share of it.
 * The mean is known in closed form: σ(enjoyment). Spec: M1. */

/** Mean share that is watched, 0–1. @param enjoyment - Logits, as `Tastes.enjoyment` tells. */
export function expectedShare(enjoyment: number): number {
  return 1 / (1 + Math.exp(-enjoyment));
}

/** The share that a uniform number gives, growing with it. With m = σ(enjoyment), a share m² of
 * plays runs to the end; the others stop at a Beta(m, 1) share, whose mean is m/(1 + m): the mean
 * of all is m² + (1 − m²) · m/(1 + m) = m. @returns 0–1. */
export function watchedShare(enjoyment: number, u: number): number {
  const m = expectedShare(enjoyment);
  const stopped = 1 - m * m;
  return u >= stopped ? 1 : (u / stopped) ** (1 / m);
}
