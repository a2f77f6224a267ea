/** Effects, verdicts and the screening by themselves. */
import { describe, expect, it } from 'vitest';
import type { AdviceAction, AdviceEffect } from '../../../src/experiment/advise/advice-document.ts';
import {
  adviceMetrics,
  COST,
  DEFICIT,
  roomName,
  SLO_MINUTES,
  withAdviceMetrics,
} from '../../../src/experiment/advise/trial/advice-metrics.ts';
import { mergedChanges } from '../../../src/experiment/advise/trial/combine.ts';
import { effectsOf } from '../../../src/experiment/advise/trial/effects.ts';
import { compareRanked, judgeChange } from '../../../src/experiment/advise/trial/judgement.ts';
import { screenActions } from '../../../src/experiment/advise/trial/screen.ts';
import type { RunSample } from '../../../src/experiment/campaign/run-sample.ts';
import type { ObjectiveVerdict } from '../../../src/experiment/objectives/objective.ts';
import { changedScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { MISSED } from '../../report/planning/planning-documents.ts';
import { ERRORS, FRESHNESS, knownSample, knownScenario } from './known-world.ts';

const SCENARIO = knownScenario();
const { objectives } = SCENARIO;

const known = new Map<string, Scenario>();

function changedTo(set: Readonly<Record<string, unknown>>): Scenario {
  const changed = changedScenario(SCENARIO, set);
  if ('problems' in changed) throw new Error(JSON.stringify(changed.problems));
  return changed.scenario;
}

function samplesOf(
  set: Readonly<Record<string, unknown>>,
  of: { readonly seed?: number; readonly from?: number; readonly count?: number } = {},
): readonly RunSample[] {
  const { seed = 1, from = 0, count = 6 } = of;
  const name = JSON.stringify(set);
  const scenario = { ...(known.get(name) ?? changedTo(set)), seed };
  known.set(name, scenario);
  const point = { name, architecture: 'aggregation' as const, scenario };
  return Array.from({ length: count }, (_, i) =>
    withAdviceMetrics(knownSample(point, from + i), objectives),
  );
}

/** Each sample's deciding metrics off by up to a half, by draws that no other point shares. */
function noisy(samples: readonly RunSample[], seed: number, point: number): readonly RunSample[] {
  const draws = createChance({ seed, replication: 0 }).draws('noise');
  return samples.map((sample, i) => {
    const off = (k: number) => draws.uniform(point, 10 * i + k) - 0.5;
    const names = [DEFICIT, SLO_MINUTES, ...objectives.map(roomName)];
    const moved = names.map((name, k) => [name, (sample.metrics[name] ?? 0) + off(k)]);
    return { ...sample, metrics: { ...sample.metrics, ...Object.fromEntries(moved) } };
  });
}

const METRICS = adviceMetrics(objectives, samplesOf({}), 8);

function effectOn(effects: readonly AdviceEffect[] | undefined, metric: string): AdviceEffect {
  const found = effects?.find((one) => one.metric === metric);
  if (found === undefined) throw new Error(`no effect on ${metric}`);
  return found;
}

describe('metrics', () => {
  it('M191: say how far and how long objectives are missed, and no more than twice over', () => {
    const [sample] = samplesOf({});
    const { metrics } = sample as RunSample;
    // Errors are missed more than twice over, freshness by about as much again.
    expect(metrics[roomName({ text: ERRORS })]).toBe(-1);
    expect(metrics[roomName({ text: FRESHNESS })]).toBe(-1);
    expect(metrics[DEFICIT]).toBe(2);
    expect(metrics[SLO_MINUTES]).toBe(5);
    const [well] = samplesOf({ 'services.talent.replicas': 3 });
    expect(well?.metrics[DEFICIT]).toBe(1);
    expect(well?.metrics[roomName({ text: ERRORS })]).toBeGreaterThan(0.5);
  });

  it('M191: leave out what the baseline has nothing of', () => {
    const without = samplesOf({}).map((sample) => ({
      ...sample,
      metrics: { ...sample.metrics, 'freshness p99': null },
    }));
    const names = adviceMetrics(objectives, without, 8).map(({ name }) => name);
    expect(names).not.toContain('freshness p99');
    expect(names).toContain(COST);
  });
});

describe('effects', () => {
  it('M192: are differences of pairs, and equal runs make none', () => {
    const baseline = samplesOf({});
    const [same, talent] = effectsOf(
      baseline,
      [baseline, samplesOf({ 'services.talent.replicas': 2 })],
      METRICS,
    );
    for (const { difference, verdict } of same ?? []) {
      expect([difference.value, verdict]).toEqual([0, 'no difference']);
    }
    const minutes = effectOn(talent, SLO_MINUTES);
    expect(minutes).toMatchObject({ before: 5, after: 2, verdict: 'better' });
    const p95 = effectOn(talent, 'page load p95');
    expect(p95.difference.value).toBeLessThan(-100);
    const { low, high } = p95.adjusted;
    expect(low ?? 0).toBeLessThanOrEqual(p95.difference.low ?? 0);
    expect(high ?? 0).toBeGreaterThanOrEqual(p95.difference.high ?? 0);
    expect(effectOn(talent, COST).verdict).toBe('worse');
  });

  it('M192: call nothing better that is not, in 100 experiments', () => {
    const names = METRICS.filter(({ decides }) => decides).map(({ name }) => name);
    let alarms = 0;
    let judged = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const talent = { 'services.talent.replicas': 2 };
      const before = noisy(samplesOf(talent, { seed, count: 6 }), seed, 0);
      const same = { ...talent, 'services.movie.replicas': 3 };
      const after = noisy(samplesOf(same, { seed, count: 6 }), seed, 1);
      const [effects = []] = effectsOf(before, [after], METRICS);
      judged += effects.length;
      const isAlarm = ({ metric, verdict }: AdviceEffect) =>
        names.includes(metric) && (verdict === 'better' || verdict === 'worse');
      alarms += effects.some(isAlarm) ? 1 : 0;
    }
    expect(judged).toBeGreaterThan(100 * names.length);
    // 5 % of 100, and three standard deviations.
    expect(alarms).toBeLessThanOrEqual(11);
  });
});

