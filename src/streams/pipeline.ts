/** The pipeline, on one screen: log → enrichment → watermark → plans → sink. It is driven by
 * `poll`: read what is new, run it through synchronously, commit facts, panes, results, bad rows
 * and offsets together. Observers of `enriched$` and `panes$` change nothing. Spec: W1–W9, W140. */
import { type Observable, Subject } from 'rxjs';
import type {
  BadRow,
  EnrichedEvent,
  LateEvent,
  LogReader,
  LogRecord,
  PipelineResult,
  PipelineSideRow,
  PipelineSink,
  ReferenceData,
  StageCount,
  WindowPane,
} from '../domain/pipeline-ports.ts';
import type { PlainValue } from '../domain/plain-value.ts';
import {
  assignWatermarks,
  type StreamElement,
  type WatermarkControl,
} from './assign-watermarks.ts';
import {
  type CheckpointTrigger,
  createPipelineCheckpoints,
  type PipelineCheckpoints,
} from './checkpoints/pipeline-checkpoints.ts';
import { enrich } from './enrich.ts';
import type { JobWatermark } from './enriched-source.ts';
import { createBasicEnrichment } from './enrichment/chains.ts';
import type { Enrichment } from './enrichment/enrichment.ts';
import { isUsersPlan, type RunningPlan, runPipelinePlans } from './pipeline-plans.ts';
import type { PlanFunction } from './plan/functions.ts';
import type { PipelinePlan } from './plan/plan.ts';

/** What a pipeline is made of. Times are durations in µs. */
export interface PipelineOptions {
  readonly log: LogReader;
  readonly sink: PipelineSink;
  /** What the basic chain of enrichment looks things up in. */
  readonly reference: ReferenceData;
  /** Another chain of enrichment than the basic one. */
  readonly enrichment?: Enrichment;
  /** Plans over the source `enriched_event`; each name once. They bring no watermark of their own:
   * theirs is the pipeline's. Rows of a sink called `pane` are panes, all others results. */
  readonly plans: readonly PipelinePlan[];
  /** Bodies of the functions that plans name. */
  readonly functions?: readonly PlanFunction[];
  readonly watermark: JobWatermark;
  readonly dedupeTtlUs: number;
  /** Records of one partition that one commit holds at most. */
  readonly maxRecordsPerPoll: number;
  /** Commits come at checkpoints only, each with the whole state, and a new pipeline goes on from
   * the last one as if nothing had happened. Default: a commit a round, without state. */
  readonly checkpoint?: CheckpointTrigger;
}

/** A running pipeline. */
export interface Pipeline {
  /** Processes and commits what is new. @param processTimeUs - Now, µs since the Unix epoch; never
   * less than before. @returns records read.
   * @throws what the sink threw: nothing is lost, and the next poll commits it. What a stage threw:
   * the pipeline has stopped, and throws it again. */
  poll(processTimeUs: number): number;
  /** Declares the end of the stream: closes and commits all windows. */
  finish(processTimeUs: number): void;
  /** Of the stages of enrichment. */
  counts(): readonly StageCount[];
  /** Of the steps of users' plans. */
  planCounts(): readonly StageCount[];
  readonly watermarkUs: number;
  /** Of one partition, whether or not it counts now; −∞ before its first event. */
  partitionWatermarkUs(partition: number): number;
  /** Of the last poll, or of the checkpoint resumed from: a driver goes on with polls from then
   * on. −∞ before. */
  readonly processTimeUs: number;
  readonly enriched$: Observable<EnrichedEvent>;
  readonly panes$: Observable<WindowPane>;
}

/** Makes a pipeline that resumes where its sink left off.
 * @throws EngineError `PLAN_INVALID` for plans that do not fit it. */
export function createPipeline(options: PipelineOptions): Pipeline {
  return new LogPipeline(options);
}

/** What has been produced since the last commit. */
interface Pending {
  facts: EnrichedEvent[];
  panes: WindowPane[];
  late: LateEvent[];
  badRows: BadRow[];
  results: PipelineResult[];
  sideRows: PipelineSideRow[];
}

class LogPipeline implements Pipeline {
  readonly #options: PipelineOptions;
  readonly #records$ = new Subject<LogRecord>();
  readonly #enriched$ = new Subject<EnrichedEvent>();
  readonly #enrichment: Enrichment;
  readonly #control: WatermarkControl;
  readonly #checkpoints: PipelineCheckpoints;
  readonly #nextOffsets: number[];
  readonly #panes$ = new Subject<WindowPane>();
  readonly #plans: readonly RunningPlan[];
  readonly #hasResults: boolean;
  #pending: Pending = emptyPending();
  #processTimeUs = Number.NEGATIVE_INFINITY;
  /** Records read since the last commit. */
  #uncommitted = 0;
  #hasEndPending = false;
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { log, sink } = options;
    this.#nextOffsets = [...sink.committedOffsets(log.partitionCount)];
    this.#enrichment = options.enrichment ?? createBasicEnrichment(options);
    const checkpoints = createPipelineCheckpoints({
      sink,
      trigger: options.checkpoint,
      definition: definitionOf(options, this.#enrichment),
    });
    this.#checkpoints = checkpoints;
    this.#enrichment.registerState(checkpoints);
    const processTimeUs = () => this.#processTimeUs;
    const events$ = this.#records$.pipe(
      enrich({
        enrichment: this.#enrichment,
        processTimeUs,
        onBadRow: (row) => this.#pending.badRows.push(row),
      }),
    );
    const { elements$, control } = assignWatermarks(events$, {
      partitionCount: log.partitionCount,
      ...options.watermark,
    });
    this.#control = control;
    checkpoints.add('watermarks', control);
    this.#plans = this.#startPlans();
    this.#hasResults = options.plans.some(isUsersPlan);
    for (const plan of this.#plans) checkpoints.add(`plan ${plan.name}`, plan);
    elements$.subscribe({
      next: (element) => this.#take(element),
      error: (cause) => this.#fail(cause),
    });
    this.#processTimeUs = checkpoints.resume(this.#nextOffsets);
  }

