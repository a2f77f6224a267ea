/** A catalogue small enough to know by heart, with the corners that answers trip over: a title
 * without cast, a person nobody lists, a cast id that nobody is, names in two alphabets. */
import type { Catalogue, Person, Title } from '../../src/domain/catalogue.ts';

const GENRES = ['Drama', 'Comedy', 'Crime'];

/** 30 titles, 20 people. `tt00` has no cast and no director; `pp99` does not exist. */
export function createTinyCatalogue(): Catalogue {
  const people: Person[] = Array.from({ length: 20 }, (_, i) => ({
    id: personId(i),
    name: i === 7 ? 'Тáta “7” Ő' : `Person ${i}`,
  }));
  const titles: Title[] = Array.from({ length: 30 }, (_, i) => ({
    id: `tt${String(i).padStart(2, '0')}`,
    name: i === 3 ? 'Ночь & Night' : `The ${i % 2 === 0 ? 'Night' : 'Day'} of ${i}`,
    kind: i % 3 === 0 ? 'show' : 'film',
    releaseYear: 1990 + ((i * 7) % 35),
    genres: [GENRES[i % 3] ?? '', GENRES[(i + 1) % 3] ?? ''],
    durationMinutes: 20 + 5 * i,
    countries: i % 4 === 0 ? ['US', 'GB'] : ['IN'],
    maturityRating: i % 5 === 0 ? 'TV-MA' : 'PG',
    studio: `Studio ${i % 6}`,
    directorIds: i === 0 ? [] : [personId((i * 3) % 20)],
    castIds: i === 0 ? [] : [...castOf(i), 'pp99'],
  }));
  return { source: 'tiny', titles, people };
}

function castOf(i: number): string[] {
  return Array.from({ length: 1 + (i % 8) }, (_, k) => personId((i * 5 + k * 3) % 20));
}

function personId(i: number): string {
  return `pp${String(i).padStart(2, '0')}`;
}
