/** What a microservice is to the federation: its part of the schema (Federation 2 SDL) and
 * synchronous resolvers over the catalogue. The same resolvers serve the monolith, so that data are
 * equal by construction and work is counted alike. */
import type { Library } from './library.ts';

/** The microservices, in the order in which reports list them. */
export const DOMAIN_NAMES = ['movie', 'production', 'talent'] as const;
/** One of {@link DOMAIN_NAMES}. */
export type DomainName = (typeof DOMAIN_NAMES)[number];

/** Resolves one field. Never returns a promise: virtual time does not wait for microtasks. */
export type FieldResolver<Source = never> = (
  source: Source,
  args: Readonly<Record<string, unknown>>,
) => unknown;

/** An entity as another service names it: `__typename`, key fields, and fields it provides. */
export type Representation = Readonly<Record<string, unknown>> & { readonly __typename: string };

/** The resolvers of one service. */
export interface SubgraphResolvers {
  /** Type → field → resolver. Fields not listed are properties of their parent. A listed field
   * belongs to this service: reading it is work that this service does. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, FieldResolver>>>>;
  /** Entity type → from a representation to the entity; undefined where nothing has that key. */
  readonly references: Readonly<
    Record<string, (representation: Representation) => object | undefined>
  >;
}

/** One microservice. */
export interface Subgraph {
  readonly name: DomainName;
  /** Federation 2 SDL. */
  readonly typeDefs: string;
  createResolvers(library: Library): SubgraphResolvers;
}

/** The `@link` that makes a schema a Federation 2 subgraph. */
export function federationLink(directives: readonly string[]): string {
  const names = directives.map((name) => `"${name}"`).join(', ');
  return `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.5", import: [${names}])`;
}

/** The first `count` elements where a count was asked for, all otherwise. */
export function firstOf<T>(list: readonly T[], count: unknown): readonly T[] {
  return typeof count === 'number' ? list.slice(0, Math.max(0, count)) : list;
}
