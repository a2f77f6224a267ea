/** A series that never outgrows a chart: at most so many points for the whole run, and no peak is
 * lost. When it is full, neighbours become one point that keeps the lowest and the highest of both,
 * and from then on a point takes twice as many values. Spec: L70. */

/** One point: all values of a stretch of time. */
export interface RingPoint {
  readonly fromUs: number;
  readonly toUs: number;
  /** NaN where the stretch has none. */
  readonly min: number;
  readonly minAtUs: number;
  readonly max: number;
  readonly maxAtUs: number;
  readonly values: number;
}

/** A corner of the line; null: a gap. */
export type RingVertex = readonly [atUs: number, value: number | null];

/** Points of a series: 600 a chart are more than one a pixel on a phone. */
export const RING_POINTS = 600;

/** The series. Times ascend; going back in time drops what was later. */
export class MinMaxRing {
  readonly #capacity: number;
  #points: RingPoint[] = [];
  #valuesPerPoint = 1;

  constructor(capacity: number = RING_POINTS) {
    this.#capacity = capacity;
  }

  /** @param value - Null where there is none: the line has a gap. */
  add(atUs: number, value: number | null): void {
    const last = this.#points.at(-1);
    if (last !== undefined && atUs < last.toUs) this.forgetAfter(atUs);
    this.#append({
      fromUs: atUs,
      toUs: atUs,
      min: value ?? Number.NaN,
      minAtUs: atUs,
      max: value ?? Number.NaN,
      maxAtUs: atUs,
      values: 1,
    });
  }

  /** Drops all points that have something later than `atUs`, or at it. */
  forgetAfter(atUs: number): void {
    const keep = this.#points.findIndex(({ toUs }) => toUs >= atUs);
    if (keep >= 0) this.#points.length = keep;
  }

  get points(): readonly RingPoint[] {
    return this.#points;
  }

  /** The line: each point's lowest and highest value in the order of their times; null at gaps. */
  vertices(): RingVertex[] {
    return this.#points.flatMap(verticesOf);
  }

  #append(point: RingPoint): void {
    const last = this.#points.at(-1);
    if (last !== undefined && last.values < this.#valuesPerPoint) {
      this.#points[this.#points.length - 1] = joined(last, point);
      return;
    }
    if (this.#points.length >= this.#capacity) this.#halve();
    this.#points.push(point);
  }

  #halve(): void {
    const halved: RingPoint[] = [];
    for (let i = 0; i < this.#points.length; i += 2) {
      const [first, second] = this.#points.slice(i, i + 2);
      if (first !== undefined) halved.push(second === undefined ? first : joined(first, second));
    }
    this.#points = halved;
    this.#valuesPerPoint *= 2;
  }
}

function joined(a: RingPoint, b: RingPoint): RingPoint {
  const isLower = Number.isNaN(a.min) || b.min < a.min;
  const isHigher = Number.isNaN(a.max) || b.max > a.max;
  return {
    fromUs: a.fromUs,
    toUs: b.toUs,
    min: isLower ? b.min : a.min,
    minAtUs: isLower ? b.minAtUs : a.minAtUs,
    max: isHigher ? b.max : a.max,
    maxAtUs: isHigher ? b.maxAtUs : a.maxAtUs,
    values: a.values + b.values,
  };
}

function verticesOf({ fromUs, min, minAtUs, max, maxAtUs }: RingPoint): RingVertex[] {
  if (Number.isNaN(min)) return [[fromUs, null]];
  if (minAtUs === maxAtUs) return [[minAtUs, min]];
  const ends: RingVertex[] = [
    [minAtUs, min],
    [maxAtUs, max],
  ];
  return minAtUs < maxAtUs ? ends : ends.reverse();
}
