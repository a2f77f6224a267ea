/** A subgraph that is answered in this process, synchronously, by its own resolvers. */
import {
  buildASTSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  isScalarType,
  isSpecifiedScalarType,
  parse,
} from 'graphql';
import { EngineError } from '../../../kernel/errors.ts';
import { MAX_NESTING, nestsDeeperThan } from '../../plan/data/nesting.ts';
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
  const isPlain = !hasCustomScalars(schema);
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
        return {
          ok: true,
          data: isPlain ? data : asJson(data, name),
          errors: errors && asJson(errors, name),
        };
      } catch (cause) {
        return { ok: false, message: cause instanceof Error ? cause.message : String(cause) };
      }
    },
  };
}

/** Whether there are leaves that may be anything. Representations come in, never out. */
function hasCustomScalars(schema: GraphQLSchema): boolean {
  return Object.values(schema.getTypeMap()).some((type) => {
    return isScalarType(type) && !isSpecifiedScalarType(type) && type.name !== '_Any';
  });
}

/** What would come over HTTP: a `Date` is its text.
 * @throws Error for what JSON cannot tell: an object within itself, a `bigint`. */
function asJson<T>(value: T, name: string): T {
  let json: unknown;
  try {
    json = value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  } catch (cause) {
    if (isStackOverflow(cause)) throw nestedTooDeep(name, cause);
    const problem = String(cause instanceof Error ? cause.message : cause).split('\n')[0];
    throw new Error(`the service ${name} answered what is not JSON: ${problem}`, { cause });
  }
  if (nestsDeeperThan(json, MAX_NESTING)) throw nestedTooDeep(name);
  return json as T;
}

function isStackOverflow(cause: unknown): boolean {
  return cause instanceof RangeError && cause.message.includes('call stack');
}

function nestedTooDeep(name: string, cause?: unknown): Error {
  const message = `the service ${name} answered JSON nested deeper than ${MAX_NESTING} levels`;
  return new Error(message, { cause });
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
