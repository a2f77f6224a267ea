/** Carries the fetches of a plan run by hand: in any order, with any of them failing. */
import type { CallPlan } from '../../src/gateway/call-plan.ts';
import {
  type CreatePlanRun,
  createPlanRun,
  type FetchResult,
  type PlanAnswer,
  type PlannedFetch,
} from '../../src/gateway/plan-run.ts';
import type { ServiceBackends } from '../../src/gateway/service-backends.ts';

/** How to drive. */
export interface Drive {
  readonly plan: CallPlan;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly backends: ServiceBackends;
  /** Which of `count` open fetches completes next; the oldest by default. */
  readonly pick?: (count: number) => number;
  readonly fails?: (fetch: PlannedFetch) => boolean;
  /** What to run plans with; the product's runner by default. */
  readonly createRun?: CreatePlanRun;
}

/** The answer, and all fetches in the order in which they were emitted. */
export interface Driven {
  readonly answer: PlanAnswer;
  readonly fetches: readonly PlannedFetch[];
}

/** Runs a plan to its end. */
export function drivePlan(drive: Drive): Driven {
  const { plan, variables, pick = () => 0, createRun = createPlanRun } = drive;
  const run = createRun(plan, variables as Readonly<Record<string, string>>);
  const open = [...run.start()];
  const fetches = [...open];
  while (open.length > 0) {
    const [fetch] = open.splice(pick(open.length), 1);
    if (fetch === undefined || run.answer() !== undefined) throw new Error('not over, not open');
    const next = run.complete(fetch.fetchId, resultOf(drive, fetch));
    open.push(...next);
    fetches.push(...next);
  }
  const answer = run.answer();
  if (answer === undefined || run.openFetchCount > 0) throw new Error('a run that does not end');
  return { answer, fetches };
}

function resultOf({ backends, fails }: Drive, fetch: PlannedFetch): FetchResult {
  if (fails?.(fetch)) return { ok: false, message: `${fetch.serviceName} is down` };
  const { serviceName, operation, variables } = fetch;
  const answer = backends.execute({ service: serviceName, operation, variables });
  const { data, errors } = answer;
  return errors === undefined ? { ok: true, data } : { ok: true, data, errors };
}
