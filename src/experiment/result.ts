/** The result documents: what `--json` prints, what reports are made of. Versioned schemas. */

/** An estimate with its 95 % interval; low and high are null where the data cannot bear one. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** in = out + inFlight + Σ dropped + residual; a residual other than 0 is a bug. */
export interface LedgerLine {
  readonly in: number;
  readonly out: number;
  readonly inFlight: number;
  readonly dropped: number;
  readonly droppedByReason: Readonly<Record<string, number>>;
  readonly residual: number;
}

/** Percentiles in one unit. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** A named series over the shared time axis of the run; null where there was nothing to measure. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** One architecture's run. */
export interface ArchitectureResult {
  readonly name: string;
  readonly digest: string;
  /** Pages asked for (by viewers that arrived after the warm-up). */
  readonly requests: number;
  /** Pages that failed or timed out; `partial` ones count apart. */
  readonly errors: number;
  readonly partial: number;
  readonly errorShare: number;
  readonly pageLoadTimeMs: Percentiles;
  /** The same three with intervals (sections of viewers within this run). */
  readonly pageLoadTimeIntervalsMs: Readonly<Record<keyof Percentiles, Estimate>>;
  readonly byPage: readonly {
    readonly page: string;
    readonly requests: number;
    readonly pageLoadTimeMs: Percentiles;
  }[];
  readonly wanCallsPerPage: number;
  readonly internalCallsPerPage: number;
  readonly bytesPerPage: { readonly wan: number; readonly internal: number };
  /** Mean share of busy workers per service, 0–1. */
  readonly utilization: readonly { readonly service: string; readonly mean: number }[];
  readonly pipeline: PipelineResult;
  readonly viewing: ViewingResult;
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
  readonly series: {
    /** Middle of each bucket, minutes since the start of the run. */
    readonly minutes: readonly number[];
    /** p50, p95 and p99 of page-load time in ms. */
    readonly pageLoadTimeMs: readonly Series[];
    readonly requestsPerMinute: readonly (number | null)[];
    readonly errorsPerMinute: readonly (number | null)[];
    /** Utilization 0–1, one series a service. */
    readonly utilization: readonly Series[];
    readonly concurrentViewers: readonly (number | null)[];
  };
  readonly viewers: number;
  readonly scheduledEvents: number;
}

/** What the clickstream pipeline did. */
export interface PipelineResult {
  readonly stages: readonly {
    readonly stage: string;
    readonly received: number;
    readonly passed: number;
    readonly rejected: Readonly<Record<string, number>>;
    readonly dropped: Readonly<Record<string, number>>;
  }[];
  /** From capture on the device to the committed row, seconds. */
  readonly freshnessSeconds: Percentiles;
  readonly lateEvents: number;
  readonly badRows: number;
  readonly panes: number;
}

/** Named metrics out of the warehouse. */
export interface ViewingResult {
  readonly topTitles: readonly {
    readonly titleId: string;
    readonly name: string;
    readonly plays: number;
  }[];
  readonly topGenres: readonly { readonly genre: string; readonly plays: number }[];
  /** Share of ended plays that reached the end, 0–1. */
  readonly completionShare: number | null;
  readonly plays: number;
  readonly playsPerMinute: readonly { readonly minute: string; readonly plays: number }[];
  readonly maxConcurrentViewers: number;
}

/** A difference between two architectures on common random numbers: `b − a`. */
export interface PairedDifferenceResult {
  readonly a: string;
  readonly b: string;
  readonly metric: string;
  readonly unit: string;
  readonly difference: Estimate;
  /** Var of the unpaired difference ÷ var of the paired one; null where not defined. */
  readonly varianceReduction: number | null;
}

/** What all documents say of where they come from. */
export interface Provenance {
  readonly backlot: string;
  readonly node: string;
  readonly scenario: string;
  readonly question: string;
  readonly seed: number;
  readonly startUtc: string;
  readonly virtualHours: number;
  readonly catalogue: string;
  readonly arrivals: string;
  readonly replayCommand: string;
}

/** `backlot run`. */
export interface RunDocument extends Provenance {
  readonly schema: 'backlot.run/1';
  readonly digest: string;
  readonly architectures: readonly ArchitectureResult[];
  /** Sums over the architectures. */
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
  /** Paired by viewer within this one replication; empty for a single architecture. */
  readonly differences: readonly PairedDifferenceResult[];
  readonly differencesMethod: string;
  readonly faults: readonly {
    readonly kind: string;
    readonly target: string;
    readonly fromMinute: number;
    readonly toMinute: number;
  }[];
}

/** `backlot compare`. */
export interface CompareDocument extends Provenance {
  readonly schema: 'backlot.compare/1';
  readonly digest: string;
  readonly replications: number;
  readonly architectures: readonly {
    readonly name: string;
    readonly metrics: Readonly<
      Record<string, Estimate & { readonly unit: string; readonly values: readonly number[] }>
    >;
  }[];
  readonly differences: readonly PairedDifferenceResult[];
  readonly differencesMethod: string;
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
}

/** `backlot ingest`. */
export interface IngestDocument {
  readonly schema: 'backlot.ingest/1';
  readonly backlot: string;
  /** The file's base name. */
  readonly source: string;
  readonly format: string;
  /** SHA-256 of all that was committed: the same file, name and pseudonym key give the same. */
  readonly digest: string;
  /** Lines or rows read. */
  readonly read: number;
  /** Rows of this file in the warehouse. */
  readonly stored: number;
  /** Kept aside with their reasons. */
  readonly badRows: number;
  readonly badRowReasons: Readonly<Record<string, number>>;
  /** Requests by HTTP status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Sum of response sizes. */
  readonly bytes: number;
  /** Distinct subjects (pseudonyms of hosts or users). */
  readonly hosts: number;
  readonly duplicates: number;
  readonly lateEvents: number;
  readonly panes: number;
  readonly ledger: { readonly events: LedgerLine };
}
