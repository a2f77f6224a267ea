/** What a result document says of the clickstream pipeline. */
import type { PipelineDelays } from './pipeline-delays.ts';

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
  readonly freshnessSeconds: Readonly<Record<'p50' | 'p95' | 'p99', number>>;
  /** Null where the pipeline takes no time. */
  readonly workers: PipelineWorkersResult | null;
  /** How long events took; documents of before have none. */
  readonly delays?: PipelineDelays;
  readonly lateEvents: number;
  readonly badRows: number;
  readonly panes: number;
}

/** What the pipeline's workers did up to the end of the run, drain included. */
export interface PipelineWorkersResult {
  readonly workers: number;
  /** Mean share of busy workers, 0–1, idle ones without a partition included; then of each. */
  readonly utilization: number;
  readonly utilizationByWorker: readonly number[];
  readonly events: number;
  readonly batches: number;
  readonly meanBatchEvents: number | null;
  /** Of events: in the log until a worker took them, and in its batch, ms. */
  readonly meanWaitMs: number | null;
  readonly meanServiceMs: number | null;
  /** Events in the log that no worker is done with: the mean over time, and the most; the most in
   * the fullest partition; and when the run ended. */
  readonly meanLagEvents: number;
  readonly maxLagEvents: number;
  readonly maxPartitionLagEvents: number;
  readonly lagAtEndEvents: number;
  /** From the end of the run to the commit that emptied the log, s. */
  readonly drainSeconds: number;
}
