/** All that is known of one page (a plan with variables): per fetch its calls, and how the page
 * ends, by the outcomes that they follow from. Where all calls are answered no key is needed. */
import type { PageVariables } from '../../domain/page.ts';
import type { CompiledPlan } from '../plan/compiled-plan.ts';
import { holds } from '../plan/conditions.ts';
import type { CarriedEntities } from '../plan/data/representations.ts';
import type { ResponseObject } from '../plan/data/response-data.ts';
import { type CallOutcome, callOutcome } from '../plan/fetch-outcome.ts';
import { deepFreeze } from '../plan/freeze.ts';
import { createLruCache } from '../plan/lru-cache.ts';
import type { PlanAnswer } from '../plan/run.ts';
import type { RunState } from '../plan/run-state.ts';
import type { FetchStep } from '../plan/steps.ts';
import type { ServiceAnswer, ServiceBackends } from '../service-backends.ts';
import type { PageEnd, TracedCall } from './traced-call.ts';

/** How a call ended, in the order of how much it takes away. */
export const OUTCOMES = ['answered', 'stale', 'default', 'failed'] as const;
/** Codes from here on bring no data. */
export const FIRST_WITHOUT_DATA = 2;
const DEFAULT_CODE = 2;

/** A fetch as it is made after certain outcomes. */
export interface TracedStep {
  /** None where no object needs the fetch or a condition does not hold. */
  readonly calls: readonly TracedCall[];
  readonly carried: CarriedEntities | undefined;
  /** What the calls bring if they are answered. */
  readonly results: readonly CallOutcome[];
}

/** The outcomes of a run so far, as far as they are not `answered`. */
export interface RunOutcomes {
  /** The calls of a fetch as it was made in this run. */
  stepAt(index: number): TracedStep | undefined;
  /** Index into {@link OUTCOMES}. */
  codeAt(index: number, call: number): number;
}

/** Fetches and endings remembered a page besides those without trouble. */
const MAX_VARIANTS = 256;
const NO_CALLS: TracedStep = Object.freeze({
  calls: Object.freeze([]),
  carried: undefined,
  results: Object.freeze([]),
});
const FAILED = { ok: false, message: 'the service did not answer' } as const;
const DEFAULTED = { ok: true, data: {}, fallback: 'default' } as const;

/** One page. Cost of what is not known yet: as for a plan run and its calls. */
export class TracedPage {
  readonly plan: CompiledPlan;
  /** Per fetch: how many are over before it starts. */
  readonly waits: readonly number[];
  /** Per fetch: those that wait for it, ascending. */
  readonly dependents: readonly (readonly number[])[];
  /** What a run begins with: no fetch made. */
  readonly noSteps: readonly undefined[];
  /** Per fetch: calls of it that are under way at once, at most. */
  readonly maxInFlight: readonly number[];
  readonly #variables: PageVariables;
  readonly #backends: ServiceBackends;
  readonly #plain: (TracedStep | undefined)[];
  readonly #variants = createLruCache<TracedStep>(MAX_VARIANTS);
  readonly #ends = createLruCache<PageEnd>(MAX_VARIANTS);
  #plainEnd: PageEnd | undefined;

  constructor(plan: CompiledPlan, variables: PageVariables, backends: ServiceBackends) {
    this.plan = plan;
    this.#variables = variables;
    this.#backends = backends;
    this.waits = plan.fetches.map(({ after }) => after.length);
    this.dependents = plan.fetches.map(({ index }) =>
      plan.fetches.filter(({ after }) => after.includes(index)).map((step) => step.index),
    );
    this.maxInFlight = plan.fetches.map((step) => step.maxInFlight);
    this.#plain = plan.fetches.map(() => undefined);
    this.noSteps = plan.fetches.map(() => undefined);
  }

  /** The fetch where all calls so far brought their data. */
  plainStep(index: number, outcomes: RunOutcomes): TracedStep {
    const known = this.#plain[index];
    if (known !== undefined) return known;
    const step = this.#trace(index, outcomes);
    this.#plain[index] = step;
    return step;
  }

  /** The fetch after any outcomes. */
  stepAfter(index: number, outcomes: RunOutcomes): TracedStep {
    const { reads } = this.#step(index);
    const key = this.#keyOf(reads, outcomes, (code) => (code < FIRST_WITHOUT_DATA ? 0 : 1));
    if (key === '') return this.plainStep(index, outcomes);
    const known = this.#variants.get(`${index}|${key}`);
    if (known !== undefined) return known;
    const step = this.#trace(index, outcomes);
    this.#variants.set(`${index}|${key}`, step);
    return step;
  }

  /** How the page ends where all calls were answered. */
  plainEnd(outcomes: RunOutcomes): PageEnd {
    this.#plainEnd ??= this.#end(outcomes);
    return this.#plainEnd;
  }

  /** How the page ends after any outcomes. */
  endAfter(outcomes: RunOutcomes): PageEnd {
    const all = this.plan.fetches.map(({ index }) => index);
    const key = this.#keyOf(all, outcomes, (code) => code);
    const known = this.#ends.get(key);
    if (known !== undefined) return known;
    const end = this.#end(outcomes);
    this.#ends.set(key, end);
    return end;
  }

