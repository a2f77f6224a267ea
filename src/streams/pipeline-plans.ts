/** The plans of a pipeline, side by side: each sees every enriched event and every watermark. Rows
 * of the sink `pane` become panes and late events, all others results and side rows.
 * Spec: W143–W146. */
import type {
  EnrichedEvent,
  LateEvent,
  PipelineResult,
  PipelineSideRow,
  StageCount,
  WindowPane,
} from '../domain/pipeline-ports.ts';
import type { Checkpointable, PlainValue } from '../domain/plain-value.ts';
import type { JobWatermark } from './enriched-source.ts';
import type { PlanRow } from './execute/compile-expression.ts';
import { checkJobPlans, PANE_SINK } from './execute/job-plan.ts';
import { PlanJob } from './execute/plan-job.ts';
import { withUsedColumns } from './execute/used-columns.ts';
import { restoring, savedCount } from './operators/restoring.ts';
import type { SideRow } from './operators/stage.ts';
import { functionsByName, type PlanFunction } from './plan/functions.ts';
import type { PipelinePlan } from './plan/plan.ts';
import { readSavedNumber, savedNumber } from './watermarks/saved-number.ts';

/** Where rows go. */
export interface PlanOutputs {
  readonly onPane: (pane: WindowPane) => void;
  readonly onLate: (late: LateEvent) => void;
  readonly onResult: (result: PipelineResult) => void;
  readonly onSide: (side: PipelineSideRow) => void;
}

/** What plans are made of. */
export interface PipelinePlansOptions extends PlanOutputs {
  readonly plans: readonly PipelinePlan[];
  readonly functions: readonly PlanFunction[];
  readonly watermark: JobWatermark;
  readonly processTimeUs: () => number;
}

/** One of the plans: its state is saved by itself. */
export interface RunningPlan extends Checkpointable {
  readonly name: string;
  take(enriched: EnrichedEvent): void;
  advanceTo(watermarkUs: number): void;
  passProcessTime(nowUs: number): void;
  /** Of the plan's steps; none where its rows are panes, which are the built-in counts. */
  counts(): readonly StageCount[];
}

/** Where what could not be computed is kept; no output of a plan can be called so. */
const REJECTED_OUTPUT = '(rejected)';

/** Makes plans run. @throws EngineError `PLAN_INVALID` for plans that do not fit the pipeline, with
 * every problem, or functions that are not given. */
export function runPipelinePlans(options: PipelinePlansOptions): readonly RunningPlan[] {
  checkJobPlans(options.plans, options);
  return options.plans.map((plan) => {
    return plan.sink.name === PANE_SINK
      ? new CountingPlan(plan, options)
      : new UsersPlan(plan, options);
  });
}

/** Whether a plan's rows are results and side rows, not panes. */
export function isUsersPlan({ sink }: PipelinePlan): boolean {
  return sink.name !== PANE_SINK;
}

abstract class OnePlan implements RunningPlan {
  readonly name: string;
  protected readonly job: PlanJob;
  protected watermarkUs = Number.NEGATIVE_INFINITY;
  /** Results and side rows so far: they number the next ones. */
  protected numbers: [number, number] = [0, 0];

  constructor(plan: PipelinePlan, { functions }: PipelinePlansOptions) {
    this.name = plan.name;
    this.job = new PlanJob(plan, {
      functions: functionsByName(functions),
      onResult: (row, timeUs) => this.result(row, timeUs),
      onSide: (output, step, side) => this.side(output, step, side),
    });
  }

  take(enriched: EnrichedEvent): void {
    this.job.take(enriched, enriched.event.eventTimeUs);
  }

  advanceTo(watermarkUs: number): void {
    this.watermarkUs = watermarkUs;
    this.job.advanceTo(watermarkUs);
  }

  passProcessTime(nowUs: number): void {
    this.job.passProcessTime(nowUs);
  }

  snapshot(): PlainValue {
    const watermark = savedNumber(this.watermarkUs);
    return { watermark, numbers: [...this.numbers], job: this.job.snapshot() };
  }

  restore(saved: PlainValue): void {
    const what = `plan ${this.name}`;
    restoring(what, () => {
      const { watermark, numbers, job } = saved as Readonly<Record<string, PlainValue>>;
      this.watermarkUs = readSavedNumber(watermark ?? null, what);
      const [results, sides] = numbers as readonly PlainValue[];
      this.numbers = [savedCount(results, what), savedCount(sides, what)];
      this.job.restore(job ?? null);
    });
  }

  abstract counts(): readonly StageCount[];
  protected abstract result(row: PlanRow, timeUs: number): void;
  protected abstract side(output: string | null, step: string, side: SideRow<PlanRow>): void;
}

class CountingPlan extends OnePlan {
  readonly #options: PipelinePlansOptions;

  constructor(plan: PipelinePlan, options: PipelinePlansOptions) {
    super(withUsedColumns(plan, ['event_id']), options);
    this.#options = options;
  }

  counts(): readonly StageCount[] {
    return [];
  }

  protected result(row: PlanRow): void {
    const key = row['key'] ?? null;
    this.#options.onPane({
      metric: this.name,
      key: key === null ? 'none' : String(key),
      windowStartUs: Number(row['window_start']),
      windowEndUs: Number(row['window_end']),
      value: Number(row['value']),
      timing: row['pane_timing'] === 'LATE' ? 'LATE' : 'ON_TIME',
      paneIndex: Number(row['pane_index'] ?? 0),
      emitTimeUs: this.#options.processTimeUs(),
    });
  }

  protected side(output: string | null, _step: string, { row, timeUs }: SideRow<PlanRow>): void {
    if (output === null) return;
    const { watermarkUs } = this;
    const eventId = String(row['event_id']);
    this.#options.onLate({ eventId, metric: this.name, eventTimeUs: timeUs, watermarkUs });
  }
}

class UsersPlan extends OnePlan {
  readonly #plan: PipelinePlan;
  readonly #options: PipelinePlansOptions;

  constructor(plan: PipelinePlan, options: PipelinePlansOptions) {
    super(withUsedColumns(plan), options);
    this.#plan = plan;
    this.#options = options;
  }

  counts(): readonly StageCount[] {
    return this.job.counts().map(({ step, emitted: _, ...outcome }) => {
      return { stage: `${this.name}: ${step}`, ...outcome };
    });
  }

  protected result(row: PlanRow, timeUs: number): void {
    const { mode, key } = this.#plan.sink;
    this.#options.onResult({
      pipeline: this.name,
      mode,
      key: JSON.stringify(key.map((name) => row[name] ?? null)),
      number: this.numbers[0],
      windowStartUs: numberOf(row['window_start']),
      windowEndUs: numberOf(row['window_end']),
      paneIndex: numberOf(row['pane_index']),
      isRetraction: row['is_retraction'] === true,
      row: JSON.stringify(row),
      eventTimeUs: timeUs,
    });
    this.numbers[0] += 1;
  }

  protected side(output: string | null, step: string, side: SideRow<PlanRow>): void {
    const { row, timeUs, reason } = side;
    this.#options.onSide({
      pipeline: this.name,
      output: output ?? REJECTED_OUTPUT,
      number: this.numbers[1],
      step,
      reason,
      row: JSON.stringify(row),
      eventTimeUs: timeUs,
    });
    this.numbers[1] += 1;
  }
}

function numberOf(value: PlanRow[string] | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
