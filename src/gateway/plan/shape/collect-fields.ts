/** Which fields of a selection an object of one type answers, fragments and conditions applied. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded, type Variables } from '../conditions.ts';

/** What collecting reads. */
export interface Selecting {
  readonly schema: GraphQLSchema;
  readonly variables: Variables;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The type whose objects are asked. An interface stands for objects that say no more of what they
 * are. */
export type SelectedType = GraphQLObjectType | GraphQLInterfaceType;

/** Fields by response key, in the order of the document.
 * @param sets - Selections of one place, which are merged. */
export function collectFields(
  selecting: Selecting,
  type: SelectedType,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const collected: Collected = { fields: new Map(), fragments: new Set() };
  for (const set of new Set(sets)) collect(selecting, { type, set }, collected);
  return collected.fields;
}

interface Collected {
  readonly fields: Map<string, FieldNode[]>;
  /** Named fragments that were looked into: once is enough. */
  readonly fragments: Set<string>;
}

function collect(
  selecting: Selecting,
  { type, set }: { readonly type: SelectedType; readonly set: SelectionSetNode },
  into: Collected,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection, selecting.variables)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const known = into.fields.get(key);
      if (known === undefined) into.fields.set(key, [selection]);
      else known.push(selection);
      continue;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (into.fragments.has(selection.name.value)) continue;
      into.fragments.add(selection.name.value);
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : selecting.fragments.get(selection.name.value);
    const on = fragment?.typeCondition?.name.value ?? type.name;
    if (fragment === undefined || !applies(selecting.schema, type, on)) continue;
    collect(selecting, { type, set: fragment.selectionSet }, into);
  }
}

function applies(schema: GraphQLSchema, type: SelectedType, on: string): boolean {
  if (on === type.name) return true;
  const condition = schema.getType(on);
  return isAbstractType(condition) && schema.isSubType(condition, type);
}
