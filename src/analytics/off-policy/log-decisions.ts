/** Lets one policy decide and writes down what an estimator of another needs. */
import type { Draws } from '../../kernel/chance.ts';
import type { BanditLog } from './bandit-log.ts';
import type { ActionPolicy, BanditWorld } from './bandit-world.ts';

/** How decisions are logged. */
export interface LoggingOptions {
  readonly world: BanditWorld;
  readonly logger: ActionPolicy;
  readonly target: ActionPolicy;
  readonly rows: number;
  /** Entity: the row; index: what is drawn. */
  readonly draws: Draws;
  /** What is written as the propensity where the true one is p among so many allowed actions; p
   * itself unless given. For showing what wrong ones do. */
  readonly writtenPropensity?: ((p: number, allowed: number) => number) | undefined;
  /** Features that the reward model sees, by place; all unless given. The first should be there. */
  readonly modelFeatures?: readonly number[] | undefined;
}

/** Draws of a row before those of its reward. */
const CONTEXT = 0;
const ACTION = 1;
const REWARD = 2;

/** The log of so many rows: each a context drawn with replacement, an action drawn by the logger, a
 * reward. Cost O(rows · actions · width). */
export function logDecisions(options: LoggingOptions): Required<BanditLog> {
  const { world, logger, target, rows, draws, writtenPropensity = (p) => p } = options;
  const { actions, width } = world;
  const seen = Int32Array.from(options.modelFeatures ?? Array.from({ length: width }, (_, j) => j));
  const columns = emptyColumns(rows, seen.length);
  const features = new Float64Array(actions * width);
  const own = new Float64Array(actions);
  const theirs = new Float64Array(actions);
  for (let row = 0; row < rows; row += 1) {
    const context = Math.floor(draws.uniform(row, CONTEXT) * world.contexts);
    const isAllowed = (action: number): boolean => world.isAllowed(context, action);
    columns.cluster[row] = world.featuresOf(context, features);
    logger.probabilities({ features, width, isAllowed, into: own });
    target.probabilities({ features, width, isAllowed, into: theirs });
    const action = pick(own, draws.uniform(row, ACTION));
    const uniform = (k: number): number => draws.uniform(row, REWARD + k);
    columns.reward[row] = world.drawReward(context, action, uniform);
    const at = row * seen.length;
    for (let k = 0; k < seen.length; k += 1) {
      const j = seen[k] ?? 0;
      columns.logged[at + k] = features[action * width + j] ?? 0;
      columns.target[at + k] = expected(theirs, features, { width, j });
    }
    const { supported, unsupported } = supportOf(own, theirs);
    columns.propensity[row] = writtenPropensity(own[action] ?? 0, supported);
    columns.targetProbability[row] = Math.min(1, theirs[action] ?? 0);
    columns.unsupported[row] = unsupported;
  }
  const { reward, propensity, targetProbability, cluster, unsupported, logged } = columns;
  const seenFeatures = { width: seen.length, logged, target: columns.target };
  return { reward, propensity, targetProbability, cluster, unsupported, features: seenFeatures };
}

/** Σ over actions of probability · feature j. */
function expected(
  probabilities: Float64Array,
  features: Float64Array,
  { width, j }: { readonly width: number; readonly j: number },
): number {
  let sum = 0;
  for (let a = 0; a < probabilities.length; a += 1) {
    sum += (probabilities[a] ?? 0) * (features[a * width + j] ?? 0);
  }
  return sum;
}

/** Number of actions that the logger may take, and the target's probability of all others. */
function supportOf(
  own: Float64Array,
  theirs: Float64Array,
): { readonly supported: number; readonly unsupported: number } {
  let supported = 0;
  let unsupported = 0;
  for (let a = 0; a < own.length; a += 1) {
    if ((own[a] ?? 0) > 0) supported += 1;
    else unsupported += theirs[a] ?? 0;
  }
  return { supported, unsupported };
}

function emptyColumns(rows: number, width: number) {
  return {
    reward: new Float64Array(rows),
    propensity: new Float64Array(rows),
    targetProbability: new Float64Array(rows),
    cluster: new Float64Array(rows),
    unsupported: new Float64Array(rows),
    logged: new Float64Array(rows * width),
    target: new Float64Array(rows * width),
  };
}

/** The action that a uniform number picks; the last possible one where rounding leaves a rest. */
function pick(probabilities: Float64Array, u: number): number {
  let rest = u;
  let last = 0;
  for (let action = 0; action < probabilities.length; action += 1) {
    const p = probabilities[action] ?? 0;
    if (p <= 0) continue;
    last = action;
    rest -= p;
    if (rest < 0) break;
  }
  return last;
}
