/** The product's federation: its three subgraphs and what they compose to. Composed once a process,
 * when first asked for; a pure function of the subgraphs, so that sharing it shares no state. */
import { composeSupergraph, type Supergraph } from '../federation/compose.ts';
import { movieSubgraph } from './movie.ts';
import { productionSubgraph } from './production.ts';
import type { Subgraph } from './subgraph.ts';
import { talentSubgraph } from './talent.ts';

/** The microservices, in the order in which reports list them. */
export const SUBGRAPHS: readonly Subgraph[] = [movieSubgraph, productionSubgraph, talentSubgraph];

let composed: Supergraph | undefined;

/** The product's supergraph. */
export function productSupergraph(): Supergraph {
  composed ??= composeSupergraph(SUBGRAPHS);
  return composed;
}
