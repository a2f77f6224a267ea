/** The panel: the same whoever else is there, and what its listeners hear fits together. */
import { describe, expect, it } from 'vitest';
import { createPanel } from '../../../src/analytics/panel/panel.ts';
import type { PanelPlay, PanelRow } from '../../../src/analytics/panel/panel-records.ts';
import { createRandomPolicy } from '../../../src/analytics/policies/random-policy.ts';
import { analyticsWorld, numbersTo } from '../analytics-world.ts';

const world = analyticsWorld();
const policy = createRandomPolicy(world.catalogue.titles.length);

function told(viewers: readonly number[], days = 10) {
  const panel = createPanel({ ...world, viewers });
  const rows: PanelRow[] = [];
  const plays: PanelPlay[] = [];
  panel.advance({
    days,
    policyOf: () => policy,
    listener: { row: (row) => rows.push(row), play: (play) => plays.push(play) },
  });
  return { panel, rows, plays };
}

const byTime = (a: PanelPlay, b: PanelPlay) => a.atUs - b.atUs || a.viewer - b.viewer;

describe('panel', () => {
  it('M2: the same seed gives the same rows and plays, to the bit', () => {
    const once = told(numbersTo(40));
    const again = told(numbersTo(40));
    expect(once.rows.length).toBeGreaterThan(100);
    expect(JSON.stringify(again.rows)).toBe(JSON.stringify(once.rows));
    expect(JSON.stringify(again.plays)).toBe(JSON.stringify(once.plays));
  });

  it('M3: one viewer fewer changes nobody else', () => {
    const all = told(numbersTo(20));
    const fewer = told(numbersTo(20).filter((viewer) => viewer !== 7));
    expect(all.plays.some(({ viewer }) => viewer === 7)).toBe(true);
    expect(fewer.plays).toEqual(all.plays.filter(({ viewer }) => viewer !== 7));
    expect(fewer.rows).toEqual(all.rows.filter(({ viewer }) => viewer !== 7));
  });

  it('M4: nobody begins a title twice, and none that was begun is shown again', () => {
    const { rows, plays } = told(numbersTo(10), 40);
    const begun = new Set(plays.map(({ viewer, title }) => `${viewer} ${title}`));
    expect(begun.size).toBe(plays.length);
    for (const play of plays) {
      const later = rows.filter((row) => row.viewer === play.viewer && row.atUs > play.atUs);
      expect(later.some(({ titles }) => titles.includes(play.title))).toBe(false);
    }
  });

  it('M5: a row that is taken from is a play, with its reward as share; others are browsed', () => {
    const { rows, plays } = told(numbersTo(40));
    const taken = rows.filter(({ takenSlot }) => takenSlot >= 0);
    const ofRows = plays.filter(({ from }) => from === 'row');
    expect(ofRows.map(({ viewer, title, share }) => [viewer, title, share])).toEqual(
      taken.map(({ viewer, titles, takenSlot, reward }) => [viewer, titles[takenSlot], reward]),
    );
    expect(ofRows.length).toBeLessThan(plays.length);
    expect(rows.filter((row) => row.takenSlot < 0).every(({ reward }) => reward === 0)).toBe(true);
  });

  it('M6: a fork goes on as the panel itself does', () => {
    const { panel } = told(numbersTo(30), 5);
    const fork = panel.fork();
    const hear = (of: typeof panel) => {
      const plays: PanelPlay[] = [];
      const listener = { play: (play: PanelPlay) => plays.push(play) };
      of.advance({ days: 5, policyOf: () => policy, listener });
      return plays;
    };
    const ofFork = hear(fork);
    expect(ofFork.length).toBeGreaterThan(0);
    expect(hear(panel)).toEqual(ofFork);
    const whole = told(numbersTo(30), 10).plays;
    expect(ofFork.toSorted(byTime)).toEqual(whole.slice(-ofFork.length).toSorted(byTime));
  });

  it('M7: policies are told of each of their rows once, by time, a day at a time', () => {
    const lessons: (readonly { atUs: number; viewer: number }[])[] = [];
    const learns = { ...policy, learn: (rows: (typeof lessons)[number]) => lessons.push(rows) };
    const panel = createPanel({ ...world, viewers: numbersTo(30) });
    let shown = 0;
    const listener = { row: () => (shown += 1) };
    panel.advance({ days: 4, policyOf: (v) => (v % 2 === 0 ? learns : policy), listener });
    expect(lessons.length).toBe(4);
    const all = lessons.flat();
    expect(all.length).toBeGreaterThan(0);
    expect(all.length).toBeLessThan(shown);
    expect(all.every(({ viewer }) => viewer % 2 === 0)).toBe(true);
    for (const lesson of lessons) {
      const times = lesson.map(({ atUs }) => atUs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it('M12: who finds nothing is the less content', () => {
    const panel = createPanel({ ...world, viewers: numbersTo(20), config: { browseShare: 0 } });
    const empty = { id: 'empty', choose: () => ({ titles: [], propensities: [] }) };
    panel.advance({ days: 10, policyOf: () => empty });
    expect(panel.states.visits.some((visits) => visits > 0)).toBe(true);
    panel.states.visits.forEach((visits, at) => {
      expect(panel.states.exposure[at]).toBeLessThanOrEqual(visits > 0 ? -0.5 : 0);
    });
  });

  it('goes on where everything was seen, and where nobody is', () => {
    const few = analyticsWorld({ titles: 2 });
    const panel = createPanel({ ...few, viewers: [0, 1] });
    const rows: PanelRow[] = [];
    const listener = { row: (row: PanelRow) => rows.push(row) };
    panel.advance({ days: 60, policyOf: () => createRandomPolicy(2), listener });
    expect(rows.at(-1)?.titles).toEqual([]);
    expect(rows.every(({ reward }) => Number.isFinite(reward))).toBe(true);
    createPanel({ ...few, viewers: [] }).advance({ days: 2, policyOf: () => policy });
  });
});
