/** Features that know no future: by hand, and with the future changed. */
import { describe, expect, it } from 'vitest';
import { buildFeatures, type FeatureTable } from '../../../src/analytics/features/feature-table.ts';
import { readHistory } from '../../../src/analytics/features/history.ts';
import { learnOutcome } from '../../../src/analytics/outcomes/outcome-model.ts';
import { completionRows, takeRows } from '../../../src/analytics/outcomes/questions.ts';
import {
  DAY_US,
  emptyWarehouse,
  inventHistory,
  RUNTIME_SECONDS,
  START_US,
  writeImpression,
  writePlay,
} from '../outcomes/invented-history.ts';

const HOUR_US = DAY_US / 24;

function columnOf(table: FeatureTable, name: string): number[] {
  const feature = table.features.find((one) => one.name === name);
  return [...(feature?.values ?? [])];
}

/** Two plays of one viewer: a whole one, and one that failed to start a day later. */
function twoPlays() {
  const warehouse = emptyWarehouse();
  const play = { user: 'v1', title: 3, isComplete: true, device: 'tv' };
  writePlay(warehouse, {
    ...play,
    id: 'a',
    session: 's1',
    startUs: START_US,
    seconds: RUNTIME_SECONDS,
    bufferSeconds: 2_000,
  });
  writePlay(warehouse, {
    ...play,
    id: 'b',
    session: 's2',
    title: 4,
    startUs: START_US + DAY_US,
    seconds: 0,
    isComplete: false,
    error: 'E1',
  });
  const history = readHistory(warehouse);
  warehouse.close();
  return history;
}

