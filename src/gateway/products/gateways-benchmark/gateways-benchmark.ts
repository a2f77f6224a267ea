/** The gateways benchmark as a product: a federated gateway over its four subgraphs, asked for
 * operations; nobody wrote pages or other architectures for it. */
import { EngineError } from '../../../kernel/errors.ts';
import type { ApiArchitecture } from '../../architecture.ts';
import { composeSupergraph, type Supergraph } from '../../federation/compose.ts';
import { createNativePlanner } from '../../federation/native-planner.ts';
import { badOperation, checkOperation } from '../../federation/operations.ts';
import { deepFreeze } from '../../plan/freeze.ts';
import type { Product } from '../product.ts';
import { createSubgraphBackends } from '../subgraph-backends.ts';
import { BENCHMARK_SUBGRAPHS } from './product.ts';
import { PUBLISHED_LOADS, PUBLISHED_RESULTS } from './published-results.ts';
import { BENCHMARK_QUERY } from './query.ts';

/** The benchmark as its authors published it: what users ask, how many they are, what was measured
 * of each gateway. */
export const GATEWAYS_BENCHMARK = {
  query: BENCHMARK_QUERY,
  loads: PUBLISHED_LOADS,
  results: PUBLISHED_RESULTS,
} as const;

const SERVICES = BENCHMARK_SUBGRAPHS.map(({ name }) => name);

let composed: Supergraph | undefined;

function supergraph(): Supergraph {
  composed ??= composeSupergraph(BENCHMARK_SUBGRAPHS);
  return composed;
}

/** The product. Needs a platform with a native query planner. */
export const gatewaysBenchmark: Product = {
  name: 'gateways-benchmark',
  services: SERVICES,
  architectures: ['federated'],
  hasPages: false,
  supergraph,
  createBackends: () => createSubgraphBackends(BENCHMARK_SUBGRAPHS),
  createArchitecture(name) {
    if (name !== 'federated') {
      throw badOperation([`gateways-benchmark has no ${name}; use federated`]);
    }
    return createRouter();
  },
};

function createRouter(): ApiArchitecture {
  const { publicSchema, supergraphSdl } = supergraph();
  const planner = createNativePlanner(supergraphSdl);
  if (planner === undefined) {
    throw new EngineError(
      'PLATFORM_UNSUPPORTED',
      'no query planner for this platform; run gateways-benchmark on Linux with glibc or macOS',
      { found: 'no native planner' },
    );
  }
  return {
    name: 'federated',
    executedAt: 'router',
    services: SERVICES,
    plan: (page) => {
      throw badOperation([`gateways-benchmark has no page ${page}; ask operations of your own`]);
    },
    planOperation(query) {
      const { text } = checkOperation(query, publicSchema);
      return deepFreeze({ document: text, root: planner.plan(text) });
    },
  };
}
