/** The talent service: who plays whom, and what else they did. Catalogues name actors but not
 * roles, so the name of a character is made up: a pure function of (title, person). */
import { hashText } from '../../kernel/hash.ts';
import type { Library, PersonSource, TitleSource } from './library.ts';
import {
  type FieldResolver,
  federationLink,
  firstOf,
  type Subgraph,
  type SubgraphResolvers,
} from './subgraph.ts';

const FIRST_NAMES = ['Ada', 'Ben', 'Cleo', 'Dina', 'Emil', 'Faye', 'Gus', 'Hana', 'Ivo', 'June'];
const LAST_NAMES = ['Ames', 'Brandt', 'Cole', 'Duarte', 'Eng', 'Falk', 'Grey', 'Holt', 'Ito'];

const TYPE_DEFS = `${federationLink(['@key', '@inaccessible'])}

type Query {
  "For clients that know the id already; not part of the public schema."
  titleCredits(id: ID!): Title @inaccessible
}

type Title @key(fields: "id") {
  id: ID!
  "In the order of billing."
  cast(first: Int): [Role!]
}

type Role {
  character: String!
  person: Person!
}

type Person @key(fields: "id") {
  id: ID!
  name: String
  "Most popular first."
  filmography(first: Int): [Title!]
}`;

/** The talent service. */
export const talentSubgraph: Subgraph = {
  name: 'talent',
  typeDefs: TYPE_DEFS,
  createResolvers,
};

function createResolvers(library: Library): SubgraphResolvers {
  const query: Record<string, FieldResolver> = {
    titleCredits: (_, { id }) => library.title(String(id)),
  };
  const title: Record<string, FieldResolver<TitleSource>> = {
    cast: (source, { first }) => firstOf(rolesOf(library, source), first),
  };
  const person: Record<string, FieldResolver<PersonSource>> = {
    name: (source) => source.name,
    filmography: (source, { first }) => firstOf(source.titles, first),
  };
  return {
    fields: { Query: query, Title: title, Person: person },
    references: {
      Title: ({ id }) => library.title(String(id)),
      Person: ({ id }) => library.person(String(id)),
    },
  };
}

function rolesOf(library: Library, title: TitleSource) {
  return title.castIds
    .map((id) => library.person(id))
    .filter((person) => person !== undefined)
    .map((person) => ({ character: characterName(title.id, person.id), person }));
}

function characterName(titleId: string, personId: string): string {
  const hash = hashText(`${titleId}/${personId}`, 0) >>> 0;
  const first = FIRST_NAMES[hash % FIRST_NAMES.length];
  const last = LAST_NAMES[Math.floor(hash / FIRST_NAMES.length) % LAST_NAMES.length];
  return `${first} ${last}`;
}
