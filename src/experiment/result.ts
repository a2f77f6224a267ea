/** The result documents: what `--json` prints, what reports are made of. Versioned schemas. */

import type { Agreement } from '../analytics/agreement/agreement.ts';
import type { Estimate } from '../stats/mean-interval.ts';
import type {
  BaselineReport,
  ComparedPair,
  SelectionReport,
  StoppingReport,
  VarianceReductionReport,
} from './compare/compare-sections.ts';
import type { RunCost } from './costs/run-cost.ts';
import type { ObjectiveMeasure, ObjectiveVerdict, SloMinutes } from './objectives/objective.ts';
import type { LoopResult } from './recommendations/results/loop-result.ts';
import type { Configuration } from './reproduce/configuration.ts';
import type { Proof } from './reproduce/proof.ts';
import type { PipelineResult } from './results/pipeline/pipeline-result.ts';
import type { ViewingResult } from './results/pipeline/viewing-result.ts';
import type { LoadForecasts } from './results/requests/load-forecasts.ts';
import type { PathFigures } from './results/requests/path-figures.ts';
import type { RunTraces } from './results/traces/page-trace.ts';
import type { StationCheck } from './stations/station-check.ts';
import type { RunWarmUp } from './world/warm-up.ts';

/** An estimate with its 95 % interval; low and high are null where the data cannot bear one. */
export type { Estimate };

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

/** Who asks for pages. */
export interface PageDemand {
  /** Viewers expected to arrive, guests included; 0 where only a load test asks. */
  readonly viewers: number;
  /** The load test: users that wait for their pages, or arrivals that wait for nothing. */
  readonly test:
    | null
    | { readonly kind: 'closed'; readonly via: string; readonly maxUsers: number }
    | {
        readonly kind: 'open';
        readonly via: string;
        readonly minPerSec: number;
        readonly maxPerSec: number;
      };
}

/** What was run. */
export interface RunSubject {
  /** Of the architecture, or of the scenario's variant. */
  readonly name: string;
  readonly architecture: string;
  readonly demand: PageDemand;
}

/** One architecture's run, or one variant's. */
export interface ArchitectureResult extends RunSubject, SloMinutes, LoadForecasts {
  readonly digest: string;
  /** Pages asked for (by viewers that arrived after the warm-up). */
  readonly requests: number;
  /** Pages that failed or timed out; `partial` and `degraded` ones count apart. */
  readonly errors: number;
  readonly partial: number;
  /** Whole to look at, but with stale or default values in them. */
  readonly degraded: number;
  readonly errorShare: number;
  readonly pageLoadTimeMs: Percentiles;
  readonly meanPageLoadTimeMs: number | null;
  /** Pages shown (errors left out) per second of `clock.duration`. */
  readonly pagesPerSec: number;
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
  readonly traffic: TrafficResult;
  /** Mean share of busy workers per service, 0–1. */
  readonly utilization: readonly { readonly service: string; readonly mean: number }[];
  /** What every edge kept account of. */
  readonly calls: readonly CallsResult[];
  readonly servers: readonly ServerResult[];
  /** Every station beside what theory knows of it. */
  readonly stations: readonly StationCheck[];
  /** What this run says of the scenario's objectives. */
  readonly objectives: readonly ObjectiveMeasure[];
  /** By the scenario's price book; null without one. */
  readonly cost: RunCost | null;
  /** Where the measured part begins, µs. */
  readonly warmUpUs: number;
  /** How that was found; where the run is too short, nothing is measured: percentiles and the mean
   * are null, and statistics have nothing to work on. */
  readonly warmUp: RunWarmUp;
  /** Worker time behind answers that nobody waited for, of all worker time, 0–1. */
  readonly wastedWorkShare: number;
  readonly pipeline: PipelineResult;
  readonly viewing: ViewingResult;
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
  readonly series: {
    /** Middle of each bucket, minutes since the start of the run. */
    readonly minutes: readonly number[];
    /** p50, p95 and p99 of page-load time in ms. */
    readonly pageLoadTimeMs: readonly Series[];
    readonly requestsPerMinute: readonly (number | null)[];
    /** Pages shown without an error, by when they were shown. */
    readonly goodPerMinute: readonly (number | null)[];
    /** Tries of calls begun at all servers together. */
    readonly triesPerMinute: readonly (number | null)[];
    readonly errorsPerMinute: readonly (number | null)[];
    /** Utilization 0–1, one series a service. */
    readonly utilization: readonly Series[];
    /** Ready replicas, and the limit of concurrency where there is one: one series a server. */
    readonly replicas: readonly Series[];
    readonly concurrencyLimit: readonly Series[];
    /** Events in the log that no worker is done with, the most in each bucket: of all partitions,
     * and of the fullest one. Empty where the pipeline has no workers. */
    readonly consumerLag: readonly Series[];
    /** Mean share of busy workers of the pipeline, 0–1; empty where it has none. */
    readonly workerUtilization: readonly Series[];
    readonly concurrentViewers: readonly (number | null)[];
  };
  /** The measured pages that took longest, the longest first, for `replay --explain`. */
  readonly slowest: readonly SlowRequest[];
  /** The request path beside its accounts, and pages as spans; documents of before have none. */
  readonly path?: PathFigures;
  readonly traces?: RunTraces;
  /** The closed loop; absent where nothing is recommended. */
  readonly recommendations?: LoopResult;
  /** Metrics of truth, batch and stream side by side; where somebody asked for them. */
  readonly agreement?: Agreement;
  readonly viewers: number;
  readonly scheduledEvents: number;
}

