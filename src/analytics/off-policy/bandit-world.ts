/** A contextual bandit whose truth is known: contexts, the actions that each allows, what they are
 * worth in expectation, and what is drawn of it. The judge may know the truth; policies and
 * estimators see features and rewards. */

/** A world of one-shot decisions. */
export interface BanditWorld {
  readonly contexts: number;
  readonly actions: number;
  /** Features of an action; the first is 1. */
  readonly width: number;
  /** Writes what policies and models may see: features of all actions, row-major, actions × width.
   * @returns Who the context is of: rows of one are no independent draws. */
  featuresOf(context: number, into: Float64Array): number;
  isAllowed(context: number, action: number): boolean;
  /** True expected reward. */
  expectedReward(context: number, action: number): number;
  /** A drawn reward. @param uniform - The k-th uniform number of this decision. */
  drawReward(context: number, action: number, uniform: (k: number) => number): number;
}

/** Gives each action a probability. */
export interface ActionPolicy {
  readonly id: string;
  /** Writes probabilities that sum to 1; 0 where an action is not allowed.
   * @param features - As {@link BanditWorld.featuresOf} wrote them. */
  probabilities(of: {
    readonly features: Float64Array;
    readonly width: number;
    isAllowed(action: number): boolean;
    readonly into: Float64Array;
  }): void;
}

/** A softmax of a weighted sum of features (logits within 700 of each other), mixed with a uniform
 * choice of all that is allowed.
 * @param options - `weights`: logits per unit of each feature. `explore`: share of uniform choices,
 * 0–1; with more than 0, every allowed action has support. */
export function createSoftmaxPolicy(options: {
  readonly id: string;
  readonly weights: readonly number[];
  readonly explore: number;
}): ActionPolicy {
  const { id, weights, explore } = options;
  return {
    id,
    probabilities({ features, width, isAllowed, into }) {
      let most = Number.NEGATIVE_INFINITY;
      let allowed = 0;
      for (let action = 0; action < into.length; action += 1) {
        const isIn = isAllowed(action);
        const score = isIn ? scoreOf(weights, features, action * width) : Number.NEGATIVE_INFINITY;
        into[action] = score;
        allowed += Number(isIn);
        most = Math.max(most, score);
      }
      let total = 0;
      for (let action = 0; action < into.length; action += 1) {
        const weight = Math.exp((into[action] ?? 0) - most);
        into[action] = weight;
        total += weight;
      }
      const uniform = allowed > 0 ? explore / allowed : 0;
      for (let action = 0; action < into.length; action += 1) {
        const weight = into[action] ?? 0;
        into[action] = weight > 0 ? ((1 - explore) * weight) / total + uniform : 0;
      }
    },
  };
}

/** One policy without chance: the greatest weighted sum; ties go to the first.
 * Its probabilities are 0 and 1, which no other policy's log supports where it differs. */
export function createGreedyPolicy(options: {
  readonly id: string;
  readonly weights: readonly number[];
}): ActionPolicy {
  const { id, weights } = options;
  return {
    id,
    probabilities({ features, width, isAllowed, into }) {
      let best = -1;
      let most = Number.NEGATIVE_INFINITY;
      for (let action = 0; action < into.length; action += 1) {
        into[action] = 0;
        if (!isAllowed(action)) continue;
        const score = scoreOf(weights, features, action * width);
        if (score <= most) continue;
        best = action;
        most = score;
      }
      if (best >= 0) into[best] = 1;
    },
  };
}

/** The true value of a policy: mean over all contexts of Σ π(action) · expected reward. Closed
 * form, nothing is drawn. Cost O(contexts · actions · width). */
export function trueValue(world: BanditWorld, policy: ActionPolicy): number {
  const { contexts, actions, width } = world;
  const features = new Float64Array(actions * width);
  const into = new Float64Array(actions);
  let sum = 0;
  for (let context = 0; context < contexts; context += 1) {
    world.featuresOf(context, features);
    policy.probabilities({ features, width, into, isAllowed: (a) => world.isAllowed(context, a) });
    for (let action = 0; action < actions; action += 1) {
      const p = into[action] ?? 0;
      if (p > 0) sum += p * world.expectedReward(context, action);
    }
  }
  return sum / contexts;
}

function scoreOf(weights: readonly number[], features: Float64Array, at: number): number {
  let score = 0;
  for (let j = 0; j < weights.length; j += 1) score += (weights[j] ?? 0) * (features[at + j] ?? 0);
  return score;
}
