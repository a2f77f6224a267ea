/** Evenings that are drawn, remembered in a warehouse and learned from; and what a scenario says of
 * them wrongly. */
import { describe, expect, it } from 'vitest';
import {
  eveningOf,
  rateOf,
  ratePoints,
  tonightOf,
} from '../../../../src/experiment/requests/anticipation/evenings.ts';
import { rememberedLoad } from '../../../../src/experiment/requests/anticipation/history.ts';
import { tonightsOutlook } from '../../../../src/experiment/requests/anticipation/load-outlook.ts';
import { defineScenario } from '../../../../src/experiment/scenario/define-scenario.ts';
import { forecastSchema } from '../../../../src/experiment/scenario/load/evenings-schema.ts';
import type { Scenario, ScenarioInput } from '../../../../src/experiment/scenario/schema.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { minutes, seconds } from '../../../../src/kernel/time.ts';
import { smallScenario } from '../../small-world.ts';

const rate = [
  { at: minutes(0), perSecond: 1 },
  { at: minutes(4), perSecond: 1 },
  { at: minutes(5), perSecond: 4 },
  { at: minutes(8), perSecond: 4 },
];
const traffic = { kind: 'open', rate, pages: { home: 1 } } as const;

function evenings(more: Partial<ScenarioInput> = {}): Scenario {
  const asked = { traffic, evenings: { before: 6 }, audience: { viewers: 0 } };
  return smallScenario({ ...asked, ...more } as Parameters<typeof smallScenario>[0]);
}

const settings = (more: Parameters<typeof forecastSchema.parse>[0] = {}) =>
  forecastSchema.parse(more);
const chance = createChance({ seed: 3, replication: 0 });
const epochUs = Date.parse('2026-11-27T20:30:00Z') * 1_000;

describe('evenings', () => {
  it('M95: each has a level and a shift of its own, drawn by its number', () => {
    const described = evenings({ evenings: { levelSpread: 0.2, shift: minutes(2) } }).evenings;
    const drawn = Array.from({ length: 400 }, (_, n) => eveningOf(described as never, chance, n));
    const mean = drawn.reduce((sum, { level }) => sum + level, 0) / drawn.length;
    expect(mean).toBeGreaterThan(0.96);
    expect(mean).toBeLessThan(1.04);
    for (const { shiftUs } of drawn) expect(Math.abs(shiftUs)).toBeLessThanOrEqual(minutes(2));
    expect(eveningOf(described as never, chance, 7)).toEqual(drawn[7]);
  });

  it('M95: a shifted rate is the same rate at another time', () => {
    const usual = ratePoints(evenings().traffic as never);
    const late = rateOf(usual, { level: 2, shiftUs: minutes(1) });
    expect(late).toContainEqual({ atUs: minutes(6), ratePerSec: 8 });
    const early = rateOf(usual, { level: 1, shiftUs: -minutes(4.5) });
    expect(early[0]).toEqual({ atUs: 0, ratePerSec: 2.5 });
    expect(early[1]).toEqual({ atUs: minutes(0.5), ratePerSec: 4 });
  });

  it('M96: tonight differs as the others do, by replication, and not where it is described', () => {
    const scenario = evenings();
    const one = tonightOf({ scenario, replication: 1 });
    expect(tonightOf({ scenario, replication: 1 })).toEqual(one);
    expect(tonightOf({ scenario, replication: 2 }).scenario).not.toEqual(one.scenario);
    expect(one.usual).toBe(scenario);
    const plain = smallScenario();
    expect(tonightOf({ scenario: plain, replication: 1 }).scenario).toBe(plain);
    const fixed = evenings({ evenings: { tonight: 'as-described' } });
    const { scenario: tonight } = tonightOf({ scenario: fixed, replication: 1 });
    expect(tonight.traffic).toMatchObject({ rate: [{ at: 0 }, ...rate.slice(1)] });
  });

  it('M97: what a warehouse remembers has the rate of the evenings', () => {
    const scenario = evenings({ evenings: { before: 4, levelSpread: 0, shift: 0 } });
    const asked = { scenario, chance, epochUs, bucketUs: minutes(1), buckets: 8 };
    const values = rememberedLoad(asked);
    expect(values).toHaveLength(32);
    const meanAt = (bucket: number) =>
      [0, 8, 16, 24].reduce((sum, at) => sum + (values[at + bucket] ?? 0), 0) / 4;
    expect(Math.abs(meanAt(1) - 60)).toBeLessThan(4 * Math.sqrt(60 / 4));
    expect(Math.abs(meanAt(6) - 240)).toBeLessThan(4 * Math.sqrt(240 / 4));
    expect(rememberedLoad(asked)).toEqual(values);
  });

  it('M98: an outlook adds up its buckets, and is ready for the highest of them', () => {
    const scenario = evenings({ evenings: { levelSpread: 0, shift: 0 } });
    const from = { scenario, chance, epochUs };
    const outlook = tonightsOutlook(settings(), from);
    expect(outlook.forecast.model).toBe('holt-winters additive');
    const [mean2, mean3] = [3, 4].map((step) => outlook.forecast.meanAt(step));
    const half = outlook.expected(minutes(2.5), minutes(3.5));
    expect(half).toBeCloseTo(((mean2 as number) + (mean3 as number)) / 2, 9);
    expect(outlook.highestPerSec(0, minutes(2))).toBeLessThan(1.6);
    expect(outlook.highestPerSec(0, minutes(6))).toBeGreaterThan(3.2);
    const careful = tonightsOutlook(settings({ quantile: 0.95 }), from);
    expect(careful.highestPerSec(0, 0)).toBeGreaterThan(outlook.highestPerSec(0, 0));
    const floor = tonightsOutlook(settings({ model: 'seasonal-naive' }), from);
    expect(floor.forecast.model).toBe('seasonal naive');
    expect(floor.history).toEqual(outlook.history);
  });
});

