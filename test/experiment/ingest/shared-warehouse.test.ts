/** Several files in one warehouse, one of them again or zipped: each has its own figures, and what
 * is there stays as it is. Real logs, and rows of CSV and NDJSON made up for it. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { createPseudonym } from '../../../src/experiment/ingest/pseudonym.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { onRealData } from '../../real-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const ORDER: Readonly<Record<string, string>> = {
  fact_event: 'event_id',
  pane: 'source, metric, window_start_us, key',
  late_event: 'event_id, metric',
  bad_row: 'source, log_partition, log_offset',
  stage_count: 'source, stage, outcome, reason',
};

type Rows = readonly Readonly<Record<string, unknown>>[];

/** All rows of a warehouse by table. */
function rowsOf(path: string): Readonly<Record<string, Rows>> {
  const warehouse = openWarehouse({ path });
  const tables = Object.entries(ORDER).map(([table, order]): [string, Rows] => [
    table,
    warehouse.query(`SELECT * FROM ${table} ORDER BY ${order}`),
  ]);
  warehouse.close();
  return Object.fromEntries(tables);
}

describe('two real logs', () => {
  it(
    'S3: neither disturbs the other, and again changes no fact, pane or bad row',
    onRealData('access-logs/nasa-1995-07.log', async (nasa) => {
      const apache = nasa.replace('nasa-1995-07', 'apache-2015');
      const both = folder.path('both.sqlite');
      const alone = folder.path('alone.sqlite');
      const first = await ingestFile({ path: apache, warehousePath: both });
      const second = await ingestFile({ path: nasa, warehousePath: both });
      expect([first.stored, second.stored]).toEqual([9_999, 2_000]);
      expect(second).toEqual(await ingestFile({ path: nasa, warehousePath: alone }));
      const rows = rowsOf(both);
      expect(rows['fact_event']).toHaveLength(11_999);
      expect(rows['bad_row']).toHaveLength(1);
      expect(rows['pane']).toHaveLength(first.panes + second.panes);
      const panesAlone = rowsOf(alone)['pane'] ?? [];
      const { source } = panesAlone[0] ?? {};
      expect(rows['pane']?.filter((pane) => pane['source'] === source)).toEqual(panesAlone);
      expect(await ingestFile({ path: apache, warehousePath: both })).toEqual(first);
      expect(await ingestFile({ path: nasa, warehousePath: both })).toEqual(second);
      expect(rowsOf(both)).toEqual(rows);
    }),
  );

  it(
    'gives the figures of a zipped log that it gives of the log',
    onRealData('access-logs/apache-2015.log', async (path) => {
      const zipped = folder.write('apache-2015.log.gz', gzipSync(readFileSync(path)));
      const [plainPath, zippedPath] = [folder.path('plain.sqlite'), folder.path('zip.sqlite')];
      const plain = await ingestFile({ path, warehousePath: plainPath });
      const document = await ingestFile({ path: zipped, warehousePath: zippedPath });
      expect(plain).toMatchObject({ read: 10_000, stored: 9_999, bytes: 2_747_282_505 });
      expect(document).toEqual({ ...plain, source: 'apache-2015.log.gz' });
      expect(rowsOf(zippedPath)).toEqual(rowsOf(plainPath));
    }),
  );
});

