/** The section of load forecasts, of a real short evening; and what it is made of. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../src/experiment/result.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { minutes, ms, seconds } from '../../../src/kernel/time.ts';
import { forecastSection } from '../../../src/report/sections/analytics/forecast-section.ts';

const service = { replicas: 1, workersPerReplica: 2, baseTime: fixed(ms(100)), timePerEntity: 0 };
const hpa = { maxReplicas: 8 };

const scenario = defineScenario({
  schema: 1,
  name: 'short-evening',
  question: 'Is it shown?',
  seed: 5,
  clock: { start: '2026-11-27T20:30:00Z', duration: minutes(6), drain: seconds(30) },
  audience: { viewers: 0 },
  catalogue: { titles: 20 },
  traffic: {
    kind: 'open',
    rate: [
      { at: minutes(0), perSecond: 0.5 },
      { at: minutes(3), perSecond: 0.5 },
      { at: minutes(4), perSecond: 3 },
    ],
    pages: { home: 1 },
  },
  evenings: { before: 4 },
  services: {
    movie: { ...service, autoscaler: { hpa, forecast: {} } },
    production: service,
    talent: service,
  },
  objectives: ['p95(page.load) < 2s over 1m windows for 90%'],
  variants: [
    { name: 'ahead', architecture: 'federated' },
    {
      name: 'behind',
      architecture: 'federated',
      set: { 'services.movie.autoscaler.forecast': undefined },
    },
  ],
});

/** Whether all numbers in it can be said in JSON. */
function areFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value !== 'object' || Object.values(value).every(areFinite);
}

describe('load forecast', () => {
  let document: RunDocument;
  beforeAll(async () => {
    document = await runScenario(scenario, { threads: 1 });
  });

  it('M101: stands in the document with interval, what came and accuracy', () => {
    const [ahead, behind] = document.architectures;
    const [forecast] = ahead?.loadForecasts ?? [];
    expect(behind?.loadForecasts).toBeUndefined();
    expect(forecast).toMatchObject({
      server: 'movie',
      model: 'holt-winters additive',
      evenings: 4,
      bucketSeconds: 60,
      leadSeconds: 30,
      minutes: [0.5, 1.5, 2.5, 3.5, 4.5, 5.5],
    });
    const asked = forecast?.came.reduce((sum, count) => sum + count, 0);
    expect(asked).toBe(ahead?.requests);
    forecast?.mean.forEach((mean, i) => {
      expect(forecast.low[i]).toBeLessThanOrEqual(mean);
      expect(forecast.high[i]).toBeGreaterThanOrEqual(mean);
    });
    expect(forecast?.accuracy?.forecasts).toBe(6);
    expect(forecast?.naiveAccuracy?.coverage?.promised).toBeCloseTo(0.9, 12);
    expect(areFinite(forecast)).toBe(true);
  });

  it('M101: is drawn beside the replicas of all autoscalers', () => {
    const section = forecastSection(document);
    expect(section).toMatchObject({ id: 'load-forecast', heading: 'Load forecast' });
    for (const words of ['ahead', 'behind', '95 % are below', 'movie ready', 'seasonal naive']) {
      expect(section?.body).toContain(words);
    }
    expect(section?.body).toContain('Minutes missed');
    expect(forecastSection(document)).toEqual(section);
  });

  it('M101: documents without forecasts have no such section', () => {
    const [, behind] = document.architectures;
    expect(forecastSection({ ...document, architectures: behind ? [behind] : [] })).toBeUndefined();
  });
});
