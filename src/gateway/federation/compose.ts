/** From subgraphs to a supergraph: thin over the composition library, its problems as one error. */
import { composeServices } from '@theguild/federation-composition';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import { EngineError } from '../../kernel/errors.ts';

/** What composition needs of a subgraph. */
export interface SubgraphSdl {
  readonly name: string;
  readonly typeDefs: string;
}

/** A composed supergraph. */
export interface Supergraph {
  /** What planners read. */
  readonly supergraphSdl: string;
  /** What clients see. */
  readonly publicSdl: string;
  readonly publicSchema: GraphQLSchema;
}

/** Composes subgraphs. The same subgraphs in the same order give the same text.
 * Cost about 40 ms once the code is warm, 100 to 250 ms the first time in a process.
 * @throws EngineError `GATEWAY_COMPOSITION` with every problem, if they do not compose. */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[]): Supergraph {
  const result = composeServices(
    subgraphs.map(({ name, typeDefs }) => ({
      name,
      url: `http://${name}.backlot.example/graphql`,
      typeDefs: parsedTypeDefs(name, typeDefs),
    })),
  );
  if (result.errors !== undefined) {
    throw compositionError(result.errors.map((error) => error.message));
  }
  const { supergraphSdl, publicSdl } = result;
  return { supergraphSdl, publicSdl, publicSchema: buildASTSchema(parse(publicSdl)) };
}

function parsedTypeDefs(name: string, typeDefs: string) {
  try {
    return parse(typeDefs);
  } catch (cause) {
    throw compositionError([`[${name}] ${cause instanceof Error ? cause.message : cause}`]);
  }
}

function compositionError(problems: readonly string[]): EngineError<'GATEWAY_COMPOSITION'> {
  return new EngineError(
    'GATEWAY_COMPOSITION',
    `the subgraphs do not compose: ${problems.join('; ')}; change the subgraph named in brackets`,
    { problems },
  );
}