  get enriched$(): Observable<EnrichedEvent> {
    return this.#enriched$;
  }

  get panes$(): Observable<WindowPane> {
    return this.#panes$;
  }

  get watermarkUs(): number {
    return this.#control.watermarkUs;
  }

  get processTimeUs(): number {
    return this.#processTimeUs;
  }

  partitionWatermarkUs(partition: number): number {
    return this.#control.watermarkOf(partition);
  }

  poll(processTimeUs: number): number {
    this.#processTimeUs = processTimeUs;
    for (const plan of this.#plans) plan.passProcessTime(processTimeUs);
    let total = 0;
    for (let round = this.#readRound(); round > 0; round = this.#readRound()) {
      total += round;
      this.#commitIfDue();
    }
    this.#control.passProcessTime(processTimeUs);
    this.#commitIfDue();
    return total;
  }

  finish(processTimeUs: number): void {
    this.poll(processTimeUs);
    if (!this.#control.hasEnded) {
      this.#control.end();
      this.#hasEndPending = true;
    }
    if (this.#hasNews) this.#commit();
  }

  counts(): readonly StageCount[] {
    return this.#enrichment.countsByPart();
  }

  planCounts(): readonly StageCount[] {
    return this.#plans.flatMap((plan) => plan.counts());
  }

  #readRound(): number {
    const { log, maxRecordsPerPoll } = this.#options;
    let read = 0;
    for (let partition = 0; partition < log.partitionCount; partition += 1) {
      const offset = this.#nextOffsets[partition] ?? 0;
      const records = log.read(partition, offset, maxRecordsPerPoll);
      const last = records.at(-1);
      if (last === undefined) continue;
      this.#control.hear(partition, this.#processTimeUs);
      this.#uncommitted += records.length;
      for (const record of records) this.#records$.next(record);
      this.#nextOffsets[partition] = last.offset + 1;
      read += records.length;
    }
    return read;
  }

  #startPlans(): readonly RunningPlan[] {
    const { plans, functions = [], watermark } = this.#options;
    return runPipelinePlans({
      plans,
      functions,
      watermark,
      processTimeUs: () => this.#processTimeUs,
      onPane: (pane) => {
        this.#pending.panes.push(pane);
        if (this.#panes$.observed) this.#panes$.next(pane);
      },
      onLate: (late) => this.#pending.late.push(late),
      onResult: (result) => this.#pending.results.push(result),
      onSide: (row) => this.#pending.sideRows.push(row),
    });
  }

  #take(element: StreamElement): void {
    if (this.#failure !== undefined) return;
    try {
      if (element.kind === 'watermark') {
        for (const plan of this.#plans) plan.advanceTo(element.watermarkUs);
        return;
      }
      for (const plan of this.#plans) plan.take(element.enriched);
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    this.#pending.facts.push(element.enriched);
    if (this.#enriched$.observed) this.#enriched$.next(element.enriched);
  }

  #fail(cause: unknown): void {
    this.#failure ??= { cause };
  }

  get #hasNews(): boolean {
    const { panes, results } = this.#pending;
    const isTold = panes.length > 0 || results.length > 0;
    return this.#uncommitted > 0 || isTold || this.#hasEndPending;
  }

  #commitIfDue(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    if (!this.#checkpoints.isDue(this.#uncommitted, this.#processTimeUs)) return;
    if (this.#hasNews) this.#commit();
  }

  /** What is pending stays so until the sink has taken it. */
  #commit(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    const { results, sideRows, ...rows } = this.#pending;
    this.#checkpoints.commit({
      ...rows,
      ...(this.#hasResults ? { results, sideRows } : {}),
      nextOffsets: [...this.#nextOffsets],
      stageCounts: [...this.counts(), ...this.planCounts()],
      watermarkUs: this.#control.watermarkUs,
      processTimeUs: this.#processTimeUs,
    });
    this.#pending = emptyPending();
    this.#uncommitted = 0;
    this.#hasEndPending = false;
    this.#enrichment.passBarrier();
  }
}

function emptyPending(): Pending {
  return { facts: [], panes: [], late: [], badRows: [], results: [], sideRows: [] };
}

/** Everything that gives the state its meaning. */
function definitionOf(options: PipelineOptions, enrichment: Enrichment): PlainValue {
  const { log, plans, watermark, dedupeTtlUs } = options;
  return {
    partitionCount: log.partitionCount,
    stages: enrichment.counts().map(({ stage }) => stage),
    plans: plans as unknown as PlainValue,
    watermark: { ...watermark },
    dedupeTtlUs,
  };
}
