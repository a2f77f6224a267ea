/** What all runs of one plan share: steps, shaper, and what is known to follow from which results.
 * Everything is derived from outcomes in the order of the plan: what an entity fetch carries from
 * the fetches before it, the answer from all. */
import { type GraphQLSchema, parse } from 'graphql';
import type { CallPlan, FlattenSegment } from '../call-plan.ts';
import { conditionVariables, holds, type Variables } from './conditions.ts';
import { deepFreeze } from './freeze.ts';
import { KnownResults } from './known-results.ts';
import { type Representations, representationsOf } from './representations.ts';
import { isResponseObject, mergeInto, type ResponseObject, visitObjects } from './response-data.ts';
import { compileShaper, type ShapedData, type Shaper } from './shape.ts';
import { compileSteps, type FetchStep, type PlanStep, type PlanSteps } from './steps.ts';

/** An error of an answer, as GraphQL writes it. */
interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** What became of a fetch. `none`: not made (yet), because no object needs it or a condition does
 * not hold. */
export type FetchOutcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'answered';
      readonly data: Readonly<ResponseObject>;
      readonly errors: readonly AnswerError[];
    };

/** A plan ready to run any number of times. */
export interface CompiledPlan {
  readonly root: PlanStep;
  /** One outcome a fetch, in the order of the plan. */
  initialOutcomes(): FetchOutcome[];
  /** What a fetch carries; undefined where no object needs it.
   * @param outcomes - Those of the fetches before it must be in. */
  fetchVariables(
    step: FetchStep,
    outcomes: readonly FetchOutcome[],
    variables: Variables,
  ): Variables | undefined;
  answer(outcomes: readonly FetchOutcome[]): {
    readonly data: Readonly<ResponseObject> | null;
    readonly errors: readonly AnswerError[];
  };
}

/** The outcomes that carry no data, as keys of what is known. */
const NO_DATA = Object.freeze({});
const NONE: FetchOutcome = Object.freeze({ kind: 'none' });
const NO_ERRORS: readonly AnswerError[] = Object.freeze([]);

/** Makes the function from a plan to what its runs share; the same plan and the same truth of its
 * conditions give the same object. */
export function createPlanCompiler(
  schema: GraphQLSchema,
): (plan: CallPlan, variables: Variables) => CompiledPlan {
  const known = new WeakMap<CallPlan, (variables: Variables) => CompiledPlan>();
  return (plan, variables) => {
    let compile = known.get(plan);
    if (compile === undefined) {
      compile = createVariants(plan, schema);
      known.set(plan, compile);
    }
    return compile(variables);
  };
}

/** One compiled plan a truth of the document's conditions. */
function createVariants(plan: CallPlan, schema: GraphQLSchema) {
  const document = parse(plan.document);
  const conditions = conditionVariables(document);
  const steps = compileSteps(plan);
  const variants = new Map<string, CompiledPlan>();
  return (variables: Variables): CompiledPlan => {
    const truth = conditions.map((name) => (holds(variables, name) ? 1 : 0)).join('');
    let variant = variants.get(truth);
    if (variant === undefined) {
      variant = new SharedPlan(steps, compileShaper(schema, document, variables));
      variants.set(truth, variant);
    }
    return variant;
  };
}

class SharedPlan implements CompiledPlan {
  readonly root: PlanStep;
  readonly #fetches: readonly FetchStep[];
  readonly #shape: Shaper;
  readonly #batches: readonly KnownResults<SharedBatches>[];
  readonly #answers = new KnownResults<ShapedData>();

  constructor(steps: PlanSteps, shape: Shaper) {
    this.root = steps.root;
    this.#fetches = steps.fetches;
    this.#shape = shape;
    this.#batches = steps.fetches.map(() => new KnownResults());
  }

  initialOutcomes(): FetchOutcome[] {
    return this.#fetches.map(() => NONE);
  }

  fetchVariables(
    step: FetchStep,
    outcomes: readonly FetchOutcome[],
    variables: Variables,
  ): Variables | undefined {
    const used: Record<string, unknown> = {};
    for (const name of step.variableUsages) {
      if (variables[name] !== undefined) used[name] = variables[name];
    }
    if (step.batches === undefined) return used;
    const { isEmpty, carried } = this.#batchesFor(step, outcomes);
    if (isEmpty) return undefined;
    return step.variableUsages.length === 0 ? carried : { ...used, ...carried };
  }

