/** The data of a page while its fetches come in: plain objects that grow by merging, and the way to
 * the objects that an entity fetch is for. */
import type { FlattenSegment } from '../../call-plan.ts';
import type { TypeIndex } from './type-index.ts';

/** An object of a response. */
export type ResponseObject = Record<string, unknown>;

/** Where something stands in a response: keys and positions. */
export type Place = readonly (string | number)[];

/** Whether a value is an object of a response, as opposed to a list, a leaf or null. */
export function isResponseObject(value: unknown): value is ResponseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects without inherited properties that are as fast as literals: services and clients choose
 * the keys, `__proto__` and `constructor` among them. */
const BareObject = function bareObject() {} as unknown as new () => ResponseObject;
BareObject.prototype = Object.freeze(Object.create(null));

/** An empty object that any key can be written to and read from. */
export function newObject(): ResponseObject {
  return new BareObject();
}

/** Adds what `source` tells to `target`: objects field by field, lists element by element, and
 * something wins over null. `source` is copied, never kept: answers are shared and frozen.
 * @param target - Made by {@link newObject}. */
export function mergeInto(
  target: ResponseObject,
  source: Readonly<ResponseObject>,
  types?: TypeIndex,
): void {
  for (const key of Object.keys(source)) {
    const known = target[key];
    // An interface object says what it is an object of; whoever knows better says what it is.
    if (key === '__typename' && isMoreTelling(known, source[key], types)) {
      target[key] = source[key];
      continue;
    }
    const merged = mergedValue(known, source[key], types);
    if (merged !== undefined) target[key] = merged;
  }
}

function isMoreTelling(known: unknown, added: unknown, types: TypeIndex | undefined): boolean {
  if (types === undefined || typeof known !== 'string' || typeof added !== 'string') return false;
  return known !== added && !types.isConcrete(known) && types.isConcrete(added);
}

function mergedValue(known: unknown, added: unknown, types: TypeIndex | undefined): unknown {
  if (typeof added !== 'object' || added === null) {
    return known === undefined || known === null ? added : known;
  }
  if (Array.isArray(added)) {
    const before: readonly unknown[] = Array.isArray(known) ? known : [];
    const length = Math.max(before.length, added.length);
    const merged: unknown[] = [];
    for (let i = 0; i < length; i += 1) merged.push(mergedValue(before[i], added[i], types));
    return merged;
  }
  const object = isResponseObject(known) ? known : newObject();
  mergeInto(object, added as ResponseObject, types);
  return object;
}

/** Objects at a path and where each one stands, in the order of the data. */
export interface FoundObjects {
  readonly objects: ResponseObject[];
  readonly places: Place[];
}

/** Finds every object at `path` of `data` and adds it to `found`. */
export function findObjects(
  data: ResponseObject,
  { path, types }: { readonly path: readonly FlattenSegment[]; readonly types: TypeIndex },
  found: FoundObjects,
): void {
  const at: (string | number)[] = [];
  const step = (value: unknown, depth: number): void => {
    const segment = path[depth];
    if (segment !== '@' && Array.isArray(value)) {
      // One `@` stands for lists within the list, too.
      eachElement(value, depth);
    } else if (segment === undefined) {
      eachObject(value, at, found);
    } else if (segment === '@') {
      eachElement(value, depth + 1);
    } else if (!isResponseObject(value)) {
      return;
    } else if ('Field' in segment) {
      at.push(segment.Field);
      step(value[segment.Field], depth + 1);
      at.pop();
    } else if (isOneOf(value, segment.TypeCondition, types)) {
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

function eachObject(value: unknown, at: readonly (string | number)[], found: FoundObjects): void {
  if (!isResponseObject(value)) return;
  found.objects.push(value);
  found.places.push([...at]);
}

/** The object at a place; undefined where something else stands there. */
export function objectAt(data: ResponseObject, place: Place): ResponseObject | undefined {
  let value: unknown = data;
  for (const key of place) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isResponseObject(value)) value = value[String(key)];
    else return undefined;
  }
  return isResponseObject(value) ? value : undefined;
}

function isOneOf(object: ResponseObject, conditions: readonly string[], types: TypeIndex): boolean {
  const { __typename: typeName } = object;
  // Plans ask for the type only where objects may differ in it.
  if (typeName === undefined) return true;
  return typeof typeName === 'string' && types.isOneOf(typeName, conditions);
}
