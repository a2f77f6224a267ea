/** The product of a streaming company: movie, production and talent, behind all architectures. */
import { ARCHITECTURE_NAMES } from '../architecture.ts';
import { createArchitecture } from '../architectures.ts';
import { createServiceBackends } from '../service-backends.ts';
import { productSupergraph } from '../services/product.ts';
import { DOMAIN_NAMES } from '../services/subgraph.ts';
import type { Product } from './product.ts';

/** The product that scenarios are about where they name none. */
export const streaming: Product = {
  name: 'streaming',
  services: DOMAIN_NAMES,
  architectures: ARCHITECTURE_NAMES,
  hasPages: true,
  supergraph: productSupergraph,
  createBackends: (catalogue) => createServiceBackends(catalogue),
  createArchitecture,
};