  answer(outcomes: readonly FetchOutcome[]) {
    const slot = this.#answers.slot(outcomes.map(identityOf));
    slot.value ??= deepFreeze(this.#shape(this.#merge(this.#fetches, outcomes)));
    const { data, violations } = slot.value;
    const errors = this.#errors(outcomes);
    // Where a fetch failed, nulls that are not allowed are its consequence and tell nothing new.
    return { data, errors: errors.length === 0 ? violations : errors };
  }

  #batchesFor(step: FetchStep, outcomes: readonly FetchOutcome[]): SharedBatches {
    const before = step.after.map((index) => identityOf(outcomes[index] ?? NONE));
    const slot = this.#batches[step.index]?.slot(before) ?? { value: undefined };
    slot.value ??= batchesOf(step, this.#merge(this.#fetchesBefore(step), outcomes));
    return slot.value;
  }

  #fetchesBefore(step: FetchStep): readonly FetchStep[] {
    return step.after.flatMap((index) => this.#fetches[index] ?? []);
  }

  /** The data that some fetches brought, merged in the order of the plan. */
  #merge(fetches: readonly FetchStep[], outcomes: readonly FetchOutcome[]): ResponseObject {
    const data: ResponseObject = {};
    for (const step of fetches) {
      const outcome = outcomes[step.index] ?? NONE;
      if (outcome.kind !== 'answered') continue;
      if (step.batches === undefined) mergeInto(data, outcome.data);
      else this.#mergeEntities(data, step, outcomes);
    }
    return data;
  }

  #mergeEntities(data: ResponseObject, step: FetchStep, outcomes: readonly FetchOutcome[]): void {
    const outcome = outcomes[step.index] ?? NONE;
    if (step.batches === undefined || outcome.kind !== 'answered') return;
    const { representations } = this.#batchesFor(step, outcomes);
    step.batches.forEach((batch, n) => {
      const entities = outcome.data[batch.key];
      if (!Array.isArray(entities)) return;
      objectsAt(data, batch.paths).forEach((object, i) => {
        const entity: unknown = entities[representations[n]?.indexOfObject[i] ?? -1];
        if (isResponseObject(entity)) mergeInto(object, entity);
      });
    });
  }

  #errors(outcomes: readonly FetchOutcome[]): readonly AnswerError[] {
    let errors = NO_ERRORS;
    for (const step of this.#fetches) {
      const outcome = outcomes[step.index] ?? NONE;
      if (outcome.kind === 'failed') {
        const { message } = outcome;
        errors = [...errors, ...step.errorPaths.map((path) => ({ message, path }))];
      } else if (outcome.kind === 'answered' && outcome.errors.length > 0) {
        errors = [...errors, ...this.#relocated(step, outcomes, outcome.errors)];
      }
    }
    return errors;
  }

  /** Errors of a service's answer, at the places of the page that they are about. */
  #relocated(
    step: FetchStep,
    outcomes: readonly FetchOutcome[],
    errors: readonly AnswerError[],
  ): readonly AnswerError[] {
    if (step.batches === undefined) return errors;
    const { batches } = step;
    const { representations } = this.#batchesFor(step, outcomes);
    const data = this.#merge(this.#fetchesBefore(step), outcomes);
    return errors.flatMap(({ message, path }): AnswerError[] => {
      const [root, index, ...rest] = path ?? [];
      const n = batches.findIndex((batch) => batch.key === root);
      if (n < 0 || typeof index !== 'number') {
        return step.errorPaths.map((place) => ({ message, path: place }));
      }
      return placesOf(data, batches[n]?.paths ?? []).flatMap((place, i) =>
        representations[n]?.indexOfObject[i] === index
          ? { message, path: [...place, ...rest] }
          : [],
      );
    });
  }
}

/** What a fetch of entities carries, worked out once. */
interface SharedBatches {
  /** One a batch. */
  readonly representations: readonly Representations[];
  /** Whether no object needs the fetch. */
  readonly isEmpty: boolean;
  /** Representations by variable: one frozen object, which services know by its identity. */
  readonly carried: Variables;
}

function batchesOf({ batches = [] }: FetchStep, data: ResponseObject): SharedBatches {
  const representations = batches.map(({ paths, requires }) =>
    representationsOf(objectsAt(data, paths), requires),
  );
  const lists = batches.map(({ variable }, n) => [variable, representations[n]?.list ?? []]);
  return {
    representations,
    isEmpty: representations.every(({ list }) => list.length === 0),
    carried: deepFreeze(Object.fromEntries(lists) as Record<string, unknown>),
  };
}

function identityOf(outcome: FetchOutcome): object {
  return outcome.kind === 'answered' ? outcome.data : NO_DATA;
}

type Paths = readonly (readonly FlattenSegment[])[];

function objectsAt(data: ResponseObject, paths: Paths): ResponseObject[] {
  const objects: ResponseObject[] = [];
  for (const path of paths) visitObjects(data, path, (object) => objects.push(object));
  return objects;
}

function placesOf(data: ResponseObject, paths: Paths): (readonly (string | number)[])[] {
  const places: (readonly (string | number)[])[] = [];
  for (const path of paths) visitObjects(data, path, (_, at) => places.push([...at]));
  return places;
}
