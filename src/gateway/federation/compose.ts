/** From subgraphs to a supergraph: thin over the composition library, its problems as one error. */
import {
  composeServices,
  transformSupergraphToPublicSchema,
} from '@theguild/federation-composition';
import { buildASTSchema, type DocumentNode, type GraphQLSchema, Kind, parse, print } from 'graphql';
import { EngineError } from '../../kernel/errors.ts';
import { type TypeIndex, typeIndexOfSupergraph } from '../plan/data/type-index.ts';
import { supergraphProblems } from './supergraph-check.ts';

/** What composition needs of a subgraph. */
export interface SubgraphSdl {
  readonly name: string;
  readonly typeDefs: string;
  /** Written into the supergraph; a made-up one by default. */
  readonly url?: string;
}

/** A service that a supergraph is composed of. */
export interface SupergraphService {
  /** As plans name it. */
  readonly name: string;
  /** Undefined where the supergraph tells none. */
  readonly url: string | undefined;
}

/** A composed supergraph. */
export interface Supergraph {
  /** What planners read. */
  readonly supergraphSdl: string;
  /** What clients see. */
  readonly publicSdl: string;
  readonly publicSchema: GraphQLSchema;
  /** In the order of the subgraphs, or of a supergraph that was given. */
  readonly services: readonly SupergraphService[];
  /** All types, those that clients do not see included. */
  readonly types: TypeIndex;
}

/** Composes subgraphs. The same subgraphs in the same order give the same text.
 * Cost about 40 ms once the code is warm, 100 to 250 ms the first time in a process.
 * @throws EngineError `GATEWAY_COMPOSITION` with every problem, if they do not compose. */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[]): Supergraph {
  const nameless = subgraphs.flatMap(({ name }, i) => (name.trim() === '' ? [i] : []));
  if (nameless.length > 0) {
    throw compositionError(nameless.map((i) => `[] subgraphs[${i}] has no name; give it one`));
  }
  const twice = repeatedNames(subgraphs);
  if (twice.length > 0) {
    throw compositionError(twice.map((name) => `[${name}] there is another one of that name`));
  }
  const services = subgraphs.map(({ name, typeDefs, url }) => ({
    name,
    url: url ?? `http://${name}.backlot.example/graphql`,
    typeDefs: parsedTypeDefs(name, typeDefs),
  }));
  const { problems, result } = composed(services);
  if (result === undefined) throw compositionError(problems);
  const { supergraphSdl, publicSdl } = result;
  const publicSchema = buildASTSchema(parse(publicSdl));
  const document = parse(supergraphSdl);
  return {
    supergraphSdl,
    publicSdl,
    publicSchema,
    services: subgraphs.map(({ name, url }) => ({ name, url })),
    types: typeIndexOfSupergraph(document),
  };
}

/** Reads a supergraph that somebody composed.
 * @throws EngineError `GATEWAY_COMPOSITION` for text that is none, and for one that names graphs or
 * fields that it does not have. */
export function readSupergraph(supergraphSdl: string): Supergraph {
  try {
    const document = parse(supergraphSdl);
    const services = servicesOf(document);
    if (services.length === 0) throw new Error('it names no services (no enum join__Graph)');
    const twice = repeatedNames(services).map((name) => `it names two services ${name}`);
    const problems = [...twice, ...supergraphProblems(document)];
    if (problems.length > 0) throw supergraphError(problems);
    const publicSdl = print(transformSupergraphToPublicSchema(document));
    const publicSchema = buildASTSchema(parse(publicSdl));
    const types = typeIndexOfSupergraph(document);
    return { supergraphSdl, publicSdl, publicSchema, services, types };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw supergraphError([cause instanceof Error ? cause.message : String(cause)], cause);
  }
}

/** @param cause - What was thrown, where something was. */
export function supergraphError(problems: readonly string[], cause?: unknown) {
  return compositionError(
    problems.map((problem) => `[supergraph] ${problem}`),
    cause,
  );
}

function repeatedNames(named: readonly { readonly name: string }[]): readonly string[] {
  const names = named.map(({ name }) => name);
  return names.filter((name, i) => names.indexOf(name) !== i);
}

type Services = Parameters<typeof composeServices>[0];

/** Composition that never throws: what the library chokes on is a problem of the subgraphs. */
function composed(services: Services) {
  try {
    const result = composeServices(services);
    if (result.errors === undefined) return { problems: [], result };
    return { problems: result.errors.map((error) => error.message), result: undefined };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    return { problems: [problem], result: undefined };
  }
}

/** Names and addresses of services: `A @join__graph(name: "a", url: "…")`. */
function servicesOf(document: DocumentNode): readonly SupergraphService[] {
  const graphs = document.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (graphs.values ?? []).map(({ name, directives }) => {
    const joined = directives?.find((one) => one.name.value === 'join__graph');
    const argument = (wanted: string) => {
      const value = joined?.arguments?.find((one) => one.name.value === wanted)?.value;
      return value?.kind === Kind.STRING && value.value !== '' ? value.value : undefined;
    };
    return { name: argument('name') ?? name.value, url: argument('url') };
  });
}

function parsedTypeDefs(name: string, typeDefs: string) {
  try {
    return parse(typeDefs);
  } catch (cause) {
    throw compositionError([`[${name}] ${cause instanceof Error ? cause.message : cause}`]);
  }
}

function compositionError(
  problems: readonly string[],
  cause?: unknown,
): EngineError<'GATEWAY_COMPOSITION'> {
  return new EngineError(
    'GATEWAY_COMPOSITION',
    `the subgraphs do not compose: ${problems.join('; ')}; change the subgraph named in brackets`,
    { problems },
    { cause },
  );
}
