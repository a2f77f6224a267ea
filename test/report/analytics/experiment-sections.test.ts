/** Sections of experiments and of off-policy estimates, made of small real ones. */
import { describe, expect, it } from 'vitest';
import { studyHeroSlot } from '../../../src/analytics/off-policy/hero-slot-study.ts';
import { studyAa } from '../../../src/analytics/online-experiments/a-a-study.ts';
import { judgeExperiment } from '../../../src/analytics/online-experiments/ab/ab-report.ts';
import { createCredits } from '../../../src/analytics/online-experiments/interleaved/credits.ts';
import { designSwitchback } from '../../../src/analytics/online-experiments/switchback/design.ts';
import { judgeSwitchback } from '../../../src/analytics/online-experiments/switchback/report.ts';
import { aaSection, abSection } from '../../../src/report/sections/experiments/experiment-ab.ts';
import {
  interleavingSection,
  switchbackSection,
} from '../../../src/report/sections/experiments/experiment-designs.ts';
import { offPolicySection } from '../../../src/report/sections/experiments/off-policy-estimates.ts';
import { analyticsWorld, numbersTo } from '../../analytics/analytics-world.ts';

const { chance, catalogue, tastes } = analyticsWorld({ titles: 30 });
const draws = chance.draws('test.sections');
const ARMS = [
  { name: 'old', share: 1 },
  { name: '<new>', share: 1 },
];

function abOf(viewers: number) {
  const viewer = numbersTo(viewers);
  const arm = viewer.map((i) => i % 2);
  const before = viewer.map((i) => draws.uniform(i, 0));
  const value = viewer.map((i) => (before[i] ?? 0) + draws.uniform(i, 1) + 0.2 * (i % 2));
  return judgeExperiment({
    name: 'rows',
    arms: ARMS,
    viewers: { viewer, arm },
    metrics: [
      { name: 'hours', unit: 'h', better: 'more', value, before },
      { name: 'stalls', unit: '1', better: 'less', value: before, weight: value, margin: 0.1 },
    ],
  });
}

/** Text of HTML. */
function textOf(html: string): string {
  return html
    .replace(/<script.*?<\/script>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('sections of experiments', () => {
  it('show an A/B with its intervals, verdicts and the bound over viewers', () => {
    const { body, heading } = abSection(abOf(800));
    const text = textOf(body);
    expect(heading).toBe('A/B experiment');
    expect(text).toContain('Sample ratio: as planned');
    expect(text).toContain('welch');
    expect(text).toContain('delta method');
    expect(text).toContain('guardrail, margin 0.1');
    expect(text).toContain('could stop');
    expect(body).toContain('<svg');
    expect(body).not.toContain('<new>');
    expect(text).not.toContain('NaN');
    expect(abSection(abOf(800)).body).toBe(body);
  });

  it('say in words what few viewers cannot bear', () => {
    const text = textOf(abSection(abOf(2)).body);
    expect(text).toContain('Sample ratio: unknown');
    expect(text).toContain('No bound over time');
    expect(text).toContain('2 viewers');
    expect(text).not.toContain('NaN');
  });

  it('show A/A splits with what is expected', () => {
    const viewer = numbersTo(400);
    const mean = {
      name: 'x',
      unit: '1',
      better: 'more' as const,
      value: viewer.map((i) => draws.uniform(i, 2)),
    };
    const { body } = aaSection(studyAa({ viewer, mean, runs: 20, looks: 5, chance }));
    expect(textOf(body)).toContain('False positives of 20 splits of 400 viewers');
    expect(textOf(body)).toContain('fixed horizon, peeked at');
  });

  it('show interleaving, with and without rows to compare', () => {
    const credits = createCredits();
    for (let i = 0; i < 60; i += 1) credits.add(i, i % 3 === 0 ? 'a' : 'b');
    const report = credits.report({ a: 'popular', b: 'personal' });
    const shown = interleavingSection(report, { interleaving: 100, ab: 900, ratio: 9 });
    expect(textOf(shown.body)).toContain('personal is liked better.');
    expect(textOf(shown.body)).toContain('9 times as many');
    const unknown = interleavingSection(report, { interleaving: null, ab: null, ratio: null });
    expect(textOf(unknown.body)).toContain('saw no effect');
    const none = interleavingSection(createCredits().report({ a: 'x', b: 'y' }), null);
    expect(textOf(none.body)).toContain('cannot be said');
    expect(textOf(none.body)).not.toContain('NaN');
  });

  it('show a switchback, and what it lacks', () => {
    const design = designSwitchback({ startUs: 0, blockUs: 60_000_000, blocks: 8, draws });
    const report = judgeSwitchback(design, { timeUs: [], value: [] }, { burnInUs: 0 });
    const text = textOf(switchbackSection(report, 'ms').body);
    expect(text).toContain('The cut: unknown');
    expect(text).toContain('2 pairs of blocks');
    expect(text).not.toContain('NaN');
  });

  it('show estimators against the true value', () => {
    const viewers = numbersTo(60);
    const options = { tastes, catalogue, chance, viewers, historyDays: 3 };
    const report = studyHeroSlot({ ...options, rows: 60, runs: 3, canaryRuns: 2 });
    const { body, heading } = offPolicySection(report);
    const text = textOf(body);
    expect(heading).toBe('Off-policy estimates');
    expect(text).toContain('estimated from its log: 3 times');
    expect(text).toContain('switch-DR');
    expect(text).toContain('Both wrong');
    expect(text).toContain('Bias, cascade');
    expect(text).not.toContain('NaN');
    expect(offPolicySection({ ...report, cases: [] }).body).toContain('Nothing was studied');
  });
});
