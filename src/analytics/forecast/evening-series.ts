/** The same hours of several evenings, one after the other: the series that a season of one evening
 * is learned from. What lies between evenings is not in it. Spec: M93. */
import type { Warehouse } from '../../storage/warehouse.ts';
import { type LoadKind, readLoad } from './load-series.ts';

/** Which hours of which evenings. */
export interface EveningsQuestion {
  readonly kind: LoadKind;
  readonly bucketUs: number;
  /** Whole buckets of an evening. */
  readonly buckets: number;
  /** Where each evening begins, µs since the Unix epoch, the oldest first. */
  readonly startsUs: readonly number[];
}

/** Reads the evenings: `buckets` values each. Cost: a scan of `fact_event` an evening. */
export function readEvenings(
  warehouse: Pick<Warehouse, 'query'>,
  { kind, bucketUs, buckets, startsUs }: EveningsQuestion,
): readonly number[] {
  return startsUs.flatMap((fromUs) => {
    const toUs = fromUs + buckets * bucketUs;
    return readLoad(warehouse, { kind, bucketUs, fromUs, toUs })?.values ?? [];
  });
}
