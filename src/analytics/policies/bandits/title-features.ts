/** What a linear bandit knows of a title: a vector that it learns weights of. Only what the
 * catalogue or a model trained on the warehouse tells, never the tastes. */
import type { Catalogue } from '../../../domain/catalogue.ts';

/** Vectors of all titles, by place in the catalogue. */
export interface TitleFeatures {
  readonly length: number;
  /** Row-major [title][feature]. */
  readonly values: Float64Array;
}

/** 1, and a 1 for each genre of the title. */
export function genreFeatures(catalogue: Catalogue): TitleFeatures {
  const genres = [...new Set(catalogue.titles.flatMap((title) => title.genres))].sort();
  const placeOf = new Map(genres.map((genre, i) => [genre, i + 1]));
  const length = 1 + genres.length;
  const values = new Float64Array(catalogue.titles.length * length);
  for (const [title, { genres: own }] of catalogue.titles.entries()) {
    values[title * length] = 1;
    for (const genre of own) values[title * length + (placeOf.get(genre) ?? 0)] = 1;
  }
  return { length, values };
}

/** 1, and the factors that a model has found, scaled to a mean square of 1 over all of them; 0
 * where it does not know the title.
 * @param model - `titles`: ids by number; `titleFactors`: row-major [title][factor]. */
export function factorFeatures(
  catalogue: Catalogue,
  model: { readonly titles: readonly string[]; readonly titleFactors: Float64Array },
): TitleFeatures {
  const { titles, titleFactors } = model;
  const factors = titles.length === 0 ? 0 : titleFactors.length / titles.length;
  const square = titleFactors.reduce((sum, value) => sum + value * value, 0);
  const scale = square > 0 ? Math.sqrt(titleFactors.length / square) : 0;
  const numberOf = new Map(titles.map((id, number) => [id, number]));
  const length = 1 + factors;
  const values = new Float64Array(catalogue.titles.length * length);
  for (const [place, { id }] of catalogue.titles.entries()) {
    values[place * length] = 1;
    const from = (numberOf.get(id) ?? titles.length) * factors;
    for (let i = 0; i < factors; i += 1) {
      values[place * length + 1 + i] = scale * (titleFactors[from + i] ?? 0);
    }
  }
  return { length, values };
}
