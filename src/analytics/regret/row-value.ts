/** What a row is truly worth to a viewer: known in closed form, because tastes and the choice model
 * are. Nothing that learns may ask it; whoever judges may. Spec: M8. */
import { type ChoiceConfig, choiceProbabilities } from '../../domain/taste/choice-model.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import { expectedShare } from '../../domain/taste/watching.ts';

/** A row's worth. */
export interface RowValue {
  /** Probability that any of it is taken, 0–1. */
  readonly takeProbability: number;
  /** Expected reward: Σ over slots of P(taken) · expected share watched, 0–1. */
  readonly value: number;
}

/** The worth of these titles, in this order, to this viewer. Cost O(slots · factors). */
export function rowValue(
  { tastes, choice }: { readonly tastes: Tastes; readonly choice: ChoiceConfig },
  viewer: number,
  titles: readonly number[],
): RowValue {
  const probabilities = choiceProbabilities(
    choice,
    titles.map((title) => tastes.attraction(viewer, title)),
  );
  let takeProbability = 0;
  let value = 0;
  for (const [slot, title] of titles.entries()) {
    const isTaken = probabilities[slot] ?? 0;
    takeProbability += isTaken;
    value += isTaken * expectedShare(tastes.enjoyment(viewer, title));
  }
  return { takeProbability, value };
}
