/** Federated gateway: nobody writes plans. The subgraphs compose to a supergraph, and the query
 * planner turns a page's query into a plan over it. */
import type { ApiArchitecture } from './architecture.ts';
import { createNativePlanner } from './federation/native-planner.ts';
import { checkOperation } from './federation/operations.ts';
import { PLAN_SNAPSHOTS } from './federation/plan-snapshots.ts';
import type { Planner } from './federation/planner.ts';
import { createSnapshotPlanner } from './federation/snapshot-planner.ts';
import { forEachPage, PAGE_DOCUMENTS } from './pages.ts';
import { deepFreeze } from './plan/freeze.ts';
import { productSupergraph } from './services/product.ts';
import { DOMAIN_NAMES } from './services/subgraph.ts';

/** Makes the federated gateway.
 * @param planner - Plans over the product's supergraph; the platform's best by default. */
export function createFederated(planner: Planner = bestPlanner()): ApiArchitecture {
  const { publicSchema } = productSupergraph();
  const planOperation = (query: string) => {
    const { text } = checkOperation(query, publicSchema);
    return deepFreeze({ document: text, root: planner.plan(text) });
  };
  const plans = forEachPage((page) => planOperation(PAGE_DOCUMENTS[page]));
  return {
    name: 'federated',
    executedAt: 'router',
    services: DOMAIN_NAMES,
    plan: (page) => plans[page],
    planOperation,
  };
}

function bestPlanner(): Planner {
  const { supergraphSdl } = productSupergraph();
  return createNativePlanner(supergraphSdl) ?? createSnapshotPlanner(supergraphSdl, PLAN_SNAPSHOTS);
}
