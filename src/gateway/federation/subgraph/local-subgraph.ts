/** A subgraph that is answered in this process, synchronously, by its own resolvers. */
import {
  buildASTSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  parse,
} from 'graphql';
import { EngineError } from '../../../kernel/errors.ts';
import { createTextCache } from '../../plan/lru-cache.ts';
import type { FetchResult } from '../../plan-run.ts';
import { attachResolvers } from './attach-resolvers.ts';
import type { SubgraphDefinition } from './definition.ts';
import { attachFederation } from './entities.ts';
import { executableDocument } from './executable-document.ts';
import { isAsynchronous, promised, resolveProperty } from './synchronous.ts';

/** A call of a subgraph. */
export interface SubgraphCall {
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Third argument of resolvers. */
  readonly context?: unknown;
}

/** A subgraph in this process. */
export interface LocalSubgraph {
  readonly schema: GraphQLSchema;
  /** Answers a call. Never throws: what goes wrong is an error of the answer. */
  answer(call: SubgraphCall): FetchResult;
}

const MAX_OPERATIONS = 1_000;

/** Builds a subgraph's schema and puts its resolvers behind it.
 * @throws EngineError `GATEWAY_COMPOSITION` where its schema cannot be built. */
export function createLocalSubgraph(definition: SubgraphDefinition): LocalSubgraph {
  const { name, typeDefs, resolvers = {} } = definition;
  const schema = builtSchema(name, typeDefs);
  attachResolvers(schema, resolvers);
  attachFederation(schema, { sdl: typeDefs, resolvers });
  const documents = createTextCache<DocumentNode>(MAX_OPERATIONS);
  const documentOf = (operation: string): DocumentNode => {
    const known = documents.get(operation);
    if (known !== undefined) return known;
    const document = parse(operation);
    documents.set(operation, document);
    return document;
  };
  return {
    schema,
    answer({ operation, variables, context }) {
      try {
        const result: unknown = execute({
          schema,
          document: documentOf(operation),
          variableValues: variables,
          contextValue: context,
          fieldResolver: resolveProperty,
        });
        if (isAsynchronous(result)) throw promised(result, `the service ${name}`);
        const { data, errors } = result as ExecutionResult;
        return { ok: true, data, errors: errors?.map((error) => error.toJSON()) };
      } catch (cause) {
        return { ok: false, message: cause instanceof Error ? cause.message : String(cause) };
      }
    },
  };
}

function builtSchema(name: string, typeDefs: string): GraphQLSchema {
  try {
    return buildASTSchema(executableDocument(typeDefs).document, { assumeValidSDL: true });
  } catch (cause) {
    const problem = `[${name}] ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new EngineError(
      'GATEWAY_COMPOSITION',
      `the subgraph's schema cannot be built: ${problem}; correct its SDL`,
      { problems: [problem] },
      { cause },
    );
  }
}
