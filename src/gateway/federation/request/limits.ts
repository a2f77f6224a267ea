/** How large a request may be. Checked before validation and planning, whose cost grows with it:
 * fragments are measured once each, as if they were written out. Spec: G15. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { GraphQLAnswerError } from './graphql-answer.ts';

/** Limits of one request. Ordinary ones stay far below the defaults. */
export interface GatewayLimits {
  /** Fields within fields. Default 50. */
  readonly maxDepth: number;
  /** Aliased fields. Default 200. */
  readonly maxAliases: number;
  /** Fields of the query itself. Default 100. */
  readonly maxRootFields: number;
  /** All fields, fragments written out. Default 10,000. */
  readonly maxFields: number;
  /** Words and signs of the document. Default 15,000. */
  readonly maxTokens: number;
  /** Fields, each one times the lengths of the lists around it: a list is as long as its argument
   * `first`, `last` or `limit` says, else 10. Default 1,000,000. */
  readonly maxCost: number;
}

/** What holds where nothing else was said. */
export const DEFAULT_LIMITS: GatewayLimits = Object.freeze({
  maxDepth: 50,
  maxAliases: 200,
  maxRootFields: 100,
  maxFields: 10_000,
  maxTokens: 15_000,
  maxCost: 1_000_000,
});

/** Length of a list that no argument limits. */
const LIST_LENGTH = 10;
const LENGTH_ARGUMENTS = ['first', 'last', 'limit'];

/** How large a selection is, fragments written out. */
interface Size {
  readonly depth: number;
  readonly aliases: number;
  /** Fields at the selection's own level. */
  readonly width: number;
  readonly fields: number;
  readonly cost: number;
}

const NOTHING: Size = { depth: 0, aliases: 0, width: 0, fields: 0, cost: 0 };

/** The limits that a document exceeds, as errors; none for one that may pass. Cost O(document). */
export function exceededLimits(
  document: DocumentNode,
  schema: GraphQLSchema,
  limits: GatewayLimits,
): readonly GraphQLAnswerError[] {
  const measure = new Measure(document, schema);
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION) return [];
    const { depth, aliases, width, fields, cost } = measure.operation(node);
    return [
      ...exceeded('depth', depth, limits.maxDepth),
      ...exceeded('aliases', aliases, limits.maxAliases),
      ...exceeded('root fields', width, limits.maxRootFields),
      ...exceeded('fields', fields, limits.maxFields),
      ...exceeded('cost', cost, limits.maxCost),
    ];
  });
}

/** The error of a limit.
 * @param found - Undefined where counting stopped at the limit. */
export function limitError(
  limit: string,
  found: number | undefined,
  allowed: number,
): GraphQLAnswerError {
  const size = found === undefined ? `more than ${allowed}` : `${found}`;
  return {
    message:
      `${limit} of the operation: found ${size}, at most ${allowed} allowed; ` +
      'ask for less at once',
    extensions: { limit, allowed, ...(found === undefined ? {} : { found }) },
  };
}

function exceeded(limit: string, found: number, allowed: number): readonly GraphQLAnswerError[] {
  return found > allowed ? [limitError(limit, found, allowed)] : [];
}

class Measure {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Undefined while a fragment is being measured: one within itself counts as nothing. */
  readonly #sizes = new Map<string, Size | undefined>();

  constructor(document: DocumentNode, schema: GraphQLSchema) {
    this.#schema = schema;
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node);
    }
  }

  operation(node: OperationDefinitionNode): Size {
    return this.#set(node.selectionSet, this.#schema.getRootType(node.operation) ?? undefined);
  }

  #set(set: SelectionSetNode, type: GraphQLNamedType | undefined): Size {
    let { depth, aliases, width, fields, cost } = NOTHING;
    for (const selection of set.selections) {
      const size = this.#selection(selection, type);
      depth = Math.max(depth, size.depth);
      aliases += size.aliases;
      width += size.width;
      fields += size.fields;
      cost += size.cost;
    }
    return { depth, aliases, width, fields, cost };
  }

  #selection(selection: SelectionNode, type: GraphQLNamedType | undefined): Size {
    if (selection.kind === Kind.FIELD) return this.#field(selection, type);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value);
    const on = selection.typeCondition?.name.value;
    return this.#set(selection.selectionSet, on === undefined ? type : this.#schema.getType(on));
  }

  #fragment(name: string): Size {
    const fragment = this.#fragments.get(name);
    if (fragment === undefined) return NOTHING;
    if (this.#sizes.has(name)) return this.#sizes.get(name) ?? NOTHING;
    this.#sizes.set(name, undefined);
    const on = this.#schema.getType(fragment.typeCondition.name.value);
    const size = this.#set(fragment.selectionSet, on);
    this.#sizes.set(name, size);
    return size;
  }

  #field(node: FieldNode, parent: GraphQLNamedType | undefined): Size {
    const aliases = node.alias === undefined ? 0 : 1;
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const field = hasFields ? parent.getFields()[node.name.value] : undefined;
    if (node.selectionSet === undefined) {
      return { depth: 1, aliases, width: 1, fields: 1, cost: 1 };
    }
    const inner = this.#set(node.selectionSet, field && getNamedType(field.type));
    const length = field === undefined ? 1 : lengthOf(field.type, node);
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + aliases,
      width: 1,
      fields: 1 + inner.fields,
      cost: 1 + length * inner.cost,
    };
  }
}

/** How many objects a field answers. */
function lengthOf(type: GraphQLOutputType, node: FieldNode): number {
  if (isNonNullType(type)) return lengthOf(type.ofType, node);
  if (!isListType(type)) return 1;
  const argument = node.arguments?.find(({ name }) => LENGTH_ARGUMENTS.includes(name.value));
  const asked = argument?.value.kind === Kind.INT ? Number(argument.value.value) : LIST_LENGTH;
  return Math.max(1, asked) * lengthOf(type.ofType, { ...node, arguments: [] });
}
