/** The windows of a plan's last window step, counted by the step and by the definition of windows:
 * the plan up to the step tells which rows go in. */
import { compileExpression, type PlanRow } from '../../../streams/execute/compile-expression.ts';
import { functionsByName } from '../../../streams/plan/functions.ts';
import type { PipelinePlan, PlanStep } from '../../../streams/plan/plan.ts';
import { deliver } from '../delivery.ts';
import { textOf } from '../differences.ts';
import { drive } from '../outcome.ts';
import { finalOf, type PipelineCase } from '../pipeline-case.ts';
import { windowDifference } from '../properties/window-membership.ts';
import { onTime, type StreamTrial, withoutDuplicates } from '../stream-trial.ts';
import type { PlanSubject } from '../subject.ts';
import { type PlanRecord, startPlan } from './start-plan.ts';

type WindowStep = Extract<PlanStep, { kind: 'window' }>;

/** How they differ; undefined where they do not, or where the plan has no such windows: the last is
 * global, or its gap hangs on the row. */
export function planWindowDifference(
  subject: PlanSubject,
  seen: PipelineCase<PlanRecord, PlanRow>,
): string | undefined {
  const { plan, functions = [] } = subject;
  const at = plan.steps.findLastIndex(({ kind }) => kind === 'window');
  const step = plan.steps[at] as WindowStep | undefined;
  if (step === undefined) return undefined;
  const { assign } = step.window;
  if (assign.kind === 'global') return undefined;
  if (assign.kind === 'session' && typeof assign.gapUs !== 'number') return undefined;
  const trial = onTime(withoutDuplicates(seen.trial));
  const run = (steps: readonly PlanStep[]) => runSteps(subject, steps, { trial, seen });
  const before = plan.steps.slice(0, at);
  const keys = Object.values(step.keys).map((key) =>
    compileExpression(key, functionsByName(functions)),
  );
  const events = run(before).map(({ value, timeUs = 0 }) => {
    return { key: textOf(keys.map((read) => read(value))), timeUs };
  });
  const results = run([...before, counting(step)]).map(({ value }) => value);
  const names = Object.keys(step.keys);
  const told = finalOf(results, {
    resultKey: (row) => textOf([...names, 'window_start', 'window_end'].map((name) => row[name])),
    isRetraction: ({ is_retraction: is }) => is === true,
  });
  const windows = told.map((row) => ({
    key: textOf(names.map((name) => row[name])),
    startUs: row['window_start'] as number,
    endUs: row['window_end'] as number,
    events: row['n'] as number,
  }));
  return windowDifference(windows, assign, events);
}

/** The step with nothing but a count. */
function counting({ top: _, ...step }: WindowStep): WindowStep {
  return { ...step, aggregates: { n: { kind: 'count' } } };
}

function runSteps(
  subject: PlanSubject,
  steps: readonly PlanStep[],
  over: {
    readonly trial: StreamTrial<PlanRecord>;
    readonly seen: PipelineCase<PlanRecord, PlanRow>;
  },
) {
  const sink: PipelinePlan['sink'] = { name: 'windows', mode: 'append', key: [] };
  const plan = { ...subject.plan, steps, sink };
  const { trial, seen } = over;
  const start = startPlan({ ...subject, plan }, trial.partitions ?? 1);
  const { results, thrown } = drive(start, deliver(trial, seen.stampRow));
  if (thrown !== undefined) throw thrown.error;
  return results;
}
