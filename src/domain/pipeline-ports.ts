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
  /** User-agent client hints, names in lower case, like `sec-ch-ua-platform`. */
  readonly clientHints?: Readonly<Record<string, string>>;
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
  /** What further stages found; absent where the chain has none of them. */
  readonly annotations?: EventAnnotations;
}

/** What the optional stages of enrichment know of an event. */
export interface EventAnnotations {
  /** Versions of all stages and of their reference data, by name; one object for many events. */
  readonly versions: Readonly<Record<string, string>>;
  readonly time?: {
    readonly strategy: string;
    /** What the device's clock said, where the event's time was corrected. */
    readonly deviceTimeUs: number;
    /** Set where the corrected time lay beyond what the rule allows. */
    readonly flag?: 'future' | 'past';
  };
  readonly userAgent?: {
    readonly browser: string;
    readonly browserVersion: string;
    readonly os: string;
    readonly device: string;
  };
  readonly bot?: { readonly isBot: boolean; readonly indicators: readonly string[] };
  readonly geo?: {
    readonly country: string;
    readonly region: string | null;
    readonly city: string | null;
    readonly timeZone: string | null;
  };
  readonly referrer?: {
    readonly medium: 'internal' | 'search' | 'social' | 'email' | 'referral' | 'direct';
    readonly source: string | null;
    readonly domain: string | null;
  };
  readonly campaign?: Readonly<Record<string, string>>;
  readonly profile?: Readonly<Record<string, string | number | boolean>> | null;
  /** The session found by the gap between events, where the source tells none. */
  readonly session?: { readonly id: string; readonly index: number };
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

/** A row that a plan told its sink. */
export interface PipelineResult {
  readonly pipeline: string;
  /** `upsert`: it replaces the one of its key, or takes it away where it is a retraction. */
  readonly mode: 'append' | 'upsert';
  /** Values of the sink's key, as a JSON array. */
  readonly key: string;
  /** Results of the plan before it: the same again is the same result. */
  readonly number: number;
  /** What the row says of its window and pane; null where it says nothing. */
  readonly windowStartUs: number | null;
  readonly windowEndUs: number | null;
  readonly paneIndex: number | null;
  readonly isRetraction: boolean;
  /** The row as JSON. */
  readonly row: string;
  readonly eventTimeUs: number;
}

/** A row that left a plan aside: late, diverted, or one that could not be computed. */
export interface PipelineSideRow {
  readonly pipeline: string;
  /** Name of the side output; `(rejected)` for what could not be computed. */
  readonly output: string;
  /** Side rows of the plan before it. */
  readonly number: number;
  readonly step: string;
  readonly reason: string;
  /** The row as JSON. */
  readonly row: string;
  readonly eventTimeUs: number;
}

/** Kinds of failure, Snowplow's where it has one. */
export const FAILURE_TYPES = [
  /** What arrived is no record at all: a line that cannot be parsed. */
  'payload_format_violation',
  'size_violation',
  'schema_violation',
  'unknown_schema',
  /** One id came with two payloads. */
  'identity_violation',
  /** A look-up that must not miss did. */
  'enrichment_failure',
] as const;
/** One of {@link FAILURE_TYPES}. */
export type FailureType = (typeof FAILURE_TYPES)[number];

/** One thing wrong with a record, in words that do not contain the value. */
export interface FailureMessage {
  /** Path like `data.query`, `event` for the whole; never a name that the sender made up. */
  readonly field: string;
  /** The rule that it breaks, like `too_big`. */
  readonly rule: string;
  /** Keyed hash of the value, so that equal values can be told; null where there is none. */
  readonly valueHash: string | null;
  readonly error: string;
}

/** A record that some stage refused, with the reason; personal data removed. Keyed by where it
 * stands in the log. Source: Snowplow's failed events. */
export interface BadRow {
  readonly partition: number;
  readonly offset: number;
  readonly ingestTimeUs: number;
  /** In words that do not depend on the value: rows are counted by it. */
  readonly reason: string;
  /** The record as JSON or text, as far as it may be kept. */
  readonly payload: string;
  readonly failureType: FailureType;
  /** The stage that refused it, and that stage's version. */
  readonly processor: string;
  readonly processorVersion: string;
  /** Process time of the refusal. */
  readonly failedTimeUs: number;
  /** Everything that is wrong, not only the first. */
  readonly messages: readonly FailureMessage[];
  /** Field of the first message. */
  readonly field: string;
  /** 1 for a record's first way through the stages, one more for each replay. */
  readonly attempt: number;
  /** False where the payload is cut or masked, so that no patch can make it whole. */
  readonly recoverable: boolean;
  /** What else a replay needs: when the batch was sent and who sent it, in general terms. */
  readonly envelope: BadRowEnvelope;
}

/** What a replay needs besides the payload. */
export interface BadRowEnvelope {
  readonly sentTimeUs: number;
  readonly sentUptimeUs?: number;
  /** Addresses and mail addresses removed. */
  readonly userAgent: string;
  /** The client's network, not its address: IPv4 cut to /24 (`192.0.2`), IPv6 to /48
   * (`2001:db8:7`); empty where unknown. */
  readonly clientNetwork: string;
}

/** What one stage did since the run began: received = passed + Σ rejected + Σ dropped. */
export interface StageCount {
  readonly stage: string;
  readonly received: number;
  readonly passed: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, number>>;
}

/** One named part of a pipeline's state: canonical JSON, to be kept as it is. */
export interface StatePart {
  readonly name: string;
  readonly text: string;
}

/** The state that a commit's rows and offsets belong to, as a change of the state committed before,
 * so that what has not changed (most of a dedupe set) is not written again. Spec: W110, W112. */
export interface StateChange {
  /** Number of the checkpoint, ascending from 1. */
  readonly checkpoint: number;
  /** Whether `put` is all there is: whatever else the sink holds goes. */
  readonly isWhole: boolean;
  /** Parts that are new or changed: they replace those of the same name. */
  readonly put: readonly StatePart[];
  /** Names of parts that are no more. */
  readonly removed: readonly string[];
}

/** The whole state as of the last commit. */
export interface CommittedState {
  readonly checkpoint: number;
  /** Ascending by name (code units). */
  readonly parts: readonly StatePart[];
}

/** Everything one transaction writes: rows, panes, and how far the log has been read. */
export interface CommitBatch {
  readonly facts: readonly EnrichedEvent[];
  readonly panes: readonly WindowPane[];
  readonly late: readonly LateEvent[];
  readonly badRows: readonly BadRow[];
  /** Rows of users' plans, in the order in which they were told; absent where there are no such
   * plans. */
  readonly results?: readonly PipelineResult[];
  readonly sideRows?: readonly PipelineSideRow[];
  /** Per partition, the next offset to read. */
  readonly nextOffsets: readonly number[];
  readonly stageCounts: readonly StageCount[];
  readonly watermarkUs: number;
  readonly processTimeUs: number;
  /** Absent where the pipeline does not checkpoint. Written in the same transaction. */
  readonly state?: StateChange;
}

/** Where a pipeline commits to: all of a batch or nothing of it. */
export interface PipelineSink {
  commit(batch: CommitBatch): void;
  /** Next offsets as of the last commit, to resume from; zeros at first. */
  committedOffsets(partitionCount: number): readonly number[];
  /** State as of the last commit; undefined before the first one that had any. A sink without this
   * keeps no state: a pipeline that resumes from it knows offsets only. */
  committedState?(): CommittedState | undefined;
}
