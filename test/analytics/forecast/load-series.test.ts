/** The load out of a warehouse: gaps are zeros, what is not over is left out. */
import { afterAll, describe, expect, it } from 'vitest';
import { readEvenings } from '../../../src/analytics/forecast/evening-series.ts';
import { readLoad } from '../../../src/analytics/forecast/load-series.ts';
import type { EnrichedEvent } from '../../../src/domain/pipeline-ports.ts';
import type { TrackedEventType } from '../../../src/domain/tracked-event.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';

const MINUTE = 60_000_000;
const START = Date.parse('2026-11-27T20:30:00Z') * 1_000;

const opened: Warehouse[] = [];
afterAll(() => {
  for (const one of opened) one.close();
});

function warehouseOf(events: readonly (readonly [TrackedEventType, number])[]): Warehouse {
  const warehouse = openWarehouse({ path: ':memory:', isSmall: true });
  opened.push(warehouse);
  const facts = events.map(([type, minute], n): EnrichedEvent => {
    const atUs = START + Math.round(minute * MINUTE);
    const event = { id: `e${n}`, type, subject: 'v1', sessionId: 's1', sequence: n };
    return {
      event: { ...event, eventTimeUs: atUs, data: {} },
      ingestTimeUs: atUs,
      processTimeUs: atUs,
      deviceKind: 'tv',
      country: 'US',
      localHour: 20,
      titleName: null,
      genre: null,
    };
  });
  warehouse.commit({
    facts,
    panes: [],
    late: [],
    badRows: [],
    nextOffsets: [],
    stageCounts: [],
    watermarkUs: START,
    processTimeUs: START,
  });
  return warehouse;
}

describe('readLoad', () => {
  it('M91: counts by bucket, gaps as zeros, the unfinished last bucket left out', () => {
    const warehouse = warehouseOf([
      ['page.view', 0.2],
      ['page.view', 0.9],
      ['media.play', 1.5],
      ['page.view', 3.999_999],
      ['page.view', 4],
      ['ui.click', 5.5],
    ]);
    const load = readLoad(warehouse, { kind: 'page views', bucketUs: MINUTE });
    expect(load).toEqual({ fromUs: START, bucketUs: MINUTE, values: [2, 0, 0, 1, 1] });
    expect(readLoad(warehouse, { kind: 'plays', bucketUs: MINUTE })?.values).toEqual([1, 0, 0, 0]);
  });

  it('M92: within bounds, as they are given', () => {
    const warehouse = warehouseOf([['page.view', 2.5]]);
    const asked = { kind: 'page views', bucketUs: MINUTE } as const;
    const range = { fromUs: START, toUs: START + 4 * MINUTE };
    expect(readLoad(warehouse, { ...asked, ...range })?.values).toEqual([0, 0, 1, 0]);
  });

  it('M92: an empty warehouse has no load', () => {
    const warehouse = warehouseOf([]);
    expect(readLoad(warehouse, { kind: 'plays', bucketUs: MINUTE })).toBeUndefined();
  });

  it('M93: the same hours of evenings, one after the other', () => {
    const day = 24 * 60;
    const warehouse = warehouseOf([
      ['page.view', 1.5],
      ['page.view', 700],
      ['page.view', day + 0.5],
      ['page.view', day + 1.1],
      ['page.view', day + 2.1],
    ]);
    const startsUs = [START, START + day * MINUTE, START + 2 * day * MINUTE];
    const evenings = { kind: 'page views', bucketUs: MINUTE, buckets: 2, startsUs } as const;
    expect(readEvenings(warehouse, evenings)).toEqual([0, 1, 1, 1, 0, 0]);
  });
});
