/** One play, from the viewer's wish to the number in the report: every stop is passed, in order,
 * and the fact, the pane and the metric speak of the same play. */
import { describe, expect, it } from 'vitest';
import { assemble } from '../src/experiment/assemble.ts';
import type { TraceRecord } from '../src/experiment/io/trace-file.ts';
import { readRunInputs } from '../src/experiment/run-inputs.ts';
import { runMetric } from '../src/storage/metrics.ts';
import { openWarehouse } from '../src/storage/warehouse.ts';
import { smallScenario } from './experiment/small-world.ts';

const PLAY = `SELECT event_id, subject, session_id, title_id, dim_title.name AS title,
  dim_device.kind AS device, dim_country.code AS country, local_hour, event_time_us,
  ingest_time_us, process_time_us
  FROM fact_event JOIN dim_event_type USING (event_type_sk) JOIN dim_title USING (title_sk)
  JOIN dim_device USING (device_sk) JOIN dim_country USING (country_sk)
  WHERE dim_event_type.name = 'media.play' ORDER BY event_time_us, event_id LIMIT 1`;

async function tracedRun() {
  const scenario = smallScenario();
  const { catalogue, arrivals } = await readRunInputs(scenario, {});
  const warehouse = openWarehouse({ path: ':memory:' });
  const records: TraceRecord[] = [];
  const trace = { write: (record: TraceRecord) => records.push(record), close: () => {} };
  const options = { scenario, architecture: 'federated' as const, replication: 0 };
  const world = assemble({ ...options, catalogue, arrivals, warehouse, trace });
  world.run();
  return { warehouse, records, catalogue, startUs: Date.parse(scenario.clock.start) * 1_000 };
}

describe('the journey of a play', () => {
  it('passes every stop in order, and every number agrees', async () => {
    const { warehouse, records, catalogue, startUs } = await tracedRun();
    const play = warehouse.query(PLAY)[0] ?? {};
    const viewer = String(play['subject']).slice(1);
    const captureUs = Number(play['event_time_us']) - startUs;
    const ingestUs = Number(play['ingest_time_us']) - startUs;
    const stops = [
      (r: TraceRecord) => r.actor === `viewer/${viewer}` && r.event === 'page.shown',
      (r: TraceRecord) => r.actor === `device/${viewer}` && r.event === 'player.play',
      (r: TraceRecord) =>
        r.actor === `sdk/${viewer}` && r.event === 'fact.captured' && r.simTimeUs === captureUs,
      (r: TraceRecord) =>
        r.actor === 'collector' && r.event.startsWith(`${viewer}/`) && r.simTimeUs === ingestUs,
      (r: TraceRecord) => r.actor === 'pipeline' && r.simTimeUs >= ingestUs,
    ];
    let at = 0;
    for (const isStop of stops) {
      const found = records.slice(at).findIndex(isStop);
      expect(found).toBeGreaterThanOrEqual(0);
      at += found;
    }
    expect(records[at]?.simTimeUs).toBe(Number(play['process_time_us']) - startUs);

    expect(play['title']).toBe(catalogue.titles.find(({ id }) => id === play['title_id'])?.name);
    expect(['tv', 'phone', 'web', 'console']).toContain(play['device']);
    expect(play['country']).toMatch(/^[A-Z]{2}$/);

    const minuteUs = Math.floor(Number(play['event_time_us']) / 60e6) * 60e6;
    const pane = warehouse.query(
      "SELECT value FROM pane WHERE metric = 'plays_1m' AND window_start_us = ? AND key = ?",
      [minuteUs, String(play['title_id'])],
    );
    expect(Number(pane[0]?.['value'])).toBeGreaterThanOrEqual(1);
    const minute = runMetric(warehouse, 'plays_per_minute').find(
      (row) => row['minute_us'] === minuteUs,
    );
    const inPanes = warehouse.query(
      "SELECT sum(value) AS plays FROM pane WHERE metric = 'plays_1m' AND window_start_us = ?",
      [minuteUs],
    );
    expect(Number(minute?.['plays'])).toBe(Number(inPanes[0]?.['plays']));
    warehouse.close();
  });
});
