/** The changes that a plan asks for on the way in and out of a service: interface objects go by
 * their interface's name, fields that clash under one key travel under another. Spec: G8. */
import type { Rewrite, RewriteSegment } from '../../call-plan.ts';
import { isResponseObject, newObject, type ResponseObject } from './response-data.ts';
import type { TypeIndex } from './type-index.ts';

/** Applies changes in order.
 * @returns a copy of what changes; the rest is shared with `object`, which stays as it is. */
export function rewritten(
  object: Readonly<ResponseObject>,
  rewrites: readonly Rewrite[],
  types: TypeIndex,
): Readonly<ResponseObject> {
  let result: unknown = object;
  for (const rewrite of rewrites) {
    const { path } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite.KeyRenamer;
    result = changed(result, { rewrite, path, types }, 0);
  }
  return isResponseObject(result) ? result : object;
}

interface Change {
  readonly rewrite: Rewrite;
  readonly path: readonly RewriteSegment[];
  readonly types: TypeIndex;
}

function changed(value: unknown, change: Change, depth: number): unknown {
  if (Array.isArray(value)) return value.map((one) => changed(one, change, depth));
  const segment = change.path[depth];
  if (segment === undefined || !isResponseObject(value)) return value;
  if ('TypenameEquals' in segment) {
    const { __typename: typeName } = value;
    const fits =
      typeof typeName === 'string' && change.types.isOneOf(typeName, segment.TypenameEquals);
    return fits ? changed(value, change, depth + 1) : value;
  }
  const key = segment.Key;
  if (!Object.hasOwn(value, key)) return value;
  if (depth < change.path.length - 1) {
    return withKey(value, key, { key, value: changed(value[key], change, depth + 1) });
  }
  const { rewrite } = change;
  return 'ValueSetter' in rewrite
    ? withKey(value, key, { key, value: rewrite.ValueSetter.setValueTo })
    : withKey(value, key, { key: rewrite.KeyRenamer.renameKeyTo, value: value[key] });
}

/** A copy with something else in the place of `key`. */
function withKey(
  object: ResponseObject,
  key: string,
  entry: { readonly key: string; readonly value: unknown },
): ResponseObject {
  const copy = newObject();
  for (const one of Object.keys(object)) {
    if (one === key) copy[entry.key] = entry.value;
    else if (one !== entry.key) copy[one] = object[one];
  }
  return copy;
}
