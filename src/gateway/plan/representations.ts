/** What an entity fetch sends: each object's representation, once. Spec: G6. */
import type { RequiredSelection } from '../call-plan.ts';
import { isResponseObject, type ResponseObject } from './response-data.ts';

/** The representations of an entity fetch. */
export interface Representations {
  /** Distinct, in the order in which objects first need them. */
  readonly list: readonly ResponseObject[];
  /** Per object, in the order of the data: the index of its representation, or −1 where the object
   * lacks what would represent it. */
  readonly indexOfObject: readonly number[];
}

/** Projects objects and removes duplicates. Cost O(objects · fields required). */
export function representationsOf(
  objects: readonly ResponseObject[],
  requires: readonly RequiredSelection[],
): Representations {
  const list: ResponseObject[] = [];
  const known = new Map<string, number>();
  const indexOfObject = objects.map((object) => {
    const representation = project(object, requires);
    if (representation === undefined) return -1;
    const key = JSON.stringify(representation);
    const index = known.get(key) ?? list.push(representation) - 1;
    known.set(key, index);
    return index;
  });
  return { list, indexOfObject };
}

/** The selected part of an object; undefined where a selected field has not come, or nothing is
 * selected for the object's type. */
function project(
  object: ResponseObject,
  selections: readonly RequiredSelection[],
): ResponseObject | undefined {
  const projected: ResponseObject = {};
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      if (object.__typename !== selection.typeCondition) continue;
      const part = project(object, selection.selections);
      if (part === undefined) return undefined;
      Object.assign(projected, part);
    } else {
      const value = projectField(object[selection.alias ?? selection.name], selection.selections);
      if (value === undefined) return undefined;
      projected[selection.name] = value;
    }
  }
  return Object.keys(projected).length === 0 ? undefined : projected;
}

function projectField(
  value: unknown,
  selections: readonly RequiredSelection[] | null | undefined,
): unknown {
  if (!selections || selections.length === 0 || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => projectField(one, selections) ?? null);
  return isResponseObject(value) ? project(value, selections) : undefined;
}
