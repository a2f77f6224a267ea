/** The products by name. */
import { gatewaysBenchmark } from './gateways-benchmark/gateways-benchmark.ts';
import type { Product, ProductName } from './product.ts';
import { streaming } from './streaming.ts';

/** What a scenario's `product` names. */
export const PRODUCTS: Readonly<Record<ProductName, Product>> = {
  streaming,
  'gateways-benchmark': gatewaysBenchmark,
};
