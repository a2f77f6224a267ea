/** Who the users are. */
import { USERS } from './rows.ts';

const TYPE_DEFS = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])

type Query {
  me: User
  user(id: ID!): User
  users: [User]
}

type User @key(fields: "id") {
  id: ID!
  name: String
  username: String
  birthday: Int
}`;

/** The accounts service. */
export const accountsSubgraph = {
  name: 'accounts',
  typeDefs: TYPE_DEFS,
  resolvers: {
    Query: {
      me: () => USERS[0],
      user: (_: unknown, { id }: Readonly<Record<string, unknown>>) => userOf(id),
      users: () => USERS,
    },
    User: { __resolveReference: ({ id }: Readonly<Record<string, unknown>>) => userOf(id) },
  },
};

function userOf(id: unknown) {
  return USERS.find((user) => user.id === id);
}
