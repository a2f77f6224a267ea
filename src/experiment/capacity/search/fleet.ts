/** Fleets as points of a grid of whole numbers, one coordinate each, and steps between them. */

/** One number that may be chosen, and what it may be: `min`, `min + step`, … up to `max`. */
export interface Coordinate {
  readonly path: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Whether more of it costs money and does good. What is free (the size of a batch) may do harm
   * either way, and nothing is told of one value from another. */
  readonly isPriced: boolean;
}

/** Values by coordinate. */
export type Fleet = readonly number[];

/** Names a fleet: equal keys, equal fleets. */
export function fleetKey(fleet: Fleet): string {
  return fleet.join(',');
}

/** Whether `a` has at least what `b` has of everything priced, and the same of the rest. */
export function covers(coordinates: readonly Coordinate[], a: Fleet, b: Fleet): boolean {
  return coordinates.every(({ isPriced }, i) => {
    const [of, other] = [a[i] ?? 0, b[i] ?? 0];
    return isPriced ? of >= other : of === other;
  });
}

/** The largest value of a coordinate that is on the grid. */
export function topOf({ min, max, step }: Coordinate): number {
  return min + Math.floor((max - min) / step) * step;
}

/** The least value on the grid that is at least `value`, within the range. */
export function onGrid(coordinate: Coordinate, value: number): number {
  const { min, step } = coordinate;
  const steps = Math.max(0, Math.ceil((value - min) / step - 1e-9));
  return Math.min(topOf(coordinate), min + steps * step);
}

/** The fleet with one value set otherwise. */
export function withValue(fleet: Fleet, index: number, value: number): Fleet {
  return fleet.with(index, value);
}
