/** The one sans-I/O plan executor: `startPlan` says what to fetch, `completeFetch` continues. It
 * never waits, never draws, never reads a clock; whoever hosts it (device, gateway, router, server)
 * carries the fetches. */
import type { GraphQLSchema } from 'graphql';
import type { PageVariables } from '../domain/page.ts';
import { invariant } from '../kernel/errors.ts';
import type { CallPlan } from './call-plan.ts';
import type { CompiledPlan } from './plan/compiled-plan.ts';
import { holds, type Variables } from './plan/conditions.ts';
import type { ResponseObject } from './plan/data/response-data.ts';
import type { TypeIndex } from './plan/data/type-index.ts';
import { type CallOutcome, callOutcome } from './plan/fetch-outcome.ts';
import { createPlanCompiler, type Schedule } from './plan/plan-compiler.ts';
import type { FetchResult, PlanAnswer, PlannedFetch, PlanRun } from './plan/run.ts';
import type { RunState } from './plan/run-state.ts';
import type { FetchStep } from './plan/steps.ts';
import { productSupergraph } from './services/product.ts';

export type { FetchResult, PlanAnswer, PlannedFetch, PlanRun } from './plan/run.ts';

/** Makes a run of a plan. `startPlanRun(plan, variables).start()` emits the first fetches. */
export type CreatePlanRun = (plan: CallPlan, variables: PageVariables) => PlanRun;

/** Makes runs of plans over the product's public schema. */
export const createPlanRun: CreatePlanRun = (plan, variables) => {
  productRunner ??= productPlanRunner();
  return productRunner(plan, variables);
};

let productRunner: CreatePlanRun | undefined;

function productPlanRunner(): CreatePlanRun {
  const { publicSchema, types } = productSupergraph();
  return createPlanRunner(publicSchema, { types });
}

/** What plans run over, besides a public schema. */
export interface PlanRunnerOptions {
  /** Types of the supergraph; those of the public schema by default. */
  readonly types?: TypeIndex;
  /** When fetches start. Default `plan`. */
  readonly schedule?: Schedule;
}

/** Makes runs of plans over any public schema. What runs of one plan have in common is compiled
 * once, and what follows from frozen results is computed once. */
export function createPlanRunner(
  publicSchema: GraphQLSchema,
  options: PlanRunnerOptions = {},
): CreatePlanRun {
  const compile = createPlanCompiler({ publicSchema, ...options });
  return (plan, variables) => startCompiled(compile(plan, variables), { variables });
}

/** Makes a run of a compiled plan.
 * @param options - Variables of the operation; data that need no fetch. */
export function startCompiled(
  plan: CompiledPlan,
  options: { readonly variables: Variables; readonly given?: Readonly<ResponseObject> },
): PlanRun {
  return new StepRun(plan, options.variables, options.given);
}

interface OpenFetch {
  readonly step: FetchStep;
  readonly call: number;
}

/** The calls of one fetch. */
interface SeveralCalls {
  readonly variables: readonly Variables[];
  readonly in: CallOutcome[];
  madeCount: number;
  missing: number;
}

/** Starts each fetch when those before it are over. What fetches carry and what the answer is, the
 * compiled plan derives from the outcomes in the order of the plan, so that the order of completion
 * cannot matter. Spec: G2, G4. */
class StepRun implements PlanRun {
  readonly #plan: CompiledPlan;
  readonly #variables: Variables;
  readonly #state: RunState;
  readonly #open = new Map<number, OpenFetch>();
  /** Per fetch: how many of those before it are not over; −1 once it was started. */
  readonly #waiting: number[];
  /** Fetches that make several calls, while some are not over. */
  readonly #several = new Map<number, SeveralCalls>();
  #emitted: PlannedFetch[] = [];
  #fetchCount = 0;
  #overCount = 0;
  #isStarted = false;
  #answer: PlanAnswer | undefined;

  constructor(plan: CompiledPlan, variables: Variables, given?: Readonly<ResponseObject>) {
    this.#plan = plan;
    this.#variables = variables;
    this.#state = plan.newState(given);
    this.#waiting = plan.fetches.map(({ after }) => after.length);
  }

  get openFetchCount(): number {
    return this.#open.size;
  }

  start(): readonly PlannedFetch[] {
    invariant(!this.#isStarted, 'PLAN_STARTED_TWICE', {});
    this.#isStarted = true;
    this.#startReady(0);
    return this.#takeEmitted();
  }

  complete(fetchId: number, result: FetchResult): readonly PlannedFetch[] {
    const open = this.#open.get(fetchId);
    invariant(open !== undefined, 'FETCH_NOT_OPEN', { fetchId });
    this.#open.delete(fetchId);
    const { step, call } = open;
    const outcome = callOutcome(step, this.#plan.countsOf(step, this.#state, call), result);
    const several = this.#several.get(step.index);
    if (several === undefined) {
      this.#finish(step, [outcome]);
    } else {
      several.in[call] = outcome;
      several.missing -= 1;
      if (several.missing === 0) this.#finish(step, several.in);
      else this.#makeNext(step, several);
    }
    return this.#takeEmitted();
  }

  answer(): PlanAnswer | undefined {
    if (!this.#isStarted || this.#overCount < this.#plan.fetches.length) return undefined;
    this.#answer ??= this.#plan.answer(this.#state);
    return this.#answer;
  }

  #takeEmitted(): readonly PlannedFetch[] {
    const emitted = this.#emitted;
    this.#emitted = [];
    return emitted;
  }

  #finish(step: FetchStep, calls: readonly CallOutcome[]): void {
    this.#state.outcomes[step.index] = calls;
    this.#release(step.index);
    this.#startReady(step.index + 1);
  }

  /** A fetch is over: whatever waits for it waits for one less. */
  #release(index: number): void {
    this.#overCount += 1;
    const { fetches } = this.#plan;
    for (let i = index + 1; i < fetches.length; i += 1) {
      if (fetches[i]?.after.includes(index)) this.#waiting[i] = (this.#waiting[i] ?? 0) - 1;
    }
  }

  /** Starts what waits for nothing. Only later fetches wait for a fetch, so one pass is enough. */
  #startReady(from: number): void {
    const { fetches } = this.#plan;
    for (let i = from; i < fetches.length; i += 1) {
      const step = fetches[i];
      if (step === undefined || this.#waiting[i] !== 0) continue;
      this.#waiting[i] = -1;
      if (!this.#emit(step)) this.#release(i);
    }
  }

  /** @returns whether the fetch makes any call. */
  #emit(step: FetchStep): boolean {
    const applies = step.guards.every((guard) => {
      return holds(this.#variables, guard.variable) === guard.holds;
    });
    const calls = applies ? this.#plan.callsOf(step, this.#state, this.#variables) : undefined;
    if (calls === undefined) return false;
    const several = { variables: calls, in: [], madeCount: 0, missing: calls.length };
    if (calls.length > 1) this.#several.set(step.index, several);
    const atOnce = Math.min(calls.length, step.maxInFlight);
    for (let call = 0; call < atOnce; call += 1) this.#makeNext(step, several);
    return true;
  }

  /** Makes the next call of a fetch, if there is one. */
  #makeNext(step: FetchStep, several: SeveralCalls): void {
    const call = several.madeCount;
    const variables = several.variables[call];
    if (variables === undefined) return;
    several.madeCount += 1;
    const { serviceName, operation } = step;
    const fetchId = this.#fetchCount;
    this.#fetchCount += 1;
    this.#open.set(fetchId, { step, call });
    this.#emitted.push({ fetchId, serviceName, operation, variables });
  }
}
