/** Who is in which arm of an experiment: a pure function of the experiment's name, the arms and the
 * viewer. Nobody has to be remembered, and nobody moves who need not: an arm that is added takes
 * viewers from all others in proportion, a share that grows takes some and gives none back.
 * Spec: M140–M141. */
import type { Chance } from '../../../kernel/chance.ts';
import { requireArgument } from '../../../stats/bad-argument.ts';

/** One arm. */
export interface Arm {
  readonly name: string;
  /** Weight against the other arms, above 0; shares need not sum to 1. */
  readonly share: number;
}

/** The arm of a viewer, by its place in the list. */
export type Allocation = (viewer: number) => number;

/** Allocates by weighted rendezvous hashing: each arm draws an exponential time of rate `share`,
 * keyed by (experiment, arm, viewer), and the first one has the viewer. Two experiments of
 * different names are independent of each other.
 * @throws EngineError `STATS_BAD_ARGUMENT` without an arm, on a name twice or a share not above 0.
 * Cost: one draw an arm. Source: Thaler and Ravishankar 1998; weights by Schindelhauer and
 * Schomaker 2005. */
export function createAllocation(options: {
  readonly experiment: string;
  readonly arms: readonly Arm[];
  readonly chance: Chance;
}): Allocation {
  const { experiment, arms, chance } = options;
  requireArms(arms);
  const draws = arms.map(({ name }) => chance.draws(`allocation.${experiment}.${name}`));
  return (viewer) => {
    let best = 0;
    let soonest = Number.POSITIVE_INFINITY;
    for (let arm = 0; arm < arms.length; arm += 1) {
      const u = draws[arm]?.uniform(viewer, 0) ?? 0;
      const time = -Math.log(u) / (arms[arm]?.share ?? 0);
      if (time < soonest) {
        soonest = time;
        best = arm;
      }
    }
    return best;
  };
}

/** @throws EngineError `STATS_BAD_ARGUMENT` naming what is wrong with the arms. */
export function requireArms(arms: readonly Arm[]): void {
  const found = arms.length;
  requireArgument(found > 0, { argument: 'number of arms', found, rule: 'at least 1' });
  const names = arms.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  const rule = 'a name that no other arm has';
  requireArgument(twice === undefined, { argument: 'name of an arm', found: twice, rule });
  for (const { name, share } of arms) {
    const isShare = Number.isFinite(share) && share > 0;
    requireArgument(isShare, { argument: `share of arm ${name}`, found: share, rule: 'above 0' });
  }
}
