/** Every fleet that was simulated, by what people weigh: cost, p99 and availability. */
import type { RunSample } from '../campaign/run-sample.ts';
import type { SimulatedFleet } from './documents/plan-document.ts';
import { pooledQuantileMs } from './load-figures.ts';
import type { FleetAnswer } from './search/cheapest-fleet.ts';
import { type FleetTrial, type FleetTrials, range } from './subject/fleet-trials.ts';

/** Fleets of one architecture, cheapest first, by the replications that decided on each; which are
 * on the front is told once all architectures are known. The worst situation counts. */
export function simulatedFleets(
  { name }: { readonly name: string },
  trials: FleetTrials,
  answer: FleetAnswer<FleetTrial>,
): readonly SimulatedFleet[] {
  const fleets: SimulatedFleet[] = [];
  for (const { fleet, trial } of answer.known.all) {
    const first = trial.isConfirmation ? trial.replications : 0;
    const { replications } = trial;
    const samples = trials.known(fleet, range(first, replications));
    if (samples.length === 0) continue;
    fleets.push({
      architecture: name,
      fleet: trials.settingOf(fleet),
      usdPerHour: trials.costOf(fleet),
      p99Ms: worstOf(
        samples.map((own) => pooledQuantileMs(own, 0.99)),
        Math.max,
      ),
      availability: worstOf(samples.map(availabilityOf), Math.min),
      replications,
      meetsObjectives: trial.verdict === 'pass',
      isOnFront: false,
    });
  }
  return fleets.sort((a, b) => a.usdPerHour - b.usdPerHour);
}

/** Share of pages that were shown; null without pages. */
function availabilityOf(samples: readonly RunSample[]): number | null {
  const shares = samples.flatMap(({ metrics }) => metrics['error share'] ?? []);
  if (shares.length === 0) return null;
  return 1 - shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function worstOf(
  values: readonly (number | null)[],
  worst: (...values: number[]) => number,
): number | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : worst(...known);
}
