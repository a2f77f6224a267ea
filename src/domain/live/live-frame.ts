/** What a dashboard shows of one moment: plain data, the same from a simulated world and from a
 * collector on the wall clock. Counts are of the whole run so far; rates are the page's business.
 * What a source has no part for is null or empty. Spec: L1. */
import type { LiveAudience } from './live-audience.ts';

/** One moment. */
export interface LiveFrame {
  readonly schema: 'backlot.frame/1';
  /** Counts frames made, from 1; a gap is a frame that this client was too slow for. */
  readonly sequence: number;
  /** The architecture or variant that runs; `live` for a collector. */
  readonly subject: string;
  readonly clock: LiveClock;
  /** Null where nobody asks for pages. */
  readonly pages: LivePages | null;
  readonly viewers: number | null;
  readonly servers: readonly LiveServer[];
  readonly edges: readonly LiveEdge[];
  readonly objectives: readonly LiveObjective[];
  readonly pipeline: LivePipeline;
  /** By plays, the most played first. */
  readonly topTitles: readonly LiveTitle[];
  /** Absent where nobody looks at what viewers do. */
  readonly audience?: LiveAudience;
  /** Active now. */
  readonly faults: readonly LiveFault[];
}

/** Where the run stands. */
export interface LiveClock {
  readonly state: 'running' | 'paused' | 'finished';
  /** µs since the start of the run. */
  readonly nowUs: number;
  /** The Unix time of the start, µs. */
  readonly startUs: number;
  /** µs since the start; null: it ends when it is ended. */
  readonly endUs: number | null;
  /** Events of the kernel run so far; 0 for a collector. */
  readonly event: number;
  /** Virtual seconds a second that are asked for; null: as fast as it goes. */
  readonly speed: number | null;
  /** Virtual seconds a second over the last second or so. */
  readonly reachedSpeed: number;
}

/** Pages so far. asked = shown + failed + open. */
export interface LivePages {
  readonly asked: number;
  readonly shown: number;
  readonly failed: number;
  readonly open: number;
  /** Of pages that ended since the frame before, ms; null where none did. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** One server. */
export interface LiveServer {
  readonly name: string;
  readonly waiting: number;
  readonly busyWorkers: number;
  readonly workers: number;
  readonly readyReplicas: number;
  readonly desiredReplicas: number;
  /** Null where there is none. */
  readonly concurrencyLimit: number | null;
}

/** Calls over one edge so far. */
export interface LiveEdge {
  /** Like `router→movie`. */
  readonly name: string;
  readonly calls: number;
  readonly attempts: number;
  readonly errors: number;
  readonly retries: number;
  /** Null where the edge has none. */
  readonly breaker: 'closed' | 'open' | 'half-open' | null;
}

/** An objective so far. */
export interface LiveObjective {
  readonly text: string;
  readonly state: 'holds' | 'missed' | 'unknown';
  /** The measured value in words, with its unit; empty where there is none. */
  readonly value: string;
}

/** From devices to the warehouse so far. */
export interface LivePipeline {
  /** Captured on devices; null where nobody can know. */
  readonly captured: number | null;
  readonly accepted: number;
  readonly stored: number;
  readonly badRows: number;
  readonly duplicates: number;
  readonly lateEvents: number;
  /** By reason: dropped on devices, or refused by the collector. */
  readonly dropped: Readonly<Record<string, number>>;
  /** In the log, not committed: of all partitions, and of each. */
  readonly unread: number;
  readonly unreadByPartition: readonly number[];
  /** How far the watermark is behind now, µs; null before the first. */
  readonly watermarkLagUs: number | null;
  /** Age of the newest stored event, µs; null before the first. */
  readonly freshnessUs: number | null;
}

/** A title and how often it was played. */
export interface LiveTitle {
  readonly titleId: string;
  readonly name: string;
  readonly plays: number;
}

/** An active fault. */
export interface LiveFault {
  readonly kind: string;
  /** Null: everybody that the kind can hit. */
  readonly target: string | null;
  /** µs since the start of the run. */
  readonly beganAtUs: number;
  readonly endsAtUs: number;
}
