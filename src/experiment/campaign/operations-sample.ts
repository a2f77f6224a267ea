/** What one replication leaves for advice on operations: how busy which station was and when, what
 * calls, caches and autoscalers did, and the pipeline. A run's result in a kilobyte or two, without
 * its series; same run, same figures, to the bit. */
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { ArchitectureResult, CallsResult, Series, ServerResult } from '../result.ts';

/** A server over the run. */
export interface ServerOperations
  extends Pick<
    ServerResult,
    'name' | 'offered' | 'failures' | 'cacheHitShare' | 'replicas' | 'meanWaitMs' | 'workSeconds'
  > {
  /** Mean share of busy workers, 0–1. */
  readonly utilization: number;
  /** That of the fullest bucket of the run's series, and its middle, µs. */
  readonly peakUtilization: number;
  readonly peakAtUs: number;
  /** Replicas ready in that bucket. */
  readonly peakReplicas: number;
}

/** What an edge's calls came to. */
export type EdgeOperations = Pick<
  CallsResult,
  | 'edge'
  | 'calls'
  | 'attempts'
  | 'retries'
  | 'hedges'
  | 'timeouts'
  | 'lateAnswers'
  | 'failures'
  | 'wastedWorkShare'
>;

/** The pipeline over the run. */
export interface PipelineOperations {
  /** Events in the warehouse's tables, and those behind the watermark. */
  readonly events: number;
  readonly lateEvents: number;
  /** Null where the pipeline takes no time. */
  readonly workers: null | {
    readonly count: number;
    readonly utilization: number;
    readonly peakUtilization: number;
    readonly peakAtUs: number;
    readonly utilizationByWorker: readonly number[];
    readonly maxLagEvents: number;
    readonly maxPartitionLagEvents: number;
    readonly meanBatchEvents: number | null;
  };
}

/** How busy stations were in the stretch in which an objective was worst. */
export interface WorstOperations {
  readonly objective: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly utilization: readonly { readonly station: string; readonly utilization: number }[];
}

/** All of it. */
export interface OperationsSample {
  readonly servers: readonly ServerOperations[];
  readonly edges: readonly EdgeOperations[];
  readonly pipeline: PipelineOperations;
  /** Of objectives whose worst stretch is known. */
  readonly worst: readonly WorstOperations[];
}

/** The name of the pipeline's workers among stations. */
export const PIPELINE_STATION = 'pipeline';

/** Reads them out of a result. Cost O(points of its series). */
export function operationsOf(result: ArchitectureResult): OperationsSample {
  return {
    servers: result.servers.map((server) => serverOperations(result, server)),
    edges: result.calls.map((one) => ({
      edge: one.edge,
      calls: one.calls,
      attempts: one.attempts,
      retries: one.retries,
      hedges: one.hedges,
      timeouts: one.timeouts,
      lateAnswers: one.lateAnswers,
      failures: one.failures,
      wastedWorkShare: one.wastedWorkShare,
    })),
    pipeline: pipelineOperations(result),
    worst: worstOperations(result),
  };
}

function serverOperations(result: ArchitectureResult, server: ServerResult): ServerOperations {
  const { name, offered, failures, cacheHitShare, replicas, meanWaitMs, workSeconds } = server;
  const { utilization, series } = result;
  const peak = peakOf(result, named(series.utilization, name));
  return {
    name,
    offered,
    failures,
    cacheHitShare,
    replicas,
    meanWaitMs,
    workSeconds,
    utilization: utilization.find(({ service }) => service === name)?.mean ?? 0,
    peakUtilization: peak.value,
    peakAtUs: peak.atUs,
    peakReplicas: named(series.replicas, name)?.values[peak.bucket] ?? replicas.mean,
  };
}

function pipelineOperations(result: ArchitectureResult): PipelineOperations {
  const { pipeline, series, ledger } = result;
  const { workers } = pipeline;
  const told = { events: ledger.events.out, lateEvents: pipeline.lateEvents };
  if (workers === null) return { ...told, workers: null };
  const peak = peakOf(result, series.workerUtilization[0]);
  return {
    ...told,
    workers: {
      count: workers.workers,
      utilization: workers.utilization,
      peakUtilization: peak.value,
      peakAtUs: peak.atUs,
      utilizationByWorker: workers.utilizationByWorker,
      maxLagEvents: workers.maxLagEvents,
      maxPartitionLagEvents: workers.maxPartitionLagEvents,
      meanBatchEvents: workers.meanBatchEvents,
    },
  };
}

/** The mean over the buckets whose middle lies in the stretch; of none, the nearest one. */
function worstOperations(result: ArchitectureResult): readonly WorstOperations[] {
  const { objectives, series } = result;
  const workers = series.workerUtilization.map(({ values }) => ({
    name: PIPELINE_STATION,
    values,
  }));
  return objectives.flatMap(({ objective, worst }) => {
    if (worst === null) return [];
    const { fromUs, toUs } = worst;
    const places = placesWithin(series.minutes, fromUs, toUs);
    const utilization = [...series.utilization, ...workers].map(({ name, values }) => ({
      station: name,
      utilization: rounded(
        places.reduce((sum, i) => sum + (values[i] ?? 0), 0) / Math.max(1, places.length),
      ),
    }));
    return [{ objective, fromUs, toUs, utilization }];
  });
}

function placesWithin(minutes: readonly number[], fromUs: number, toUs: number): readonly number[] {
  const within = minutes.flatMap((minute, i) => {
    const atUs = minute * US_PER_MINUTE;
    return atUs >= fromUs && atUs < toUs ? [i] : [];
  });
  if (within.length > 0) return within;
  const next = minutes.findIndex((minute) => minute * US_PER_MINUTE >= fromUs);
  return [next < 0 ? Math.max(0, minutes.length - 1) : next];
}

/** The first of the highest buckets. */
function peakOf({ series }: ArchitectureResult, of: Series | undefined) {
  const values = of?.values ?? [];
  const bucket = values.reduce<number>(
    (best, value, i) => ((value ?? 0) > (values[best] ?? 0) ? i : best),
    0,
  );
  const atUs = Math.round((series.minutes[bucket] ?? 0) * US_PER_MINUTE);
  return { bucket, value: values[bucket] ?? 0, atUs };
}

function named(all: readonly Series[], name: string): Series | undefined {
  return all.find((one) => one.name === name);
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
