/** The catalogue as the services look things up in it: by id, by genre, by text, by person. Built
 * once a run; immutable. Order of titles is always the order of popularity. */
import type { Catalogue, Person, Title } from '../../domain/catalogue.ts';
import type { PersonId, TitleId } from '../../domain/ids.ts';

/** A title as resolvers pass it on. */
export interface TitleSource extends Title {
  readonly __typename: 'Title';
}

/** A person as resolvers pass it on. */
export interface PersonSource extends Person {
  readonly __typename: 'Person';
  /** What they act in or direct, most popular first. */
  readonly titles: readonly TitleSource[];
}

/** Look-ups over one catalogue. */
export interface Library {
  readonly titles: readonly TitleSource[];
  title(id: TitleId): TitleSource | undefined;
  person(id: PersonId): PersonSource | undefined;
  /** Most popular first; empty for an unknown genre. */
  titlesOfGenre(genre: string): readonly TitleSource[];
  /** Newest first, then most popular first. */
  readonly newestTitles: readonly TitleSource[];
  /** Titles whose name contains `text`, letter case aside; none for empty text.
   * Cost O(titles). */
  search(text: string, limit: number): readonly TitleSource[];
}

/** Indexes a catalogue. Cost O(titles · log titles). */
export function createLibrary(catalogue: Catalogue): Library {
  const titles = catalogue.titles.map((title) => ({ __typename: 'Title' as const, ...title }));
  const names = titles.map((title) => title.name.toLowerCase());
  const byId = new Map(titles.map((title) => [title.id, title]));
  const byGenre = indexBy(titles, (title) => title.genres);
  const byPerson = indexBy(titles, (title) => [...title.castIds, ...title.directorIds]);
  const people = new Map(
    catalogue.people.map(({ id, name }) => [
      id,
      { __typename: 'Person' as const, id, name, titles: byPerson.get(id) ?? [] },
    ]),
  );
  return {
    titles,
    title: (id) => byId.get(id),
    person: (id) => people.get(id),
    titlesOfGenre: (genre) => byGenre.get(genre) ?? [],
    newestTitles: [...titles].sort((a, b) => b.releaseYear - a.releaseYear),
    search(text, limit) {
      const wanted = text.trim().toLowerCase();
      const found: TitleSource[] = [];
      if (wanted === '') return found;
      for (let i = 0; i < names.length && found.length < limit; i += 1) {
        const title = titles[i];
        if (title !== undefined && names[i]?.includes(wanted)) found.push(title);
      }
      return found;
    },
  };
}

/** Titles by each of their keys, each title once a key, in catalogue order. */
function indexBy(
  titles: readonly TitleSource[],
  keysOf: (title: TitleSource) => readonly string[],
): ReadonlyMap<string, readonly TitleSource[]> {
  const index = new Map<string, TitleSource[]>();
  for (const title of titles) {
    for (const key of new Set(keysOf(title))) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [title]);
      else known.push(title);
    }
  }
  return index;
}
