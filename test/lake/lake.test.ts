/** The lake: layout, commits in two halves, compaction, expiry, readers, what it refuses.
 * Spec: S46–S52. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EnrichedEvent, LogRecord } from '../../src/domain/pipeline-ports.ts';
import { hours, seconds } from '../../src/kernel/time.ts';
import { filesBelow } from '../../src/lake/durable-files.ts';
import { openLake } from '../../src/lake/lake.ts';
import { CURATED_EVENTS, type LakeFamily, rawEvents } from '../../src/lake/lake-family.ts';
import { openLakeReader } from '../../src/lake/lake-reader.ts';
import { fact, START_US } from '../storage/warehouse-builder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

/** Events of two hours, four a commit. */
const batch = (commit: number): readonly EnrichedEvent[] =>
  [3, 1, 2, 0].map((n) =>
    fact({
      id: `e${commit}-${n}`,
      atSeconds: commit * 600 + n * 1_500,
      data: { titleId: `t${n}`, playbackId: `p${n}` },
    }),
  );

interface WriteOptions {
  readonly commits?: number;
  readonly job?: string;
  readonly family?: LakeFamily<EnrichedEvent>;
}

async function writtenLake(directory: string, options: WriteOptions = {}): Promise<void> {
  const { commits = 2, job = 'test', family = CURATED_EVENTS } = options;
  const lake = await openLake({ directory, job });
  const writer = await lake.writer(family);
  for (let i = 1; i <= commits; i += 1) {
    for (const row of batch(i)) writer.append(row);
    await lake.commit({ checkpoint: i, offsets: [i * 4] });
  }
  await lake.close();
}

async function query(directory: string, sql: string) {
  const reader = await openLakeReader(directory);
  try {
    return await reader.query(sql);
  } finally {
    reader.close();
  }
}

const IDS = 'SELECT event_id FROM curated_events ORDER BY event_time_us, event_id';

const contents = (directory: string) =>
  filesBelow(directory).map((path) => [path, readFileSync(join(directory, path), 'base64')]);

describe('lake layout', () => {
  it('S46 curated rows lie by the hour they happened', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 1 });
    expect(filesBelow(directory)).toEqual([
      '_manifest.json',
      'curated/events/v=1/dt=2026-11-20/hour=20/part-test-000001-000000.parquet',
      'curated/events/v=1/dt=2026-11-20/hour=21/part-test-000001-000001.parquet',
    ]);
    const rows = await query(
      directory,
      `SELECT event_id, hour FROM read_parquet('${directory}/curated/**/*.parquet',
        hive_partitioning = true) ORDER BY event_time_us`,
    );
    expect(rows).toEqual([
      { event_id: 'e1-0', hour: 20 },
      { event_id: 'e1-1', hour: 20 },
      { event_id: 'e1-2', hour: 21 },
      { event_id: 'e1-3', hour: 21 },
    ]);
  });

  it('S46 raw rows lie by the hour they came in, without address', async () => {
    const directory = folder.fresh();
    const record = (offset: number, raw: unknown): LogRecord => ({
      partition: 0,
      offset,
      ingestTimeUs: START_US + hours(3),
      sentTimeUs: START_US,
      userAgent: 'Roku/1',
      clientAddress: '198.18.7.9',
      raw,
    });
    const lake = await openLake({ directory, job: 'raw' });
    const writer = await lake.writer(
      rawEvents({
        source: 'web',
        networkOf: (address) => address.replace(/\d+$/, '0'),
        redact: (json) => json.replaceAll('secret', '[taken out]'),
      }),
    );
    writer.append(record(1, { id: 'b', text: '😀 secret' }));
    writer.append(record(0, 'no event'));
    await lake.commit({ checkpoint: 1, offsets: [2] });
    await lake.close();
    expect(filesBelow(join(directory, 'raw'))).toEqual([
      'events/v=1/dt=2026-11-20/hour=23/part-raw-000001-000000.parquet',
    ]);
    expect(
      await query(directory, 'SELECT log_offset, client_network, raw FROM raw_events'),
    ).toEqual([
      { log_offset: 0, client_network: '198.18.7.0', raw: '"no event"' },
      { log_offset: 1, client_network: '198.18.7.0', raw: '{"id":"b","text":"😀 [taken out]"}' },
    ]);
  });

  it('S47 equal runs leave equal bytes, manifest included', async () => {
    const [a, b] = [folder.fresh(), folder.fresh()];
    await writtenLake(a);
    await writtenLake(b);
    expect(contents(a)).toEqual(contents(b));
    expect(contents(a)).toHaveLength(5);
  });

  it('S48 the manifest counts rows, bytes and times, and knows how far each job came', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { job: 'b' });
    await writtenLake(directory, { job: 'a', commits: 1 });
    const reader = await openLakeReader(directory);
    const { manifest } = reader;
    reader.close();
    expect(manifest.version).toBe(3);
    expect(manifest.commits).toEqual([
      { job: 'a', checkpoint: 1, offsets: [4] },
      { job: 'b', checkpoint: 2, offsets: [8] },
    ]);
    expect(manifest.files.map(({ rows }) => rows)).toEqual([2, 2, 2, 2, 2, 2]);
    const [first] = manifest.files;
    expect(first?.minTimeUs).toBe(START_US + seconds(600));
    expect(first?.maxTimeUs).toBe(START_US + seconds(2_100));
    expect(first?.bytes).toBe(readFileSync(join(directory, first?.path ?? '')).length);
    expect(reader.verify()).toEqual([]);
  });
});

