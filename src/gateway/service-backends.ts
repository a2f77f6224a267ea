/** The service side: real answers from the subgraphs (or from the monolith) over one catalogue,
 * executed synchronously, with what they cost. The same question gets the same frozen object while
 * it is remembered, which is what plan runs cache on. */
import { type DocumentNode, executeSync, type GraphQLSchema, parse } from 'graphql';
import type { Catalogue } from '../domain/catalogue.ts';
import { invariant } from '../kernel/errors.ts';
import { deepFreeze } from './plan/freeze.ts';
import { createMonolithSchema, createSubgraphSchema } from './services/executable-schema.ts';
import { createLibrary, type Library } from './services/library.ts';
import { productSupergraph, SUBGRAPHS } from './services/product.ts';
import { countWaves, type OwnerOf } from './services/waves.ts';
import { atLeastOne, createWorkCounter } from './services/work-counter.ts';

/** One call as a service sees it. */
export interface ServiceRequest {
  /** `movie`, `production`, `talent` or `monolith`. */
  readonly service: string;
  /** GraphQL text. */
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An error of a service's answer, its path within that answer. */
export interface ServiceError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/** What a service answers. Frozen. */
export interface ServiceAnswer {
  /** Empty where GraphQL says `data: null`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors?: readonly ServiceError[];
  /** Size of the body `{query, variables}` as UTF-8 JSON. */
  readonly requestBytes: number;
  /** Size of the body `{data, errors}` as UTF-8 JSON. */
  readonly responseBytes: number;
  /** Distinct entities read, per domain; at least one at the service that was asked. */
  readonly work: Readonly<Record<string, number>>;
  /** Dependent look-ups: 1 for a microservice, which batches what one call names; for the monolith
   * the waves of the operation (`services/waves.ts`). */
  readonly databaseRoundTrips: number;
}

/** All services over one catalogue. */
export interface ServiceBackends {
  /** Answers a call. Pure but for memory. Cost about 1 µs when remembered, else 0.1 to 2 ms. */
  execute(request: ServiceRequest): ServiceAnswer;
  /** Grows whenever data change: what was made of answers before is out of date. */
  readonly dataVersion: number;
  /** Says that data changed, as a simulated write does: nothing is remembered of before. */
  invalidate(): void;
}

/** How much is remembered. */
export interface ServiceBackendsOptions {
  /** Answers kept; the one unused for longest goes first. Default 8,192. */
  readonly maxRememberedAnswers?: number;
}

/** Makes the services of a run. */
export function createServiceBackends(
  catalogue: Catalogue,
  { maxRememberedAnswers = 8_192 }: ServiceBackendsOptions = {},
): ServiceBackends {
  const services = createServices(createLibrary(catalogue));
  const answers = new Map<string, ServiceAnswer>();
  let byVariables = new WeakMap<object, Map<string, ServiceAnswer>>();
  let dataVersion = 0;

  const remembered = (request: ServiceRequest): ServiceAnswer => {
    const { service, operation, variables } = request;
    const key = `${service}\n${operation}\n${JSON.stringify(variables)}`;
    const known = answers.get(key);
    if (known !== undefined) answers.delete(key);
    const answer = known ?? services.answer(request);
    answers.set(key, answer);
    if (answers.size > maxRememberedAnswers) {
      const [oldest] = answers.keys();
      if (oldest !== undefined) answers.delete(oldest);
    }
    return answer;
  };

  return {
    get dataVersion() {
      return dataVersion;
    },
    invalidate() {
      dataVersion += 1;
      answers.clear();
      byVariables = new WeakMap();
    },
    execute(request) {
      // Plan runs hand over one frozen object for the same representations again and again: its
      // identity spares turning dozens of representations into a text.
      if (!Object.isFrozen(request.variables)) return remembered(request);
      let byOperation = byVariables.get(request.variables);
      if (byOperation === undefined) {
        byOperation = new Map();
        byVariables.set(request.variables, byOperation);
      }
      const key = `${request.service}\n${request.operation}`;
      let answer = byOperation.get(key);
      if (answer === undefined) {
        answer = remembered(request);
        byOperation.set(key, answer);
      }
      return answer;
    },
  };
}

interface Operation {
  readonly document: DocumentNode;
  readonly databaseRoundTrips: number;
}

interface Service {
  readonly schema: GraphQLSchema;
  readonly operations: Map<string, Operation>;
}

function createServices(library: Library) {
  const { publicSdl } = productSupergraph();
  const ownerOf = createOwnerOf(library);
  const schemas: readonly (readonly [string, GraphQLSchema])[] = [
    ['monolith', createMonolithSchema(publicSdl, SUBGRAPHS, library)],
    ...SUBGRAPHS.map((one) => [one.name, createSubgraphSchema(one, library)] as const),
  ];
  const services = new Map<string, Service>(
    schemas.map(([name, schema]) => [name, { schema, operations: new Map() }]),
  );
  const operationOf = (name: string, service: Service, text: string): Operation => {
    const known = service.operations.get(text);
    if (known !== undefined) return known;
    const document = parse(text);
    const databaseRoundTrips =
      name === 'monolith' ? countWaves(document, service.schema, ownerOf) : 1;
    const operation = { document, databaseRoundTrips };
    service.operations.set(text, operation);
    return operation;
  };
  return {
    answer(request: ServiceRequest): ServiceAnswer {
      const service = services.get(request.service);
      invariant(service !== undefined, 'SERVICE_UNKNOWN', { service: request.service });
      const operation = operationOf(request.service, service, request.operation);
      return execute(request, service.schema, operation);
    },
  };
}

function execute(
  { service, operation: query, variables }: ServiceRequest,
  schema: GraphQLSchema,
  operation: Operation,
): ServiceAnswer {
  const counter = createWorkCounter();
  const result = executeSync({
    schema,
    document: operation.document,
    variableValues: variables,
    contextValue: counter,
  });
  const errors = result.errors?.map(({ message, path }) =>
    path === undefined ? { message } : { message, path },
  );
  const body = errors === undefined ? { data: result.data } : { data: result.data, errors };
  return deepFreeze({
    data: result.data ?? {},
    ...(errors === undefined ? {} : { errors }),
    requestBytes: sizeBytes({ query, variables }),
    responseBytes: sizeBytes(body),
    work: atLeastOne(counter.work(), service),
    databaseRoundTrips: operation.databaseRoundTrips,
  });
}

function createOwnerOf(library: Library): OwnerOf {
  const owners = new Map<string, string>();
  for (const subgraph of SUBGRAPHS) {
    const { fields } = subgraph.createResolvers(library);
    for (const [typeName, resolvers] of Object.entries(fields)) {
      for (const name of Object.keys(resolvers)) owners.set(`${typeName}.${name}`, subgraph.name);
    }
  }
  return (typeName, fieldName) => owners.get(`${typeName}.${fieldName}`);
}

function sizeBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
