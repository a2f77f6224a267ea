/** Keeps execution synchronous: a promise, wherever a resolver hides it, becomes an error of its
 * field, and its later rejection troubles nobody. Spec: G13. */
import { defaultFieldResolver, type GraphQLFieldResolver } from 'graphql';
import { MAX_NESTING } from '../../plan/data/nesting.ts';

/** A resolver of graphql-js. */
export type FieldFunction = GraphQLFieldResolver<unknown, unknown>;

/** The resolver with its result checked. */
export function synchronously(resolve: FieldFunction): FieldFunction {
  return (...call) => {
    const [, , , { parentType, fieldName }] = call;
    return checked(resolve(...call), `${parentType.name}.${fieldName}`);
  };
}

/** What resolves fields that have no resolver. */
export const resolveProperty: FieldFunction = synchronously(defaultFieldResolver);

/** The value, or what is thrown for it: in a list, only the elements that are promises fail.
 * @param place - Who answered, as the error names it.
 * @param levels - Lists around it, this one included, that may yet be.
 * @throws Error for a promise, and for lists that nest too deep. */
export function checked(value: unknown, place: string, levels = MAX_NESTING): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isAsynchronous(value)) throw promised(value, place);
  if (!Array.isArray(value) || !value.some(isSuspect)) return value;
  if (levels <= 1) throw new Error(`${place} answered lists nested deeper than ${MAX_NESTING}`);
  return value.map((one) => {
    if (isAsynchronous(one)) return promised(one, place);
    return Array.isArray(one) ? checked(one, place, levels - 1) : one;
  });
}

/** Whether a value is a promise or an asynchronous list, of whatever make. */
export function isAsynchronous(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    isThenable(value) ||
    (Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === 'function')
  );
}

/** The error for a promise. The promise is heard out, so that its rejection is not unhandled. */
export function promised(value: unknown, place: string): Error {
  if (isThenable(value)) value.then(ignore, ignore);
  return new Error(
    `${place} answered a promise, but execution is synchronous: virtual time does not wait; ` +
      'resolve without async',
  );
}

function isThenable(value: unknown): value is { then(...handlers: (() => void)[]): unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function isSuspect(value: unknown): boolean {
  return Array.isArray(value) || isAsynchronous(value);
}

function ignore(): void {}
