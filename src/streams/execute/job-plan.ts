/** What a plan has to be to run inside the pipeline, over its enriched events and by its watermark.
 * Every problem is told. Spec: W140, W141. */
import { EngineError, type ScenarioProblem } from '../../kernel/errors.ts';
import {
  ENRICHED_EVENT_COLUMNS,
  ENRICHED_EVENT_NAME,
  ENRICHED_EVENT_TIME,
  type JobWatermark,
} from '../enriched-source.ts';
import { checkPlan } from '../plan/check/plan-rules.ts';
import type { ColumnType, Expression } from '../plan/expression.ts';
import type { PlanFunction } from '../plan/functions.ts';
import type { ColumnSpec, PipelinePlan } from '../plan/plan.ts';
import { expressionsOf } from '../plan/step-expressions.ts';

/** The sink whose rows are panes of the warehouse's table `pane`. */
export const PANE_SINK = 'pane';
/** The side output of such plans, whose rows are late events. */
export const LATE_OUTPUT = 'late';

/** What a pipeline offers its plans. */
export interface PlanJobTerms {
  readonly watermark: JobWatermark;
  /** Bodies of functions that plans may name. */
  readonly functions: readonly PlanFunction[];
}

/** Checks the plans of one pipeline. @throws EngineError `PLAN_INVALID` with every problem of the
 * first that is wrong. */
export function checkJobPlans(plans: readonly PipelinePlan[], terms: PlanJobTerms): void {
  jobPlanProblems(plans, terms).forEach((problems, n) => {
    if (problems.length === 0) return;
    const lines = problems.map(({ path, found, rule }) => `${path}: ${found}: ${rule}`);
    const message = `plan "${plans[n]?.name}": ${lines.join('; ')}`;
    throw new EngineError('PLAN_INVALID', message, { problems });
  });
}

/** What is wrong with each of the plans of one pipeline. */
export function jobPlanProblems(
  plans: readonly PipelinePlan[],
  terms: PlanJobTerms,
): readonly (readonly ScenarioProblem[])[] {
  return plans.map((plan, n) => {
    const { problems, columns } = checkedOnce(plan);
    const found: ScenarioProblem[] = [...problems];
    const report = (path: string, value: unknown, rule: string) => {
      found.push({ path, found: JSON.stringify(value) ?? 'nothing', rule });
    };
    if (plans.findIndex(({ name }) => name === plan.name) < n) {
      report('name', plan.name, 'another plan of the pipeline has this name; choose another');
    }
    checkSource(plan, terms.watermark, report);
    checkSteps(plan, terms.functions, report);
    if (plan.sink.name === PANE_SINK) checkPaneSink(plan, columns.at(-1) ?? {}, report);
    return found;
  });
}

const checked = new WeakMap<PipelinePlan, ReturnType<typeof checkPlan>>();

/** Plans do not change, and many pipelines run the same ones. */
function checkedOnce(plan: PipelinePlan): ReturnType<typeof checkPlan> {
  const known = checked.get(plan) ?? checkPlan(plan);
  checked.set(plan, known);
  return known;
}

type Report = (path: string, found: unknown, rule: string) => void;

function checkSteps(plan: PipelinePlan, functions: readonly PlanFunction[], report: Report): void {
  plan.steps.forEach((step, n) => {
    if (step.kind === 'lookup-join' || step.kind === 'interval-join') {
      const rule = `the pipeline has no source or table but ${ENRICHED_EVENT_NAME}; leave it out`;
      report(`steps[${n}]`, step.kind, rule);
    }
    for (const { name, version } of expressionsOf(step).flatMap(callsOf)) {
      if (functions.some((one) => one.name === name && one.version === version)) continue;
      const rule = 'its body is not here; give the file of the plan that exports its functions';
      report(`steps[${n}]`, `${name} version ${version}`, rule);
    }
  });
}

type Call = Extract<Expression, { kind: 'function' }>;

function callsOf(expression: Expression): readonly Call[] {
  if (expression.kind !== 'operator' && expression.kind !== 'function') return [];
  const inner = expression.args.flatMap(callsOf);
  return expression.kind === 'function' ? [expression, ...inner] : inner;
}

function checkSource({ source }: PipelinePlan, job: JobWatermark, report: Report): void {
  if (source.name !== ENRICHED_EVENT_NAME) {
    report('source.name', source.name, `must be ${ENRICHED_EVENT_NAME}`);
    return;
  }
  const known: Readonly<Record<string, ColumnSpec>> = ENRICHED_EVENT_COLUMNS;
  for (const [name, { type, path }] of Object.entries(source.columns)) {
    const column = Object.hasOwn(known, name) ? known[name] : undefined;
    if (column === undefined) {
      const rule = `must be one of ${Object.keys(known).join(', ')}`;
      report(`source.columns.${name}`, name, rule);
    } else if (type !== column.type || path !== column.path) {
      report(`source.columns.${name}`, { type, path }, `must be ${JSON.stringify(column)}`);
    }
  }
  if (source.time !== ENRICHED_EVENT_TIME) {
    report('source.time', source.time, `must be ${ENRICHED_EVENT_TIME}`);
  }
  const wanted = { kind: 'bounded', boundUs: job.boundUs } as const;
  if (source.watermark.kind !== 'bounded' || source.watermark.boundUs !== job.boundUs) {
    const rule = `event time is the pipeline's: must be ${JSON.stringify(wanted)}`;
    report('source.watermark', source.watermark, rule);
  }
  if ((source.idleTimeoutUs ?? job.idleTimeoutUs) !== job.idleTimeoutUs) {
    const rule = `event time is the pipeline's: must be ${job.idleTimeoutUs}, or left out`;
    report('source.idleTimeoutUs', source.idleTimeoutUs, rule);
  }
}

/** A row of panes is a count of a key and window, and replaces the one before it. */
function checkPaneSink(
  plan: PipelinePlan,
  columns: Readonly<Record<string, ColumnType>>,
  report: Report,
): void {
  const path = 'sink.name';
  const rule = (text: string) => `rows of the table "${PANE_SINK}" ${text}`;
  const last = plan.steps.at(-1);
  if (last?.kind !== 'window' || last.top !== undefined || last.window.assign.kind === 'global') {
    report(path, PANE_SINK, rule('come from a window with bounds, without top, as the last step'));
    return;
  }
  if (last.window.trigger?.early !== undefined || last.window.accumulation === 'retracting') {
    report(path, PANE_SINK, rule('are on time or late, and never taken back'));
  }
  if (!(columns['key'] === 'string' || columns['key'] === 'integer')) {
    report(path, columns, rule('have a text or an integer "key"'));
  }
  if (!(columns['value'] === 'integer' || columns['value'] === 'double')) {
    report(path, columns, rule('have a number "value"'));
  }
  if (last.lateOutput !== undefined && last.lateOutput !== LATE_OUTPUT) {
    report(path, last.lateOutput, rule(`have their late events in "${LATE_OUTPUT}"`));
  }
  if (last.lateOutput !== undefined && plan.source.columns['event_id'] === undefined) {
    report('source.columns', columns, rule('with late events need the column "event_id"'));
  }
  if (plan.steps.some(({ kind }) => kind === 'divert' || kind === 'map')) {
    report(path, PANE_SINK, rule('are made without map and divert'));
  }
}
