/** How a viewer takes something from a row: multinomial logit over its slots and "nothing", or a
 * cascade from the first slot on. Slots further back are looked at less (position bias). Both give
 * the probability of every slot in closed form, so that the value of a row is known and not
 * estimated. Source: McFadden 1974; RecSim's choice models; Craswell et al. 2008 (cascade).
 * Spec: D23–D24. */

/** A choice model. */
export interface ChoiceConfig {
  readonly kind: 'multinomial-logit' | 'cascade';
  /** What "nothing of it" is worth, in logits of attraction. */
  readonly nothing: number;
  /** η: a slot k (from 0) is looked at with weight (k + 1)^−η. */
  readonly positionBias: number;
}

/** A row of ten of which somebody takes something about every other time. */
export const DEFAULT_CHOICE: ChoiceConfig = {
  kind: 'multinomial-logit',
  nothing: 4,
  positionBias: 0.6,
};

/** Probability that each slot is taken; what is missing to 1 is "nothing".
 * @param attractions - Logits by slot. Cost O(slots). */
export function choiceProbabilities(
  config: ChoiceConfig,
  attractions: ArrayLike<number>,
): Float64Array {
  return config.kind === 'cascade'
    ? cascade(config, attractions)
    : multinomialLogit(config, attractions);
}

/** The slot that a uniform number in (0, 1) takes; −1 for none. */
export function takenSlot(probabilities: ArrayLike<number>, u: number): number {
  let rest = u;
  for (let slot = 0; slot < probabilities.length; slot += 1) {
    rest -= probabilities[slot] ?? 0;
    if (rest < 0) return slot;
  }
  return -1;
}

/** exp(a − η ln(k + 1)) over the sum of all and of exp(nothing). */
function multinomialLogit(
  { nothing, positionBias }: ChoiceConfig,
  attractions: ArrayLike<number>,
): Float64Array {
  const weights = new Float64Array(attractions.length);
  let most = nothing;
  for (let slot = 0; slot < weights.length; slot += 1) {
    const logit = (attractions[slot] ?? 0) - positionBias * Math.log(slot + 1);
    weights[slot] = logit;
    most = Math.max(most, logit);
  }
  let total = Math.exp(nothing - most);
  for (let slot = 0; slot < weights.length; slot += 1) {
    const weight = Math.exp((weights[slot] ?? 0) - most);
    weights[slot] = weight;
    total += weight;
  }
  for (let slot = 0; slot < weights.length; slot += 1) weights[slot] = (weights[slot] ?? 0) / total;
  return weights;
}

/** Slot by slot: looked at with (k + 1)^−η, taken with σ(a − nothing); the first taken is it. */
function cascade(
  { nothing, positionBias }: ChoiceConfig,
  attractions: ArrayLike<number>,
): Float64Array {
  const probabilities = new Float64Array(attractions.length);
  let untaken = 1;
  for (let slot = 0; slot < probabilities.length; slot += 1) {
    const isSeen = (slot + 1) ** -positionBias;
    const isTaken = 1 / (1 + Math.exp(nothing - (attractions[slot] ?? 0)));
    probabilities[slot] = untaken * isSeen * isTaken;
    untaken *= 1 - isSeen * isTaken;
  }
  return probabilities;
}
