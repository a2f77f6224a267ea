/** Deduplication. The first record of an event id passes. A later one with the same payload is a
 * natural duplicate, a delivery again, and is dropped and counted; one with another payload is a
 * synthetic one, a client's bug, and becomes a bad row: it may be an event. An id is remembered
 * for a time to live in ingestion time, in two generations, so that memory is bounded by twice what
 * arrives in it. The warehouse's key catches what comes later. Spec: W3, W77. Source: Snowplow. */
import { createDedupeMemory } from '../../dedupe-memory.ts';
import { fingerprint } from '../lookups/fingerprint.ts';
import type { Stage, StageFailure } from '../stage.ts';

/** Options of the stage. */
export interface DedupeOptions {
  /** An id is known for at least this long after it was seen, in µs. */
  readonly ttlUs: number;
}

const DUPLICATE: StageFailure = { failed: 'dropped', reason: 'duplicate' };

/** Makes the stage. */
export function createDedupeStage({ ttlUs }: DedupeOptions): Stage {
  const memory = createDedupeMemory(ttlUs);
  return {
    name: 'dedupe',
    version: '2.0.0',
    part: 'dedupe',
    memory,
    apply(draft) {
      const { event, record } = draft;
      const print = fingerprint(event);
      const known = memory.firstPrint(event.id, { print, ingestTimeUs: record.ingestTimeUs });
      if (known === undefined) return draft;
      return known === print ? DUPLICATE : anotherPayload(known, print);
    },
  };
}

/** Which of them is right, people must say: both are told by their hashes. */
function anotherPayload(first: number, print: number): StageFailure {
  return {
    failed: 'rejected',
    type: 'identity_violation',
    reason: 'duplicate id with another payload',
    messages: [
      {
        field: 'id',
        rule: 'unique',
        valueHash: print.toString(16),
        error: `id: payload ${print.toString(16)} came after payload ${first.toString(16)}`,
      },
    ],
    isRecoverable: true,
  };
}