  /** Names the outcomes of some fetches; empty where all codes are 0. The calls of a fetch follow
   * from the fetches that it reads, and these are among them. */
  #keyOf(
    indexes: readonly number[],
    outcomes: RunOutcomes,
    read: (code: number) => number,
  ): string {
    let key = '';
    for (const index of indexes) {
      const count = outcomes.stepAt(index)?.calls.length ?? 0;
      for (let call = 0; call < count; call += 1) {
        const code = read(outcomes.codeAt(index, call));
        if (code > 0) key += `${index}.${call}.${code};`;
      }
    }
    return key;
  }

  #step(index: number): FetchStep {
    return this.plan.fetches[index] as FetchStep;
  }

  #trace(index: number, outcomes: RunOutcomes): TracedStep {
    const step = this.#step(index);
    const variables = this.#variables;
    if (!step.guards.every((one) => holds(variables, one.variable) === one.holds)) return NO_CALLS;
    const state = this.#stateAfter(step.reads, outcomes);
    const carriedByCall = this.plan.callsOf(step, state, variables);
    if (carriedByCall === undefined) return { ...NO_CALLS, carried: state.carried[index] };
    const answers = carriedByCall.map((carried) => {
      const { serviceName: service, operation } = step;
      return this.#backends.execute({ service, operation, variables: carried });
    });
    const results = answers.map((answer, call) => {
      const { data, errors } = answer;
      const counts = this.plan.countsOf(step, state, call);
      return callOutcome(step, counts, { ok: true, data, errors });
    });
    const calls = answers.map((answer, call) =>
      this.#call(step, call, { answer, variables: carriedByCall[call] ?? {} }),
    );
    return { calls: Object.freeze(calls), carried: state.carried[index], results };
  }

  #call(
    step: FetchStep,
    call: number,
    made: {
      readonly answer: ServiceAnswer;
      readonly variables: Readonly<Record<string, unknown>>;
    },
  ): TracedCall {
    const { answer, variables } = made;
    return deepFreeze({
      callId: step.index + call * this.plan.fetches.length,
      service: step.serviceName,
      operation: step.operation,
      requestBytes: answer.requestBytes,
      responseBytes: answer.responseBytes,
      work: answer.work,
      entityKeys: entityKeysOf(step, variables),
      databaseRoundTrips: answer.databaseRoundTrips,
      answer,
    });
  }

  /** The state of a plan run in which the given fetches ended as they did. */
  #stateAfter(indexes: readonly number[], outcomes: RunOutcomes): RunState {
    const state = this.plan.newState();
    for (const index of indexes) {
      const traced = outcomes.stepAt(index);
      if (traced === undefined) continue;
      state.carried[index] = traced.carried;
      if (traced.calls.length === 0) continue;
      const step = this.#step(index);
      state.outcomes[index] = traced.results.map((result, call) =>
        ended(step, result, outcomes.codeAt(index, call)),
      );
    }
    return state;
  }

  #end(outcomes: RunOutcomes): PageEnd {
    const all = this.plan.fetches.map(({ index }) => index);
    const answer = this.plan.answer(this.#stateAfter(all, outcomes));
    let callCount = 0;
    for (const index of all) callCount += outcomes.stepAt(index)?.calls.length ?? 0;
    return deepFreeze({
      outcome: outcomeOf(answer),
      isDegraded: answer.degraded === true,
      bytes: bytesOf(answer),
      callCount,
      answer,
    });
  }
}

/** What a call came to. */
function ended(step: FetchStep, result: CallOutcome, code: number): CallOutcome {
  if (code === 0) return result;
  if (code < FIRST_WITHOUT_DATA) return { ...result, isDegraded: true };
  return callOutcome(step, [], code === DEFAULT_CODE ? DEFAULTED : FAILED);
}

function entityKeysOf(
  step: FetchStep,
  variables: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (step.batches === undefined) return [`${step.operation} ${JSON.stringify(variables)}`];
  const names = new Set(step.batches.map(({ variable }) => variable));
  return [...names].flatMap((name) => {
    const representations = variables[name] as readonly Readonly<ResponseObject>[] | undefined;
    return (representations ?? []).map(entityKeyOf);
  });
}

/** By id where there is one, else by all that represents the entity. */
function entityKeyOf(representation: Readonly<ResponseObject>): string {
  const { __typename: typeName, id, ...others } = representation;
  return `${typeName}/${typeof id === 'string' ? id : JSON.stringify({ id, ...others })}`;
}

function outcomeOf({ data, errors }: PlanAnswer): PageEnd['outcome'] {
  if (errors.length === 0) return 'ok';
  return Object.values(data ?? {}).some((value) => value !== null) ? 'partial' : 'failed';
}

/** Size of an answer as UTF-8 JSON. */
function bytesOf({ data, errors }: PlanAnswer): number {
  return Buffer.byteLength(JSON.stringify(errors.length === 0 ? { data } : { data, errors }));
}
