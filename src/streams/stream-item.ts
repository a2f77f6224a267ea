/** What flows between operators: rows with their event time, and the watermark. An operator takes
 * items in order and answers at once; a watermark comes after everything that it speaks about. */

/** A row, or the news that event time has moved on. */
export type StreamItem<Row> =
  | { readonly kind: 'row'; readonly row: Row; readonly timeUs: number }
  /** No more rows with time ≤ this. Ascending; +∞ ends the stream. */
  | { readonly kind: 'watermark'; readonly timeUs: number };
