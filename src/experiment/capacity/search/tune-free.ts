/** Numbers that cost nothing (sizes of batches, flush intervals) are set first, each to what leaves
 * the most room, on a geometric grid: there is no telling which way is better. */
import { type Coordinate, type Fleet, onGrid, topOf, withValue } from './fleet.ts';

/** Values of a free coordinate that are tried. */
const TRIED = 6;

/** The fleet with its free coordinates set, one after the other, to where `marginOf` is largest;
 * what it has already stays where nothing is better. Cost: at most six trials a coordinate. */
export async function tuneFree(
  coordinates: readonly Coordinate[],
  from: Fleet,
  marginOf: (fleet: Fleet) => Promise<number | null>,
): Promise<Fleet> {
  let best = from;
  for (const [index, coordinate] of coordinates.entries()) {
    if (coordinate.isPriced) continue;
    let most = (await marginOf(best)) ?? Number.NEGATIVE_INFINITY;
    for (const value of geometricGrid(coordinate)) {
      const fleet = withValue(best, index, value);
      const margin = (await marginOf(fleet)) ?? Number.NEGATIVE_INFINITY;
      if (margin > most) {
        most = margin;
        best = fleet;
      }
    }
  }
  return best;
}

/** From the least to the largest, evenly by ratio; each once, ascending. */
export function geometricGrid(coordinate: Coordinate): readonly number[] {
  const [low, high] = [coordinate.min, topOf(coordinate)];
  const ratio = (high / Math.max(1, low)) ** (1 / (TRIED - 1));
  const values = Array.from({ length: TRIED }, (_, k) =>
    onGrid(coordinate, Math.round(Math.max(1, low) * ratio ** k)),
  );
  return [...new Set([low, ...values, high])].sort((a, b) => a - b);
}
