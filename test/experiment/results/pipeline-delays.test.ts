/** Delays of tracked events, out of a warehouse. */
import { expect, it } from 'vitest';
import { readDelays } from '../../../src/experiment/results/pipeline/pipeline-delays.ts';
import { batchOf, fact, START_US, warehouseWith } from '../../storage/warehouse-builder.ts';

it('E520: are nearest ranks of the stored events, as curves', () => {
  const facts = Array.from({ length: 200 }, (_, n) => fact({ id: `e${n}`, ageSeconds: n + 1 }));
  const warehouse = warehouseWith(facts);
  const late = { eventId: 'e1', metric: 'plays', eventTimeUs: START_US };
  warehouse.commit(batchOf({ late: [{ ...late, watermarkUs: START_US + 4e6 }], nextOffsets: [1] }));
  const { arrival, freshness, lateness } = readDelays(warehouse);
  const at = (share: number) => freshness.quantiles.find((one) => one.share === share)?.seconds;
  expect(freshness.events).toBe(200);
  expect([at(0.01), at(0.5), at(0.95), at(0.999), at(1)]).toEqual([2, 100, 190, 200, 200]);
  expect(arrival.quantiles.every(({ seconds }) => seconds === 1)).toBe(true);
  expect(lateness.events).toBe(1);
  expect(lateness.quantiles.at(-1)).toEqual({ share: 1, seconds: 4 });
  warehouse.close();
});

it('E520: have no quantiles where there was no event', () => {
  const warehouse = warehouseWith([]);
  expect(readDelays(warehouse).freshness).toEqual({ events: 0, quantiles: [] });
  warehouse.close();
});
