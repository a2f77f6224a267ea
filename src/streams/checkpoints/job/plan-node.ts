/** A plan as a part of a job: its sources' partitions are the part's inputs, its results the main
 * output, its side outputs and what it rejects side outputs. The plan makes its own watermarks. So
 * a plan runs exactly once: its state is in the job's checkpoints. Spec: W125. */
import type { PlainValue } from '../../../domain/plain-value.ts';
import { type PlanRun, type RunPlanOptions, runPlan } from '../../execute/run-plan.ts';
import type { PipelinePlan } from '../../plan/plan.ts';
import { savedFields } from '../snapshot-refused.ts';
import type { Emit, JobItem, JobOperator } from './job-item.ts';

/** Which source, and which of its partitions, an input of the part is. */
export interface PlanInput {
  readonly source: string;
  readonly partition: number;
}

/** Options of {@link createPlanNode}. */
export interface PlanNodeOptions extends Omit<RunPlanOptions, 'records$' | 'onResult'> {
  readonly plan: PipelinePlan;
  /** By the part's inputs, in their order. Rows of the inputs are the plan's records. */
  readonly inputs: readonly PlanInput[];
}

/** The side output of records that are no rows and rows that could not be computed. */
export const REJECTED_OUTPUT = 'rejected';

/** Makes the part. @throws EngineError `PLAN_INVALID` as `runPlan` does. */
export function createPlanNode(options: PlanNodeOptions): JobOperator {
  return new PlanNode(options);
}

/** Side outputs of the part that a plan makes. */
export function planOutputs({ steps }: PipelinePlan): readonly string[] {
  const names = steps.flatMap((step) => {
    if (step.kind === 'divert') return [step.output];
    return step.kind === 'window' && step.lateOutput !== undefined ? [step.lateOutput] : [];
  });
  return [...new Set([...names, REJECTED_OUTPUT])];
}

class PlanNode implements JobOperator {
  readonly #inputs: readonly PlanInput[];
  readonly #run: PlanRun;
  readonly #ended = new Set<number>();
  #emit: Emit = () => undefined;

  constructor({ plan, inputs, ...rest }: PlanNodeOptions) {
    this.#inputs = inputs;
    this.#run = runPlan(plan, {
      ...rest,
      onResult: ({ row, timeUs }) => this.#emit({ kind: 'row', row, timeUs }),
    });
    for (const output of planOutputs(plan)) {
      if (output === REJECTED_OUTPUT) continue;
      this.#run.output(output).subscribe(({ row, timeUs }) => {
        this.#emit({ kind: 'row', row, timeUs: timeUs ?? 0 }, output);
      });
    }
    this.#run.rejected$.subscribe(({ step, row, reason, timeUs }) => {
      // A record that is no row is what its source's reader gave: plain, as rows of a job are.
      const rejected = { step, reason, row: row as PlainValue };
      this.#emit({ kind: 'row', row: rejected, timeUs: timeUs ?? 0 }, REJECTED_OUTPUT);
    });
  }

  push(input: number, item: JobItem, emit: Emit): void {
    this.#emit = emit;
    const from = this.#inputs[input];
    if (item.kind === 'row' && from !== undefined) {
      this.#run.pushTo(from.source, item.row, from.partition);
    }
    if (item.kind !== 'watermark' || item.timeUs !== Number.POSITIVE_INFINITY) return;
    this.#ended.add(input);
    if (this.#ended.size < this.#inputs.length) return;
    this.#run.finish();
    emit(item);
  }

  passProcessTime(nowUs: number, emit: Emit): void {
    this.#emit = emit;
    if (this.#ended.size < this.#inputs.length) this.#run.passProcessTime(nowUs);
  }

  snapshot(): PlainValue {
    const ended = [...this.#ended].sort((a, b) => a - b);
    return { ended, run: this.#run.snapshot() };
  }

  restore(saved: PlainValue): void {
    const fields = savedFields(saved, 'plan');
    this.#run.restore(fields.value('run'));
    this.#ended.clear();
    for (const input of fields.list('ended')) this.#ended.add(Number(input));
  }
}
