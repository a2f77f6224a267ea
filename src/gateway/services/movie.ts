/** The movie service: what titles there are, in which rows they are shown, how they are found. */
import type { Library, TitleSource } from './library.ts';
import {
  type FieldResolver,
  federationLink,
  type Subgraph,
  type SubgraphResolvers,
} from './subgraph.ts';

/** Titles in a row of the home page: what a TV shows without scrolling, and one more. */
const ROW_LENGTH = 8;
const SEARCH_RESULTS_MAX = 10;

const TYPE_DEFS = `${federationLink(['@key'])}

type Query {
  "Rows of the home page; the second one by the viewer's favourite genre."
  homeRows(genre: String!): [HomeRow!]
  title(id: ID!): Title
  "At most ten titles, most popular first."
  search(text: String!): [Title!]
}

type HomeRow {
  name: String!
  titles: [Title!]!
}

enum TitleKind {
  FILM
  SHOW
}

type Title @key(fields: "id") {
  id: ID!
  name: String!
  kind: TitleKind!
  releaseYear: Int!
  genres: [String!]!
  "Running time of a film or of one episode."
  durationMinutes: Int!
  maturityRating: String!
}`;

/** The movie service. */
export const movieSubgraph: Subgraph = {
  name: 'movie',
  typeDefs: TYPE_DEFS,
  createResolvers,
};

function createResolvers(library: Library): SubgraphResolvers {
  const query: Record<string, FieldResolver> = {
    homeRows: (_, { genre }) => homeRows(library, String(genre)),
    title: (_, { id }) => library.title(String(id)),
    search: (_, { text }) => library.search(String(text), SEARCH_RESULTS_MAX),
  };
  const title: Record<string, FieldResolver<TitleSource>> = {
    name: (source) => source.name,
    kind: (source) => (source.kind === 'film' ? 'FILM' : 'SHOW'),
    releaseYear: (source) => source.releaseYear,
    genres: (source) => source.genres,
    durationMinutes: (source) => source.durationMinutes,
    maturityRating: (source) => source.maturityRating,
  };
  return {
    fields: { Query: query, Title: title },
    references: { Title: ({ id }) => library.title(String(id)) },
  };
}

/** Rows that hold something. */
function homeRows(library: Library, genre: string) {
  const rows = [
    { name: 'Popular now', titles: library.titles },
    { name: `Because you like ${genre}`, titles: library.titlesOfGenre(genre) },
    { name: 'New on backlot', titles: library.newestTitles },
    { name: 'Shows to start', titles: library.titles.filter(({ kind }) => kind === 'show') },
  ];
  return rows
    .filter(({ titles }) => titles.length > 0)
    .map(({ name, titles }) => ({ name, titles: titles.slice(0, ROW_LENGTH) }));
}
