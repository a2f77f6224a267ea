/** Enrichment alone: log records in, enriched events out. The basic chain is the one of every run
 * (checks, schema, dedupe, time, device, country, title, local hour); the full one adds user agent,
 * bot, campaign, session, route, and pseudonyms for who is in the events. */
import type { LogRecord, ReferenceData } from '../../src/domain/pipeline-ports.ts';
import { minutes } from '../../src/kernel/time.ts';
import {
  createBasicEnrichment,
  createFullEnrichment,
} from '../../src/streams/enrichment/chains.ts';
import { createPseudonymizer } from '../../src/streams/privacy/pseudonyms.ts';
import type { SdkBatch } from './sdk-batches.ts';

const REFERENCE: ReferenceData = {
  title: (titleId) => ({ name: `Title ${titleId}`, genre: 'Drama' }),
  country: () => 'US',
  utcOffsetMinutes: () => -300,
};
const KEY = { id: 'k1', secret: 'a secret of the bench alone' };

/** The records that a log makes of batches. */
export function recordsOf(batches: readonly SdkBatch[]): readonly LogRecord[] {
  return batches.flatMap(({ ingestTimeUs, payload }, batch) =>
    payload.events.map((raw, i) => ({
      partition: 0,
      offset: batch * payload.events.length + i,
      ingestTimeUs,
      sentTimeUs: payload.sentTimeUs,
      userAgent: payload.userAgent,
      clientAddress: payload.clientAddress,
      raw,
    })),
  );
}

/** @returns events that passed. */
export function enrichRecords(records: readonly LogRecord[], chain: 'basic' | 'full'): number {
  const options = { reference: REFERENCE, dedupeTtlUs: minutes(60) };
  const enrichment =
    chain === 'basic'
      ? createBasicEnrichment(options)
      : createFullEnrichment({ ...options, pseudonymizer: createPseudonymizer([KEY]) });
  let passed = 0;
  for (const record of records) {
    const result = enrichment.enrich(record, { processTimeUs: record.ingestTimeUs });
    if (result.kind === 'event') passed += 1;
  }
  return passed;
}
