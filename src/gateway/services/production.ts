/** The production service: who made a title and where, and what is there to play. It knows a
 * title's length only from the movie service (`@requires`), and people only by their id. */
import type { Library, TitleSource } from './library.ts';
import {
  type FieldResolver,
  federationLink,
  type Representation,
  type Subgraph,
  type SubgraphResolvers,
} from './subgraph.ts';

/** Length of a media segment, as packagers commonly cut it. */
const SEGMENT_SECONDS = 4;
/** An encoding ladder: what a title is kept in. */
const STREAMS = [
  { codec: 'avc1', heightPixels: 360, bitrateKbps: 700 },
  { codec: 'avc1', heightPixels: 720, bitrateKbps: 2_600 },
  { codec: 'avc1', heightPixels: 1_080, bitrateKbps: 5_000 },
  { codec: 'hvc1', heightPixels: 1_080, bitrateKbps: 3_400 },
  { codec: 'hvc1', heightPixels: 2_160, bitrateKbps: 14_000 },
];

const TYPE_DEFS = `${federationLink(['@key', '@external', '@requires', '@inaccessible'])}

type Query {
  "For clients that know the id already; not part of the public schema."
  titleProduction(id: ID!): Title @inaccessible
}

type Title @key(fields: "id") {
  id: ID!
  durationMinutes: Int! @external
  studio: String
  countries: [String!]
  directors: [Person!]
  playback: Playback @requires(fields: "durationMinutes")
}

type Playback {
  manifestUrl: String!
  segmentCount: Int!
  streams: [VideoStream!]!
}

type VideoStream {
  codec: String!
  heightPixels: Int!
  bitrateKbps: Int!
  sizeMegabytes: Int!
}

type Person @key(fields: "id", resolvable: false) {
  id: ID!
}`;

/** The production service. */
export const productionSubgraph: Subgraph = {
  name: 'production',
  typeDefs: TYPE_DEFS,
  createResolvers,
};

function createResolvers(library: Library): SubgraphResolvers {
  const query: Record<string, FieldResolver> = {
    titleProduction: (_, { id }) => library.title(String(id)),
  };
  const title: Record<string, FieldResolver<TitleSource>> = {
    studio: (source) => source.studio,
    countries: (source) => source.countries,
    directors: (source) =>
      source.directorIds.map((id) => library.person(id)).filter((found) => found !== undefined),
    playback: (source) => playback(source),
  };
  return {
    fields: { Query: query, Title: title },
    references: { Title: (representation) => titleOf(library, representation) },
  };
}

/** The title with the length that the representation tells, which is all that this service knows
 * of it. */
function titleOf(library: Library, representation: Representation): object | undefined {
  const title = library.title(String(representation.id));
  if (title === undefined) return undefined;
  return { ...title, durationMinutes: representation.durationMinutes };
}

function playback({ id, durationMinutes }: TitleSource) {
  if (typeof durationMinutes !== 'number') return null;
  const seconds = durationMinutes * 60;
  return {
    manifestUrl: `https://video.backlot.example/${id}/manifest.mpd`,
    segmentCount: Math.ceil(seconds / SEGMENT_SECONDS),
    streams: STREAMS.map((stream) => ({
      ...stream,
      sizeMegabytes: Math.round((stream.bitrateKbps * seconds) / 8_000),
    })),
  };
}
