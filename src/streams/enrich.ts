/** Enrichment: title, device, country and local hour. The client's address is read here for the
 * last time. Pure functions of (record, reference data). Spec: W4. */
import { map, type OperatorFunction } from 'rxjs';
import type { EnrichedEvent, ReferenceData } from '../domain/pipeline-ports.ts';
import { createDeviceKind } from './device-kind.ts';
import type { StageCounter } from './stage-counter.ts';
import type { ValidRecord } from './validate.ts';

/** Options of the stage. */
export interface EnrichOptions {
  readonly counter: StageCounter;
  readonly reference: ReferenceData;
  /** When the pipeline processes: µs since the Unix epoch. */
  readonly processTimeUs: () => number;
}

/** An enriched event and the partition that it came from. */
export interface PartitionedEvent {
  readonly partition: number;
  readonly enriched: EnrichedEvent;
}

const US_PER_MINUTE = 60_000_000;
const MINUTES_PER_DAY = 1_440;

/** The operator: one in, one out. */
export function enrich(options: EnrichOptions): OperatorFunction<ValidRecord, PartitionedEvent> {
  const { counter, reference } = options;
  const deviceKind = createDeviceKind();
  return map(({ record, event }) => {
    counter.pass();
    const country = reference.country(record.clientAddress);
    const { titleId } = event.data;
    const title = titleId === undefined ? undefined : reference.title(titleId);
    return {
      partition: record.partition,
      enriched: {
        event,
        ingestTimeUs: record.ingestTimeUs,
        processTimeUs: options.processTimeUs(),
        deviceKind: deviceKind(record.userAgent),
        country,
        localHour: localHour(event.eventTimeUs, reference.utcOffsetMinutes(country)),
        titleName: title?.name ?? null,
        genre: title?.genre ?? null,
      },
    };
  });
}

function localHour(timeUs: number, offsetMinutes: number): number {
  const minute = Math.floor(timeUs / US_PER_MINUTE) + offsetMinutes;
  return Math.floor((((minute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY) / 60);
}
