/** What there is to watch. The order of `titles` is the order of popularity: index 0 is rank 1. */
import type { PersonId, TitleId } from './ids.ts';

/** A film or a show. */
export interface Title {
  readonly id: TitleId;
  readonly name: string;
  readonly kind: 'film' | 'show';
  readonly releaseYear: number;
  readonly genres: readonly string[];
  /** Running time of a film or of one episode. */
  readonly durationMinutes: number;
  readonly countries: readonly string[];
  readonly maturityRating: string;
  readonly studio: string;
  readonly directorIds: readonly PersonId[];
  readonly castIds: readonly PersonId[];
}

/** Somebody who acts or directs. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
}

/** All titles and people of a run. Immutable. */
export interface Catalogue {
  /** Where it comes from: `built-in` or a file's base name. */
  readonly source: string;
  readonly titles: readonly Title[];
  readonly people: readonly Person[];
}
