/** Features of decisions that know no future: each is a function of what was known before the time
 * of its decision. Plays are known from their ends on, and a play never tells of itself. Whatever
 * comes later may change at will: no feature changes by a bit. Spec: M71–M72. */
import type { Decisions } from './decisions.ts';
import { FEATURES, type Moment } from './feature-definitions.ts';
import type { OutcomeHistory } from './history.ts';
import { createPast } from './viewer-past.ts';

/** A feature of all decisions. */
export interface Feature {
  readonly name: string;
  /** What it is, with its unit. */
  readonly words: string;
  /** One a decision; NaN where it is not known. Of categories: their numbers, −1 where unknown. */
  readonly values: Float64Array;
  readonly categories?: readonly string[];
}

/** A feature that was left out, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** Features as columns. */
export interface FeatureTable {
  readonly features: readonly Feature[];
  /** What no decision could be told of. */
  readonly leftOut: readonly LeftOut[];
}

/** Makes them in one pass. Cost O(plays + decisions · features). */
export function buildFeatures(history: OutcomeHistory, decisions: Decisions): FeatureTable {
  const past = createPast(history);
  const rows = decisions.timeUs.length;
  const asked = FEATURES.filter(({ needs }) => rows > 0 && (!needs || needs in decisions)).map(
    (feature) => ({ feature, reason: feature.lacks(history, decisions) }),
  );
  const leftOut = asked.flatMap(({ feature, reason }) =>
    typeof reason === 'string' ? [{ name: feature.name, reason }] : [],
  );
  const taken = asked.filter(({ reason }) => reason === undefined).map(({ feature }) => feature);
  const columns = taken.map(() => new Float64Array(rows));
  const { endUs } = history.plays;
  let known = 0;
  for (let row = 0; row < rows; row += 1) {
    const nowUs = decisions.timeUs[row] ?? 0;
    for (; known < endUs.length && (endUs[known] ?? 0) < nowUs; known += 1) past.admit(known);
    const moment: Moment = {
      nowUs,
      user: decisions.user[row] ?? -1,
      title: decisions.title?.[row] ?? -1,
      device: decisions.device?.[row] ?? -1,
      slot: decisions.slot?.[row] ?? Number.NaN,
      policy: decisions.policy?.[row] ?? -1,
    };
    for (const [i, { of }] of taken.entries()) {
      const column = columns[i];
      if (column !== undefined) column[row] = of(past, moment, history);
    }
  }
  const features = taken.map(({ name, words, categories }, i): Feature => {
    const feature = { name, words, values: columns[i] ?? new Float64Array(rows) };
    return categories === undefined ? feature : { ...feature, categories: categories(history) };
  });
  return { features, leftOut };
}
