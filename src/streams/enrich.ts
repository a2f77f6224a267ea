/** Enrichment as an RxJS operator: records in, enriched events out, bad rows aside. Keeps the
 * order; usable alone. The chain itself is `enrichment/enrichment.ts`. Spec: W1–W4, W70. */
import { filter, map, type OperatorFunction, pipe } from 'rxjs';
import type { BadRow, EnrichedEvent, LogRecord } from '../domain/pipeline-ports.ts';
import type { Enrichment } from './enrichment/enrichment.ts';

/** Options of the operator. */
export interface EnrichOptions {
  readonly enrichment: Enrichment;
  /** When the pipeline processes: µs since the Unix epoch. */
  readonly processTimeUs: () => number;
  readonly onBadRow: (row: BadRow) => void;
}

/** An enriched event and the partition that it came from. */
export interface PartitionedEvent {
  readonly partition: number;
  readonly enriched: EnrichedEvent;
}

/** The operator: one in, at most one out. */
export function enrich(options: EnrichOptions): OperatorFunction<LogRecord, PartitionedEvent> {
  const { enrichment, processTimeUs, onBadRow } = options;
  return pipe(
    map((record: LogRecord): PartitionedEvent | undefined => {
      const result = enrichment.enrich(record, { processTimeUs: processTimeUs() });
      if (result.kind === 'bad') onBadRow(result.row);
      if (result.kind !== 'event') return undefined;
      return { partition: record.partition, enriched: result.enriched };
    }),
    filter((one) => one !== undefined),
  );
}
