/** What all runs of one plan share: its fetches, the shaper, and what is known to follow from which
 * results. Everything is derived from outcomes in the order of the plan: what an entity fetch
 * carries from the fetches before it, the answer from all. Spec: G4. */

import { answerErrors, unexplained } from './answer-errors.ts';
import type { Variables } from './conditions.ts';
import { type CarriedEntities, carriedEntities } from './data/representations.ts';
import {
  isResponseObject,
  mergeInto,
  newObject,
  objectAt,
  type ResponseObject,
} from './data/response-data.ts';
import { rewritten } from './data/rewrites.ts';
import type { TypeIndex } from './data/type-index.ts';
import { NO_DATA, type StepOutcome } from './fetch-outcome.ts';
import { deepFreeze } from './freeze.ts';
import { KnownResults } from './known-results.ts';
import type { PlanAnswer } from './run.ts';
import type { RunState } from './run-state.ts';
import type { ShapedData, Shaper } from './shape/shape.ts';
import type { FetchStep } from './steps.ts';

/** A plan ready to run any number of times. */
export interface CompiledPlan {
  readonly fetches: readonly FetchStep[];
  newState(given?: Readonly<ResponseObject>): RunState;
  /** The variables of each call that a fetch makes; undefined where no object needs it. The
   * outcomes of the fetches before it must be in. */
  callsOf(step: FetchStep, state: RunState, variables: Variables): readonly Variables[] | undefined;
  /** How many entities each batch of a call must bring. */
  countsOf(step: FetchStep, state: RunState, call: number): readonly number[];
  answer(state: RunState): PlanAnswer;
}

/** What a plan is compiled from. */
export interface PlanParts {
  readonly fetches: readonly FetchStep[];
  readonly shape: Shaper;
  readonly types: TypeIndex;
}

/** Compiles a plan. */
export function compilePlan(parts: PlanParts): CompiledPlan {
  return new SharedPlan(parts);
}

class SharedPlan implements CompiledPlan {
  readonly fetches: readonly FetchStep[];
  readonly #shape: Shaper;
  readonly #types: TypeIndex;
  readonly #carried: readonly KnownResults<CarriedEntities>[];
  readonly #answers = new KnownResults<ShapedData>();
  readonly #all: readonly number[];

  constructor({ fetches, shape, types }: PlanParts) {
    this.fetches = fetches;
    this.#shape = shape;
    this.#types = types;
    this.#carried = fetches.map(() => new KnownResults());
    this.#all = fetches.map(({ index }) => index);
  }

  newState(given?: Readonly<ResponseObject>): RunState {
    const none = () => undefined;
    return {
      outcomes: this.fetches.map(none),
      carried: this.fetches.map(none),
      given,
      merged: undefined,
    };
  }

  callsOf(
    step: FetchStep,
    state: RunState,
    variables: Variables,
  ): readonly Variables[] | undefined {
    const used = usedVariables(step, variables);
    if (step.batches === undefined) return [used];
    const carried = this.#carriedBy(step, state);
    if (carried.isEmpty) return undefined;
    const { maxBatch = Number.POSITIVE_INFINITY, variableUsages } = step;
    const { representations } = carried;
    const list = representations[step.batches[0]?.variable ?? ''] ?? [];
    if (list.length <= maxBatch || step.batches.length > 1) {
      return [variableUsages.length === 0 ? representations : { ...used, ...representations }];
    }
    const calls: Variables[] = [];
    for (let first = 0; first < list.length; first += maxBatch) {
      const part = list.slice(first, first + maxBatch);
      calls.push(deepFreeze({ ...used, [step.batches[0]?.variable ?? '']: part }));
    }
    return calls;
  }

  countsOf(step: FetchStep, state: RunState, call: number): readonly number[] {
    const { batches = [], maxBatch } = step;
    const representations = state.carried[step.index]?.representations ?? {};
    return batches.map(({ variable }) => {
      const count = representations[variable]?.length ?? 0;
      if (maxBatch === undefined || batches.length > 1) return count;
      return Math.min(maxBatch, count - call * maxBatch);
    });
  }

