/** A plan inside the pipeline: enriched events and watermarks come from there, and nothing here
 * tells event time anew. Stages are linked directly: an event costs one call a stage.
 * Spec: W143. */
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { restoring } from '../operators/restoring.ts';
import type { SideRow } from '../operators/stage.ts';
import { type StepCount, StepCounts } from '../operators/step-counts.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import type { StreamItem } from '../stream-item.ts';
import type { Functions, PlanRow } from './compile-expression.ts';
import { compileSteps, type PlanStage } from './compile-plan.ts';
import { createSourceReader, type SourceReader } from './source-reader.ts';

/** Where a plan's rows go. */
export interface PlanJobOptions {
  readonly functions: Functions;
  readonly onResult: (row: PlanRow, timeUs: number) => void;
  /** @param output - Null for what could not be computed. */
  readonly onSide: (output: string | null, step: string, row: SideRow<PlanRow>) => void;
}

/** A plan at work. */
export class PlanJob implements Checkpointable {
  readonly #options: PlanJobOptions;
  readonly #reader: SourceReader;
  readonly #tally: StepCounts;
  readonly #stages: readonly PlanStage[];
  readonly #first: (item: StreamItem<PlanRow>) => void;

  /** @throws EngineError `PLAN_INVALID` for functions that are not given. */
  constructor(plan: PipelinePlan, options: PlanJobOptions) {
    const { functions, onResult, onSide } = options;
    this.#options = options;
    this.#reader = createSourceReader(plan.source);
    this.#tally = new StepCounts(`source ${plan.source.name}`);
    this.#stages = compileSteps(plan.steps, { functions, tableOf: noTable, onSide });
    let next = (item: StreamItem<PlanRow>) => {
      if (item.kind === 'row') onResult(item.row, item.timeUs);
    };
    for (const { stage } of [...this.#stages].reverse()) {
      stage.emit = next;
      next = (item) => stage.take(item);
    }
    this.#first = next;
  }

  /** Takes an event in. */
  take(record: object, timeUs: number): void {
    this.#tally.received += 1;
    const row = this.#reader.read(record);
    if (row === null) {
      this.#reject(timeUs);
      return;
    }
    this.#tally.passed += 1;
    this.#first({ kind: 'row', row, timeUs });
  }

  /** Event time moved on. */
  advanceTo(timeUs: number): void {
    this.#first({ kind: 'watermark', timeUs });
  }

  /** Process time moved on. */
  passProcessTime(nowUs: number): void {
    for (const { stage } of this.#stages) stage.passProcessTime(nowUs);
  }

  /** One entry for the source and each step. */
  counts(): readonly StepCount[] {
    const { passed } = this.#tally;
    const source = { ...this.#tally.counts(), emitted: passed };
    return [source, ...this.#stages.map(({ stage }) => stage.counts())];
  }

  snapshot(): PlainValue {
    return {
      source: this.#tally.snapshot(),
      stages: this.#stages.map(({ stage }) => stage.snapshot()),
    };
  }

  restore(saved: PlainValue): void {
    restoring(this.#tally.step, () => {
      const { source, stages } = saved as { source: PlainValue; stages: readonly PlainValue[] };
      this.#tally.restore(source);
      this.#stages.forEach(({ stage }, n) => {
        stage.restore(stages[n] ?? null);
      });
    });
  }

  /** A value that is not of its column's type. The row is told without it: empty. */
  #reject(timeUs: number): void {
    const reason = this.#reader.problem;
    this.#tally.reject(reason);
    this.#options.onSide(null, this.#tally.step, { row: {}, timeUs, reason });
  }
}

/** Plans of a pipeline have no lookups: `checkJobPlans` has seen to it. */
function noTable(name: string): never {
  throw new Error(`table ${name}`);
}
