/** Shapes merged data into the answer that the client asked for: its fields in its order, aliases
 * and fragments applied, nulls carried up to the nearest nullable field as GraphQL rules. Compiled
 * once per document and truth of its conditions into a tree of functions. Spec: G5, G10. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from '../conditions.ts';
import { isResponseObject, type ResponseObject } from '../data/response-data.ts';
import { clientKey } from './client-aliases.ts';
import { collectFields, type SelectedType, type Selecting } from './collect-fields.ts';
import { completeLeaf } from './leaf.ts';
import {
  type Complete,
  NOT_ALLOWED,
  type Trail,
  type Violation,
  violateNull,
  violateType,
} from './trail.ts';

/** An answer's data and what the schema does not allow in it. */
export interface ShapedData {
  readonly data: ResponseObject | null;
  readonly violations: readonly Violation[];
}

/** Shapes merged data; never changes them. */
export type Shaper = (data: ResponseObject) => ShapedData;

/** Compiles the shaper of a valid operation. `variables` decide its @skip and @include. */
export function compileShaper(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
): Shaper {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) operation ??= node;
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const rootType = operation && schema.getRootType(operation.operation);
  if (operation === undefined || !rootType) return () => ({ data: null, violations: [] });
  const selecting = { schema, variables, fragments };
  const complete = compileObject(selecting, rootType, [operation.selectionSet]);
  return (data) => {
    const trail: Trail = { path: [], violations: [] };
    const shaped = complete(data, trail);
    return { data: isResponseObject(shaped) ? shaped : null, violations: trail.violations };
  };
}

function compileType(
  selecting: Selecting,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): Complete {
  if (isNonNullType(type)) return compileType(selecting, type.ofType, sets);
  if (isListType(type)) {
    return completeList(compileType(selecting, type.ofType, sets), isNonNullType(type.ofType));
  }
  if (isLeafType(type)) return completeLeaf(type);
  if (isObjectType(type)) return compileObject(selecting, type, sets);
  return compileAbstract(selecting, type, sets);
}

/** By the object's own word. One that only says it is of an interface, or says nothing, answers
 * what the interface promises: interface objects do not know more. Types are compiled when the
 * first object of theirs comes, because nested abstract types would multiply. */
function compileAbstract(
  selecting: Selecting,
  type: GraphQLAbstractType,
  sets: readonly SelectionSetNode[],
): Complete {
  const { schema } = selecting;
  const possible = new Map<string, SelectedType>(
    schema.getPossibleTypes(type).map((one) => [one.name, one]),
  );
  if (isInterfaceType(type)) {
    possible.set(type.name, type);
    for (const one of schema.getImplementations(type).interfaces) possible.set(one.name, one);
  }
  const byType = new Map<string, Complete>();
  const completeOf = (typeName: string): Complete | undefined => {
    const selected = possible.get(typeName);
    if (selected === undefined) return undefined;
    const complete = byType.get(typeName) ?? compileObject(selecting, selected, sets);
    byType.set(typeName, complete);
    return complete;
  };
  const message = `A service answered an object that is no "${type.name}".`;
  return (value, trail) => {
    if (value === null || value === undefined) return null;
    if (!isResponseObject(value)) return violateType(trail, message);
    const { __typename: typeName = type.name } = value;
    const complete = completeOf(String(typeName));
    return complete === undefined ? violateType(trail, message) : complete(value, trail);
  };
}

function completeList(completeItem: Complete, isItemRequired: boolean): Complete {
  return (value, trail) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) {
      return violateType(trail, 'A service answered something else where a list is due.');
    }
    const shaped: unknown[] = [];
    for (let i = 0; i < value.length; i += 1) {
      trail.path.push(i);
      const item = completeItem(value[i], trail);
      if (item === null && isItemRequired) violateNull(trail, 'a list of non-null elements');
      trail.path.pop();
      if (isItemRequired && (item === null || item === NOT_ALLOWED)) return NOT_ALLOWED;
      shaped.push(item === NOT_ALLOWED ? null : item);
    }
    return shaped;
  };
}

interface CompiledField {
  /** Where services' data have it. */
  readonly source: string;
  /** What the client calls it. */
  readonly key: string;
  readonly name: string;
  readonly isRequired: boolean;
  readonly complete: Complete;
  /** Whether plain objects inherit something under the key. */
  readonly isInherited: boolean;
}

function compileObject(
  selecting: Selecting,
  type: SelectedType,
  sets: readonly SelectionSetNode[],
): Complete {
  const fields: CompiledField[] = [];
  for (const [source, nodes] of collectFields(selecting, type, sets)) {
    const field = compileField(selecting, type, { source, nodes });
    if (field !== undefined) fields.push(field);
  }
  const message = `A service answered something else where an object of "${type.name}" is due.`;
  return (value, trail) => {
    if (value === null || value === undefined) return null;
    if (!isResponseObject(value)) return violateType(trail, message);
    const shaped: ResponseObject = {};
    for (const field of fields) {
      const part = completeField(field, type.name, { value, trail });
      if (part === NOT_ALLOWED) return NOT_ALLOWED;
      if (field.isInherited) define(shaped, field.key, part);
      else shaped[field.key] = part;
    }
    return shaped;
  };
}

function completeField(
  { source, key, name, isRequired, complete, isInherited }: CompiledField,
  typeName: string,
  { value, trail }: { readonly value: ResponseObject; readonly trail: Trail },
): unknown {
  const found = isInherited && !Object.hasOwn(value, source) ? undefined : value[source];
  trail.path.push(key);
  const part = complete(found, trail);
  if (part === null && isRequired) violateNull(trail, `non-nullable field ${typeName}.${name}`);
  trail.path.pop();
  if (part === NOT_ALLOWED) return isRequired ? NOT_ALLOWED : null;
  return part === null && isRequired ? NOT_ALLOWED : part;
}

function define(object: ResponseObject, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function compileField(
  selecting: Selecting,
  type: SelectedType,
  { source, nodes }: { readonly source: string; readonly nodes: readonly FieldNode[] },
): CompiledField | undefined {
  const name = nodes[0]?.name.value ?? '';
  const key = clientKey(source);
  const isInherited = key in Object.prototype;
  const keys = { source, key, name, isInherited };
  if (name === '__typename') {
    const complete = () => type.name;
    return { ...keys, isRequired: true, complete };
  }
  if (name === '__schema' || name === '__type') {
    // The gateway answered it already, in the client's own words.
    const complete: Complete = (value) => value ?? null;
    return { ...keys, isRequired: false, complete };
  }
  const field = type.getFields()[name];
  if (field === undefined) return undefined;
  const sets = nodes.flatMap((node) => node.selectionSet ?? []);
  const complete = compileType(selecting, field.type, sets);
  return { ...keys, isRequired: isNonNullType(field.type), complete };
}
