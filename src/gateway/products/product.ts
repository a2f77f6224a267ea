/** What a simulated API is about: subgraphs, what they answer, and the architectures that there are
 * over them. The engine asks this face and no product by name. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ArchitectureName } from '../architecture.ts';
import type { createArchitecture } from '../architectures.ts';
import type { Supergraph } from '../federation/compose.ts';
import type { ServiceBackends } from '../service-backends.ts';

/** In the order in which the documentation lists them. */
export const PRODUCT_NAMES = ['streaming', 'gateways-benchmark'] as const;
/** One of {@link PRODUCT_NAMES}. */
export type ProductName = (typeof PRODUCT_NAMES)[number];

/** One product. */
export interface Product {
  readonly name: ProductName;
  /** The microservices, in the order in which reports list them. */
  readonly services: readonly string[];
  /** Those that it can be run as. */
  readonly architectures: readonly ArchitectureName[];
  /** Whether viewers can look at it: it has the pages of `gateway/pages.ts`. Else only load tests
   * with operations of their own can. */
  readonly hasPages: boolean;
  /** Composed once a process, when first asked for. */
  supergraph(): Supergraph;
  /** Services that answer. @param catalogue - Read by products that have titles. */
  createBackends(catalogue: Catalogue): ServiceBackends;
  /** @throws EngineError `GATEWAY_BAD_OPERATION` for an architecture that is not one of its own. */
  readonly createArchitecture: typeof createArchitecture;
}