const PASSED: ObjectiveVerdict = { ...MISSED, objective: ERRORS, verdict: 'pass' };
const FAILED: ObjectiveVerdict = { ...PASSED, verdict: 'fail' };

describe('a judgement', () => {
  const effects = (set: Readonly<Record<string, unknown>>) =>
    effectsOf(samplesOf({}), [samplesOf(set)], METRICS)[0] ?? [];

  it('M194: meets where an objective turns, improves where it only gets better', () => {
    const more = effects({ 'services.talent.replicas': 2 });
    expect(judgeChange(more, [FAILED], [PASSED])).toMatchObject({
      verdict: 'better',
      group: 'meets',
      turned: [ERRORS],
    });
    const improved = judgeChange(more, [FAILED], [FAILED]);
    expect(improved).toMatchObject({ group: 'improves', turned: [] });
    expect(improved.deficitPerUsd).toBeGreaterThan(0);
  });

  it('M194: what loses an objective is no help, however much it saves', () => {
    const fewer = effects({ 'services.production.replicas': 1 });
    expect(judgeChange(fewer, [PASSED], [PASSED]).group).toBe('saves');
    const open = { ...PASSED, verdict: 'inconclusive' as const };
    expect(judgeChange(fewer, [PASSED], [open])).toMatchObject({
      group: 'no help',
      verdict: 'worse',
      lost: [ERRORS],
    });
  });

  it('M195: ranks by group, then cost, then what a dollar takes away', () => {
    const judged = judgeChange(effects({ 'services.talent.replicas': 2 }), [FAILED], [PASSED]);
    const one = (id: string, more: Partial<typeof judged>) => ({ ...judged, id, ...more });
    const ranked = [
      one('saves', { group: 'saves', usdPerHour: -1 }),
      one('poor', { group: 'improves', deficitPerUsd: 1, usdPerHour: 1 }),
      one('free', { group: 'improves', deficitPerUsd: null, usdPerHour: 0 }),
      one('dear', { usdPerHour: 2 }),
      one('cheap', { usdPerHour: 1 }),
    ].sort(compareRanked);
    expect(ranked.map(({ id }) => id)).toEqual(['cheap', 'dear', 'free', 'poor', 'saves']);
  });
});

describe('a screening', () => {
  const action = (id: string, purpose: AdviceAction['purpose']): AdviceAction => ({
    id,
    purpose,
    title: id,
    changes: [],
    finding: null,
    reason: '',
  });

  it('M193: pursues what helps each objective in turn, savings, and what was asked for', () => {
    const all = [
      { one: action('talent-3', 'help'), set: { 'services.talent.replicas': 3 } },
      { one: action('talent-2', 'help'), set: { 'services.talent.replicas': 2 } },
      { one: action('workers-2', 'help'), set: { 'clickstream.workers.count': 2 } },
      { one: action('movie-3', 'help'), set: { 'services.movie.replicas': 3 } },
      { one: action('production-1', 'saving'), set: { 'services.production.replicas': 1 } },
      { one: action('asked', 'asked'), set: { 'services.movie.replicas': 4 } },
    ];
    const { pursued, looks } = screenActions({
      actions: all.map(({ one }) => one),
      baseline: samplesOf({}, { count: 3 }),
      samples: all.map(({ set }) => samplesOf(set, { count: 3 })),
      needs: objectives,
      objectives,
      most: 3,
    });
    expect(pursued.map(({ id }) => id)).toEqual(['talent-2', 'workers-2', 'production-1', 'asked']);
    expect(looks.get('talent-3')?.reason).toBe('others promised more');
    expect(looks.get('movie-3')?.isPursued).toBe(false);
  });
});

it('M196: of two changes of a field the later one counts, from what the baseline has', () => {
  const first = [{ path: 'a', from: 1, to: 2 }];
  const second = [
    { path: 'a', from: 2, to: 3 },
    { path: 'b', from: null, to: {} },
  ];
  expect(mergedChanges(first, second)).toEqual([
    { path: 'a', from: 1, to: 3 },
    { path: 'b', from: null, to: {} },
  ]);
});
