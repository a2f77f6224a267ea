/** Ingestion of files made up for it: accounting, repetition, pseudonyms, memory. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { createPseudonym } from '../../../src/experiment/ingest/pseudonym.ts';
import type { IngestDocument } from '../../../src/experiment/result.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
let warehouses = 0;

function newWarehouse(): string {
  warehouses += 1;
  return folder.path(`warehouse-${warehouses}.sqlite`);
}

function ingest(name: string, content: string | Uint8Array, warehousePath = newWarehouse()) {
  return ingestFile({ path: folder.write(name, content), warehousePath });
}

function requestAt(second: number, host = `10.0.0.${second % 250}`): string {
  const [day, time] = new Date(Date.UTC(2020, 0, 1, 0, 0, second)).toISOString().split(/[T.]/);
  const [year, month, date] = (day ?? '').split('-');
  const when = `${date}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
  return `${host} - - [${when}] "GET /title/${second % 9} HTTP/1.1" 200 ${second}`;
}

function requests(count: number): string {
  return Array.from({ length: count }, (_, i) => `${requestAt(i)}\n`).join('');
}

function playEvent(index: number): TrackedEvent {
  return {
    id: `own-${index}`,
    type: 'media.play',
    subject: `v${index % 3}`,
    sessionId: `s${index % 3}`,
    sequence: index,
    eventTimeUs: (1_600_000_000 + index) * 1_000_000,
    data: { titleId: 'tt00001' },
  };
}

function factsOf(warehousePath: string): readonly Readonly<Record<string, unknown>>[] {
  const warehouse = openWarehouse({ path: warehousePath });
  const rows = warehouse.query('SELECT * FROM fact_event ORDER BY event_id');
  warehouse.close();
  return rows;
}

function expectBalanced({ ledger, read, stored, badRows, duplicates }: IngestDocument): void {
  expect(ledger.events.residual).toBe(0);
  expect(read).toBe(stored + badRows + duplicates);
}

describe('accounting', () => {
  const line = fc.oneof(
    fc.nat(10_000).map((second) => requestAt(second)),
    fc.constant(requestAt(7)),
    fc.string({ maxLength: 60 }).map((text) => `x${text.replaceAll(/[\r\n]/g, ' ')}`),
  );
  test.prop([fc.array(line, { maxLength: 60 })], { seed: 21, numRuns: 25 })(
    'every line is stored or kept aside, equal ones too',
    async (lines) => {
      const document = await ingest('any.log', [requestAt(0), ...lines].join('\n'));
      expectBalanced(document);
      expect(document.read).toBe(lines.length + 1);
      expect(document.duplicates).toBe(0);
    },
  );

  it('keeps bad lines with reason and text, without addresses', async () => {
    const warehousePath = newWarehouse();
    const bad = `${requestAt(1, '192.0.2.1')} "-" "cut, from 198.51.100.7`;
    const document = await ingest('bad.log', `${requestAt(0)}\n${bad}\n`, warehousePath);
    expect(document).toMatchObject({ read: 2, stored: 1, badRows: 1 });
    const written = readFileSync(warehousePath, 'latin1');
    expect(written).toContain('cut, from [address]');
    expect(written).not.toContain('192.0.2.1');
    expect(written).not.toContain('198.51.100.7');
  });

  it('replaces users in rows of other files, and calls rows without a time bad', async () => {
    const warehousePath = newWarehouse();
    const csv = 'Timestamp,user_id,event\n2020-01-01 00:00:00,carol,open\n,dave,open\nshort\n';
    const document = await ingest('rows.csv', csv, warehousePath);
    expectBalanced(document);
    expect(document).toMatchObject({ read: 3, stored: 1, hosts: 1 });
    expect(document.badRowReasons).toEqual({
      'no column with a time': 1,
      'not a row of this CSV: record inconsistent columns': 1,
    });
    const written = readFileSync(warehousePath, 'latin1');
    expect(written).toContain('open');
    expect(written).not.toMatch(/carol|dave/);
  });

  it('W90 names the ids of tracked events anew, drops the ones that come twice', async () => {
    const warehousePath = newWarehouse();
    const events = [0, 1, 2, 1, 3].map((index) => JSON.stringify(playEvent(index)));
    const unknown = JSON.stringify({ ...playEvent(9), type: 'media.sneeze' });
    const text = [...events, unknown].join('\n');
    const document = await ingest('tracked.ndjson', text, warehousePath);
    expectBalanced(document);
    expect(document).toMatchObject({ read: 6, stored: 4, duplicates: 1, badRows: 1, hosts: 3 });
    const ids = new Set(factsOf(warehousePath).map((row) => row['event_id']));
    expect(ids).toEqual(new Set([0, 1, 2, 3].map((index) => createPseudonym()(`own-${index}`))));
    // The next hour's file repeats an event of this one: it is there once.
    const next = [3, 4].map((index) => JSON.stringify(playEvent(index))).join('\n');
    const second = await ingest('next.ndjson', next, warehousePath);
    expectBalanced(second);
    expect(factsOf(warehousePath)).toHaveLength(5);
  });

  it('counts the statuses and bytes of tracked requests', async () => {
    const events = [200, 200, 404].map((status, i) =>
      JSON.stringify({
        ...playEvent(i),
        type: 'http.request',
        data: { status, responseBytes: 10 },
      }),
    );
    const document = await ingest('served.ndjson', events.join('\n'));
    expect(document).toMatchObject({ stored: 3, statuses: { 200: 2, 404: 1 }, bytes: 30 });
  });
});

describe('repetition', () => {
  it('gives the same document and the same bytes again', async () => {
    const [a, b] = [newWarehouse(), newWarehouse()];
    const first = await ingest('same.log', requests(500), a);
    expect(await ingest('same.log', requests(500), b)).toEqual(first);
    expect(readFileSync(b).equals(readFileSync(a))).toBe(true);
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
    const other = await ingest('same.log', requests(501));
    expect(other.digest).not.toBe(first.digest);
  });

  it('adds nothing for a file that comes again, and the rest of one that has grown', async () => {
    const warehousePath = newWarehouse();
    const first = await ingest('again.log', requests(300), warehousePath);
    const facts = factsOf(warehousePath);
    const zipped = await ingest('again.log.gz', gzipSync(requests(300)), warehousePath);
    expect(zipped).toEqual({ ...first, source: 'again.log.gz' });
    expect(factsOf(warehousePath)).toEqual(facts);
    const grown = await ingest('again.log', requests(320), warehousePath);
    expectBalanced(grown);
    expect(grown.stored).toBe(320);
    expect(factsOf(warehousePath)).toHaveLength(320);
  });

  it('takes files of one name and other content for two files', async () => {
    const warehousePath = newWarehouse();
    await ingest('access.log', requests(300), warehousePath);
    const lines = [400, 401, 402].map((second) => requestAt(second)).join('\n');
    const document = await ingest('access.log', lines, warehousePath);
    expectBalanced(document);
    expect(document).toMatchObject({ read: 3, stored: 3, hosts: 3, bytes: 1_203 });
    expect(factsOf(warehousePath)).toHaveLength(303);
  });
});

describe('pseudonyms', () => {
  it('are the same for the same host and key, and others for another key', async () => {
    const path = folder.write('people.log', requests(20));
    const subjects = async (salt: string) => {
      const warehousePath = newWarehouse();
      await ingestFile({ path, warehousePath, salt });
      return factsOf(warehousePath).map((row) => row['subject']);
    };
    const first = await subjects('one');
    expect(new Set(first).size).toBe(20);
    expect(await subjects('one')).toEqual(first);
    expect(first.filter((subject) => subject === undefined)).toEqual([]);
    const others = new Set(await subjects('two'));
    expect(first.filter((subject) => others.has(subject))).toEqual([]);
  });
});

describe('size', () => {
  it('takes no more memory for more lines, and tells how far it is', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    // Four seconds apart: the windows of a day are full after a third of the file.
    const lines = Array.from({ length: 60_000 }, (_, i) => requestAt(4 * i));
    const path = folder.write('long.log', lines.join('\n'));
    lines.length = 0;
    const heaps: number[] = [];
    const progress: number[] = [];
    const counts: number[] = [];
    const document = await ingestFile({
      path,
      warehousePath: newWarehouse(),
      onProgress: (read, total, records) => {
        progress.push(read / total);
        counts.push(records);
        if (records % 10_000 !== 0) return;
        collect();
        heaps.push(process.memoryUsage().heapUsed);
      },
    });
    expect(document.stored).toBe(60_000);
    expect(heaps.length).toBeGreaterThanOrEqual(6);
    const grownBytes = (heaps.at(-1) ?? 0) - (heaps[2] ?? 0);
    expect(grownBytes).toBeLessThan(2_000_000);
    expect(progress.at(-1)).toBe(1);
    // Between two commits there are never more records than this in memory.
    const commits = [0, ...counts];
    expect(counts.at(-1)).toBe(60_000);
    expect(Math.max(...counts.map((count, i) => count - (commits[i] ?? 0)))).toBe(2_000);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });
});

describe('into a folder that is not there', () => {
  it('makes it', async () => {
    const warehousePath = folder.path('deep/er/w.sqlite');
    await ingest('deep.log', requests(3), warehousePath);
    expect(factsOf(warehousePath)).toHaveLength(3);
  });
});
