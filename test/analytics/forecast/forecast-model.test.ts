/** Models end to end: exact where there is no noise, honest intervals where there is, and less
 * than was asked for where the series cannot bear it, with a reason. */
import { describe, expect, it } from 'vitest';
import {
  type ForecastQuestion,
  fitForecast,
} from '../../../src/analytics/forecast/forecast-model.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';

const SEASON = [12, 7, 3, 9, 20];
const asked: ForecastQuestion = { model: 'holt-winters', seasonLength: 5 };
const noiseless = (t: number) => 100 + (SEASON[t % 5] as number);

describe('fitForecast', () => {
  it('M83: a noiseless season is forecast exactly, with no width', () => {
    const values = Array.from({ length: 23 }, (_, t) => noiseless(t));
    for (const seasonality of ['additive', 'multiplicative'] as const) {
      const forecast = fitForecast(values, { ...asked, seasonality });
      expect(forecast).toMatchObject({ model: `holt-winters ${seasonality}`, fallback: null });
      for (let step = 1; step <= 12; step += 1) {
        expect(forecast.meanAt(step)).toBeCloseTo(noiseless(22 + step), 9);
        expect(forecast.quantileAt(step, 0.99)).toBeCloseTo(noiseless(22 + step), 6);
      }
    }
    const naive = fitForecast(values, { ...asked, model: 'seasonal-naive' });
    expect([1, 2, 6].map((step) => naive.meanAt(step))).toEqual([23, 24, 28].map(noiseless));
  });

  it('M83: a linear trend goes on, a damped one slows down', () => {
    const values = Array.from({ length: 40 }, (_, t) => noiseless(t) + 2 * t);
    const linear = fitForecast(values, { ...asked, trend: 'linear' });
    expect(linear.meanAt(10)).toBeCloseTo(noiseless(49) + 98, 6);
    const damped = fitForecast(values, { ...asked, trend: 'damped' });
    expect(damped.meanAt(100)).toBeLessThan(linear.meanAt(100));
  });

  it('M85: intervals cover what they promise, and grow with the horizon', () => {
    const draws = createChance({ seed: 85, replication: 0 }).draws('noise');
    let within = 0;
    const runs = 120;
    for (let run = 0; run < runs; run += 1) {
      // A local level of known α, which is the process that the formula is of.
      let level = 100;
      const values: number[] = [];
      for (let t = 0; t < 64; t += 1) {
        const error = 3 * normalQuantile(draws.uniform(run, t));
        values.push(level + (SEASON[t % 5] as number) + error);
        level += 0.3 * error;
      }
      const forecast = fitForecast(values.slice(0, 60), asked);
      const actual = values[63] as number;
      if (actual >= forecast.quantileAt(4, 0.05) && actual <= forecast.quantileAt(4, 0.95)) {
        within += 1;
      }
      expect(forecast.quantileAt(8, 0.95) - forecast.meanAt(8)).toBeGreaterThan(
        forecast.quantileAt(3, 0.95) - forecast.meanAt(3),
      );
    }
    // 90 % promised; parameters are estimated, and 120 runs are a sample.
    expect(within / runs).toBeGreaterThan(0.8);
    expect(within / runs).toBeLessThan(0.97);
  });

  it('M84: too little for a season falls back, and says so', () => {
    const short = fitForecast([3, 5, 4, 6, 5, 4, 7], asked);
    expect(short).toMatchObject({
      model: 'simple exponential smoothing',
      fallback: 'fewer than two seasons',
    });
    expect(short.meanAt(1)).toBe(short.meanAt(9));
    const naive = fitForecast([3, 5, 4, 6, 5], { ...asked, model: 'seasonal-naive' });
    expect(naive).toMatchObject({ fallback: 'not more than one season' });
    expect(fitForecast([3, 5, 4, 6], { ...asked, seasonLength: 1 }).fallback).toBe(
      'there is no season',
    );
    const zeros = Array.from({ length: 20 }, (_, t) => (t % 5 === 0 ? 0 : t));
    expect(fitForecast(zeros, { ...asked, seasonality: 'multiplicative' })).toMatchObject({
      model: 'holt-winters additive',
      fallback: 'additive: a multiplicative season needs values above 0',
    });
  });

  it('M84: what never changes is forecast as it is', () => {
    for (const value of [0, 7]) {
      const forecast = fitForecast(new Array<number>(30).fill(value), asked);
      expect(forecast).toMatchObject({ model: 'constant', fallback: `every value is ${value}` });
      expect([forecast.meanAt(3), forecast.quantileAt(9, 0.9)]).toEqual([value, value]);
    }
  });

  it('M86: refuses with a code, and never answers NaN', () => {
    for (const values of [[], [1, 2], [1, 2, Number.NaN, 4], [1, Number.POSITIVE_INFINITY, 3]]) {
      expect(() => fitForecast(values, asked)).toThrow(EngineError);
    }
    expect(() => fitForecast([1, Number.NaN, 3], asked)).toThrow(/NaN at 1.*finite number/);
    expect(() => fitForecast([1, 2, 3], { ...asked, seasonLength: 2.5 })).toThrow(/season/);
  });

  it('M85: a count is never forecast below 0', () => {
    const values = Array.from({ length: 40 }, (_, t) => (t % 5 === 0 ? 9 : t % 2));
    const forecast = fitForecast(values, { ...asked, least: 0 });
    for (let step = 1; step <= 5; step += 1) {
      expect(forecast.quantileAt(step, 0.001)).toBeGreaterThanOrEqual(0);
    }
  });
});
