/** What `load` says: the most traffic at which the objectives hold, with its interval, the curve
 * of rate and answer on the way there, and what binds. */
import type { Estimate, PageDemand, Provenance } from '../../result.ts';
import type { BindingConstraint } from './plan-document.ts';

/** `found`: each replication has its maximum within the range. `saturated`: objectives are missed
 * even at the lowest traffic, `never-saturated`: they hold at the highest, in every replication.
 * `inconclusive`: in some replications only. `budget`, `interrupted`: runs ended before. */
export type LoadVerdict =
  | 'found'
  | 'saturated'
  | 'never-saturated'
  | 'inconclusive'
  | 'budget'
  | 'interrupted';

/** One point of the ramp, over all replications. */
export interface LoadPoint {
  /** Of the scenario's traffic. */
  readonly factor: number;
  /** Pages asked for per second of `clock.duration`; the mean over replications. */
  readonly offeredPerSec: number;
  /** Pages shown per second; the mean over replications, with its 95 % interval. */
  readonly pagesPerSec: Estimate;
  /** Pooled over replications; null without pages. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** Failed or timed out, 0–1; the mean over replications. */
  readonly errorShare: number | null;
  /** Replications in which every objective holds. */
  readonly heldReplications: number;
  readonly busiestStation: string | null;
  readonly busiestUtilization: number | null;
}

/** The maximum of one replication. */
export interface ReplicationMaximum {
  readonly replication: number;
  /** The objectives hold at `holdsAt`, and are missed at `missedAt`; null at an end of the
   * range. */
  readonly holdsAt: number | null;
  readonly missedAt: number | null;
  /** The geometric middle of both; null where one is missing. */
  readonly factor: number | null;
  readonly pagesPerSec: number | null;
  /** At `holdsAt`; null without prices. */
  readonly usdPerHour: number | null;
}

/** The load test of one architecture, or variant. */
export interface ArchitectureLoad {
  readonly name: string;
  readonly architecture: string;
  readonly demand: PageDemand;
  readonly verdict: LoadVerdict;
  readonly reason: string;
  /** Highest factor at which the objectives hold: mean over replications, t interval. */
  readonly factor: Estimate | null;
  /** The same in pages shown per second. */
  readonly pagesPerSec: Estimate | null;
  /** At that maximum, by the price book; null without one. */
  readonly usdPerMillionPagesAtSlo: number | null;
  readonly maxima: readonly ReplicationMaximum[];
  readonly curve: readonly LoadPoint[];
  /** Where throughput turns away from traffic; null where it does not. */
  readonly knee: {
    readonly factor: number;
    readonly pagesPerSec: number;
    readonly method: string;
  } | null;
  /** Just above the maximum. */
  readonly binding: BindingConstraint | null;
}

/** `backlot load`. */
export interface LoadDocument extends Provenance {
  readonly schema: 'backlot.load/1';
  readonly digest: string;
  readonly replications: number;
  readonly confidence: number;
  readonly objectives: readonly string[];
  readonly objectivesLeftOut: readonly { readonly objective: string; readonly reason: string }[];
  readonly range: { readonly from: number; readonly to: number };
  /** The bracket of each replication is at most this wide, as a share of its lower end. */
  readonly toleranceShare: number;
  readonly bisections: number;
  readonly verdict: LoadVerdict;
  readonly reason: string;
  readonly loads: readonly ArchitectureLoad[];
  readonly runs: { readonly made: number; readonly found: number; readonly max: number | null };
  readonly method: string;
}
