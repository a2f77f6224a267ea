/** The one sans-I/O plan executor: `startPlan` says what to fetch, `completeFetch` continues. It
 * never waits, never draws, never reads a clock; whoever hosts it (device, gateway, router, server)
 * carries the fetches. */
import type { GraphQLSchema } from 'graphql';
import type { PageVariables } from '../domain/page.ts';
import { invariant } from '../kernel/errors.ts';
import type { CallPlan } from './call-plan.ts';
import { type CompiledPlan, createPlanCompiler, type FetchOutcome } from './plan/compiled-plan.ts';
import { holds } from './plan/conditions.ts';
import type { FetchStep, PlanStep } from './plan/steps.ts';
import { productSupergraph } from './services/product.ts';

/** One call to make. */
export interface PlannedFetch {
  /** 0-based, unique within the run, in the order in which fetches were emitted. */
  readonly fetchId: number;
  readonly serviceName: string;
  readonly operation: string;
  /** Page variables used, and `representations` for an entity fetch (de-duplicated). */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What came back: data, or a failure (which nulls what hung on it). */
export type FetchResult =
  | {
      readonly ok: true;
      readonly data: Readonly<Record<string, unknown>>;
      readonly errors?: readonly PlanError[];
    }
  | { readonly ok: false; readonly message: string };

/** An error of the answer, as GraphQL writes it. */
export interface PlanError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** The page's answer. */
export interface PlanAnswer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly PlanError[];
}

/** The state of one plan in execution. */
export interface PlanRun {
  /** Fetches emitted and not completed. */
  readonly openFetchCount: number;
  /** Starts. @returns the first fetches (none where the plan needs none). */
  start(): readonly PlannedFetch[];
  /** Takes in the result of an open fetch. @returns the fetches that became possible. */
  complete(fetchId: number, result: FetchResult): readonly PlannedFetch[];
  /** The shaped answer once nothing is open; undefined before. Frozen. */
  answer(): PlanAnswer | undefined;
}

/** Makes a run of a plan. `startPlanRun(plan, variables).start()` emits the first fetches. */
export type CreatePlanRun = (plan: CallPlan, variables: PageVariables) => PlanRun;

/** Makes runs of plans over the product's public schema. */
export const createPlanRun: CreatePlanRun = (plan, variables) => {
  productRunner ??= createPlanRunner(productSupergraph().publicSchema);
  return productRunner(plan, variables);
};

let productRunner: CreatePlanRun | undefined;

/** Makes runs of plans over any public schema. What runs of one plan have in common is compiled
 * once, and what follows from frozen results is computed once. */
export function createPlanRunner(publicSchema: GraphQLSchema): CreatePlanRun {
  const compile = createPlanCompiler(publicSchema);
  return (plan, variables) => new TreeRun(compile(plan, variables), variables);
}

/** Walks the tree of a plan: a step is given what to do when it is over. What fetches carry and
 * what the answer is, the compiled plan derives from the outcomes in the order of the plan, so that
 * the order of completion cannot matter. Spec: G2, G4. */
class TreeRun implements PlanRun {
  readonly #plan: CompiledPlan;
  readonly #variables: PageVariables;
  readonly #outcomes: FetchOutcome[];
  readonly #open = new Map<number, { readonly step: FetchStep; readonly done: () => void }>();
  #emitted: PlannedFetch[] = [];
  #fetchCount = 0;
  #isOver = false;

  constructor(plan: CompiledPlan, variables: PageVariables) {
    this.#plan = plan;
    this.#variables = variables;
    this.#outcomes = plan.initialOutcomes();
  }

  get openFetchCount(): number {
    return this.#open.size;
  }

  start(): readonly PlannedFetch[] {
    invariant(this.#fetchCount === 0 && !this.#isOver, 'PLAN_STARTED_TWICE', {});
    this.#run(this.#plan.root, () => {
      this.#isOver = true;
    });
    return this.#takeEmitted();
  }

  complete(fetchId: number, result: FetchResult): readonly PlannedFetch[] {
    const open = this.#open.get(fetchId);
    invariant(open !== undefined, 'FETCH_NOT_OPEN', { fetchId });
    this.#open.delete(fetchId);
    this.#outcomes[open.step.index] = result.ok
      ? { kind: 'answered', data: result.data, errors: result.errors ?? [] }
      : { kind: 'failed', message: result.message };
    open.done();
    return this.#takeEmitted();
  }

  answer(): PlanAnswer | undefined {
    return this.#isOver ? this.#plan.answer(this.#outcomes) : undefined;
  }

  #takeEmitted(): readonly PlannedFetch[] {
    const emitted = this.#emitted;
    this.#emitted = [];
    return emitted;
  }

  #run(step: PlanStep, done: () => void): void {
    switch (step.kind) {
      case 'fetch':
        this.#fetch(step, done);
        break;
      case 'sequence':
        this.#sequence(step.steps, 0, done);
        break;
      case 'parallel':
        this.#parallel(step.steps, done);
        break;
      case 'condition': {
        const branch = holds(this.#variables, step.variable) ? step.ifStep : step.elseStep;
        if (branch === undefined) done();
        else this.#run(branch, done);
      }
    }
  }

  #sequence(steps: readonly PlanStep[], position: number, done: () => void): void {
    const step = steps[position];
    if (step === undefined) done();
    else this.#run(step, () => this.#sequence(steps, position + 1, done));
  }

  #parallel(steps: readonly PlanStep[], done: () => void): void {
    let open = steps.length;
    if (open === 0) done();
    for (const step of steps) {
      this.#run(step, () => {
        open -= 1;
        if (open === 0) done();
      });
    }
  }

  #fetch(step: FetchStep, done: () => void): void {
    const variables = this.#plan.fetchVariables(step, this.#outcomes, this.#variables);
    if (variables === undefined) {
      done();
      return;
    }
    const fetchId = this.#fetchCount;
    this.#fetchCount += 1;
    this.#open.set(fetchId, { step, done });
    const { serviceName, operation } = step;
    this.#emitted.push({ fetchId, serviceName, operation, variables });
  }
}
