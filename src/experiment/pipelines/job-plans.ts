/** Plans that a user gives to an ingestion or a backfill, beside those of the job. Spec: W148. */
import type { Warehouse } from '../../storage/warehouse.ts';
import type { JobWatermark } from '../../streams/enriched-source.ts';
import { checkJobPlans } from '../../streams/execute/job-plan.ts';
import { isUsersPlan } from '../../streams/pipeline-plans.ts';
import type { PlanFunction } from '../../streams/plan/functions.ts';
import { parsePlan } from '../../streams/plan/parse-plan.ts';
import type { PipelinePlan } from '../../streams/plan/plan.ts';
import type { PlanDocument } from '../io/load-plan.ts';
import type { PipelineFigures } from '../result.ts';

/** What the pipeline of a job runs. */
export interface JobPlans {
  readonly plans: readonly PipelinePlan[];
  readonly functions: readonly PlanFunction[];
}

/** A job's plans with those given. One of the same name takes the place of a plan that a user gave
 * before. A document that says no watermark has the job's.
 * @throws EngineError `PLAN_INVALID` with every problem of the first that is wrong. */
export function withGivenPlans(
  own: readonly PipelinePlan[],
  given: readonly PlanDocument[],
  watermark: JobWatermark,
): JobPlans {
  const added = given.map(({ document }) => parsePlan(withWatermark(document, watermark)));
  const names = new Set(added.map(({ name }) => name));
  const kept = own.filter((plan) => !isUsersPlan(plan) || !names.has(plan.name));
  const plans = [...kept, ...added];
  const functions = [...new Set(given.flatMap((one) => one.functions))];
  checkJobPlans(plans, { watermark, functions });
  return { plans, functions };
}

/** Names of the plans whose rows are results. */
export function namesOfUsersPlans(plans: readonly PipelinePlan[]): readonly string[] {
  return plans.filter(isUsersPlan).map(({ name }) => name);
}

/** What plans told, as the warehouse has it.
 * @param source - Of one source; of all where it is left out. */
export function pipelineFigures(warehouse: Warehouse, source?: string): readonly PipelineFigures[] {
  const of = source === undefined ? '' : 'WHERE source = ?';
  const parameters = source === undefined ? [] : [source, source];
  const rows = warehouse.query(
    `SELECT pipeline, sum(results) AS results, sum(side_rows) AS side_rows FROM (
     SELECT pipeline, 1 AS results, 0 AS side_rows FROM pipeline_result ${of}
     UNION ALL SELECT pipeline, 0, 1 FROM pipeline_side_output ${of})
     GROUP BY pipeline ORDER BY pipeline`,
    parameters,
  );
  return rows.map((row) => ({
    pipeline: String(row['pipeline']),
    results: Number(row['results']),
    sideRows: Number(row['side_rows']),
  }));
}

function withWatermark(document: unknown, { boundUs }: JobWatermark): unknown {
  const { source } = (document ?? {}) as { readonly source?: unknown };
  if (typeof source !== 'object' || source === null || 'watermark' in source) return document;
  const watermark = { kind: 'bounded', boundUs };
  return { ...(document as object), source: { ...source, watermark } };
}
