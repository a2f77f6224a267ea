/** The ports between the log, the pipeline (`streams`) and the warehouse (`storage`), which do not
 * know each other. Times are µs since the Unix epoch. */
import type { TrackedEvent } from './tracked-event.ts';

/** One record of the partitioned log. Offsets ascend by one within a partition. */
export interface LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly ingestTimeUs: number;
  /** Device clock when the request that brought the event was sent. */
  readonly sentTimeUs: number;
  /** The device's monotonic clock at the same instant, where the SDK tells it. */
  readonly sentUptimeUs?: number;
  readonly userAgent: string;
  readonly clientAddress: string;
  /** One tracked event as received: not yet validated. */
  readonly raw: unknown;
}

/** Reads the log. */
export interface LogReader {
  readonly partitionCount: number;
  /** Records from `offset` on, at most `maxRecords`, in offset order. */
  read(partition: number, offset: number, maxRecords: number): readonly LogRecord[];
}

/** What the enricher looks things up in. Pure functions of their argument. */
export interface ReferenceData {
  /** @returns undefined for an unknown title. */
  title(titleId: string): { readonly name: string; readonly genre: string } | undefined;
  /** ISO 3166-1 alpha-2, or `ZZ` where unknown. */
  country(clientAddress: string): string;
  /** Offset of local time from UTC in minutes for a country; 0 where unknown. */
  utcOffsetMinutes(country: string): number;
}

/** An event that passed validation, deduplication and enrichment: one row of the fact table. */
export interface EnrichedEvent {
  readonly event: TrackedEvent;
  readonly ingestTimeUs: number;
  /** When the pipeline processed it. */
  readonly processTimeUs: number;
  /** `tv`, `phone`, `web`, `console`, `bot` or `unknown`. */
  readonly deviceKind: string;
  readonly country: string;
  /** Hour of day where the viewer is, 0–23. */
  readonly localHour: number;
  readonly titleName: string | null;
  readonly genre: string | null;
}

/** What a window emitted. Repeated panes of one (window, key) replace each other (accumulating). */
export interface WindowPane {
  /** Name of the windowed metric, like `plays_1m`. */
  readonly metric: string;
  readonly key: string;
  readonly windowStartUs: number;
  readonly windowEndUs: number;
  readonly value: number;
  readonly timing: 'ON_TIME' | 'LATE';
  /** 0 for the first pane of this (window, key). */
  readonly paneIndex: number;
  readonly emitTimeUs: number;
}

/** An event that came after its window was cleaned up; its fact row is kept all the same. */
export interface LateEvent {
  readonly eventId: string;
  readonly metric: string;
  readonly eventTimeUs: number;
  readonly watermarkUs: number;
}

/** A record that failed validation, with the reason; personal data removed. */
export interface BadRow {
  readonly partition: number;
  readonly offset: number;
  readonly ingestTimeUs: number;
  readonly reason: string;
  readonly payload: string;
}

/** What one stage did since the run began: received = passed + Σ rejected + Σ dropped. */
export interface StageCount {
  readonly stage: string;
  readonly received: number;
  readonly passed: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, number>>;
}

/** Everything one transaction writes: rows, panes, and how far the log has been read. */
export interface CommitBatch {
  readonly facts: readonly EnrichedEvent[];
  readonly panes: readonly WindowPane[];
  readonly late: readonly LateEvent[];
  readonly badRows: readonly BadRow[];
  /** Per partition, the next offset to read. */
  readonly nextOffsets: readonly number[];
  readonly stageCounts: readonly StageCount[];
  readonly watermarkUs: number;
  readonly processTimeUs: number;
}

/** Where a pipeline commits to: all of a batch or nothing of it. */
export interface PipelineSink {
  commit(batch: CommitBatch): void;
  /** Next offsets as of the last commit, to resume from; zeros at first. */
  committedOffsets(partitionCount: number): readonly number[];
}
