/** What each page needs, in GraphQL against the public schema: the one statement of the four pages
 * that all architectures answer. Variables: home {genre}, title {id}, search {text}, play {id}. */
import { PAGE_NAMES, type PageName } from '../domain/page.ts';

/** The GraphQL document of each page. */
export const PAGE_DOCUMENTS: Readonly<Record<PageName, string>> = {
  home: `
    query Home($genre: String!) {
      homeRows(genre: $genre) {
        name
        titles {
          id
          name
          kind
          maturityRating
          studio
          cast(first: 1) { person { id name } }
        }
      }
    }`,
  title: `
    query Title($id: ID!) {
      title(id: $id) {
        id
        name
        kind
        releaseYear
        genres
        durationMinutes
        maturityRating
        studio
        countries
        directors { id name }
        cast(first: 6) {
          character
          person { id name filmography(first: 3) { id name releaseYear } }
        }
      }
    }`,
  search: `
    query Search($text: String!) {
      search(text: $text) {
        id
        name
        kind
        releaseYear
        studio
        cast(first: 2) { person { id name } }
      }
    }`,
  play: `
    query Play($id: ID!) {
      title(id: $id) {
        id
        name
        durationMinutes
        maturityRating
        playback {
          manifestUrl
          segmentCount
          streams { codec heightPixels bitrateKbps sizeMegabytes }
        }
      }
    }`,
};

/** Makes something for every page. */
export function forEachPage<T>(make: (page: PageName) => T): Readonly<Record<PageName, T>> {
  const entries = PAGE_NAMES.map((page) => [page, make(page)] as const);
  return Object.fromEntries(entries) as Readonly<Record<PageName, T>>;
}
