/** The recursions against a published example, and against series that they know exactly. */
import { describe, expect, it } from 'vitest';
import {
  ahead,
  dampedSteps,
  firstState,
  type SmoothingShape,
  smooth,
} from '../../../src/analytics/forecast/smoothing.ts';

/** International visitor nights in Australia, millions a quarter, from 2005 on: `austourists` of
 * the R package fpp2. */
const VISITOR_NIGHTS = [
  42.20566, 24.64917, 32.66734, 37.25735, 45.24246, 29.35048, 36.34421, 41.78208, 49.2766, 31.2754,
  37.85063, 38.83704, 51.2369, 31.83855, 41.32342, 42.799, 55.70836, 33.40714, 42.31664, 45.15712,
  59.57608, 34.83733, 44.84168, 46.97125, 60.01903, 38.37118, 46.97586, 50.7338, 61.64687, 39.29957,
  52.67121, 54.33232, 66.83436, 40.87119, 51.82854, 57.49191, 65.25147, 43.06121, 54.76076,
  59.83447, 73.25703, 47.69662, 61.09777, 66.05576,
];

const quarterly: SmoothingShape = { seasonality: 'additive', trend: 'linear', seasonLength: 4 };

describe('smoothing', () => {
  it('M80: reproduces the published additive Holt–Winters table of visitor nights', () => {
    // Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 2nd ed., table 7.3.
    const parameters = { alpha: 0.306, beta: 0.0003, gamma: 0.426, phi: 1 };
    const start = { level: 32.26, trend: 0.7, season: [9.7, -9.31, -1.69, 1.31] };
    const fitted: number[] = [];
    const pass = smooth(VISITOR_NIGHTS, { shape: quarterly, parameters, start }, (forecast) =>
      fitted.push(forecast),
    );
    [42.66, 24.21, 32.67, 36.37].forEach((published, i) => {
      expect(fitted[i]).toBeCloseTo(published, 1);
    });
    const rmse = Math.sqrt(pass.squaredError / VISITOR_NIGHTS.length);
    expect(rmse).toBeCloseTo(1.763, 2);
    const forecasts = [1, 2, 3, 4, 5, 6, 7, 8].map((step) =>
      ahead({ shape: quarterly, parameters }, pass.state, step),
    );
    const published = [76.1, 51.6, 63.97, 68.37, 78.9, 54.41, 66.77, 71.18];
    published.forEach((value, i) => {
      expect(Math.abs((forecasts[i] as number) - value)).toBeLessThan(0.1);
    });
  });

  it('M81: the first state of a noiseless additive series is exact, trend and all', () => {
    const season = [5, -3, -4, 2];
    const values = Array.from(
      { length: 12 },
      (_, t) => 20 + 1.5 * (t + 1) + (season[t % 4] as number),
    );
    const state = firstState(values, quarterly);
    expect(state.level).toBeCloseTo(20, 12);
    expect(state.trend).toBeCloseTo(1.5, 12);
    state.season.forEach((index, i) => {
      expect(index).toBeCloseTo(season[i] as number, 12);
    });
    const parameters = { alpha: 0.3, beta: 0.2, gamma: 0.4, phi: 1 };
    const pass = smooth(values, { shape: quarterly, parameters, start: state });
    expect(pass.squaredError).toBeLessThan(1e-20);
  });

  it('M81: a multiplicative series without trend is exact, and goes on in step', () => {
    const shape: SmoothingShape = { seasonality: 'multiplicative', trend: 'none', seasonLength: 3 };
    const values = Array.from({ length: 11 }, (_, t) => 40 * ([0.5, 1, 1.5][t % 3] as number));
    const start = firstState(values, shape);
    expect(start.season).toEqual([0.5, 1, 1.5]);
    const parameters = { alpha: 0.2, beta: 0, gamma: 0.1, phi: 1 };
    const { state } = smooth(values, { shape, parameters, start });
    expect([1, 2, 3, 4].map((step) => ahead({ shape, parameters }, state, step))).toEqual([
      60, 20, 40, 60,
    ]);
  });

  it('M80: a damped trend adds φ + φ² + … and comes to rest', () => {
    expect(dampedSteps(0.9, 2)).toBeCloseTo(0.9 + 0.81, 12);
    expect(dampedSteps(1, 7)).toBe(7);
    expect(dampedSteps(0.8, 1_000)).toBeCloseTo(4, 12);
  });
});
