/** A federated gateway as a library: a request becomes a plan, the plan's fetches are answered by
 * resolvers in this process or by whoever hosts the gateway, the answer is GraphQL's. No I/O. */
import { type DocumentNode, executeSync, type GraphQLSchema } from 'graphql';
import { EngineError } from '../../kernel/errors.ts';
import type { Variables } from '../plan/conditions.ts';
import { MAX_NESTING, nestsDeeperThan } from '../plan/data/nesting.ts';
import { isResponseObject, type ResponseObject } from '../plan/data/response-data.ts';
import { createPlanCompiler, type Schedule } from '../plan/plan-compiler.ts';
import {
  type FetchResult,
  type PlanAnswer,
  type PlannedFetch,
  type PlanRun,
  startCompiled,
} from '../plan-run.ts';
import { composeSupergraph, readSupergraph, type Supergraph } from './compose.ts';
import { createNativePlanner } from './native-planner.ts';
import type { Planner } from './planner.ts';
import { type GraphQLAnswer, type GraphQLRequest, refusal } from './request/graphql-answer.ts';
import { DEFAULT_LIMITS, type GatewayLimits } from './request/limits.ts';
import { createPreparation } from './request/prepared-operation.ts';
import { checkedVariables } from './request/request-variables.ts';
import type { SubgraphDefinition } from './subgraph/definition.ts';
import { createLocalSubgraph, type LocalSubgraph } from './subgraph/local-subgraph.ts';

/** A call to make to a subgraph: POST `{query: operation, variables}` to its url. */
export interface GatewayFetch extends PlannedFetch {
  /** As the supergraph tells it; undefined where it tells none. */
  readonly url: string | undefined;
}

/** A request in execution: fetches go out, results come in, in any order. */
export interface GatewayRun {
  readonly openFetchCount: number;
  start(): readonly GatewayFetch[];
  complete(fetchId: number, result: FetchResult): readonly GatewayFetch[];
  /** Once nothing is open; undefined before. */
  answer(): GraphQLAnswer | undefined;
}

/** What a request becomes: an answer at once (an error, introspection), or a run. */
export type BegunRequest =
  | { readonly answer: GraphQLAnswer; readonly run?: undefined }
  | { readonly run: GatewayRun; readonly answer?: undefined };

/** A subgraph as the gateway knows it. */
export interface GatewayService {
  /** As plans and fetches name it. */
  readonly name: string;
  readonly url: string | undefined;
  /** Whether resolvers in this process answer it. */
  readonly isLocal: boolean;
}

/** A federated gateway. */
export interface Gateway {
  readonly publicSchema: GraphQLSchema;
  readonly publicSdl: string;
  readonly supergraphSdl: string;
  readonly services: readonly GatewayService[];
  /** Checks, plans and begins a request. Never throws for what a client sends. */
  begin(request: GraphQLRequest): BegunRequest;
  /** Answers a fetch by the resolvers in this process; a failure where there are none. */
  resolve(fetch: PlannedFetch, context?: unknown): FetchResult;
  /** Begins, resolves every fetch here and answers. Never throws for what a client sends. */
  execute(request: GraphQLRequest): GraphQLAnswer;
}

/** What a gateway is made of: subgraphs to compose, or a supergraph, or both: then the subgraphs'
 * resolvers answer for the supergraph's services of the same names. */
export interface GatewayOptions {
  readonly subgraphs?: readonly SubgraphDefinition[];
  /** Supergraph SDL, as composition writes it. */
  readonly supergraph?: string;
  /** When a fetch starts: when what comes before it in the plan is over (`plan`, the default), or
   * when what it reads is there (`dataflow`). The answers are the same. */
  readonly schedule?: Schedule;
  readonly limits?: Partial<GatewayLimits>;
  /** The platform's native one by default. */
  readonly planner?: Planner;
  /** Documents and operations remembered, each. Default 1,000. */
  readonly maxRememberedOperations?: number;
}

const MAX_REMEMBERED = 1_000;

/** Makes a gateway. Cost about 50 ms for a few subgraphs, 5 ms for a supergraph.
 * @throws EngineError `GATEWAY_COMPOSITION` where there is no supergraph to be had of the options,
 * `PLATFORM_UNSUPPORTED` where the platform has no planner and none was given. */
export function createGateway(options: GatewayOptions): Gateway {
  const { subgraphs = [], supergraph } = options;
  const composed =
    supergraph === undefined ? composeSupergraph(subgraphs) : readSupergraph(supergraph);
  const locals = new Map<string, LocalSubgraph>();
  for (const subgraph of subgraphs) {
    if (subgraph.resolvers !== undefined) locals.set(subgraph.name, createLocalSubgraph(subgraph));
  }
  return new FederatedGateway(composed, locals, options);
}

class FederatedGateway implements Gateway {
  readonly publicSchema: GraphQLSchema;
  readonly publicSdl: string;
  readonly supergraphSdl: string;
  readonly services: readonly GatewayService[];
  readonly #locals: ReadonlyMap<string, LocalSubgraph>;
  readonly #urls: ReadonlyMap<string, string | undefined>;
  readonly #prepare: ReturnType<typeof createPreparation>;
  readonly #compile: ReturnType<typeof createPlanCompiler>;

