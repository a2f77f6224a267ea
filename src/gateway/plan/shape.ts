/** Shapes merged data into the answer that the client asked for: its fields in its order, aliases
 * and fragments applied, nulls carried up to the nearest nullable field as GraphQL rules. Compiled
 * once per document and truth of its conditions into a tree of functions. Spec: G5. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded, type Variables } from './conditions.ts';
import { isResponseObject, type ResponseObject } from './response-data.ts';

/** An answer's data and where a null stands that the schema does not allow. */
export interface ShapedData {
  readonly data: ResponseObject | null;
  readonly violations: readonly NullViolation[];
}

/** A field that may not be null, and is. */
export interface NullViolation {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** Shapes merged data; never changes them. */
export type Shaper = (data: ResponseObject) => ShapedData;

/** Stands for "null where null is not allowed": the parent becomes null. */
const NOT_ALLOWED = Symbol('null not allowed');

/** Shapes one value; `trail` is where it stands. */
type Complete = (value: unknown, trail: Trail) => unknown;

interface Trail {
  readonly path: (string | number)[];
  readonly violations: NullViolation[];
}

interface Compiler {
  readonly schema: GraphQLSchema;
  readonly variables: Variables;
  readonly fragments: ReadonlyMap<string, { on: string; set: SelectionSetNode }>;
}

/** Compiles the shaper of a valid operation. `variables` decide its @skip and @include. */
export function compileShaper(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
): Shaper {
  const fragments = new Map<string, { on: string; set: SelectionSetNode }>();
  let root: SelectionSetNode | undefined;
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) root ??= node.selectionSet;
    if (node.kind === Kind.FRAGMENT_DEFINITION) {
      const on = node.typeCondition.name.value;
      fragments.set(node.name.value, { on, set: node.selectionSet });
    }
  }
  const queryType = schema.getQueryType();
  if (root === undefined || !queryType) return () => ({ data: null, violations: [] });
  const complete = compileObject({ schema, variables, fragments }, queryType, [root]);
  return (data) => {
    const trail: Trail = { path: [], violations: [] };
    const shaped = complete(data, trail);
    return { data: isResponseObject(shaped) ? shaped : null, violations: trail.violations };
  };
}

function compileType(
  compiler: Compiler,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): Complete {
  if (isNonNullType(type)) return compileType(compiler, type.ofType, sets);
  if (isListType(type)) {
    return completeList(compileType(compiler, type.ofType, sets), isNonNullType(type.ofType));
  }
  if (isLeafType(type)) return (value) => value ?? null;
  if (isObjectType(type)) return compileObject(compiler, type, sets);
  const byType = new Map<string, Complete>();
  for (const possible of compiler.schema.getPossibleTypes(type)) {
    byType.set(possible.name, compileObject(compiler, possible, sets));
  }
  return (value, trail) => {
    const typeName = isResponseObject(value) ? value.__typename : undefined;
    return byType.get(String(typeName))?.(value, trail) ?? null;
  };
}

function completeList(completeItem: Complete, isItemRequired: boolean): Complete {
  return (value, trail) => {
    if (!Array.isArray(value)) return null;
    const shaped: unknown[] = [];
    for (let i = 0; i < value.length; i += 1) {
      trail.path.push(i);
      const item = completeItem(value[i], trail);
      if (item === null && isItemRequired) violate(trail, 'a list of non-null elements');
      trail.path.pop();
      if (isItemRequired && (item === null || item === NOT_ALLOWED)) return NOT_ALLOWED;
      shaped.push(item === NOT_ALLOWED ? null : item);
    }
    return shaped;
  };
}

interface CompiledField {
  readonly key: string;
  readonly name: string;
  readonly isRequired: boolean;
  readonly complete: Complete;
}

function compileObject(
  compiler: Compiler,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Complete {
  const nodesByKey = new Map<string, FieldNode[]>();
  for (const set of sets) collect(compiler, { type, set }, nodesByKey);
  const fields: CompiledField[] = [];
  for (const [key, nodes] of nodesByKey) {
    const field = compileField(compiler, type, { key, nodes });
    if (field !== undefined) fields.push(field);
  }
  return (value, trail) => {
    if (!isResponseObject(value)) return null;
    const shaped: ResponseObject = {};
    for (const { key, name, isRequired, complete } of fields) {
      trail.path.push(key);
      const part = complete(value[key], trail);
      if (part === null && isRequired) violate(trail, `non-nullable field ${type.name}.${name}`);
      trail.path.pop();
      if (part === NOT_ALLOWED && !isRequired) shaped[key] = null;
      else if (part === NOT_ALLOWED || (part === null && isRequired)) return NOT_ALLOWED;
      else shaped[key] = part;
    }
    return shaped;
  };
}

function compileField(
  compiler: Compiler,
  type: GraphQLObjectType,
  { key, nodes }: { readonly key: string; readonly nodes: readonly FieldNode[] },
): CompiledField | undefined {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') {
    return { key, name, isRequired: true, complete: () => type.name };
  }
  const field = type.getFields()[name];
  if (field === undefined) return undefined;
  const sets = nodes.flatMap((node) => node.selectionSet ?? []);
  const complete = compileType(compiler, field.type, sets);
  return { key, name, isRequired: isNonNullType(field.type), complete };
}

/** Collects the fields that `type` answers, by response key in the order of the document. */
function collect(
  compiler: Compiler,
  { type, set }: { readonly type: GraphQLObjectType; readonly set: SelectionSetNode },
  into: Map<string, FieldNode[]>,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection, compiler.variables)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      into.set(key, [...(into.get(key) ?? []), selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? { on: selection.typeCondition?.name.value ?? type.name, set: selection.selectionSet }
        : compiler.fragments.get(selection.name.value);
    if (fragment === undefined || !applies(compiler.schema, type, fragment.on)) continue;
    collect(compiler, { type, set: fragment.set }, into);
  }
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, on: string): boolean {
  if (on === type.name) return true;
  const condition = schema.getType(on);
  return isAbstractType(condition) && schema.isSubType(condition, type);
}

function violate(trail: Trail, what: string): void {
  const message = `Cannot return null for ${what}.`;
  trail.violations.push({ message, path: [...trail.path] });
}