describe('lake commits', () => {
  it('S49 a reader keeps its manifest while others commit', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 1 });
    const reader = await openLakeReader(directory);
    await writtenLake(directory, { commits: 2 });
    expect(await reader.query('SELECT count(*) AS n FROM curated_events')).toEqual([{ n: 4 }]);
    reader.close();
    expect(await query(directory, 'SELECT count(*) AS n FROM curated_events')).toEqual([{ n: 8 }]);
  });

  it('S50 what was staged is published where it was decided, and else dropped', async () => {
    for (const isDecided of [true, false]) {
      const directory = folder.fresh();
      const lake = await openLake({ directory, job: 'test' });
      const writer = await lake.writer(CURATED_EVENTS);
      for (const row of batch(1)) writer.append(row);
      await lake.stage({ checkpoint: 1, offsets: [4] });
      await lake.close();
      const again = await openLake({
        directory,
        job: 'test',
        wasDecided: ({ checkpoint }) => isDecided && checkpoint === 1,
      });
      expect(again.recovery.published).toHaveLength(isDecided ? 1 : 0);
      expect(again.recovery.removed).toHaveLength(isDecided ? 0 : 2);
      expect(again.lastCommit()?.checkpoint).toBe(isDecided ? 1 : undefined);
      expect(again.manifest.files).toHaveLength(isDecided ? 2 : 0);
      expect(filesBelow(directory).some((path) => path.startsWith('_staged'))).toBe(false);
      await again.close();
    }
  });

  it('S50 a writer whose lake another one changed is refused', async () => {
    const directory = folder.fresh();
    const lake = await openLake({ directory, job: 'one' });
    const writer = await lake.writer(CURATED_EVENTS);
    for (const row of batch(1)) writer.append(row);
    await writtenLake(directory, { job: 'two' });
    await expect(lake.commit({ checkpoint: 1, offsets: [] })).rejects.toThrow(
      /LAKE_UNREADABLE: .* another writer changed it \(version 2, not 0\)/,
    );
    await lake.close();
  });

  it("S50 a writer whose staged files another one took for a dead one's is refused", async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 1 });
    const before = contents(directory);
    const mine = await openLake({ directory, job: 'mine' });
    const writer = await mine.writer(CURATED_EVENTS);
    for (const row of batch(2)) writer.append(row);
    await mine.stage({ checkpoint: 1, offsets: [4] });
    const other = await openLake({ directory, job: 'other' });
    expect(other.recovery.removed).toHaveLength(2);
    await expect(mine.publish()).rejects.toThrow(
      /LAKE_UNREADABLE: .* another writer opened it and removed what was staged; let one/,
    );
    await mine.close();
    await other.close();
    expect(contents(directory)).toEqual(before);
    expect(await query(directory, IDS)).toHaveLength(4);
  });

  it('S45 a full disk leaves the rows waiting for the next try', async () => {
    if (!existsSync('/dev/full')) return;
    const directory = folder.fresh();
    const lake = await openLake({ directory, job: 'test' });
    const writer = await lake.writer(CURATED_EVENTS);
    for (const row of batch(1)) writer.append(row);
    const hour = join(directory, 'curated/events/v=1/dt=2026-11-20/hour=21');
    mkdirSync(hour, { recursive: true });
    symlinkSync('/dev/full', join(hour, 'part-test-000001-000001.parquet.partial'));
    await expect(lake.commit({ checkpoint: 1, offsets: [4] })).rejects.toThrow(
      /STORAGE_UNWRITABLE: .*No space left on device/,
    );
    expect(lake.manifest.version).toBe(0);
    await lake.commit({ checkpoint: 1, offsets: [4] });
    await lake.close();
    expect(await query(directory, IDS)).toEqual([0, 1, 2, 3].map((n) => ({ event_id: `e1-${n}` })));
    const other = folder.fresh();
    await writtenLake(other, { commits: 1 });
    expect(contents(directory)).toEqual(contents(other));
  });

  it('S45 a place that is no folder cannot be written', async () => {
    const path = folder.write('a-file', 'text');
    await expect(openLake({ directory: path, job: 'test' })).rejects.toThrow('STORAGE_UNWRITABLE');
  });
});