describe('rows of other files', () => {
  it.each([
    ['unix', '\n'],
    ['dos', '\r\n'],
  ])('takes a quoted line break of a CSV for part of its row: %s', async (name, end) => {
    const warehousePath = folder.path(`${name}.sqlite`);
    const notes = [`two${end}lines`, `a "quoted"${end}${end}word`, ''];
    const rows = notes.map(
      (note, i) => `2020-01-01 00:0${i}:00,user ${i},"o${end}pen","${note.replaceAll('"', '""')}"`,
    );
    const path = folder.write(`${name}.csv`, ['time,user,event,note', ...rows, ''].join(end));
    const document = await ingestFile({ path, warehousePath });
    expect(document).toMatchObject({ format: 'csv', read: 3, stored: 3, badRows: 0, hosts: 3 });
    const details = (rowsOf(warehousePath)['fact_event'] ?? []).map(
      (row) => JSON.parse(String(row['detail'])) as Readonly<Record<string, string>>,
    );
    expect(details.map((detail) => detail['target'])).toEqual(notes.map(() => `o${end}pen`));
    expect(details.map((detail): unknown => JSON.parse(detail['path'] ?? ''))).toMatchObject(
      notes.map((note) => ({ note })),
    );
  });

  it('W2: keeps broken lines of NDJSON as bad rows, each with its reason', async () => {
    const warehousePath = folder.path('broken.sqlite');
    const lines = [
      '{"time":"2020-01-01","event":"open"}',
      '{"time":"2020-01-01","event":',
      '["2020-01-01","open"]',
      'null',
      '{"event":"open"}',
      '{"id":"a","type":"media.play","eventTimeUs":"soon"}',
    ];
    const path = folder.write('broken.ndjson', lines.join('\n'));
    const document = await ingestFile({ path, warehousePath });
    expect(document).toMatchObject({ read: 6, stored: 1, badRows: 5, duplicates: 0 });
    expect(document.ledger.events.residual).toBe(0);
    const bad = rowsOf(warehousePath)['bad_row'] ?? [];
    expect(bad.map((row) => [row['log_offset'], row['reason']])).toEqual([
      [1, 'not valid JSON'],
      [2, 'not a JSON object'],
      [3, 'not a JSON object'],
      [4, 'no column with a time'],
      [5, 'subject: invalid_type'],
    ]);
    const payloads = bad.map((row) => String(row['payload']));
    expect(payloads.slice(0, 4)).toEqual(lines.slice(1, 5));
    // A tracked event may be mended, so it keeps what is nobody's.
    expect(JSON.parse(payloads[4] ?? '')).toEqual({
      id: createPseudonym()('a'),
      type: 'media.play',
      eventTimeUs: createPseudonym()('soon'),
    });
  });

  it('W2: too long, too deep, or of no time is a bad row, and costs no other', async () => {
    const warehousePath = folder.path('hostile.sqlite');
    const good = (id: number) => `{"time":"2020-01-01","event":"open","n":${id}}`;
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    const hostile = [
      ['a line of more than 1 MiB', `{"time":"2020-01-01","event":"${'x'.repeat(10_000_000)}"}`],
      ['nested too deeply', `{"time":"2020-01-01","x":${deep}}`],
      ['no column with a time', '{"time":1e30}'],
      ['no column with a time', '{"time":"9999-12-31T00:00:00Z"}'],
    ] as const;
    const lines = hostile.flatMap(([, line], i) => [line, good(i)]);
    const path = folder.write('hostile.ndjson', lines.join('\n'));
    const document = await ingestFile({ path, warehousePath, lake: folder.path('hostile-lake') });
    expect(document).toMatchObject({ read: 8, stored: 4, badRows: 4 });
    expect(document.ledger.events.residual).toBe(0);
    const bad = rowsOf(warehousePath)['bad_row'] ?? [];
    expect(bad.map((row) => row['reason'])).toEqual(hostile.map(([reason]) => reason));
  });

  it('takes a Segment call that is nested too deeply as a bad row', async () => {
    const warehousePath = folder.path('deep-segment.sqlite');
    const call = (id: string, properties: string) =>
      `{"type":"track","event":"Video Playback Started","messageId":"${id}","userId":"u",` +
      `"timestamp":"2020-01-01T00:00:00Z","properties":${properties}}`;
    const deep = `{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const path = folder.write('deep.segment', [call('a', '{}'), call('b', deep)].join('\n'));
    expect(await ingestFile({ path, format: 'segment', warehousePath })).toMatchObject({
      read: 2,
      stored: 1,
      badRowReasons: { 'nested too deeply': 1 },
    });
  });

  it('E8, W90: stores a tracked event, and nobody of it', async () => {
    const warehousePath = folder.path('tracked.sqlite');
    const event = {
      id: 'event-1',
      type: 'media.play',
      subject: 'v7',
      sessionId: 's9',
      sequence: 4,
      eventTimeUs: 1_600_000_000_000_123,
      data: { titleId: 'tt00042', playbackId: 'p3', positionSeconds: 17 },
    };
    const pseudonym = createPseudonym();
    const path = folder.write('tracked.ndjson', JSON.stringify(event));
    expect(await ingestFile({ path, warehousePath })).toMatchObject({ stored: 1, hosts: 1 });
    const { fact_event: facts, pane: panes } = rowsOf(warehousePath);
    expect(facts).toMatchObject([
      {
        event_id: pseudonym('event-1'),
        subject: pseudonym('v7'),
        session_id: pseudonym('s9'),
        sequence: 4,
        event_time_us: 1_600_000_000_000_123,
        playback_id: pseudonym('p3'),
        position_s: 17,
      },
    ]);
    expect(panes?.map((pane) => [pane['metric'], pane['key'], pane['value']])).toEqual([
      ['events_1m', 'media.play', 1],
      ['plays_1m', 'tt00042', 1],
    ]);
  });
});
