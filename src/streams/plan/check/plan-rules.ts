/** Checks of a plan as a whole, and its columns step by step. */
import type { ScenarioProblem } from '../../../kernel/errors.ts';
import type { PipelinePlan, PlanStep } from '../plan.ts';
import type { Columns, Report } from './expressions.ts';
import { typeOfColumn } from './expressions.ts';
import { checkSource, checkStep, columnsOfSource } from './steps.ts';

/** A plan's problems and the columns before each step and, last, at the sink. */
export interface CheckedPlan {
  readonly problems: readonly ScenarioProblem[];
  readonly columns: readonly Columns[];
}

/** Checks a plan of the right shape. Every problem is told, sorted by path. */
export function checkPlan(plan: PipelinePlan): CheckedPlan {
  const problems: ScenarioProblem[] = [];
  const report: Report = (path, found, rule) => {
    problems.push({ path, found: JSON.stringify(found) ?? 'nothing', rule });
  };
  checkSource(plan.source, 'source', report);
  const columns: Columns[] = [columnsOfSource(plan.source)];
  plan.steps.forEach((step, n) => {
    const path = `steps[${n}]`;
    const before = columns[n] ?? {};
    columns.push(checkStep(step, before, { tables: plan.tables ?? {}, path, report }));
  });
  checkOrder(plan.steps, report);
  checkOutputs(plan, report);
  checkSink(plan, columns.at(-1) ?? {}, report);
  problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { problems, columns };
}

/** The columns before each step of a valid plan and, last, at the sink. */
export function columnsByStep(plan: PipelinePlan): readonly Columns[] {
  return checkPlan(plan).columns;
}

/** After the global window there is no event time: its rows come at the end of the stream. */
function checkOrder(steps: readonly PlanStep[], report: Report): void {
  const global = steps.findIndex(
    (step) => step.kind === 'window' && step.window.assign.kind === 'global',
  );
  if (global < 0) return;
  steps.forEach((step, n) => {
    if (n <= global || step.kind === 'filter' || step.kind === 'map' || step.kind === 'divert') {
      return;
    }
    const rule = 'rows of a global window have no event time; filter, map or divert them only';
    report(`steps[${n}]`, step.kind, rule);
  });
}

function checkOutputs(plan: PipelinePlan, report: Report): void {
  const seen = new Map<string, string>([[plan.sink.name, 'the sink']]);
  const claim = (name: string | undefined, path: string) => {
    if (name === undefined) return;
    const taker = seen.get(name);
    if (taker !== undefined) report(path, name, `${taker} has this name; choose another`);
    seen.set(name, path);
  };
  const sources = new Set([plan.source.name]);
  plan.steps.forEach((step, n) => {
    if (step.kind === 'divert') claim(step.output, `steps[${n}].output`);
    if (step.kind === 'window') claim(step.lateOutput, `steps[${n}].lateOutput`);
    if (step.kind !== 'interval-join') return;
    const { name } = step.right;
    if (sources.has(name)) {
      report(`steps[${n}].right.name`, name, 'another source has this name; choose another');
    }
    sources.add(name);
  });
}

function checkSink(plan: PipelinePlan, columns: Columns, report: Report): void {
  const { sink } = plan;
  sink.key.forEach((name, n) => {
    typeOfColumn(name, { columns, path: `sink.key[${n}]`, report });
  });
  if (sink.mode === 'upsert' && sink.key.length === 0) {
    report('sink.key', '[]', 'an upsert needs a key; name the columns that make a row’s identity');
  }
}
