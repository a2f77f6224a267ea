/** The load that `learn` foretells, from sessions of play alone; and its section of the report. */
import { describe, expect, it } from 'vitest';
import type { LearnDocument } from '../../../src/experiment/learn/learn-document.ts';
import { learnLoad } from '../../../src/experiment/learn/load.ts';
import { learnedLoadSections } from '../../../src/report/sections/analytics/forecast-learned.ts';
import { emptyWarehouse, inventHistory } from '../../analytics/outcomes/invented-history.ts';

const sectionsOf = (learned: Partial<ReturnType<typeof learnLoad>>) =>
  learnedLoadSections(learned as LearnDocument);

/** Whether all numbers in it can be said in JSON. */
function areFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value !== 'object' || Object.values(value).every(areFinite);
}

describe('the load of a warehouse', () => {
  it('M94: by the hour, with accuracy beside the seasonal naive', () => {
    const { warehouse } = inventHistory({ viewers: 60, days: 12, seed: 2, hasImpressions: false });
    const learned = learnLoad(warehouse);
    const { load } = learned;
    warehouse.close();
    expect(learned.loadMissing).toBeNull();
    expect(load).toMatchObject({ kind: 'playback sessions', bucketSeconds: 3_600 });
    expect(load?.seasonLength).toBe(24);
    expect(load?.mean).toHaveLength(24);
    expect(load?.accuracy?.forecasts).toBeGreaterThan(48);
    expect(load?.errorRatio).toBeGreaterThan(0);
    expect(areFinite(learned)).toBe(true);
    const [section] = sectionsOf(learned);
    expect(section?.heading).toBe('Load to come');
    expect(section?.body).toContain('seasonal naive');
    expect(section?.body).toContain('playback sessions');
  });

  it('M94: nothing to learn from is a reason', () => {
    const warehouse = emptyWarehouse();
    const learned = learnLoad(warehouse);
    warehouse.close();
    expect(learned).toEqual({ load: null, loadMissing: 'there are no page views or plays' });
    expect(sectionsOf(learned)[0]?.body).toContain('Nothing can be foretold');
    expect(sectionsOf({})).toEqual([]);
  });
});
