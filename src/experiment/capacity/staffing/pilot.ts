/** What a pilot run on the largest fleet tells before the search: the load that each station is
 * offered at the peak, and the fleet that square-root staffing makes of it. */
import type { RunSample } from '../../campaign/run-sample.ts';
import type { StaffingCheck } from '../documents/plan-document.ts';
import { type Fleet, onGrid } from '../search/fleet.ts';
import type { PlannedCoordinate } from '../subject/planned-numbers.ts';
import { headroomShare, serversOfTier, staffingByTier } from './tiers.ts';

/** Erlangs by station at the peak: utilisation × servers over the run, times how far the peak is
 * above the mean. The mean over samples; empty where they tell of no station. */
export function offeredAtPeak(
  samples: readonly RunSample[],
  peakOverMean: number,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { stations } of samples) {
    for (const { station, utilization, serverCount } of stations) {
      const erlangs = (utilization * serverCount * peakOverMean) / samples.length;
      sums.set(station, (sums.get(station) ?? 0) + erlangs);
    }
  }
  return sums;
}

/** How many servers a fleet gives to each station: replicas × workers. */
export type ServersOf = (fleet: Fleet) => ReadonlyMap<string, number>;

/** The start of a search: of each station's numbers the first priced one is raised or lowered until
 * it has the servers that its tier asks for; all others, and stations that nothing is known of,
 * keep what the scenario has. */
export function staffedStart(options: {
  readonly coordinates: readonly PlannedCoordinate[];
  readonly serversOf: ServersOf;
  readonly offered: ReadonlyMap<string, number>;
  readonly tier: number;
  /** Zones of which one may be lost: what is left must do. 1 where none may. */
  readonly zones: number;
  /** Servers that somebody asks for, whatever is offered. */
  readonly seeded: ReadonlyMap<string, number>;
}): Fleet {
  const { coordinates, offered, tier, seeded } = options;
  let fleet: Fleet = coordinates.map((one) => onGrid(one, one.given));
  const staffed = new Set<string>();
  for (const [index, { station, isPriced }] of coordinates.entries()) {
    const erlangs = offered.get(station);
    const wanted =
      seeded.get(station) ?? (erlangs === undefined ? undefined : serversOfTier(erlangs, tier));
    if (!isPriced || staffed.has(station) || wanted === undefined) continue;
    staffed.add(station);
    fleet = withServers(options, { fleet, index, wanted });
  }
  return fleet;
}

/** Sets one number so that its station has at least so many servers. */
function withServers(
  { coordinates, serversOf, zones }: Parameters<typeof staffedStart>[0],
  {
    fleet,
    index,
    wanted,
  }: { readonly fleet: Fleet; readonly index: number; readonly wanted: number },
): Fleet {
  const coordinate = coordinates[index];
  if (coordinate === undefined) return fleet;
  const value = fleet[index] ?? coordinate.min;
  const perUnit = (serversOf(fleet).get(coordinate.station) ?? value) / value;
  const units = Math.ceil(wanted / perUnit - 1e-9);
  const isSpread = coordinate.path.endsWith('.replicas');
  return fleet.with(index, onGrid(coordinate, isSpread ? spreadOver(zones, units) : units));
}

/** The fewest replicas of which so many are left when the fullest of the zones is lost. */
function spreadOver(zones: number, needed: number): number {
  if (zones < 2) return needed;
  let replicas = needed + 1;
  while (replicas - Math.ceil(replicas / zones) < needed) replicas += 1;
  return replicas;
}

/** Square-root staffing beside what was planned, station by station. */
export function staffingChecks(options: {
  readonly offered: ReadonlyMap<string, number>;
  readonly planned: ReadonlyMap<string, number> | null;
  readonly given: ReadonlyMap<string, number>;
}): readonly StaffingCheck[] {
  const { offered, planned, given } = options;
  return [...offered].map(([station, offeredErlangs]) => {
    const plannedServers = planned?.get(station) ?? null;
    return {
      station,
      offeredErlangs,
      plannedServers,
      scenarioServers: given.get(station) ?? 0,
      byTier: staffingByTier(offeredErlangs),
      headroomShare: plannedServers === null ? null : headroomShare(plannedServers),
      idleShareAtPeak: plannedServers === null ? null : 1 - offeredErlangs / plannedServers,
    };
  });
}
