/** Experiments on a small panel: A/B, interleaving, and the rows that each takes. */
import { describe, expect, it } from 'vitest';
import {
  createCredits,
  rowsByDesign,
  rowsForDecision,
} from '../../../src/analytics/online-experiments/interleaved/credits.ts';
import { interleavePanel } from '../../../src/analytics/online-experiments/interleaved/on-panel.ts';
import { experimentOnPanel } from '../../../src/analytics/online-experiments/panel-ab.ts';
import { switchPanel } from '../../../src/analytics/online-experiments/switchback/on-panel.ts';
import { createPanel } from '../../../src/analytics/panel/panel.ts';
import { createOraclePolicy } from '../../../src/analytics/policies/oracle-policy.ts';
import { createPopularityPolicy } from '../../../src/analytics/policies/popularity-policy.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import type { RowPolicy } from '../../../src/domain/recommending/row-policy.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';

const { chance, catalogue, tastes } = analyticsWorld({ titles: 40 });
const random = createRandomPolicy(tastes.titleCount);
const popular = createPopularityPolicy({
  titleCount: tastes.titleCount,
  halfLifeUs: 1e12,
  counts: numbersTo(tastes.titleCount).map((title) => tastes.titleCount - title),
});
const { learn: _, ...fixed } = popular;
const oracle = createOraclePolicy({ tastes, choice: panelOf(0).config.choice });

function panelOf(viewers: number) {
  return createPanel({ tastes, catalogue, chance, viewers: numbersTo(viewers) });
}

function abOf(viewers: number, [control, treatment]: readonly RowPolicy[] = [random, oracle]) {
  return experimentOnPanel({
    name: 'rows',
    panel: panelOf(viewers),
    chance,
    arms: [
      { name: 'control', share: 1, policy: control ?? random },
      { name: 'treatment', share: 1, policy: treatment ?? random },
    ],
    before: { days: 7, policy: random },
    days: 7,
  });
}

describe('experiments on the panel', () => {
  it('M158: the oracle beats random rows, all viewers are in, and allocation is as planned', () => {
    const report = abOf(600);
    expect(report.viewers).toBe(600);
    expect(report.sampleRatio.verdict).toBe('as planned');
    const taken = report.metrics.find(({ name }) => name === 'rows taken from')?.comparisons[0];
    expect(taken).toMatchObject({ arm: 'treatment', verdict: 'better', method: 'delta method' });
    const visits = report.metrics.find(({ name }) => name === 'visits')?.comparisons[0];
    expect(visits?.guardrail?.verdict).not.toBe('breached');
    expect(visits?.cuped?.varianceReduction).toBeGreaterThan(1);
    expect(report).toEqual(abOf(600));
  });

  it('M158: of nobody says so, without a NaN', () => {
    const report = abOf(0);
    expect(report.decisions[0]?.verdict).toBe('inconclusive');
    expect(JSON.stringify(report)).not.toContain('NaN');
  });

  it('M154: interleaving sees the better policy in far fewer rows than A/B', () => {
    const interleaved = interleavePanel({ panel: panelOf(400), a: fixed, b: oracle, days: 7 });
    expect(interleaved.verdict).toBe('b');
    expect(interleaved.rows).toBe(interleaved.winsA + interleaved.winsB + interleaved.ties);
    const rows = rowsByDesign(interleaved, abOf(400, [fixed, oracle]));
    expect(rows.interleaving).toBeGreaterThan(0);
    expect(rows.ratio).toBeGreaterThan(3);
  });

  it('M156: a switchback of all viewers sees the better policy as well', () => {
    const report = switchPanel({
      panel: panelOf(200),
      control: random,
      treatment: oracle,
      blocks: 10,
      blockDays: 2,
      burnInDays: 1,
      draws: chance.draws('test.switchback'),
    });
    expect(report).toMatchObject({ blocks: 10, emptyBlocks: 0, refusal: null });
    expect(report.effect.low).toBeGreaterThan(0);
  });

  it('M153: a policy against itself wins as often as it loses', () => {
    const same = interleavePanel({ panel: panelOf(400), a: fixed, b: fixed, days: 7 });
    expect(same.verdict).toBe('inconclusive');
    expect(same.signTestPValue).toBeGreaterThan(0.01);
  });

  it('M153: without rows there is no preference, and with one viewer no interval', () => {
    const none = createCredits().report({ a: 'a', b: 'b' });
    expect(none).toMatchObject({ rows: 0, preference: null, signTestPValue: null });
    expect(none.refusal?.text).toContain('2 viewers');
    const credits = createCredits();
    for (const winner of ['a', 'a', 'b', null] as const) credits.add(7, winner);
    expect(credits.report({ a: 'a', b: 'b' })).toMatchObject({ winsA: 2, winsB: 1, ties: 1 });
  });

  it('M153: the sign test is exact, by hand', () => {
    const credits = createCredits();
    for (let viewer = 0; viewer < 6; viewer += 1) credits.add(viewer, 'b');
    // 2 · ½⁶.
    expect(credits.report({ a: 'a', b: 'b' }).signTestPValue).toBeCloseTo(1 / 32, 12);
  });

  it('M154: twice the standard error takes four times the rows; no effect takes no number', () => {
    const of = (standardError: number, effect = 1) =>
      rowsForDecision({ effect, standardError, rows: 1_000 });
    expect((of(0.4) ?? 0) / (of(0.2) ?? 1)).toBeCloseTo(4, 2);
    expect(of(0.2, 0)).toBeNull();
  });
});
