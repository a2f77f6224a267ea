/** Who thinks what of which product. Like the original, it credits every review to the first user
 * and the first two reviews to every user. */
import { REVIEWS, type ReviewRow, USERS } from './rows.ts';

const TYPE_DEFS = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@provides"])

type Review @key(fields: "id") {
  id: ID!
  body: String
  product: Product
  author: User @provides(fields: "username")
}

type User @key(fields: "id") {
  id: ID!
  username: String @external
  reviews: [Review]
}

type Product @key(fields: "upc") {
  upc: String!
  reviews: [Review]
}`;

const REVIEWS_PER_USER = 2;

/** The reviews service. */
export const reviewsSubgraph = {
  name: 'reviews',
  typeDefs: TYPE_DEFS,
  resolvers: {
    Review: {
      __resolveReference: ({ id }: Readonly<Record<string, unknown>>) =>
        REVIEWS.find((review) => review.id === id),
      product: ({ upc }: ReviewRow) => ({ upc }),
      author: () => ({ id: USERS[0].id, username: USERS[0].username }),
    },
    User: {
      __resolveReference: ({ id }: Readonly<Record<string, unknown>>) => ({ id }),
      reviews: () => REVIEWS.slice(0, REVIEWS_PER_USER),
    },
    Product: {
      __resolveReference: ({ upc }: Readonly<Record<string, unknown>>) => ({ upc }),
      reviews: ({ upc }: { readonly upc: string }) => REVIEWS.filter((one) => one.upc === upc),
    },
  },
};
