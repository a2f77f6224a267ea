/** What is in stock, and what shipping costs. Like the original, it asks for price and weight and
 * then makes no use of them: the estimate is always null. */
import { PRODUCTS, UPCS_IN_STOCK } from './rows.ts';

const TYPE_DEFS = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires"])

type Product @key(fields: "upc") {
  upc: String!
  price: Int @external
  weight: Int @external
  inStock: Boolean
  shippingEstimate: Int @requires(fields: "price weight")
}`;

/** The inventory service. */
export const inventorySubgraph = {
  name: 'inventory',
  typeDefs: TYPE_DEFS,
  resolvers: {
    Product: {
      __resolveReference: ({ upc }: Readonly<Record<string, unknown>>) =>
        PRODUCTS.some((product) => product.upc === upc) ? { upc } : undefined,
      inStock: ({ upc }: { readonly upc: string }) => UPCS_IN_STOCK.has(upc),
      shippingEstimate: () => null,
    },
  },
};