describe('features', () => {
  it('M71: are what was known, by hand', () => {
    const nowUs = START_US + 2 * DAY_US;
    const table = buildFeatures(twoPlays(), {
      timeUs: Float64Array.of(nowUs),
      user: Int32Array.of(0),
      title: Int32Array.of(3),
    });
    const found = Object.fromEntries(
      table.features.map(({ name, values }) => [name, Number(values[0]?.toFixed(6))]),
    );
    const lately = 2 ** (-(2 * DAY_US - RUNTIME_SECONDS * 1e6) / (7 * DAY_US)) + 2 ** (-1 / 7);
    expect(found).toEqual({
      'is-new': 0,
      recency: expect.closeTo(Math.log1p(1), 5),
      frequency: expect.closeTo(Math.log1p(lately), 5),
      plays: expect.closeTo(Math.log1p(2), 5),
      'hours-watched': expect.closeTo(Math.log1p(RUNTIME_SECONDS / 3_600), 5),
      'completion-share': 1,
      'share-watched-lately': 1,
      'distinct-genres': 2,
      tenure: expect.closeTo(Math.log1p(2), 5),
      'pause-beyond-habit': expect.closeTo(Math.log1p(1), 5),
      'rebuffering-ratio': 0.25,
      'start-failures': 0.5,
      'day-part': 0,
      weekend: 1,
      device: 0,
      'title-popularity': expect.closeTo(Math.log1p(lately - 2 ** (-1 / 7)), 5),
      'title-completion': 1,
      'title-hours': expect.closeTo(RUNTIME_SECONDS / 3_600, 5),
      'genre-fit': 0.5,
      'seen-before': 1,
    });
    expect(table.leftOut).toEqual([]);
  });

  it('M71: do not know a play before its end, and never itself', () => {
    const history = twoPlays();
    const endUs = START_US + RUNTIME_SECONDS * 1e6;
    const table = buildFeatures(history, {
      timeUs: Float64Array.of(START_US + 1, endUs, endUs + 1, START_US + DAY_US),
      user: Int32Array.of(0, 0, 0, 0),
    });
    expect(columnOf(table, 'plays')).toEqual([0, 0, Math.log1p(1), Math.log1p(1)]);
    expect(columnOf(table, 'start-failures')).toEqual([NaN, NaN, 0, 0]);
  });

  it('M71: do not change by a bit when the future does', () => {
    const untilUs = START_US + 20 * DAY_US;
    const of = (hasFuture: boolean) => {
      const { warehouse } = inventHistory({ viewers: 60, days: 40, seed: 3, hasImpressions: true });
      if (hasFuture) {
        const later = 'start_us > ? AND play_id = play_id';
        const parameters = [untilUs];
        warehouse.query(
          `UPDATE fact_playback_session SET user_id = 'x' || user_id, title_sk = 1, play_s = 1,
          content_watched_s = 7, is_complete = 1 - is_complete, buffer_s = 99, end_us = end_us + 9,
          device_sk = NULL, error_code = 'E' WHERE ${later} RETURNING play_id`,
          parameters,
        );
        warehouse.query(
          `UPDATE fact_impression SET title_sk = 2, slot = 1, clicked = 1 - clicked,
          policy_id = 'a' || policy_id WHERE time_us > ? RETURNING imp_id`,
          parameters,
        );
      } else {
        warehouse.query('DELETE FROM fact_playback_session WHERE start_us > ? RETURNING 1', [
          untilUs,
        ]);
        warehouse.query('DELETE FROM fact_impression WHERE time_us > ? RETURNING 1', [untilUs]);
      }
      const history = readHistory(warehouse);
      warehouse.close();
      return [completionRows(history, untilUs), takeRows(history, untilUs)].map((rows) => ({
        rows: rows.training.length,
        features: rows.table.features.map(({ name, values }) => [
          name,
          [...rows.training].map((row) => values[row]),
        ]),
        weights: learnOutcome(rows).model.coefficients,
      }));
    };
    const [without, shuffled] = [of(false), of(true)];
    expect(without.map(({ rows }) => rows > 50)).toEqual([true, true]);
    expect(without.every(({ weights }) => weights.length > 3)).toBe(true);
    expect(shuffled).toEqual(without);
  });

  it('M71: know whose impressions are of all or of none', () => {
    const warehouse = emptyWarehouse();
    const play = { id: 'a', user: 'v1', session: 's1', title: 0, seconds: 100, isComplete: false };
    writePlay(warehouse, { ...play, startUs: START_US + HOUR_US });
    const shown = { slot: 0, title: 0, timeUs: START_US, isTaken: true };
    writeImpression(warehouse, { ...shown, id: 'i1', user: 'v1', session: 's1' });
    expect([...readHistory(warehouse).impressions.user]).toEqual([0]);
    writeImpression(warehouse, { ...shown, id: 'i2', user: null, session: 's2', isTaken: false });
    const history = readHistory(warehouse);
    warehouse.close();
    expect([...history.impressions.user]).toEqual([-1, -1]);
    const { table } = takeRows(history, START_US);
    expect(table.leftOut).toContainEqual({
      name: 'recency',
      reason: 'the warehouse does not tell whose rows these are',
    });
    expect(table.features.map(({ name }) => name)).toContain('slot');
  });

  it('M77: keep of very many impressions those of some sessions, of all the visits', () => {
    const { warehouse } = inventHistory({ viewers: 60, days: 20, seed: 5, hasImpressions: true });
    const [whole, part] = [readHistory(warehouse), readHistory(warehouse, 300)];
    warehouse.close();
    const sessions = ({ session }: { readonly session: Int32Array }) => new Set(session).size;
    expect(whole.impressions.share).toBe(1);
    expect(sessions(whole.impressions)).toBe(sessions(whole.impressions.visits));
    expect(part.impressions.share).toBeCloseTo(300 / whole.impressions.timeUs.length, 12);
    expect(part.impressions.timeUs.length).toBe(5 * sessions(part.impressions));
    expect(Math.abs(part.impressions.timeUs.length - 300)).toBeLessThan(100);
    expect(sessions(part.impressions.visits)).toBe(sessions(whole.impressions));
  });

  it('M72: are left out by name where nobody has them', () => {
    const warehouse = emptyWarehouse();
    const play = { id: 'a', user: 'v1', session: 's1', title: 0, seconds: 100, isComplete: false };
    writePlay(warehouse, { ...play, startUs: START_US });
    const { table } = completionRows(readHistory(warehouse), START_US);
    warehouse.close();
    expect(table.leftOut).toEqual([{ name: 'device', reason: 'no play has one' }]);
  });
});