/** A page load by the name that `replay --explain` takes. */
export interface SlowRequest {
  /** Like `r-17-3`: the viewer's (or user's) number, and which of its pages it was. */
  readonly request: string;
  readonly page: string;
  readonly viewer: number;
  readonly pageLoadTimeMs: number;
  readonly outcome: string;
  /** When it was asked for: UTC, and µs since the start of the run. */
  readonly askedAt: string;
  readonly askedAtUs: number;
}

/** Bytes of questions and answers, headers included, by the road that they took; twice where a
 * client's call crosses regions as well. The clickstream's are not among them. */
export interface TrafficResult {
  readonly wan: { readonly up: number; readonly down: number };
  readonly sameZone: number;
  readonly otherZone: number;
  readonly otherRegion: number;
  /** Of pages shown, errors among them; null where the scenario has no `network.prices`. */
  readonly usdPerMillionPages: number | null;
}

/** The calls over one edge. One question stays one call, however often it is tried. */
export interface CallsResult {
  /** Like `router→movie`. */
  readonly edge: string;
  readonly calls: number;
  /** Calls by how they were settled; `stale` and `default` are fallbacks. */
  readonly settled: Readonly<Record<'answered' | 'failed' | 'stale' | 'default', number>>;
  /** Calls that nobody wanted any more. */
  readonly abandoned: number;
  /** attempts = answers + errors + timeouts + hangUps + open. */
  readonly attempts: number;
  readonly answers: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly hangUps: number;
  readonly open: number;
  readonly retries: number;
  readonly hedges: number;
  /** Why tries failed, and calls never left. */
  readonly failures: Readonly<Record<string, number>>;
  /** Answers to tries that had timed out or were hung up. */
  readonly lateAnswers: number;
  /** Worker time behind late and failed answers, of all behind this edge, 0–1. */
  readonly wastedWorkShare: number;
}

/** What one server did. */
export interface ServerResult {
  readonly name: string;
  /** offered = answered + Σ failures + inFlight. */
  readonly offered: number;
  readonly answered: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly inFlight: number;
  /** Of jobs that workers were done with, ms. */
  readonly meanWaitMs: number | null;
  readonly meanServiceMs: number | null;
  readonly workSeconds: number;
  /** Share of entities found in the cache; null without one. */
  readonly cacheHitShare: number | null;
  readonly replicas: { readonly min: number; readonly max: number; readonly mean: number };
  /** Those that are paid for, over `clock.duration`; absent without an autoscaler. */
  readonly replicaHours?: number;
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
  /** What `verify` holds the scenario and the input files to; documents of before have none. */
  readonly proof?: Proof;
  /** The scenario as it was run, defaults filled in; documents of before have none. */
  readonly configuration?: Configuration;
}

