/** How many dependent look-ups a page needs where all tables are in one place. A wave is a change
 * of the owning domain on the way from the root to a field: the key found in one domain's tables
 * is what the next look-up starts from. The longest such way is the number of waves. */
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** Owner of `Type.field`, or undefined where the field comes along with its parent. */
export type OwnerOf = (typeName: string, fieldName: string) => string | undefined;

/** Where a way from the root stands: whose tables it reads, after how many waves. */
interface Position {
  readonly domain: string | undefined;
  readonly waves: number;
}

/** Dependent waves of look-ups of an operation, at least 1.
 * @param document - One operation, valid against `schema`; fragments allowed. */
export function countWaves(
  document: DocumentNode,
  schema: GraphQLSchema,
  ownerOf: OwnerOf,
): number {
  const fragments = new Map<string, SelectionSetNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node.selectionSet);
  }
  const deepest = (set: SelectionSetNode, typeName: string, at: Position): number => {
    const type = schema.getType(typeName);
    const fields = isObjectType(type) ? type.getFields() : {};
    const depths = set.selections.map((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const inner = selection.typeCondition?.name.value ?? typeName;
        return deepest(selection.selectionSet, inner, at);
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        return fragment === undefined ? at.waves : deepest(fragment, typeName, at);
      }
      const domain = ownerOf(typeName, selection.name.value) ?? at.domain;
      const waves = domain === at.domain ? at.waves : at.waves + 1;
      const field = fields[selection.name.value];
      if (selection.selectionSet === undefined || field === undefined) return waves;
      return deepest(selection.selectionSet, getNamedType(field.type).name, { domain, waves });
    });
    return Math.max(at.waves, ...depths);
  };
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) return 1;
  const start: Position = { domain: undefined, waves: 0 };
  return Math.max(1, deepest(operation.selectionSet, 'Query', start));
}
