/** Real historical files through the pipeline: the figures that were computed elsewhere, and no
 * address of anybody in anything that is written. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { onRealData } from '../../real-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

describe('access logs', () => {
  it(
    'gives the figures of a combined log that is out of order, without its addresses',
    onRealData('access-logs/apache-2015.log', async (path) => {
      const warehousePath = folder.path('apache.sqlite');
      const document = await ingestFile({ path, warehousePath });
      expect(document).toMatchObject({
        schema: 'backlot.ingest/1',
        format: 'access-log',
        read: 10_000,
        stored: 9_999,
        badRows: 1,
        badRowReasons: { 'not a line of the common or combined log format': 1 },
        statuses: { 200: 9125, 304: 445, 404: 213, 301: 164, 206: 45, 500: 3, 403: 2, 416: 2 },
        bytes: 2_747_282_505,
        hosts: 1_753,
        duplicates: 0,
        ledger: { events: { in: 10_000, out: 9_999, dropped: 1, inFlight: 0, residual: 0 } },
      });
      const log = readFileSync(path, 'utf8');
      const hosts = new Set(log.match(/^\S+/gm));
      expect(hosts.size).toBeGreaterThanOrEqual(1_753);
      const written = `${readFileSync(warehousePath, 'latin1')}${JSON.stringify(document)}`;
      expect([...hosts].filter((host) => written.includes(host))).toEqual([]);
      const warehouse = openWarehouse({ path: warehousePath });
      const [bad] = warehouse.query('SELECT payload FROM bad_row');
      const [nulls] = warehouse.query(
        'SELECT count(*) AS n FROM fact_event WHERE response_bytes IS NULL',
      );
      warehouse.close();
      expect(String(bad?.['payload'])).toMatch(/^h[0-9a-f]{16} - - \[.*GET /);
      // 669 lines have no size; the bad row is not among them.
      expect(nulls).toEqual({ n: 669 });
    }),
  );

  it(
    'gives the figures of a common log',
    onRealData('access-logs/nasa-1995-07.log', async (path) => {
      const document = await ingestFile({ path, warehousePath: folder.path('nasa.sqlite') });
      expect(document).toMatchObject({
        read: 2_000,
        stored: 2_000,
        badRows: 0,
        statuses: { 200: 1780, 304: 114, 302: 96, 404: 10 },
        bytes: 42_309_184,
        hosts: 237,
        lateEvents: 0,
      });
      const written = readFileSync(folder.path('nasa.sqlite'), 'latin1');
      // Hosts of this log are mostly names; those that end in a country or `.com` cannot be a word.
      const hosts = new Set(readFileSync(path, 'latin1').match(/^\S+\.\S+\.\S+(?= )/gm));
      expect(hosts.size).toBeGreaterThan(200);
      expect([...hosts].filter((host) => written.includes(host))).toEqual([]);
    }),
  );
});

describe('NDJSON', () => {
  it(
    'counts ride events per hour as the expected file does, row for row',
    onRealData('streaming/cars.ndjson', async (path) => {
      const warehousePath = folder.path('cars.sqlite');
      const document = await ingestFile({ path, warehousePath });
      expect(document).toMatchObject({ format: 'ndjson', read: 7_932, stored: 7_932, badRows: 0 });
      const warehouse = openWarehouse({ path: warehousePath });
      const panes = warehouse.query(
        `SELECT key, window_start_us, value FROM pane WHERE metric = 'records_1h'`,
      );
      warehouse.close();
      const found = panes.map((pane) => ({
        event_type: pane['key'],
        hour: new Date(Number(pane['window_start_us']) / 1_000).toISOString().slice(0, 19),
        count: pane['value'],
      }));
      const expected = readFileSync(
        path.replace('cars.ndjson', 'hourly-by-event-type.expected.ndjson'),
        'utf8',
      )
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
      expect(expected.length).toBeGreaterThan(40);
      const byText = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
      expect(byText(found)).toEqual(byText(expected));
    }),
  );
});
