/** What there is to buy. */
import { PRODUCTS } from './rows.ts';

const TYPE_DEFS = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])

type Query {
  topProducts(first: Int = 5): [Product]
}

type Product @key(fields: "upc") {
  upc: String!
  name: String
  price: Int
  weight: Int
}`;

const TOP_COUNT = 5;

/** The products service. */
export const productsSubgraph = {
  name: 'products',
  typeDefs: TYPE_DEFS,
  resolvers: {
    Query: {
      topProducts: (_: unknown, { first }: Readonly<Record<string, unknown>>) =>
        PRODUCTS.slice(0, typeof first === 'number' ? Math.max(0, first) : TOP_COUNT),
    },
    Product: {
      __resolveReference: ({ upc }: Readonly<Record<string, unknown>>) =>
        PRODUCTS.find((product) => product.upc === upc),
    },
  },
};
