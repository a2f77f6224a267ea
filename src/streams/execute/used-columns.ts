/** Which columns of its source a plan reads, so that nothing else is read off records. */
import type { PipelinePlan, PlanStep } from '../plan/plan.ts';
import { columnsOf, expressionsOf } from '../plan/step-expressions.ts';

/** The plan with those columns of its source that make a difference: what steps compute with, and
 * all where whole rows go out, to the sink or to a side output.
 * @param kept - Columns that stay in any case; a list stands for what side outputs need too. */
export function withUsedColumns(plan: PipelinePlan, kept?: readonly string[]): PipelinePlan {
  const used = usedColumns(plan, kept);
  if (used === undefined) return plan;
  const { source } = plan;
  const columns = Object.entries(source.columns).filter(([name]) => used.has(name));
  return { ...plan, source: { ...source, columns: Object.fromEntries(columns) } };
}

function usedColumns(plan: PipelinePlan, kept?: readonly string[]): Set<string> | undefined {
  const used = new Set([plan.source.time, ...(kept ?? [])]);
  for (const step of plan.steps) {
    if (kept === undefined && tellsRows(step)) return undefined;
    for (const name of expressionsOf(step).flatMap(columnsOf)) used.add(name);
    if (step.kind === 'map' || step.kind === 'window') return used;
  }
  return undefined;
}

function tellsRows(step: PlanStep): boolean {
  return step.kind === 'divert' || (step.kind === 'window' && step.lateOutput !== undefined);
}
