/** From a subgraph's schema text to one that graphql-js can execute: extensions of types that other
 * subgraphs own become definitions, and federation's own fields are added. */
import {
  type DefinitionNode,
  type DocumentNode,
  Kind,
  parse,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { argument, directiveNames } from './federation-names.ts';

/** A schema that can be built, and what federation needs to know of it. */
export interface ExecutableDocument {
  readonly document: DocumentNode;
  readonly queryType: string;
  /** Object types that `_entities` can answer. */
  readonly entityTypes: readonly string[];
}

/** Types and fields that the schema's text may declare although federation adds them. */
const OWN_TYPES = new Set(['_Any', '_Entity', '_Service', '_FieldSet']);
const OWN_FIELDS = new Set(['_entities', '_service']);

const DEFINITION_OF = {
  [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION,
  [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION,
  [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION,
  [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION,
  [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION,
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
} as const;

/** Makes a schema's text executable.
 * @throws GraphQLError for text that is no GraphQL. */
export function executableDocument(typeDefs: string): ExecutableDocument {
  const source = parse(typeDefs);
  const definitions = withOwners(source.definitions.flatMap(withoutFederation));
  const queryType = rootTypeName(source, 'query') ?? 'Query';
  const entityTypes = entityTypesOf(source, definitions);
  const names = new Set(definitions.map(nameOf));
  const added = parse(
    federationTypeDefs({ queryType, entityTypes, hasQuery: names.has(queryType) }),
  );
  const document = { ...source, definitions: [...definitions, ...added.definitions] };
  return { document, queryType, entityTypes };
}

/** Leaves out definitions that federation makes itself. Directives are not executed: what they are
 * declared as (often with types that are declared nowhere) does not matter. */
function withoutFederation(node: DefinitionNode): readonly DefinitionNode[] {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return [];
  if (OWN_TYPES.has(nameOf(node) ?? '')) return [];
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) {
    return [node];
  }
  const { fields = [] } = node;
  if (!fields.some((field) => OWN_FIELDS.has(field.name.value))) return [node];
  const kept = fields.filter((field) => !OWN_FIELDS.has(field.name.value));
  const isBare = node.kind === Kind.OBJECT_TYPE_EXTENSION && kept.length === 0;
  return isBare ? [] : [{ ...node, fields: kept }];
}

/** Turns the first extension of each type that is not defined here into its definition. */
function withOwners(nodes: readonly DefinitionNode[]): readonly DefinitionNode[] {
  const known = new Set(nodes.filter((node) => !isExtension(node)).map(nameOf));
  return nodes.map((node) => {
    if (!isExtension(node) || known.has(node.name.value)) return node;
    known.add(node.name.value);
    return { ...node, kind: DEFINITION_OF[node.kind] } as TypeDefinitionNode;
  });
}

function isExtension(node: DefinitionNode): node is TypeExtensionNode {
  return Object.hasOwn(DEFINITION_OF, node.kind);
}

/** Types with a key, and types of interfaces with a key. */
function entityTypesOf(
  source: DocumentNode,
  definitions: readonly DefinitionNode[],
): readonly string[] {
  const keyNames = directiveNames(source, 'key');
  const keyed = new Set<string>();
  for (const node of definitions) {
    if (!('directives' in node)) continue;
    const keys = (node.directives ?? []).filter((one) => keyNames.has(one.name.value));
    const name = nameOf(node);
    if (
      name !== undefined &&
      keys.some((one) => isResolvable(argument(one as never, 'resolvable')))
    ) {
      keyed.add(name);
    }
  }
  const entities = new Set<string>();
  for (const node of definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      continue;
    }
    const name = node.name.value;
    const isOfKeyed = (node.interfaces ?? []).some((one) => keyed.has(one.name.value));
    if (keyed.has(name) || isOfKeyed) entities.add(name);
  }
  return [...entities];
}

function isResolvable(value: ReturnType<typeof argument>): boolean {
  return value?.kind !== Kind.BOOLEAN || value.value;
}

function rootTypeName(source: DocumentNode, operation: string): string | undefined {
  for (const node of source.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    const found = node.operationTypes?.find((one) => one.operation === operation);
    if (found !== undefined) return found.type.name.value;
  }
  return undefined;
}

function nameOf(node: DefinitionNode): string | undefined {
  return 'name' in node ? node.name?.value : undefined;
}

function federationTypeDefs(options: {
  readonly queryType: string;
  readonly entityTypes: readonly string[];
  readonly hasQuery: boolean;
}): string {
  const { queryType, entityTypes, hasQuery } = options;
  const entities =
    entityTypes.length === 0
      ? ''
      : `scalar _Any
        union _Entity = ${entityTypes.join(' | ')}
        extend type ${queryType} { _entities(representations: [_Any!]!): [_Entity]! }`;
  return `type _Service { sdl: String! }
    ${hasQuery ? 'extend' : ''} type ${queryType} { _service: _Service! }
    ${entities}`;
}
