/** The option `--pipeline <file>`, which may be repeated. */
import type { PlanDocument } from '../experiment/io/load-plan.ts';
import type { PipelineFigures } from '../experiment/result.ts';

/** Adds a value of an option to those before it. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Loads plans. @throws EngineError `PLAN_UNREADABLE`. */
export async function loadPlans(paths: readonly string[]): Promise<readonly PlanDocument[]> {
  if (paths.length === 0) return [];
  // Loaded for those who name plans.
  const { loadPlanDocument } = await import('../experiment/io/load-plan.ts');
  return Promise.all(paths.map(loadPlanDocument));
}

/** A line of a summary for each plan, under one label. */
export function pipelineLines(
  figures: readonly PipelineFigures[] = [],
): readonly (readonly [string, string])[] {
  const number = (value: number) => value.toLocaleString('en-US');
  return figures.map(({ pipeline, results, sideRows }) => [
    'Pipeline',
    `${pipeline}: ${number(results)} results, ${number(sideRows)} rows aside`,
  ]);
}
