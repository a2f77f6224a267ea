/** Files of Segment, Snowplow and Parquet through `ingest`: the same events give the same facts
 * whatever they came as, bad ones become bad rows, and nobody is known by what is written. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';
import { detectFormat } from '../../../src/experiment/ingest/detect-format.ts';
import { isOneValueALine } from '../../../src/experiment/ingest/file-head.ts';
import {
  toSegment,
  toSegmentBatch,
} from '../../../src/experiment/ingest/formats/segment-export.ts';
import {
  toSnowplow,
  toSnowplowPayload,
} from '../../../src/experiment/ingest/formats/snowplow-export.ts';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { START_US } from './formats/foreign-builder.ts';

const folder = temporaryFolder();
let files = 0;

async function ingest(content: string | Uint8Array, name = 'events.json') {
  files += 1;
  const path = folder.write(`${files}-${name}`, content);
  const warehousePath = folder.path(`${files}.sqlite`);
  const document = await ingestFile({ path, warehousePath });
  expect(document.ledger.events.residual).toBe(0);
  const warehouse = openWarehouse({ path: warehousePath });
  const facts = warehouse.query(
    `SELECT event_id, dim_event_type.name AS type, event_time_us, title_id, position_s
     FROM fact_event JOIN dim_event_type USING (event_type_sk) LEFT JOIN dim_title USING (title_sk)
     ORDER BY event_id`,
  );
  const badRows = warehouse.query('SELECT reason, payload FROM bad_row ORDER BY reason, payload');
  warehouse.close();
  const written = `${readFileSync(warehousePath, 'latin1')}${JSON.stringify(document)}`;
  return { document, facts, badRows, written };
}

const EVENTS = Array.from(
  { length: 40 },
  (_, i): TrackedEvent => ({
    id: `event-${String(i).padStart(3, '0')}`,
    type: (['media.play', 'media.ping', 'ui.click', 'page.view'] as const)[i % 4] ?? 'ui.hover',
    subject: `v${i % 7}`,
    sessionId: `s${i % 7}`,
    sequence: i,
    eventTimeUs: START_US + i * 1_000_001,
    data: { titleId: `tt${i % 5}`, positionSeconds: i },
  }),
);
const SENT_US = START_US + 60_000_000;
const lines = (values: readonly unknown[]) => values.map((one) => JSON.stringify(one)).join('\n');

const LAYOUTS: readonly (readonly [string, string, string])[] = [
  ['segment', 'calls, one a line', lines(EVENTS.map(toSegment))],
  ['segment', 'an array of calls', JSON.stringify(EVENTS.map(toSegment), null, 2)],
  [
    'segment',
    'bodies, one a line',
    lines([EVENTS.slice(0, 9), EVENTS.slice(9)].map((some) => toSegmentBatch(some, SENT_US))),
  ],
  ['segment', 'one body over many lines', JSON.stringify(toSegmentBatch(EVENTS, SENT_US), null, 2)],
  ['segment', 'one body in one line', JSON.stringify(toSegmentBatch(EVENTS, SENT_US))],
  [
    'snowplow',
    'bodies, one a line',
    lines([EVENTS.slice(0, 9), EVENTS.slice(9)].map((some) => toSnowplowPayload(some, SENT_US))),
  ],
  ['snowplow', 'an array of bodies', JSON.stringify([toSnowplowPayload(EVENTS, SENT_US)])],
];

describe('E40 every layout gives the same facts', () => {
  it.each(LAYOUTS)('%s: %s', async (format, _layout, content) => {
    const { document, facts } = await ingest(content);
    expect(document).toMatchObject({ format, read: 40, stored: 40, badRows: 0, hosts: 7 });
    expect(facts.map((fact) => [fact['event_id'], fact['type'], fact['event_time_us']])).toEqual(
      EVENTS.map(({ id, type, eventTimeUs }) => [id, type, eventTimeUs]),
    );
    expect(facts.map((fact) => fact['title_id'])).toEqual(EVENTS.map(({ data }) => data.titleId));
  });

  it('zipped, and with another end of line', async () => {
    const [, , content = ''] = LAYOUTS[0] ?? [];
    const { document } = await ingest(gzipSync(content.replaceAll('\n', '\r\n')), 'calls.jsonl.gz');
    expect(document).toMatchObject({ format: 'segment', stored: 40 });
  });

  it('drops what comes twice', async () => {
    const calls = [...EVENTS, ...EVENTS.slice(0, 5)].map(toSegment);
    const { document } = await ingest(lines(calls));
    expect(document).toMatchObject({ read: 45, stored: 40, duplicates: 5 });
  });

  it('by the name of the format, where content does not tell', async () => {
    const path = folder.write('parts.json', lines(EVENTS.map(toSnowplow)));
    const warehousePath = folder.path('parts.sqlite');
    const document = await ingestFile({ path, warehousePath, format: 'snowplow' });
    expect(document).toMatchObject({ format: 'snowplow', stored: 40 });
  });
});

describe('E40 Parquet', () => {
  async function writeParquet(name: string, select: string): Promise<Uint8Array> {
    const path = folder.path(name);
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    return readFileSync(path);
  }

  it('brings tracked events, each under one pseudonym of its id', async () => {
    const json = folder.write('tracked.ndjson', lines(EVENTS));
    const bytes = await writeParquet('tracked.parquet', `SELECT * FROM read_json('${json}')`);
    const { document, facts } = await ingest(bytes, 'no-name-tells');
    expect(document).toMatchObject({ format: 'parquet', read: 40, stored: 40, badRows: 0 });
    const positions = facts.map((fact) => Number(fact['position_s']));
    expect(positions.sort((a, b) => a - b)).toEqual(
      EVENTS.map(({ data }) => Number(data.positionSeconds)).sort((a, b) => a - b),
    );
    const ids = new Set(facts.map((fact) => String(fact['event_id'])));
    expect(ids.size).toBe(40);
    for (const { id } of EVENTS) expect(ids.has(id)).toBe(false);
  });

  it('takes any row with a time, its people replaced', async () => {
    const select = `SELECT TIMESTAMP '2026-11-20 20:00:00' + INTERVAL (range) SECOND AS time,
      'carol' AS user_id, 'opened' AS event FROM range(10)
      UNION ALL SELECT NULL, 'dave', 'timeless'`;
    const { document, badRows, written } = await ingest(await writeParquet('rows.parquet', select));
    expect(document).toMatchObject({ read: 11, stored: 10, badRows: 1, hosts: 1 });
    expect(badRows[0]).toMatchObject({ reason: 'no column with a time' });
    expect(written).not.toMatch(/carol|dave/);
  });

  it('of two files of one name both are there', async () => {
    const warehousePath = folder.path('two.sqlite');
    for (const [day, folderName] of [
      [20, folder.fresh()],
      [21, folder.fresh()],
    ] as const) {
      const time = `TIMESTAMP '2026-11-${day}' + INTERVAL (range) SECOND`;
      const select = `SELECT ${time} AS time FROM range(5)`;
      const path = `${folderName}/part.parquet`;
      await writeParquet(path.slice(folder.path('').length), select);
      expect(await ingestFile({ path, warehousePath })).toMatchObject({ stored: 5 });
    }
    const warehouse = openWarehouse({ path: warehousePath });
    expect(warehouse.query('SELECT count(*) AS n FROM fact_event')).toEqual([{ n: 10 }]);
    warehouse.close();
  });
});

describe('E44 what is no event', () => {
  it('becomes a bad row with its reason, where it stood', async () => {
    const [good] = EVENTS.map(toSegment);
    const { document, badRows } = await ingest(
      [
        JSON.stringify(good),
        '{"type":"track","messageId":"m1","event":"cut-kept","userId":"carol',
        '{"batch":[{"type":"track","event":"kept-too"},7]}',
        '"text"',
      ].join('\n'),
    );
    expect(document).toMatchObject({ format: 'segment', read: 5, stored: 1, badRows: 4 });
    expect(document.badRowReasons).toEqual({
      'no messageId': 1,
      'not a JSON object': 2,
      'not valid JSON': 1,
    });
    expect(JSON.stringify(badRows)).toMatch(/cut-kept.*kept-too|kept-too.*cut-kept/s);
  });

  it('and holds nobody’s name: ids, addresses, traits, base64', async () => {
    const secret = Buffer.from('{"user":"heidi"}').toString('base64');
    const people = {
      userId: 'carol',
      anonymousId: 'anon-dave',
      context: { ip: '203.0.113.7', traits: { name: 'erin' }, sessionId: 'session-frank' },
      traits: { email: 'grace@x.example' },
      properties: { note: 'from ivan@x.example', query: 'judy@x.example' },
    };
    const timestamp = '2026-11-20T20:00:00Z';
    const call = {
      type: 'track',
      event: 'Products Searched',
      messageId: 'm1',
      timestamp,
      ...people,
    };
    const segment = await ingest(
      [
        lines([call, { ...call, type: 'identify', messageId: 'm2' }, { ...call, timestamp: '?' }]),
        `${JSON.stringify({ ...call, messageId: 'm3' }).slice(0, -1)},}`,
      ].join('\n'),
    );
    expect(segment.document).toMatchObject({ stored: 2, badRows: 2 });
    const payload = {
      e: 'pv',
      eid: 'e1',
      dtm: String(START_US / 1_000),
      uid: 'carol',
      duid: 'anon-dave',
      nuid: 'erin',
      sid: 'session-frank',
      ip: '203.0.113.7',
      url: 'https://x.example/grace@x.example/kept?u=ivan',
      cx: secret,
    };
    const schema = 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4';
    const body = {
      schema,
      data: [
        { ...payload, cx: undefined },
        { ...payload, eid: 'e2' },
      ],
    };
    const cells = Array.from({ length: 130 }, (_, i) => (i % 2 === 0 ? 'judy' : '203.0.113.9'));
    const snowplow = await ingest(
      [lines([body]), `${JSON.stringify(body).slice(0, -1)}`, cells.join('\t')].join('\n'),
    );
    expect(snowplow.document).toMatchObject({ stored: 1, badRows: 3, read: 4 });
    expect(snowplow.document.badRowReasons).toMatchObject({ 'not 131 columns': 1 });
    for (const { written } of [segment, snowplow]) {
      const found = written.match(
        /.{20}(carol|dave|erin|frank|grace|heidi|ivan|judy|203\.0\.113)/g,
      );
      expect(found).toBeNull();
      expect(written).not.toContain(secret);
    }
    expect(snowplow.written).toContain('/[email]/kept');
  });
});

describe('layout', () => {
  it.each([
    ['lines', '{"a":1}\n{"b":2}\n', true],
    ['a broken first line', '{"a":1,"b\n{"b":2}\n', true],
    ['columns', 'web\t1\n', true],
    ['an array', '[{"a":1}]\n', false],
    ['one line', '{"a":1}', false],
    ['a body over many lines', '{\n "a": [\n  1]}\n', false],
    ['a body that begins with its name', `{"batch": [\n${'{"a":1},\n'.repeat(9_000)}`, false],
    ['a body that ends soon', '{"batch": [{"a":1}\n,{"b":2}]}\n', false],
  ])('%s', async (name, content, expected) => {
    expect(await isOneValueALine(folder.write(`layout of ${name}`, content))).toBe(expected);
  });
});

describe('detection', () => {
  it.each([
    ['a Segment call of NDJSON', 'a.ndjson', '{"type":"page","messageId":"m"}\n', 'segment'],
    ['behind a damaged line', 'b.jsonl', '{"cut\n{"type":"page","messageId":"m"}\n', 'segment'],
    ['no call without a messageId', 'c.ndjson', '{"type":"page","id":1}\n', 'ndjson'],
    ['columns', 'd.tsv', `web${'\t'.repeat(130)}\n`, 'snowplow'],
  ])('%s', async (...[, name, content, format]) => {
    expect(await detectFormat(folder.write(name, content))).toBe(format);
  });
});
