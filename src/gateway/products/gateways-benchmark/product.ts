/** The product of the gateways benchmark: four subgraphs over eleven reviews. */
import type { SubgraphDefinition } from '../../federation/subgraph/definition.ts';
import { accountsSubgraph } from './accounts.ts';
import { inventorySubgraph } from './inventory.ts';
import { productsSubgraph } from './products.ts';
import { reviewsSubgraph } from './reviews.ts';

/** The subgraphs, in alphabetical order. */
export const BENCHMARK_SUBGRAPHS: readonly SubgraphDefinition[] = [
  accountsSubgraph,
  inventorySubgraph,
  productsSubgraph,
  reviewsSubgraph,
];
