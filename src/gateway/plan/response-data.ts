/** The data of a page while its fetches come in: plain objects that grow by merging, and the way to
 * the objects that an entity fetch is for. */
import type { FlattenSegment } from '../call-plan.ts';

/** An object of a response. */
export type ResponseObject = Record<string, unknown>;

/** Whether a value is an object of a response, as opposed to a list, a leaf or null. */
export function isResponseObject(value: unknown): value is ResponseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds what `source` tells to `target`: objects field by field, lists element by element, and
 * something wins over null. `source` is copied, never kept: answers are shared and frozen. */
export function mergeInto(target: ResponseObject, source: Readonly<ResponseObject>): void {
  for (const key of Object.keys(source)) {
    const merged = mergedValue(target[key], source[key]);
    if (merged !== undefined) target[key] = merged;
  }
}

function mergedValue(known: unknown, added: unknown): unknown {
  if (Array.isArray(added)) {
    const before: readonly unknown[] = Array.isArray(known) ? known : [];
    const length = Math.max(before.length, added.length);
    return Array.from({ length }, (_, i) => mergedValue(before[i], added[i]));
  }
  if (isResponseObject(added)) {
    const object = isResponseObject(known) ? known : {};
    mergeInto(object, added);
    return object;
  }
  return known === undefined || known === null ? added : known;
}

/** Calls `visit` with every object at `path`, in the order of the data.
 * The second argument is where it stands; copy it to keep it. */
export function visitObjects(
  data: ResponseObject,
  path: readonly FlattenSegment[],
  visit: (object: ResponseObject, at: readonly (string | number)[]) => void,
): void {
  const at: (string | number)[] = [];
  const step = (value: unknown, depth: number): void => {
    const segment = path[depth];
    if (segment === undefined) {
      if (isResponseObject(value)) visit(value, at);
    } else if (segment === '@') {
      eachElement(value, depth + 1);
    } else if ('Field' in segment) {
      if (!isResponseObject(value)) return;
      at.push(segment.Field);
      step(value[segment.Field], depth + 1);
      at.pop();
    } else if (isResponseObject(value) && isOneOf(value, segment.TypeCondition)) {
      step(value, depth + 1);
    }
  };
  const eachElement = (value: unknown, depth: number): void => {
    if (!Array.isArray(value)) return;
    for (let i = 0; i < value.length; i += 1) {
      at.push(i);
      step(value[i], depth);
      at.pop();
    }
  };
  step(data, 0);
}

/** Whether the object says that it is of one of the types. */
function isOneOf(object: ResponseObject, typeNames: readonly string[]): boolean {
  return typeof object.__typename === 'string' && typeNames.includes(object.__typename);
}
