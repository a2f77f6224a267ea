/** Deduplication: the first record of an event id passes, later ones are dropped and counted. An
 * id is remembered for a time to live in ingestion time, in two generations, so that memory is
 * bounded by twice what arrives in it. The warehouse's key catches what comes later. Spec: W3. */
import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { StageCounter } from './stage-counter.ts';
import type { ValidRecord } from './validate.ts';

/** Options of the stage. */
export interface DedupeOptions {
  readonly counter: StageCounter;
  /** An id is known for at least this long after it was seen, in µs. */
  readonly ttlUs: number;
}

/** The operator. Keeps the order. */
export function dedupe(options: DedupeOptions): MonoTypeOperatorFunction<ValidRecord> {
  const { counter, ttlUs } = options;
  let young = new Set<string>();
  let old = new Set<string>();
  let youngSinceUs = Number.NEGATIVE_INFINITY;
  return filter(({ record, event }) => {
    if (record.ingestTimeUs - youngSinceUs >= ttlUs) {
      old = young;
      young = new Set();
      youngSinceUs = record.ingestTimeUs;
    }
    if (young.has(event.id) || old.has(event.id)) {
      counter.drop('duplicate');
      return false;
    }
    young.add(event.id);
    counter.pass();
    return true;
  });
}
