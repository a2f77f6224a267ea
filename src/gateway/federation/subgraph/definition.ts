/** A subgraph as its owner writes it: schema and synchronous resolvers in GraphQL's usual form. */
import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';

/** One subgraph of a federation. */
export interface SubgraphDefinition {
  /** As plans and errors name it; unique. */
  readonly name: string;
  /** Schema text of Federation 1 or 2. */
  readonly typeDefs: string;
  /** Type → field → resolver. Left out, others must carry the fetches of this subgraph. */
  readonly resolvers?: ResolverMap;
  /** Where it is to be asked over HTTP. */
  readonly url?: string;
}

/** Resolvers by type. Types and fields that the schema does not have are passed over; fields
 * without a resolver are properties (or methods) of their parent. */
export interface ResolverMap {
  readonly [typeName: string]: TypeResolvers | GraphQLScalarType;
}

/** What a type of the schema may bring: resolvers of fields, values behind enum names, and
 * `__resolveReference(representation, context, info)`, `__resolveType(value, context, info)`,
 * `__isTypeOf(value, context, info)`. */
export interface TypeResolvers {
  readonly [name: string]: Resolver | FieldConfig | string | number | boolean | null | undefined;
}

/** A resolver within an object, as some libraries write it. */
export interface FieldConfig {
  readonly resolve?: Resolver;
}

/** Resolves synchronously. A promise becomes an error of its field: virtual time does not wait. A
 * resolver of a field gets (source, args, context, info). */
export type Resolver = {
  // A method, so that resolvers may say more of their arguments than is known here.
  resolve(source: unknown, args: ResolverArgs, context: unknown, info: GraphQLResolveInfo): unknown;
}['resolve'];

/** Arguments of a field by name; of a reference resolver: the context. */
export type ResolverArgs = Readonly<Record<string, unknown>>;
