/** What is known of fleets without running them again: more machines do no worse, fewer no better,
 * on the same replications. What only follows is kept apart from what was simulated. */
import { type Coordinate, covers, type Fleet, fleetKey } from './fleet.ts';

/** What a trial found. `fail` for sure, `inconclusive` if it may meet the objectives but that was
 * not shown at the confidence: both reject a fleet. */
export interface Trial {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** Least room left of any objective, as a share of its limit; null where none is known. */
  readonly margin: number | null;
  /** Coordinate of the station that has the most to do; undefined where that is none of them. */
  readonly bottleneck: number | undefined;
}

/** Memory of a search. */
export interface KnownFleets<T extends Trial> {
  /** What was simulated of this very fleet. */
  simulated(fleet: Fleet): T | undefined;
  /** Whether it passes, as far as it was simulated or follows from another. */
  passes(fleet: Fleet): boolean | undefined;
  remember(fleet: Fleet, trial: T): void;
  /** In the order in which they were simulated, the last trial of each. */
  readonly all: readonly { readonly fleet: Fleet; readonly trial: T }[];
}

/** Makes an empty memory. Cost of a question O(fleets simulated × coordinates). */
export function createKnownFleets<T extends Trial>(
  coordinates: readonly Coordinate[],
): KnownFleets<T> {
  const trials = new Map<string, { readonly fleet: Fleet; readonly trial: T }>();
  return {
    simulated: (fleet) => trials.get(fleetKey(fleet))?.trial,
    passes(fleet) {
      const own = trials.get(fleetKey(fleet));
      if (own !== undefined) return own.trial.verdict === 'pass';
      for (const { fleet: other, trial } of trials.values()) {
        const isPass = trial.verdict === 'pass';
        if (isPass && covers(coordinates, fleet, other)) return true;
        if (!isPass && covers(coordinates, other, fleet)) return false;
      }
      return undefined;
    },
    remember(fleet, trial) {
      trials.set(fleetKey(fleet), { fleet, trial });
    },
    get all() {
      return [...trials.values()];
    },
  };
}
