/** Part `forecast`: what a fit costs, and how much better than its floor a forecast is, on a series
 * with a known season, noise, and a level that wanders. */

import { type ForecastQuestion, fitForecast } from '../../src/analytics/forecast/forecast-model.ts';
import { rollingAccuracy } from '../../src/analytics/forecast/rolling-origin.ts';
import { createChance } from '../../src/kernel/chance.ts';
import { normalQuantile } from '../../src/stats/normal.ts';
import { type BenchResult, figure, medianRates } from '../bench-suite.ts';

const SEED = 80;
const MINUTES_PER_DAY = 1_440;
const HOURS_PER_DAY = 24;

/** Fits a month of minutes (N = 43,200 at scale 1), and judges a day ahead over weeks of hours.
 * A forecast that does not beat its floor there is wrong. */
export async function forecastFigures(scale: number): Promise<readonly BenchResult[]> {
  const minutes = series(Math.max(2, Math.round(30 * scale)), MINUTES_PER_DAY);
  const asked = question('holt-winters', MINUTES_PER_DAY);
  const name = `forecast: Holt–Winters fit, N = ${minutes.length}, seed ${SEED}`;
  const fit = () => {
    const { model } = fitForecast(minutes, asked);
    return model === 'holt-winters additive' ? minutes.length : 0;
  };
  const rates = await medianRates([{ name, run: fit, units: minutes.length }], { scale });
  const ratio = errorRatio(Math.max(10, Math.round(28 * scale)));
  return [
    figure(name, minutes.length / (rates.get(name) ?? Number.NaN), 's'),
    figure('forecast: WAPE a day ahead ÷ that of the seasonal naive', ratio, 'ratio'),
  ];
}

function errorRatio(days: number): number {
  const hours = series(days, HOURS_PER_DAY);
  const first = Math.floor(days / 2) * HOURS_PER_DAY;
  const origins = { first, every: HOURS_PER_DAY, horizon: HOURS_PER_DAY, quantiles: [0.5] };
  const [found, floor] = (['holt-winters', 'seasonal-naive'] as const).map(
    (model) => rollingAccuracy(hours, question(model, HOURS_PER_DAY), origins)?.wape,
  );
  const ratio = (found ?? Number.NaN) / (floor ?? Number.NaN);
  if (!(ratio < 1)) throw new Error(`bench forecast: ${ratio} of the seasonal naive's error`);
  return ratio;
}

function question(model: ForecastQuestion['model'], seasonLength: number): ForecastQuestion {
  return { model, seasonLength, least: 0 };
}

/** A daily wave, a fifth of noise, and a level that drifts a little a day. */
function series(days: number, perDay: number): readonly number[] {
  const draws = createChance({ seed: SEED, replication: 0 }).draws('bench.load');
  let level = 100;
  return Array.from({ length: days * perDay }, (_, t) => {
    level += normalQuantile(draws.uniform(0, t)) / Math.sqrt(perDay);
    const wave = 40 * Math.sin((2 * Math.PI * (t % perDay)) / perDay);
    return Math.max(0, level + wave + 20 * normalQuantile(draws.uniform(1, t)));
  });
}
