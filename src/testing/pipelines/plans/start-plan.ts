/** Starts a plan of `backlot/streams`. It makes its own watermarks from the rows; they are told
 * where the stream's own would be, so that both can be compared. */
import type { PlanRow } from '../../../streams/execute/compile-expression.ts';
import { runPlan } from '../../../streams/execute/run-plan.ts';
import { createVersionedTable } from '../../../streams/joins/versioned-table.ts';
import type { PipelinePlan } from '../../../streams/plan/plan.ts';
import type { PlanSubject, StartPipeline } from '../subject.ts';

/** A record of a plan's source. */
export type PlanRecord = Readonly<Record<string, unknown>>;

/** Name of the side output that a plan gets for late rows where it has none. */
const LATE_OUTPUT = 'backlot_late';

/** A plan's way to be started. @param partitions - Of each of its sources. */
export function startPlan(
  subject: PlanSubject,
  partitions: number,
): StartPipeline<PlanRecord, PlanRow> {
  const plan = withLateOutputs(subject.plan);
  const hasJoin = plan.steps.some(({ kind }) => kind === 'interval-join');
  return (sink) => {
    const tables = Object.entries(subject.tables ?? {}).map(
      ([name, changes]) => [name, createVersionedTable({ changes, isFrozen: true })] as const,
    );
    const run = runPlan(plan, {
      partitions,
      tables: Object.fromEntries(tables),
      functions: subject.functions ?? [],
      onResult: ({ row, timeUs }) => sink.result(row, timeUs),
    });
    let current: PlanRecord = {};
    for (const output of lateOutputsOf(plan))
      run.output(output).subscribe(() => sink.late(current));
    run.rejected$.subscribe(({ row, reason }) => sink.rejected(row as PlanRecord, reason));
    return {
      take(item) {
        switch (item.kind) {
          case 'row':
            current = item.row;
            run.pushTo(item.source ?? plan.source.name, item.row, item.partition);
            break;
          case 'poison':
            run.push(item.record, item.partition);
            break;
          case 'process-time':
            run.passProcessTime(item.nowUs);
            break;
          case 'watermark':
            if (item.timeUs === Number.POSITIVE_INFINITY) run.finish();
            // That of a plan with two sources hangs on both, and it tells the first one's.
            else if (hasJoin) break;
            sink.watermark(run.watermarkUs);
        }
      },
      finish() {},
      counts: () => run.counts(),
      get stateSize() {
        return run.stateSize;
      },
      snapshots: {
        take: () => run.snapshot(),
        restore: (saved) => run.restore(saved),
      },
    };
  };
}

/** The plan with a side output for late rows of every window: it changes no result. */
function withLateOutputs(plan: PipelinePlan): PipelinePlan {
  const steps = plan.steps.map((step, n) => {
    if (step.kind !== 'window' || step.lateOutput !== undefined) return step;
    return { ...step, lateOutput: `${LATE_OUTPUT}_${n}` };
  });
  return { ...plan, steps };
}

function lateOutputsOf({ steps }: PipelinePlan): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === 'window' && step.lateOutput !== undefined ? [step.lateOutput] : [],
  );
}