/** `backlot run`. */
export interface RunDocument extends Provenance {
  readonly schema: 'backlot.run/1';
  /** Whose draws it was run with; documents of before have none, and are replication 0. */
  readonly replication?: number;
  /** How many changes somebody made while it ran: they are in the command logs beside it. Absent
   * where nobody made any. */
  readonly commands?: number;
  readonly digest: string;
  readonly architectures: readonly ArchitectureResult[];
  /** Sums over the architectures. */
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
  /** Paired by viewer within this one replication; empty for a single architecture. */
  readonly differences: readonly PairedDifferenceResult[];
  readonly differencesMethod: string;
  /** One replication decides what has no chance in it; the rest is inconclusive here. */
  readonly verdicts: readonly ObjectiveVerdict[];
  /** Figures that others published, beside those of this run; `relativeError` is measured ÷
   * published − 1. */
  readonly references: readonly {
    readonly variant: string;
    readonly metric: string;
    readonly source: string;
    readonly published: number;
    readonly measured: number;
    readonly relativeError: number;
  }[];
  readonly faults: readonly {
    readonly kind: string;
    /** A service, or `zone 1`. */
    readonly target: string;
    readonly fromMinute: number;
    readonly toMinute: number;
    /** The variants that have it; absent where all do. */
    readonly variants?: readonly string[];
  }[];
}

/** `backlot compare`. */
export interface CompareDocument extends Provenance {
  readonly schema: 'backlot.compare/1';
  readonly digest: string;
  readonly replications: number;
  readonly architectures: readonly (RunSubject & {
    /** One a replication; documents of before have none. */
    readonly digests?: readonly string[];
    readonly metrics: Readonly<Record<string, ComparedMetric>>;
    /** Null without prices, and where an objective is not shown to be met. */
    readonly usdPerMillionPagesAtSlo: number | null;
  })[];
  readonly differences: readonly ComparedPair[];
  readonly differencesMethod: string;
  readonly stopping: StoppingReport;
  /** Null unless asked for. */
  readonly selection: SelectionReport | null;
  readonly varianceReduction: VarianceReductionReport;
  readonly verdicts: readonly ObjectiveVerdict[];
  /** Null without a baseline. */
  readonly baseline: BaselineReport | null;
  /** Laws that do not hold and ledgers that do not close, in words; empty if all is well. */
  readonly broken: readonly string[];
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
}

/** A metric of one subject over the replications. */
export interface ComparedMetric extends Estimate {
  readonly unit: string;
  /** One an observation: of each replication, or of each antithetic pair. */
  readonly values: readonly number[];
  /** How the estimate was made, in words. */
  readonly method: string;
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
  /** Of users' plans; absent without any. */
  readonly pipelines?: readonly PipelineFigures[];
  readonly ledger: { readonly events: LedgerLine };
}

/** What a user's plan told. */
export interface PipelineFigures {
  readonly pipeline: string;
  /** Rows in the warehouse's table of results. */
  readonly results: number;
  /** Rows that left it aside: late, diverted, or not to be computed. */
  readonly sideRows: number;
}

/** `backfill`: what a lake's raw events became. */
export interface BackfillDocument {
  readonly schema: 'backlot.backfill/1';
  readonly backlot: string;
  /** Of the lake's manifest. */
  readonly lakeVersion: number;
  /** SHA-256 of all that was committed: the same lake and range give the same. */
  readonly digest: string;
  readonly sources: readonly string[];
  /** Range of ingest times, µs since the Unix epoch; null where open. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  /** Raw records read. */
  readonly read: number;
  /** Facts in the warehouse. */
  readonly stored: number;
  readonly badRows: number;
  readonly duplicates: number;
  readonly lateEvents: number;
  readonly panes: number;
  readonly plays: number;
  readonly impressions: number;
  /** Of users' plans; absent without any. */
  readonly pipelines?: readonly PipelineFigures[];
  /** Whether the warehouse had these very bytes before. */
  readonly isUnchanged: boolean;
  readonly ledger: { readonly events: LedgerLine };
}
