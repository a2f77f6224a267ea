/** What is kept of an arm while viewers go in one by one: means and cross-deviations of three
 * columns (value, weight, pre-period value). Every fixed and sequential bound of a mean, of a ratio
 * and of its CUPED-adjusted form follows from them, at any time. */

/** Running moments of an arm. */
export interface ArmMoments {
  /** One viewer. @param weight - Of a ratio, such as impressions; 1 for a mean.
   * @param before - Pre-period value, 0 where there is none. */
  add(value: number, weight: number, before: number): void;
  readonly count: number;
  /** Means of value, weight and pre-period value; 0 before the first viewer. */
  readonly means: readonly [number, number, number];
  /** Σ of products of deviations: vv, vw, ww, vb, wb, bb. */
  readonly cross: readonly [number, number, number, number, number, number];
}

/** No viewers yet. Source: Welford 1962, for several columns. */
export function createArmMoments(): ArmMoments {
  let count = 0;
  let value = 0;
  let weight = 0;
  let before = 0;
  let vv = 0;
  let vw = 0;
  let ww = 0;
  let vb = 0;
  let wb = 0;
  let bb = 0;
  return {
    add(v, w, b) {
      count += 1;
      const dv = v - value;
      const dw = w - weight;
      const db = b - before;
      value += dv / count;
      weight += dw / count;
      before += db / count;
      const ev = v - value;
      const ew = w - weight;
      const eb = b - before;
      vv += dv * ev;
      vw += dv * ew;
      ww += dw * ew;
      vb += dv * eb;
      wb += dw * eb;
      bb += db * eb;
    },
    get count() {
      return count;
    },
    get means() {
      return [value, weight, before] as const;
    },
    get cross() {
      return [vv, vw, ww, vb, wb, bb] as const;
    },
  };
}

/** An arm's metric: Σ value ÷ Σ weight, with the spread of a viewer's part in it. */
export interface ArmMetric {
  readonly viewers: number;
  /** NaN without a viewer, or where no weight was seen. */
  readonly mean: number;
  /** Variance over viewers of the linearised metric, whose mean has the variance of `mean`. */
  readonly variance: number;
  /** Σ of deviations of that with the pre-period value, and of the latter with itself. */
  readonly crossBefore: number;
  readonly squaresBefore: number;
  readonly meanBefore: number;
}

/** The metric by the delta method: a viewer's part is (value − R · weight) ÷ mean weight around
 * R = Σ value ÷ Σ weight; with weights of 1 it is the value itself and R the plain mean.
 * Source: Deng, Knoblich and Lu 2018. Spec: M143. */
export function metricOf(arm: ArmMoments): ArmMetric {
  const [value, weight, before] = arm.means;
  const [vv, vw, ww, vb, wb, bb] = arm.cross;
  const ratio = value / weight;
  const squares = (vv - 2 * ratio * vw + ratio * ratio * ww) / (weight * weight);
  return {
    viewers: arm.count,
    mean: arm.count > 0 && weight > 0 ? ratio : Number.NaN,
    variance: arm.count > 1 && weight > 0 ? Math.max(0, squares) / (arm.count - 1) : Number.NaN,
    crossBefore: (vb - ratio * wb) / weight,
    squaresBefore: bb,
    meanBefore: before,
  };
}
