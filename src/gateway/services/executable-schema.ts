/** Turns SDL and resolvers into schemas that graphql-js executes synchronously: one for a subgraph
 * (with `_entities` and `_service`), one for the monolith (everything in one process). */
import {
  buildASTSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
  parse,
} from 'graphql';
import type { Library } from './library.ts';
import type { FieldResolver, Representation, Subgraph, SubgraphResolvers } from './subgraph.ts';
import type { WorkCounter } from './work-counter.ts';

/** The schema of one microservice, federation's own fields included. */
export function createSubgraphSchema(subgraph: Subgraph, library: Library): GraphQLSchema {
  const resolvers = subgraph.createResolvers(library);
  const sdl = `${subgraph.typeDefs}\n${federationTypeDefs(Object.keys(resolvers.references))}`;
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  attach(schema, subgraph.name, withFederation(resolvers, subgraph.typeDefs));
  return schema;
}

/** The public schema with the resolvers of all services behind it. */
export function createMonolithSchema(
  publicSdl: string,
  subgraphs: readonly Subgraph[],
  library: Library,
): GraphQLSchema {
  const schema = buildASTSchema(parse(publicSdl));
  for (const subgraph of subgraphs) {
    attach(schema, subgraph.name, subgraph.createResolvers(library));
  }
  return schema;
}

/** What Federation 2 adds to a subgraph's schema. */
function federationTypeDefs(entityTypes: readonly string[]): string {
  return `
    scalar _Any
    union _Entity = ${entityTypes.join(' | ')}
    type _Service { sdl: String! }
    extend type Query {
      _entities(representations: [_Any!]!): [_Entity]!
      _service: _Service!
    }`;
}

function withFederation(resolvers: SubgraphResolvers, sdl: string): SubgraphResolvers {
  const query: Record<string, FieldResolver> = {
    ...resolvers.fields.Query,
    _service: () => ({ sdl }),
    _entities: (_, { representations }) =>
      (representations as readonly Representation[]).map((representation) =>
        resolvers.references[representation.__typename]?.(representation),
      ),
  };
  return { ...resolvers, fields: { ...resolvers.fields, Query: query } };
}

/** Gives the fields that the schema has their resolvers; fields of entities count as work. */
function attach(
  schema: GraphQLSchema,
  domain: Subgraph['name'],
  resolvers: SubgraphResolvers,
): void {
  for (const [typeName, resolverByField] of Object.entries(resolvers.fields)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    const fields = type.getFields();
    for (const [fieldName, resolver] of Object.entries(resolverByField)) {
      const field = fields[fieldName];
      if (field === undefined) continue;
      const resolve = resolver as FieldResolver<unknown>;
      field.resolve =
        typeName === 'Query'
          ? (source, args) => resolve(source, args)
          : counted({ domain, typeName, resolve });
    }
  }
}

function counted(options: {
  readonly domain: Subgraph['name'];
  readonly typeName: string;
  readonly resolve: FieldResolver<unknown>;
}): GraphQLFieldResolver<{ readonly id: string }, WorkCounter> {
  const { domain, typeName, resolve } = options;
  return (source, args, counter) => {
    counter.touch(domain, typeName, source.id);
    return resolve(source, args);
  };
}
