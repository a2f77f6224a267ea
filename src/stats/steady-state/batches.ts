/** Batches of neighbours and their means. */

/** Batches of a series. */
export interface Batching {
  readonly batchLength: number;
  readonly batches: number;
  /** The batches' means, the last ones of the series: what does not fill a batch is left out at the
   * start, where a rest of the warm-up would be. */
  readonly means: readonly number[];
}

/** As many batches of `batchLength` as the series holds; `batchLength` is a whole number above 0.
 * Cost O(n). */
export function batchesOf(series: readonly number[], batchLength: number): Batching {
  const batches = Math.floor(series.length / batchLength);
  const start = series.length - batches * batchLength;
  const means = Array.from({ length: batches }, (_, b) => {
    let sum = 0;
    const from = start + b * batchLength;
    for (let i = from; i < from + batchLength; i += 1) sum += series[i] ?? 0;
    return sum / batchLength;
  });
  return { batchLength, batches, means };
}
