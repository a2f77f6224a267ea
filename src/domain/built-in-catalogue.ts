/** The built-in catalogue: decided by named chance, named by faker, which decides nothing. */
import { en, Faker, type Randomizer } from '@faker-js/faker';
import { createChance, type Draws } from '../kernel/chance.ts';
import type { Catalogue, Person, Title } from './catalogue.ts';

/** Genres with weights: counts of first genres among the films of the 2010s on Wikipedia's lists
 * of American films, rounded. */
const GENRES: readonly (readonly [string, number])[] = [
  ['Drama', 30],
  ['Comedy', 26],
  ['Action', 14],
  ['Thriller', 9],
  ['Documentary', 6],
  ['Horror', 6],
  ['Science Fiction', 4],
  ['Romance', 3],
  ['Animated', 2],
];
const COUNTRIES: readonly (readonly [string, number])[] = [
  ['US', 48],
  ['IN', 15],
  ['GB', 9],
  ['CA', 6],
  ['FR', 5],
  ['JP', 5],
  ['ES', 4],
  ['KR', 4],
  ['DE', 4],
];
const RATINGS: readonly (readonly [string, number])[] = [
  ['TV-MA', 40],
  ['TV-14', 28],
  ['TV-PG', 12],
  ['R', 11],
  ['PG-13', 9],
];
/** Seven of ten titles are films, as in the catalogue of a large streaming service in 2021. */
const FILM_SHARE = 0.7;
const NEWEST_YEAR = 2026;
const STUDIO_COUNT = 24;
const CAST_SIZE_MAX = 10;
const CAST_SIZE_MIN = 3;
/** People for each title: they then appear in several. */
const PEOPLE_PER_TITLE = 1.6;
const MIN_PEOPLE = 40;

/** Makes a catalogue. @param options - `titles`: how many, ≥ 1. The same seed gives the same
 * catalogue; more titles leave the first ones as they are but for their people. */
export function createBuiltInCatalogue(options: {
  readonly titles: number;
  readonly seed: number;
}): Catalogue {
  const { titles: count, seed } = options;
  const chance = createChance({ seed, replication: 0 });
  const draw = (purpose: string) => chance.draws(`catalogue.${purpose}`);
  const draws = {
    kind: draw('kind'),
    genre: draw('genre'),
    secondGenre: draw('second-genre'),
    year: draw('year'),
    duration: draw('duration'),
    country: draw('country'),
    rating: draw('rating'),
    studio: draw('studio'),
    director: draw('director'),
    castSize: draw('cast-size'),
    cast: draw('cast'),
  };
  const peopleCount = Math.max(MIN_PEOPLE, Math.round(count * PEOPLE_PER_TITLE));
  const nameOf = createNamer(seed);
  const people = Array.from(
    { length: peopleCount },
    (_, i): Person => ({
      id: numbered('pp', i),
      name: nameOf('person', i),
    }),
  );
  const studios = Array.from({ length: STUDIO_COUNT }, (_, i) => nameOf('studio', i));
  const person = (u: number) => people[Math.floor(u * u * peopleCount)]?.id ?? 'pp00001';
  const titles = Array.from({ length: count }, (_, i): Title => {
    const isFilm = draws.kind.uniform(i, 0) < FILM_SHARE;
    const genre = pick(GENRES, draws.genre.uniform(i, 0));
    const second = pick(GENRES, draws.secondGenre.uniform(i, 0));
    const age = Math.floor(-6 * Math.log(draws.year.uniform(i, 0)));
    return {
      id: numbered('tt', i),
      name: nameOf('title', i),
      kind: isFilm ? 'film' : 'show',
      releaseYear: Math.max(1950, NEWEST_YEAR - age),
      genres: second === genre ? [genre] : [genre, second],
      durationMinutes: duration(isFilm, draws.duration.uniform(i, 0)),
      countries: [pick(COUNTRIES, draws.country.uniform(i, 0))],
      maturityRating: pick(RATINGS, draws.rating.uniform(i, 0)),
      studio: studios[Math.floor(draws.studio.uniform(i, 0) * STUDIO_COUNT)] ?? '',
      directorIds: [person(draws.director.uniform(i, 0))],
      castIds: castOf(i, draws, person),
    };
  });
  return { source: 'built-in', titles, people };
}

/** Films last 75 to 165 minutes, most about 100; episodes 20 to 60. */
function duration(isFilm: boolean, u: number): number {
  return isFilm ? Math.round(75 + 90 * u * u + 15 * u) : Math.round(20 + 40 * u);
}

function castOf(
  title: number,
  draws: { readonly castSize: Draws; readonly cast: Draws },
  person: (u: number) => string,
): readonly string[] {
  const span = CAST_SIZE_MAX - CAST_SIZE_MIN + 1;
  const size = CAST_SIZE_MIN + Math.floor(draws.castSize.uniform(title, 0) * span);
  const cast = Array.from({ length: size }, (_, i) => person(draws.cast.uniform(title, i)));
  return [...new Set(cast)];
}

function pick(weighted: readonly (readonly [string, number])[], u: number): string {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = u * total;
  for (const [name, weight] of weighted) {
    rest -= weight;
    if (rest < 0) return name;
  }
  return weighted.at(-1)?.[0] ?? '';
}

function numbered(prefix: string, index: number): string {
  return `${prefix}${String(index + 1).padStart(5, '0')}`;
}

/** Names by faker on draws of ours, keyed by what is named, so that one more changes no other. */
function createNamer(seed: number): (what: 'person' | 'studio' | 'title', i: number) => string {
  const chance = createChance({ seed, replication: 0 });
  const state = { draws: chance.draws('catalogue.name'), entity: 0, index: 0 };
  const next = () => {
    state.index += 1;
    return state.draws.uniform(state.entity, state.index);
  };
  const randomizer: Randomizer = { next, seed: () => {} };
  const faker = new Faker({ locale: en, randomizer });
  const names = {
    person: () => faker.person.fullName(),
    studio: () =>
      `${faker.person.lastName()} ${faker.helpers.arrayElement(['Pictures', 'Studios', 'Films'])}`,
    title: () => capitalised(`${faker.word.adjective()} ${faker.word.noun()}`),
  };
  const purposes = {
    person: chance.draws('catalogue.name.person'),
    studio: chance.draws('catalogue.name.studio'),
    title: chance.draws('catalogue.name.title'),
  };
  return (what, i) => {
    state.draws = purposes[what];
    state.entity = i;
    state.index = 0;
    return names[what]();
  };
}

function capitalised(text: string): string {
  return text.replaceAll(/(^|[ -])\p{L}/gu, (letter) => letter.toUpperCase());
}