describe('lake upkeep', () => {
  it('S51 compaction keeps the rows, needs vacuum to free space, and is repeatable', async () => {
    const [a, b] = [folder.fresh(), folder.fresh()];
    for (const directory of [a, b]) {
      await writtenLake(directory, { commits: 3 });
      const before = await query(directory, 'SELECT * FROM curated_events ORDER BY ALL');
      const lake = await openLake({ directory, job: 'keeper' });
      const report = await lake.compact();
      expect(report).toEqual({ replaced: 6, written: 2, rows: 12 });
      expect(await lake.compact()).toEqual({ replaced: 0, written: 0, rows: 0 });
      expect(await query(directory, 'SELECT * FROM curated_events ORDER BY ALL')).toEqual(before);
      expect(await lake.vacuum()).toHaveLength(6);
      expect(await lake.vacuum()).toEqual([]);
      await lake.close();
      expect(await query(directory, 'SELECT * FROM curated_events ORDER BY ALL')).toEqual(before);
    }
    expect(contents(a)).toEqual(contents(b));
  });

  it('S51 large files are left alone', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 2 });
    const lake = await openLake({ directory, job: 'keeper' });
    expect((await lake.compact({ smallerThanBytes: 10 })).replaced).toBe(0);
    await lake.close();
  });

  it('S51 expiry forgets files whose rows are all older', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 1 });
    const lake = await openLake({ directory, job: 'keeper' });
    expect(await lake.expire({ zone: 'raw', beforeUs: START_US + hours(9) })).toBe(0);
    expect(await lake.expire({ zone: 'curated', beforeUs: START_US + hours(1) })).toBe(1);
    expect(await lake.vacuum()).toHaveLength(1);
    await lake.close();
    expect(await query(directory, IDS)).toEqual([{ event_id: 'e1-2' }, { event_id: 'e1-3' }]);
  });

  it('S52 a column that old files lack is null in them, also after compaction', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 1, job: 'old' });
    const wider: LakeFamily<EnrichedEvent> = {
      ...CURATED_EVENTS,
      columns: [...CURATED_EVENTS.columns, { name: 'arm', kind: 'word', of: () => 'treatment' }],
    };
    await writtenLake(directory, { commits: 1, job: 'wide', family: wider });
    const arms = 'SELECT arm, count(*) AS n FROM curated_events GROUP BY arm ORDER BY arm';
    const expected = [
      { arm: 'treatment', n: 4 },
      { arm: null, n: 4 },
    ];
    expect(await query(directory, arms)).toEqual(expected);
    const lake = await openLake({ directory, job: 'keeper' });
    await lake.compact();
    await lake.close();
    expect(await query(directory, arms)).toEqual(expected);
  });
});

describe('lake readers', () => {
  it('S49 rows come in order of time, then id, of a range', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 2 });
    const reader = await openLakeReader(directory);
    const ids: unknown[] = [];
    const range = { fromUs: START_US + seconds(1_200), toUs: START_US + seconds(3_601) };
    for await (const rows of reader.rows({ zone: 'curated', family: 'events', ...range })) {
      ids.push(...rows.map((row) => row['event_id']));
    }
    expect(ids).toEqual(['e2-0', 'e1-1', 'e2-1', 'e1-2']);
    for await (const _ of reader.rows({ zone: 'raw', family: 'events' })) expect.unreachable();
    reader.close();
  });

  it('S48 a damaged lake is refused with the place and the remedy', async () => {
    const directory = folder.fresh();
    await writtenLake(directory, { commits: 1 });
    const manifest = join(directory, '_manifest.json');
    const good = readFileSync(manifest, 'utf8');
    const [file] = (JSON.parse(good) as { readonly files: readonly { readonly path: string }[] })
      .files;
    const path = join(directory, file?.path ?? '');
    const refusal = async () => {
      try {
        (await openLakeReader(directory)).close();
        return 'none';
      } catch (error) {
        return String(error).replace(directory, '<lake>');
      }
    };
    for (const [text, told] of [
      ['{"schema": ', 'it is no JSON'],
      ['7', 'it is no JSON object'],
      [good.replace('lake/1', 'lake/9'), 'its schema is "backlot.lake/9", not "backlot.lake/1"'],
      [good.replace('"rows": 2', '"rows": "2"'), 'fields are missing or of a wrong type'],
      [good.replace('curated/events', '../events'), 'fields are missing or of a wrong type'],
    ] as const) {
      writeFileSync(manifest, text);
      expect(await refusal()).toContain(`LAKE_UNREADABLE: <lake>/_manifest.json: ${told}`);
      await expect(openLake({ directory, job: 'test' })).rejects.toThrow('LAKE_UNREADABLE');
      expect(existsSync(path)).toBe(true);
    }
    writeFileSync(manifest, good);
    writeFileSync(path, 'PAR1');
    expect(await refusal()).toContain('it has 4 bytes, but the manifest says');
    rmSync(path);
    expect(await refusal()).toContain('the manifest names this file, but it is not there');
    rmSync(manifest);
    expect(await refusal()).toContain('there is no lake');
  });

  it('S48 a folder of other things is left alone', async () => {
    const directory = folder.fresh();
    writeFileSync(join(directory, 'thesis.txt'), 'years of work');
    await expect(openLake({ directory, job: 'test' })).rejects.toThrow(
      'it holds "thesis.txt", which is no lake\'s',
    );
    expect(filesBelow(directory)).toEqual(['thesis.txt']);
    await expect(openLake({ directory, job: 'a/b' })).rejects.toThrow('names no job');
  });
});
