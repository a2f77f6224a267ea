/** From a request's text to an operation that can be executed: parsed, limited, validated, chosen,
 * planned. All that does not depend on variables is done once a text. */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  validate,
} from 'graphql';
import { EngineError } from '../../../kernel/errors.ts';
import type { CallPlan } from '../../call-plan.ts';
import { deepFreeze } from '../../plan/freeze.ts';
import { createTextCache } from '../../plan/lru-cache.ts';
import { withPrefixedAliases } from '../../plan/shape/client-aliases.ts';
import type { Planner } from '../planner.ts';
import { type GraphQLAnswer, type RequestErrorCode, refusal } from './graphql-answer.ts';
import { exceededLimits, type GatewayLimits, limitError } from './limits.ts';
import { splitOperation } from './root-fields.ts';

/** An operation ready to execute. */
export interface PreparedOperation {
  readonly operation: OperationDefinitionNode;
  /** Its plan; one without fetches where services are not needed. */
  readonly plan: CallPlan;
  /** What the gateway answers itself; undefined where there is nothing of that. */
  readonly introspection: DocumentNode | undefined;
}

/** A prepared operation, or why there is none. */
export type Preparation =
  | { readonly prepared: PreparedOperation; readonly refused?: undefined }
  | { readonly refused: GraphQLAnswer; readonly prepared?: undefined };

/** What operations are prepared against. */
export interface PreparationOptions {
  readonly publicSchema: GraphQLSchema;
  readonly planner: Planner;
  readonly limits: GatewayLimits;
  /** Documents, and operations, remembered. */
  readonly capacity: number;
}

/** Makes the function from a text and a name to a preparation. Cost 1 to 10 ms the first time, then
 * about 1 µs; texts that are refused, or long, are not remembered. */
export function createPreparation(
  options: PreparationOptions,
): (query: string, operationName: string | undefined) => Preparation {
  const documents = createTextCache<DocumentNode>(options.capacity);
  const operations = createTextCache<PreparedOperation>(options.capacity);
  return (query, operationName) => {
    const key = `${operationName ?? ''}\n${query}`;
    const known = operations.get(key);
    if (known !== undefined) return { prepared: known };
    try {
      const document = documents.get(query) ?? checkedDocument(query, options);
      documents.set(query, document);
      const prepared = preparedOperation(document, operationName, options.planner);
      operations.set(key, prepared);
      return { prepared };
    } catch (cause) {
      if (cause instanceof Refused) return { refused: cause.answer };
      throw cause;
    }
  };
}

/** Carries a refusal out of the preparation. */
class Refused extends Error {
  readonly answer: GraphQLAnswer;

  constructor(code: RequestErrorCode, errors: Parameters<typeof refusal>[1]) {
    super(code);
    this.answer = refusal(code, errors);
  }
}

function checkedDocument(query: string, options: PreparationOptions): DocumentNode {
  const { publicSchema, limits } = options;
  const document = parsed(query, limits.maxTokens);
  const exceeded = withinStack(() => exceededLimits(document, publicSchema, limits), limits);
  if (exceeded.length > 0) throw new Refused('LIMIT_EXCEEDED', exceeded);
  const problems = withinStack(() => validate(publicSchema, document), limits);
  if (problems.length > 0) {
    throw new Refused('GRAPHQL_VALIDATION_FAILED', problems.map(errorJson));
  }
  return withinStack(() => withPrefixedAliases(document), limits);
}

function parsed(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, { maxTokens });
  } catch (cause) {
    if (cause instanceof RangeError || isTokenLimit(cause)) {
      throw new Refused('LIMIT_EXCEEDED', [limitError('tokens', undefined, maxTokens)]);
    }
    if (!(cause instanceof GraphQLError)) throw cause;
    throw new Refused('GRAPHQL_PARSE_FAILED', [errorJson(cause)]);
  }
}

/** Runs what recurses as deep as the document does. */
function withinStack<T>(work: () => T, { maxDepth }: GatewayLimits): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Refused('LIMIT_EXCEEDED', [limitError('depth', undefined, maxDepth)]);
  }
}

function isTokenLimit(cause: unknown): boolean {
  return cause instanceof GraphQLError && cause.message.includes('tokens. Parsing aborted');
}

function preparedOperation(
  source: DocumentNode,
  operationName: string | undefined,
  planner: Planner,
): PreparedOperation {
  const operation = chosenOperation(source, operationName);
  if (operation.operation === 'subscription') {
    const message = 'subscriptions are not supported; send a query or a mutation';
    throw new Refused('SUBSCRIPTION_NOT_SUPPORTED', [{ message }]);
  }
  const { document, fetched, introspection } = splitOperation(source, operation);
  const root = fetched === undefined ? { kind: 'Sequence', nodes: [] } : planned(fetched, planner);
  const plan = deepFreeze({ document: textOf(document), root }) as CallPlan;
  return { operation, plan, introspection };
}

function chosenOperation(
  source: DocumentNode,
  operationName: string | undefined,
): OperationDefinitionNode {
  const operations = source.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [only, ...others] = operations;
  if (operationName === undefined) {
    if (only !== undefined && others.length === 0) return only;
    const message =
      only === undefined
        ? 'the document has no operation; add a query or a mutation'
        : `the document has ${operations.length} operations; name one in operationName`;
    throw new Refused('OPERATION_RESOLUTION_FAILURE', [{ message }]);
  }
  const named = operations.find((node) => node.name?.value === operationName);
  if (named !== undefined) return named;
  const names = operations.map((node) => node.name?.value ?? 'one without a name').join(', ');
  const message = `there is no operation ${JSON.stringify(operationName)}, only ${names}`;
  throw new Refused('OPERATION_RESOLUTION_FAILURE', [{ message }]);
}

function planned(document: DocumentNode, planner: Planner) {
  try {
    return planner.plan(textOf(document));
  } catch (cause) {
    throw new Refused('QUERY_PLAN_FAILED', [{ message: planProblem(cause) }]);
  }
}

/** Why there is no plan, in the planner's own words. */
function planProblem(cause: unknown): string {
  if (!(cause instanceof EngineError))
    return cause instanceof Error ? cause.message : String(cause);
  const { details } = cause;
  const problems = 'problems' in details ? details.problems : [cause.message];
  return `no plan for this operation: ${problems.map(String).join('; ').trim()}`;
}

/** As short as GraphQL allows. */
function textOf(document: DocumentNode): string {
  return stripIgnoredCharacters(print(document));
}

function errorJson(error: GraphQLError) {
  const { message, locations, extensions } = error.toJSON();
  return {
    message,
    ...(locations === undefined ? {} : { locations }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}
