/** Which stop of a chart's cursor a pointer is nearest to, and where the keys lead. Pure. */

/** Where a stop is, in pixels of the drawing; y is null where it is as high as the diagram. */
export interface StopPlace {
  readonly x: number;
  readonly y: number | null;
}

/** The number of the nearest stop between two pixels; undefined where there is none. */
export function nearestStop(
  places: readonly StopPlace[],
  pointer: { readonly x: number; readonly y: number },
  isReachable: (place: StopPlace) => boolean,
): number | undefined {
  let nearest: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [n, place] of places.entries()) {
    if (!isReachable(place)) continue;
    const distance = Math.hypot(place.x - pointer.x, (place.y ?? pointer.y) - pointer.y);
    if (distance < least) {
      least = distance;
      nearest = n;
    }
  }
  return nearest;
}

/** The stop that a key leads to: the first or the last where there was none.
 * @param step - −1 and 1: one on; ∓∞: the first or the last. */
export function nextStop(
  places: readonly StopPlace[],
  { from, step }: { readonly from: number | undefined; readonly step: number },
  isReachable: (place: StopPlace) => boolean,
): number | undefined {
  const reachable = [...places.keys()].filter((n) => {
    const place = places[n];
    return place !== undefined && isReachable(place);
  });
  const at = from === undefined ? -1 : reachable.indexOf(from);
  if (at === -1) return step > 0 && Number.isFinite(step) ? reachable[0] : ends(reachable, step);
  const next = Math.min(reachable.length - 1, Math.max(0, at + step));
  return reachable[next];
}

function ends(reachable: readonly number[], step: number): number | undefined {
  return step < 0 && !Number.isFinite(step) ? reachable[0] : reachable.at(-1);
}
