/** The error of a share if it is truly another one. Where few things go wrong by luck, the spread
 * that is seen is small by the same luck; so what is kept of it is how much wider it is than that
 * of independent cases (the design effect), which is then put on the spread at the supposed share.
 * Source: Kish, Survey Sampling; Rao and Scott 1992. */

/** √(max(1, deff) · p(1 − p) ÷ N), deff being the variance seen over that of independent cases.
 * @param seen - Share, its variance over replications, and the number of cases N > 0.
 * @param supposed - p, between 0 and 1. */
export function shareError(
  seen: { readonly share: number; readonly variance: number; readonly count: number },
  supposed: number,
): number {
  const { share, variance, count } = seen;
  const independent = (share * (1 - share)) / count;
  const designEffect = independent > 0 ? variance / independent : 1;
  return Math.sqrt((Math.max(1, designEffect) * supposed * (1 - supposed)) / count);
}