describe('a scenario with evenings', () => {
  const autoscaler = (forecast: object) => ({ hpa: { maxReplicas: 9 }, forecast });
  const services = (forecast: object): ScenarioInput['services'] => {
    const service = { replicas: 1, workersPerReplica: 2, timePerEntity: 100 };
    const baseTime = { kind: 'deterministic', value: 1_000 } as const;
    const plain = { ...service, baseTime };
    return {
      movie: plain,
      production: plain,
      talent: { ...plain, autoscaler: autoscaler(forecast) },
    };
  };
  const problemsOf = (more: Partial<ScenarioInput>) => {
    try {
      evenings(more);
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('M99: evenings need an open load test, forecasts need evenings and buckets', () => {
    expect(problemsOf({ services: services({}) })).toBe('');
    expect(problemsOf({ audience: { viewers: 5 } })).toMatch(/evenings: found 5 viewers/);
    expect(problemsOf({ traffic: { ...traffic, kind: 'closed', users: [] } as never })).not.toBe(
      '',
    );
    expect(problemsOf({ services: services({ bucket: minutes(3) }) })).toMatch(
      /services.talent.autoscaler.forecast.bucket: found 180000000; a season of 4 buckets/,
    );
    const without = { ...evenings(), evenings: undefined, services: services({}) };
    expect(() => defineScenario(without as never)).toThrow(
      /services.talent.autoscaler.forecast: found no evenings; .*describe them in `evenings`/,
    );
  });

  it('M99: a forecast is opt-in, and complete once it is there', () => {
    const { talent } = evenings({ services: services({}) }).services;
    expect(talent?.autoscaler?.forecast).toMatchObject({
      model: 'holt-winters',
      bucket: seconds(60),
      correction: { least: 0.5, most: 2 },
    });
    const plain = smallScenario().services;
    expect(plain['talent']?.autoscaler).toBeUndefined();
  });
});
