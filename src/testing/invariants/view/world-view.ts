/** The world as invariants see it: live views, read at the moment of asking and never kept. What is
 * here stays what it is from version to version; asking is cheap enough for after every event.
 * Times are virtual µs since the start of the run, unless a name says otherwise. Spec: T11. */

import type { StageCount } from '../../../domain/pipeline-ports.ts';
import type { FaultKindName } from '../../../experiment/faults/catalogue/fault-kinds.ts';
import type { Fault } from '../../../experiment/faults/plan/fault-schema.ts';
import type { HappeningName } from '../notes/happenings.ts';

/** Where a trial stands.
 * - `safety`: anything may be broken.
 * - `liveness`: all faults are over, and people still come.
 * - `drain`: nobody comes any more. */
export type TrialPhase = 'safety' | 'liveness' | 'drain';

/** The world of one trial. */
export interface WorldView {
  readonly nowUs: number;
  readonly phase: TrialPhase;
  /** When all faults are over; when nobody comes any more; when the run ends. */
  readonly healedAtUs: number;
  readonly durationUs: number;
  readonly endUs: number;
  /** Events of the simulation so far. */
  readonly eventCount: number;
  readonly servers: readonly ServerView[];
  server(name: string): ServerView | undefined;
  readonly edges: readonly EdgeView[];
  /** @param name - Like `router→movie`. */
  edge(name: string): EdgeView | undefined;
  readonly pages: PagesView;
  readonly pipeline: PipelineView;
  /** Faults that are active now, in the order of the plan. */
  readonly faults: readonly FaultView[];
  /** Whether a fault of that kind is active, for that target where one is named. */
  isFaultActive(kind: FaultView['kind'], target?: string): boolean;
  /** How often things worth knowing of have happened so far. */
  happened(name: HappeningName): number;
}

/** A service, a gateway or the monolith. */
export interface ServerView {
  readonly name: string;
  /** Calls that arrived, were answered, were not by reason, and are inside. */
  readonly offered: number;
  readonly answered: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly inFlight: number;
  /** How many may be inside; undefined without a limit. */
  readonly limit: number | undefined;
  readonly replicas: readonly ReplicaView[];
  /** Jobs that may wait at one replica. */
  readonly maxWaiting: number;
  /** Whether the jobs of a replica share its workers, instead of waiting for them. */
  readonly isShared: boolean;
  /** Sums over replicas. */
  readonly waiting: number;
  readonly busyWorkers: number;
  readonly readyCount: number;
  readonly memberCount: number;
}

/** One place for a replica of a server. */
export interface ReplicaView {
  readonly index: number;
  readonly zone: number;
  readonly state: 'starting' | 'ready' | 'draining' | 'down';
  readonly isReady: boolean;
  /** Whether it counts as one of the fleet. */
  readonly isMember: boolean;
  /** Jobs waiting, and those that have a worker or a share of one. */
  readonly waiting: number;
  readonly inService: number;
  readonly workers: number;
  /** Calls that hold it. */
  readonly held: number;
  /** Whether clients keep away from it, because it failed them. */
  readonly isEjected: boolean;
}

/** How one kind of client calls one server. */
export interface EdgeView {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Questions: begun, settled by outcome, given up by who asked, and open. */
  readonly calls: number;
  readonly settled: Readonly<Record<'answered' | 'failed' | 'stale' | 'default', number>>;
  readonly abandoned: number;
  readonly openCalls: number;
  /** Tries: sent, retries and hedges among them; answered, failed, timed out, hung up, and open. */
  readonly tries: number;
  readonly retries: number;
  readonly hedges: number;
  readonly answers: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly hangUps: number;
  readonly openTries: number;
  /** Of one gateway: one; of many clients: one each who has asked. */
  readonly guards: readonly GuardView[];
}

/** The policies of one caller for one server, at work. What it has no policy for is undefined. */
export interface GuardView {
  readonly breaker: 'closed' | 'open' | 'half-open' | undefined;
  /** Tries under way and waiting, retries and hedges among them. */
  readonly active: number;
  readonly activeExtra: number;
  readonly bulkhead: BulkheadView | undefined;
}

/** A bulkhead. */
export interface BulkheadView {
  readonly active: number;
  readonly waiting: number;
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
}

/** Pages that people wanted. */
export interface PagesView {
  readonly asked: number;
  /** Ended, in whatever way; open; never left an offline device. */
  readonly ended: number;
  readonly open: number;
  readonly offline: number;
}

/** The clickstream. */
export interface PipelineView {
  /** Of the pipeline that runs now, µs since the Unix epoch; −∞ at first, +∞ once it is over. */
  readonly watermarkUs: number;
  /** By partition. */
  readonly watermarksUs: readonly number[];
  /** By partition: the next offset to commit, and the end of the log. */
  readonly committedOffsets: readonly number[];
  readonly endOffsets: readonly number[];
  /** In the log and not committed. */
  readonly unread: number;
  /** Of the stages of enrichment. */
  readonly stages: readonly StageCount[];
  /** Events captured by SDKs, accepted by the collector, dropped on devices by reason. */
  readonly captured: number;
  readonly accepted: number;
  readonly droppedByReason: Readonly<Record<string, number>>;
  /** Rows committed so far. */
  readonly facts: number;
  readonly badRows: number;
  readonly panes: number;
  readonly lateEvents: number;
  readonly commits: number;
}

/** A fault while it lasts. */
export interface FaultView {
  readonly kind: FaultKindName | Fault['kind'];
  /** Undefined: all that the kind can hit. */
  readonly target: string | undefined;
  readonly endsAtUs: number;
}
