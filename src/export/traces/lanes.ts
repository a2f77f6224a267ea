/** Lanes of a drawn trace: duration events on one track must lie within each other or apart, so
 * concurrent spans need tracks of their own. A span stays on its parent's lane where it can.
 * Spec: X55. */

/** What is drawn. */
export interface LaneSpan {
  readonly id: number;
  readonly parent: number | null;
  readonly startUs: number;
  readonly durationUs: number;
}

/** A span with its lane. */
export interface PlacedSpan<S extends LaneSpan> {
  readonly span: S;
  /** From 0; the page is on it. */
  readonly lane: number;
}

interface Open {
  readonly id: number;
  readonly endUs: number;
}

/** Places spans, given parents first. On each lane what follows lies within an ancestor, or after
 * what was before. @returns them by beginning; of equal ones the longer first. Cost O(spans ×
 * lanes × depth). */
export function placeInLanes<S extends LaneSpan>(spans: readonly S[]): readonly PlacedSpan<S>[] {
  const parents = new Map(spans.map(({ id, parent }) => [id, parent]));
  const laneOf = new Map<number, number>();
  const lanes: Open[][] = [];
  return drawingOrder(spans).map((span) => {
    const wanted = (span.parent === null ? undefined : laneOf.get(span.parent)) ?? 0;
    const others = Array.from({ length: lanes.length + 1 }, (_, i) => i);
    const lane = [wanted, ...others].find((n) => fits(lanes, n, { span, parents })) ?? lanes.length;
    const open = lanes[lane] ?? [];
    lanes[lane] = open;
    open.push({ id: span.id, endUs: span.startUs + span.durationUs });
    laneOf.set(span.id, lane);
    return { span, lane };
  });
}

function drawingOrder<S extends LaneSpan>(spans: readonly S[]): readonly S[] {
  return spans
    .map((span, at) => ({ span, at }))
    .sort(
      (a, b) =>
        a.span.startUs - b.span.startUs ||
        b.span.durationUs - a.span.durationUs ||
        // Parents come first in what was given.
        a.at - b.at,
    )
    .map(({ span }) => span);
}

/** Closes what has ended on a lane, and asks whether the rest leaves room for the span. */
function fits(
  lanes: readonly Open[][],
  lane: number,
  {
    span,
    parents,
  }: { readonly span: LaneSpan; readonly parents: ReadonlyMap<number, number | null> },
): boolean {
  const open = lanes[lane];
  if (open === undefined) return true;
  while ((open.at(-1)?.endUs ?? Number.POSITIVE_INFINITY) <= span.startUs) open.pop();
  const top = open.at(-1);
  if (top === undefined) return true;
  return top.endUs >= span.startUs + span.durationUs && isAncestor(top.id, span.id, parents);
}

function isAncestor(id: number, of: number, parents: ReadonlyMap<number, number | null>): boolean {
  for (let at = parents.get(of); at !== null && at !== undefined; at = parents.get(at)) {
    if (at === id) return true;
  }
  return false;
}