  constructor(
    supergraph: Supergraph,
    locals: ReadonlyMap<string, LocalSubgraph>,
    options: GatewayOptions,
  ) {
    const { publicSchema, publicSdl, supergraphSdl, services, types } = supergraph;
    this.publicSchema = publicSchema;
    this.publicSdl = publicSdl;
    this.supergraphSdl = supergraphSdl;
    this.services = services.map((one) => ({ ...one, isLocal: locals.has(one.name) }));
    this.#locals = locals;
    this.#urls = new Map(services.map(({ name, url }) => [name, url]));
    const { schedule = 'plan', limits, maxRememberedOperations = MAX_REMEMBERED } = options;
    this.#prepare = createPreparation({
      publicSchema,
      planner: options.planner ?? plannerOf(supergraphSdl),
      limits: { ...DEFAULT_LIMITS, ...limits },
      capacity: maxRememberedOperations,
    });
    this.#compile = createPlanCompiler({ publicSchema, types, schedule });
  }

  begin(request: GraphQLRequest): BegunRequest {
    const problem = requestProblem(request);
    if (problem !== undefined) return { answer: refusal('BAD_REQUEST', [{ message: problem }]) };
    const { query, operationName, variables: sent } = request;
    const { prepared, refused } = this.#prepare(query, operationName || undefined);
    if (prepared === undefined) return { answer: refused };
    const checked = checkedVariables(this.publicSchema, prepared.operation, sent ?? {});
    if ('refused' in checked) return { answer: checked.refused };
    const { variables } = checked;
    const compiled = this.#compile(prepared.plan, variables);
    const given = introspected(this.publicSchema, prepared.introspection, variables);
    const options = given === undefined ? { variables } : { variables, given };
    const run = startCompiled(compiled, options);
    if (compiled.fetches.length > 0) return { run: this.#addressed(run) };
    run.start();
    return { answer: answerOf(run.answer()) ?? {} };
  }

  resolve(fetch: PlannedFetch, context?: unknown): FetchResult {
    const { serviceName, operation, variables } = fetch;
    const local = this.#locals.get(serviceName);
    if (local !== undefined) return local.answer({ operation, variables, context });
    const message = `the service ${serviceName} has no resolvers in this process`;
    return { ok: false, message };
  }

  execute(request: GraphQLRequest): GraphQLAnswer {
    const { run, answer } = this.begin(request);
    if (run === undefined) return answer;
    const open = [...run.start()];
    for (let fetch = open.shift(); fetch !== undefined; fetch = open.shift()) {
      open.push(...run.complete(fetch.fetchId, this.resolve(fetch, request.context)));
    }
    return run.answer() ?? {};
  }

  #addressed(run: PlanRun): GatewayRun {
    const urls = this.#urls;
    const addressed = (fetches: readonly PlannedFetch[]) =>
      fetches.map((fetch) => ({ ...fetch, url: urls.get(fetch.serviceName) }));
    return {
      get openFetchCount() {
        return run.openFetchCount;
      },
      start: () => addressed(run.start()),
      complete: (fetchId, result) => addressed(run.complete(fetchId, result)),
      answer: () => answerOf(run.answer()),
    };
  }
}

function plannerOf(supergraphSdl: string): Planner {
  const planner = createNativePlanner(supergraphSdl);
  if (planner !== undefined) return planner;
  throw new EngineError(
    'PLATFORM_UNSUPPORTED',
    'no query planner for this platform; run on Linux with glibc or macOS, or give a planner of ' +
      'recorded plans',
    { found: 'no native planner' },
  );
}

/** What is wrong with a request as a whole; requests come from outside and may be anything. */
function requestProblem(request: unknown): string | undefined {
  if (!isResponseObject(request)) return 'a request must be an object with a query';
  const { query, variables, operationName } = request;
  if (typeof query !== 'string' || query.trim() === '') return 'query must be GraphQL text';
  if (variables !== undefined && variables !== null && !isResponseObject(variables)) {
    return 'variables must be an object';
  }
  if (nestsDeeperThan(variables, MAX_NESTING)) {
    return `variables must not nest deeper than ${MAX_NESTING} levels; send flatter ones`;
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    return 'operationName must be text';
  }
  return undefined;
}

/** What the gateway knows itself. */
function introspected(
  schema: GraphQLSchema,
  document: DocumentNode | undefined,
  variableValues: Variables,
): Readonly<ResponseObject> | undefined {
  if (document === undefined) return undefined;
  return executeSync({ schema, document, variableValues }).data ?? undefined;
}

function answerOf(answer: PlanAnswer | undefined): GraphQLAnswer | undefined {
  if (answer === undefined) return undefined;
  const { data, errors, degraded } = answer;
  return {
    data,
    ...(errors.length === 0 ? {} : { errors }),
    ...(degraded === undefined ? {} : { extensions: { degraded } }),
  };
}