  answer(state: RunState): PlanAnswer {
    const identities = this.#all.map((index) => identityOf(state.outcomes[index]));
    if (state.given !== undefined) identities.push(state.given);
    const slot = this.#answers.slot(identities);
    slot.value ??= deepFreeze(this.#shape(this.#merge(this.#all, state)));
    const { data, violations } = slot.value;
    const errors = answerErrors(this.fetches, state);
    const isDegraded = state.outcomes.some((calls) => calls?.some((call) => call.isDegraded));
    const all = [...errors, ...unexplained(violations, errors)];
    return isDegraded ? { data, errors: all, degraded: true } : { data, errors: all };
  }

  #carriedBy(step: FetchStep, state: RunState): CarriedEntities {
    const slot = this.#carried[step.index]?.slot(
      step.reads.map((index) => identityOf(state.outcomes[index])),
    ) ?? { value: undefined };
    slot.value ??= carriedEntities(step.batches ?? [], this.#merge(step.reads, state), this.#types);
    state.carried[step.index] = slot.value;
    return slot.value;
  }

  /** The data that some fetches brought, merged in the order of the plan. What was merged before is
   * gone on with where only later fetches are added. */
  #merge(fetches: readonly number[], state: RunState): ResponseObject {
    const { merged } = state;
    const isBegun = merged?.fetches.every((index, i) => fetches[i] === index) === true;
    const data = merged !== undefined && isBegun ? merged.data : newObject();
    if (!isBegun && state.given !== undefined) mergeInto(data, state.given);
    for (const index of fetches.slice(isBegun ? merged?.fetches.length : 0)) {
      const step = this.fetches[index];
      if (step !== undefined) this.#mergeFetch(data, step, state);
    }
    state.merged = { data, fetches };
    return data;
  }

  #mergeFetch(data: ResponseObject, step: FetchStep, state: RunState): void {
    state.outcomes[step.index]?.forEach((call, n) => {
      if (call.data === NO_DATA) return;
      if (step.batches !== undefined) {
        this.#mergeEntities(data, {
          step,
          state,
          first: n * (step.maxBatch ?? 0),
          from: call.data,
        });
        return;
      }
      const source = rewritten(call.data, step.outputRewrites, this.#types);
      mergeInto(data, source, this.#types);
    });
  }

  #mergeEntities(data: ResponseObject, { step, state, first, from }: EntityMerge): void {
    step.batches?.forEach(({ key, outputRewrites }, n) => {
      const targets = state.carried[step.index]?.targets[n];
      const entities = from[key];
      if (targets === undefined || !Array.isArray(entities)) return;
      const sources = entities.map((entity) =>
        isResponseObject(entity) ? rewritten(entity, outputRewrites, this.#types) : undefined,
      );
      targets.indexOfObject.forEach((index, i) => {
        const source = sources[index - first];
        const object = source && objectAt(data, targets.places[i] ?? []);
        if (object) mergeInto(object, source, this.#types);
      });
    });
  }
}

interface EntityMerge {
  readonly step: FetchStep;
  readonly state: RunState;
  /** Index of the first representation that the call carried. */
  readonly first: number;
  readonly from: Readonly<ResponseObject>;
}

function usedVariables(step: FetchStep, variables: Variables): Variables {
  const used = newObject();
  for (const name of step.variableUsages) {
    if (Object.hasOwn(variables, name) && variables[name] !== undefined) {
      used[name] = variables[name];
    }
  }
  return used;
}

/** What caches know an outcome by. Several calls have no identity of their own. */
function identityOf(calls: StepOutcome): object {
  if (calls === undefined) return NO_DATA;
  return calls.length === 1 ? (calls[0]?.data ?? NO_DATA) : {};
}
