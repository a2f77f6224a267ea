/** What an entity fetch sends: each object's representation, once. Spec: G6, G8. */
import type { RequiredSelection } from '../../call-plan.ts';
import { deepFreeze } from '../freeze.ts';
import type { EntityBatchStep } from '../steps.ts';
import {
  type FoundObjects,
  findObjects,
  isResponseObject,
  newObject,
  type Place,
  type ResponseObject,
} from './response-data.ts';
import { rewritten } from './rewrites.ts';
import type { TypeIndex } from './type-index.ts';

/** The objects that a batch of entities is for. */
export interface BatchTargets {
  /** Where each object stands, in the order of the data. */
  readonly places: readonly Place[];
  /** Per object: the index of its representation, or −1 where the object lacks what would
   * represent it. */
  readonly indexOfObject: readonly number[];
}

/** What a fetch of entities carries, worked out once. */
export interface CarriedEntities {
  /** One a batch. */
  readonly targets: readonly BatchTargets[];
  /** Distinct representations by variable, in the order in which objects first need them. Frozen:
   * one object, which services know by its identity. */
  readonly representations: Readonly<Record<string, readonly Readonly<ResponseObject>[]>>;
  /** Whether no object needs the fetch. */
  readonly isEmpty: boolean;
}

/** Finds, projects and removes duplicates. Cost O(objects · fields required). */
export function carriedEntities(
  batches: readonly EntityBatchStep[],
  data: ResponseObject,
  types: TypeIndex,
): CarriedEntities {
  const lists: Record<string, ResponseObject[]> = newObject() as Record<string, ResponseObject[]>;
  const known = new Map<string, number>();
  const targets = batches.map((batch): BatchTargets => {
    const list = lists[batch.variable] ?? [];
    lists[batch.variable] = list;
    const found: FoundObjects = { objects: [], places: [] };
    for (const path of batch.paths) findObjects(data, { path, types }, found);
    const indexOfObject = found.objects.map((object) => {
      const representation = representationOf(object, batch, types);
      if (representation === undefined) return -1;
      const key = `${batch.variable} ${JSON.stringify(representation)}`;
      const index = known.get(key) ?? list.push(representation) - 1;
      known.set(key, index);
      return index;
    });
    return { places: found.places, indexOfObject };
  });
  const isEmpty = Object.values(lists).every((list) => list.length === 0);
  return { targets, representations: deepFreeze(lists), isEmpty };
}

/** The representation of an object; undefined where it lacks a field, or tells only its type. */
function representationOf(
  object: ResponseObject,
  { requires, inputRewrites }: EntityBatchStep,
  types: TypeIndex,
): ResponseObject | undefined {
  const projected = project(object, requires, types);
  if (projected === undefined || !tellsSomething(projected)) return undefined;
  return inputRewrites.length === 0 ? projected : rewritten(projected, inputRewrites, types);
}

/** Whether any field besides the type is more than null: no service knows an entity by nothing. */
function tellsSomething(representation: ResponseObject): boolean {
  return Object.keys(representation).some(
    (key) => key !== '__typename' && representation[key] !== null,
  );
}

/** The selected part of an object; undefined where a selected field has not come, or nothing is
 * selected for the object's type. */
function project(
  object: ResponseObject,
  selections: readonly RequiredSelection[],
  types: TypeIndex,
): ResponseObject | undefined {
  const projected = newObject();
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      if (!isOf(object, selection.typeCondition, types)) continue;
      const part = project(object, selection.selections, types);
      if (part !== undefined) assign(projected, part);
      else if (!selection.skipIf && !selection.includeIf) return undefined;
    } else {
      const value = projectField(object[selection.name], selection.selections, types);
      if (value === undefined) return undefined;
      projected[selection.alias || selection.name] = value;
    }
  }
  return Object.keys(projected).length === 0 ? undefined : projected;
}

/** Adds the fields of a fragment; objects that both select are joined. */
function assign(target: ResponseObject, part: ResponseObject): void {
  for (const key of Object.keys(part)) {
    const known = target[key];
    const added = part[key];
    if (isResponseObject(known) && isResponseObject(added)) assign(known, added);
    else target[key] = added;
  }
}

function isOf(object: ResponseObject, condition: string, types: TypeIndex): boolean {
  const { __typename: typeName } = object;
  return typeof typeName === 'string' && types.isOneOf(typeName, [condition]);
}

function projectField(
  value: unknown,
  selections: readonly RequiredSelection[] | null | undefined,
  types: TypeIndex,
): unknown {
  if (!selections || selections.length === 0 || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => projectField(one, selections, types) ?? null);
  return isResponseObject(value) ? project(value, selections, types) : undefined;
}
