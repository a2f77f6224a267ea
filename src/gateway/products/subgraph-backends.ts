/** Services that are subgraphs in GraphQL's usual form: real answers of their own resolvers,
 * executed synchronously, each worked out once. */
import { invariant } from '../../kernel/errors.ts';
import type { SubgraphDefinition } from '../federation/subgraph/definition.ts';
import { createLocalSubgraph } from '../federation/subgraph/local-subgraph.ts';
import { deepFreeze } from '../plan/freeze.ts';
import type { ServiceAnswer, ServiceBackends, ServiceRequest } from '../service-backends.ts';

/** Makes the services of a run over data that never change by themselves. An answer stays
 * remembered: meant for few operations. Work is one entity a representation, one without any. */
export function createSubgraphBackends(
  definitions: readonly SubgraphDefinition[],
): ServiceBackends {
  const subgraphs = new Map(definitions.map((one) => [one.name, createLocalSubgraph(one)]));
  const answers = new Map<string, ServiceAnswer>();
  let dataVersion = 0;
  const answerOf = (request: ServiceRequest): ServiceAnswer => {
    const { service, operation, variables } = request;
    const subgraph = subgraphs.get(service);
    invariant(subgraph !== undefined, 'SERVICE_UNKNOWN', { service });
    const result = subgraph.answer({ operation, variables });
    const data = (result.ok ? result.data : undefined) ?? {};
    const errors = result.ok ? (result.errors as ServiceAnswer['errors']) : [failure(result)];
    const body = errors === undefined ? { data } : { data, errors };
    return deepFreeze({
      data: data as Readonly<Record<string, unknown>>,
      ...(errors === undefined ? {} : { errors }),
      requestBytes: sizeBytes({ query: operation, variables }),
      responseBytes: sizeBytes(body),
      work: { [service]: Math.max(1, representationCount(variables)) },
      databaseRoundTrips: 1,
    });
  };
  return {
    get dataVersion() {
      return dataVersion;
    },
    invalidate() {
      dataVersion += 1;
      answers.clear();
    },
    execute(request) {
      const { service, operation, variables } = request;
      const key = `${service}\n${operation}\n${JSON.stringify(variables)}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = answerOf(request);
      answers.set(key, answer);
      return answer;
    },
  };
}

function failure({ message }: { readonly message: string }) {
  return { message };
}

/** How many entities a call names, over all of its lists. */
function representationCount(variables: Readonly<Record<string, unknown>>): number {
  return Object.values(variables).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : 0),
    0,
  );
}

function sizeBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
