/** Decayed popularity: every play counts 2^(−age ÷ half-life), so that what is played now is in
 * front of what was played once. The floor that a model of taste has to beat. Spec: M32. */
import type { Interactions } from '../training/interactions.ts';
import type { TrainedRecommender } from './recommender.ts';
import { aboveZero, requireSettings } from './settings.ts';

/** How popularity is counted. */
export interface PopularitySettings {
  /** After so long a play counts half, hours; above 0. */
  readonly halfLifeHours: number;
}

/** Two weeks: long beside the days of a fashion, short beside the life of a catalogue. */
export const POPULARITY_DEFAULTS = { halfLifeHours: 336 } as const;

const HOUR_US = 3_600_000_000;

/** Counts. Age is told from the latest start of a play. Cost O(plays).
 * @throws EngineError `ANALYTICS_BAD_ARGUMENT`. */
export function trainPopularity(
  interactions: Interactions,
  settings: PopularitySettings,
): TrainedRecommender {
  const { halfLifeHours } = settings;
  requireSettings('popularity', [aboveZero('halfLifeHours', halfLifeHours)]);
  const { title, timeUs, titles } = interactions;
  const counts = new Float64Array(titles.length);
  const nowUs = timeUs.at(-1) ?? 0;
  const rate = Math.LN2 / (halfLifeHours * HOUR_US);
  for (let row = 0; row < title.length; row += 1) {
    const played = title[row] as number;
    const weight = Math.exp(-rate * (nowUs - (timeUs[row] as number)));
    counts[played] = (counts[played] as number) + weight;
  }
  return {
    name: 'popularity',
    weights: [counts],
    score: (_, into) => into.set(counts),
  };
}
