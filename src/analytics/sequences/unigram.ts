/** The floor of next-title models: what is played at all, whatever came before. */
import { playCounts } from '../recommenders/everybody.ts';
import type { Interactions } from '../training/interactions.ts';
import type { NextTitleModel } from './next-title-model.ts';

/** Counts. Cost O(plays). */
export function trainUnigram(interactions: Interactions): NextTitleModel {
  const counts = playCounts(interactions);
  return { name: 'unigram', weights: [counts], scoreNext: (_, into) => into.set(counts) };
}
