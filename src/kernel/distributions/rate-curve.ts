/** A piecewise-linear rate over time and its integral, for non-homogeneous Poisson arrivals by
 * inversion: the k-th arrival is Λ⁻¹(E₁ + … + Eₖ) with unit exponentials E.
 * Source: Çinlar, Introduction to Stochastic Processes, 1975. */
import { EngineError } from '../errors.ts';

/** A point of the curve. */
export interface RatePoint {
  readonly atUs: number;
  readonly ratePerSec: number;
}

/** A rate over time; constant before the first and after the last point. */
export interface RateCurve {
  ratePerSec(atUs: number): number;
  /** Λ(t): expected arrivals from 0 to `atUs`. */
  cumulative(atUs: number): number;
  /** Λ⁻¹: the time in µs (not rounded) by which `expected` arrivals are expected; Infinity where
   * the rate stays 0. Cost O(log points). */
  inverseCumulative(expected: number): number;
}

const US_PER_SECOND = 1_000_000;

/** Makes a curve.
 * @throws EngineError `CHANCE_BAD_PARAMETER` for a negative rate or points out of order. */
export function createRateCurve(points: readonly RatePoint[]): RateCurve {
  checkPoints(points);
  const segments = segmentsOf(points);
  const segmentBy = (isBefore: (segment: Segment) => boolean): Segment => {
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = segments[middle];
      if (segment !== undefined && isBefore(segment)) low = middle + 1;
      else high = middle;
    }
    return segments[low] as Segment;
  };
  return {
    ratePerSec(atUs) {
      const segment = segmentBy((s) => s.endUs < atUs);
      return (segment.rate + segment.slope * (atUs - segment.startUs)) * US_PER_SECOND;
    },
    cumulative(atUs) {
      const segment = segmentBy((s) => s.endUs < atUs);
      const dt = Math.max(0, atUs - segment.startUs);
      return segment.before + dt * (segment.rate + (segment.slope * dt) / 2);
    },
    inverseCumulative(expected) {
      const segment = segmentBy((s) => s.after < expected);
      const wanted = expected - segment.before;
      const { rate, slope } = segment;
      if (wanted <= 0) return segment.startUs;
      // Root of slope/2·t² + rate·t − wanted, in the form that does not cancel.
      const root = Math.sqrt(Math.max(0, rate * rate + 2 * slope * wanted));
      return segment.startUs + (2 * wanted) / (rate + root);
    },
  };
}

/** Rates per µs. */
interface Segment {
  readonly startUs: number;
  readonly endUs: number;
  readonly rate: number;
  readonly slope: number;
  readonly before: number;
  readonly after: number;
}

function segmentsOf(points: readonly RatePoint[]): readonly Segment[] {
  const first = points[0] as RatePoint;
  const last = points.at(-1) as RatePoint;
  const bounds = [
    ...(first.atUs > 0 ? [{ ...first, atUs: 0 }] : []),
    ...points,
    { ...last, atUs: Number.POSITIVE_INFINITY },
  ];
  const segments: Segment[] = [];
  let before = 0;
  bounds.slice(1).forEach((to, i) => {
    const from = bounds[i] as RatePoint;
    const rate = from.ratePerSec / US_PER_SECOND;
    const toRate = to.ratePerSec / US_PER_SECOND;
    const lengthUs = to.atUs - from.atUs;
    const slope = Number.isFinite(lengthUs) ? (toRate - rate) / lengthUs : 0;
    const area = Number.isFinite(lengthUs)
      ? (lengthUs * (rate + toRate)) / 2
      : Number.POSITIVE_INFINITY;
    segments.push({
      startUs: from.atUs,
      endUs: to.atUs,
      rate,
      slope,
      before,
      after: before + area,
    });
    before += area;
  });
  return segments;
}

function checkPoints(points: readonly RatePoint[]): void {
  points.forEach((point, i) => {
    const before = points[i - 1];
    const isValid = point.ratePerSec >= 0 && (before === undefined || before.atUs < point.atUs);
    if (isValid && Number.isFinite(point.ratePerSec) && point.atUs >= 0) return;
    throw badPoint(`points.${i}`, point.ratePerSec);
  });
  if (points.length === 0) throw badPoint('points', 0);
}

function badPoint(parameter: string, found: number): EngineError {
  return new EngineError(
    'CHANCE_BAD_PARAMETER',
    `rate curve: ${parameter} has rate ${found}; give ≥ 1 points with ascending times ≥ 0 ` +
      'and rates ≥ 0',
    { parameter, found },
  );
}
