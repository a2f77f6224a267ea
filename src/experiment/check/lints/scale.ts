/** L-SCALE: what a fleet that is scaled down with its traffic distorts. Square-root staffing gives
 * a fleet of c = a + β√a the same waits at every size, but not the same utilization: a small fleet
 * idles where the same rule at full scale does not. Spec: E257.
 * Source: Halfin and Whitt, Operations Research 29, 1981. */
import type { StationPreflight } from '../check-document.ts';
import { finding, type Lint, percent } from './finding.ts';

/** What a small fleet is compared with. */
const FULL_SCALE = 100;
/** Fleets from here on are hardly distorted. */
const SMALL_FLEET = 30;
/** Points of utilization that make a difference. */
const DISTORTED = 0.15;
/** Stations that do little do little at any scale. */
const IDLE = 0.2;

/** One warning for all subjects. */
export const scaleLints: Lint = ({ subjects }) => {
  const distorted = subjects
    .flatMap(({ preflight }) => preflight.stations)
    .filter(isOfScale)
    .map(({ offeredLoad, peak: { workers } }) => ({
      here: offeredLoad / workers,
      atFullScale: utilizationAt(FULL_SCALE, offeredLoad, workers),
    }))
    .filter(({ here, atFullScale }) => atFullScale - here > DISTORTED);
  if (distorted.length === 0) return [];
  const found = `${distorted.length} small fleets at ${range(distorted.map(({ here }) => here))}`;
  const rule =
    'if one viewer stands for many: the same square-root rule at ' +
    `${FULL_SCALE} times the traffic runs at ` +
    `${range(distorted.map(({ atFullScale }) => atFullScale))}. Waiting is close; ` +
    'utilization, cost and what an autoscaler does are not';
  return [finding('warning', 'L-SCALE', { subject: null, path: 'services', found, rule })];
};

function isOfScale({ kind, peak: { workers, utilization } }: StationPreflight): boolean {
  if (kind === 'pipeline' || workers >= SMALL_FLEET || utilization === null) return false;
  return utilization >= IDLE && utilization < 1;
}

/** Utilization of the fleet that the rule of this one (its β) gives so many times the load. */
function utilizationAt(scale: number, load: number, workers: number): number {
  const beta = (workers - load) / Math.sqrt(load);
  const larger = load * scale;
  return larger / (larger + beta * Math.sqrt(larger));
}

function range(shares: readonly number[]): string {
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  return percent(low) === percent(high) ? percent(low) : `${percent(low)} to ${percent(high)}`;
}
