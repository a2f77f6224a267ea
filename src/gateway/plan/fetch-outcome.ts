/** What became of fetches. Services are strangers: whatever they answer is checked here, and what
 * is no GraphQL answer becomes an error of the page, never an exception. Spec: G9. */

import { isResponseObject, type Place, type ResponseObject } from './data/response-data.ts';
import type { FetchResult, PlanError } from './run.ts';
import type { FetchStep } from './steps.ts';

/** What one call brought. */
export interface CallOutcome {
  /** {@link NO_DATA} where nothing came. The service's own object otherwise: never changed. */
  readonly data: Readonly<ResponseObject>;
  /** Errors with their paths within the service's answer. */
  readonly errors: readonly PlanError[];
  /** Errors of the call as a whole. */
  readonly failures: readonly PlanError[];
  readonly isDegraded: boolean;
}

/** What became of a fetch: one entry a call once all are in; undefined where it was not made (yet),
 * because no object needs it or a condition does not hold. */
export type StepOutcome = readonly CallOutcome[] | undefined;

/** The data of calls that brought none: one object, by whose identity caches know it. */
export const NO_DATA: Readonly<ResponseObject> = Object.freeze({});
const NO_ERRORS: readonly PlanError[] = Object.freeze([]);

const DEFAULT: CallOutcome = Object.freeze({
  data: NO_DATA,
  errors: NO_ERRORS,
  failures: NO_ERRORS,
  isDegraded: true,
});

/** Reads the result of a call.
 * @param counts - How many entities each batch of the step must bring. */
export function callOutcome(
  step: FetchStep,
  counts: readonly number[],
  result: FetchResult,
): CallOutcome {
  if (!result.ok) {
    const { message, extensions } = result;
    return failed([extensions === undefined ? { message } : { message, extensions }]);
  }
  if (result.fallback === 'default') return DEFAULT;
  const reader = new AnswerReader(step, counts);
  const errors = reader.errorsOf(result.errors);
  const data = reader.dataOf(result.data, errors.length > 0);
  const { failures, misplaced } = reader;
  return {
    data,
    errors: misplaced.length === 0 ? errors : [...errors, ...misplaced],
    failures,
    isDegraded: result.fallback === 'stale',
  };
}

function failed(failures: readonly PlanError[]): CallOutcome {
  return { data: NO_DATA, errors: NO_ERRORS, failures, isDegraded: false };
}

class AnswerReader {
  readonly failures: PlanError[] = [];
  readonly misplaced: PlanError[] = [];
  readonly #step: FetchStep;
  readonly #counts: readonly number[];

  constructor(step: FetchStep, counts: readonly number[]) {
    this.#step = step;
    this.#counts = counts;
  }

  errorsOf(found: unknown): readonly PlanError[] {
    if (found === undefined || found === null) return NO_ERRORS;
    if (!Array.isArray(found)) {
      this.#fail('errors that are no list');
      return NO_ERRORS;
    }
    return found.length === 0 ? NO_ERRORS : found.map(errorOf);
  }

  dataOf(found: unknown, hasErrors: boolean): Readonly<ResponseObject> {
    if (found === undefined || found === null) {
      if (!hasErrors && this.failures.length === 0) this.#fail('neither data nor errors');
      return NO_DATA;
    }
    if (!isResponseObject(found)) {
      this.#fail(`${kindOf(found)} for data, which must be an object`);
      return NO_DATA;
    }
    return this.#step.batches === undefined ? found : this.#entitiesOf(found, hasErrors);
  }

  #entitiesOf(data: ResponseObject, hasErrors: boolean): Readonly<ResponseObject> {
    const bad = new Set<string>();
    this.#step.batches?.forEach(({ key }, n) => {
      const list = Object.hasOwn(data, key) ? data[key] : undefined;
      if (this.#checkEntities(list, { key, count: this.#counts[n] ?? 0, hasErrors })) return;
      bad.add(key);
    });
    if (bad.size === 0) return data;
    return Object.fromEntries(Object.entries(data).filter(([key]) => !bad.has(key)));
  }

  #checkEntities(
    list: unknown,
    expected: { readonly key: string; readonly count: number; readonly hasErrors: boolean },
  ): boolean {
    const { key, count, hasErrors } = expected;
    if ((list === undefined || list === null) && hasErrors) return true;
    if (!Array.isArray(list)) {
      this.#fail(`${kindOf(list)} for ${key}, which must be a list`);
      return false;
    }
    if (list.length !== count) {
      this.#fail(`${list.length} entities where ${count} were asked for`);
      return false;
    }
    for (let i = 0; i < count; i += 1) {
      const entity: unknown = list[i];
      if (entity === null || isResponseObject(entity)) continue;
      const message = this.#message(`${kindOf(entity)} for an entity, which must be an object`);
      this.misplaced.push({ message, path: [key, i] });
    }
    return true;
  }

  #fail(what: string): void {
    this.failures.push({ message: this.#message(what) });
  }

  #message(what: string): string {
    return `the service ${this.#step.serviceName} answered ${what}`;
  }
}

/** An error as a service tells it, as far as it is one. */
function errorOf(found: unknown): PlanError {
  if (typeof found === 'string') return { message: found };
  if (!isResponseObject(found)) return { message: `${kindOf(found)} for an error` };
  const message = typeof found.message === 'string' ? found.message : 'an error without a message';
  return {
    message,
    ...(isPlace(found.path) ? { path: found.path } : {}),
    ...(isResponseObject(found.extensions) ? { extensions: found.extensions } : {}),
  };
}

function isPlace(found: unknown): found is Place {
  return (
    Array.isArray(found) &&
    found.every((key) => typeof key === 'string' || (typeof key === 'number' && key >= 0))
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
