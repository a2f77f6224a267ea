/** Backfill: the lake of a file and of a run becomes the warehouse again; twice changes nothing; a
 * crash leaves the old results. Spec: E50–E57. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { backfillLake } from '../../../src/experiment/backfill/backfill.ts';
import { networkAddress } from '../../../src/experiment/backfill/network-address.ts';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { openLake } from '../../../src/lake/lake.ts';
import { openLakeReader } from '../../../src/lake/lake-reader.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { smallScenario } from '../small-world.ts';

const folder = temporaryFolder();

/** Tracked events of NDJSON: three plays, one line twice, one that is none. */
function events(prefix: string): string {
  const lines = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({
      id: `${prefix}${i}`,
      type: ['media.play', 'media.ping', 'media.ping', 'media.end'][i % 4],
      subject: 'v1',
      sessionId: `s${Math.floor(i / 20)}`,
      sequence: i % 20,
      eventTimeUs: 1_795_204_800_000_000 + i * 90_000_000,
      data: {
        titleId: 't1',
        playbackId: `${prefix}-p${Math.floor(i / 4)}`,
        positionSeconds: (i % 4) * 90,
      },
    }),
  );
  return `${[...lines, lines[3], '{"id": 7}', 'no JSON at all 192.0.2.77'].join('\n')}\n`;
}

const facts = (path: string, columns = '*') => {
  const warehouse = openWarehouse({ path });
  try {
    return {
      facts: warehouse.query(`SELECT ${columns} FROM fact_event ORDER BY event_id`),
      plays: warehouse.query('SELECT * FROM fact_playback_session ORDER BY play_id'),
      bad: warehouse.query(
        'SELECT source, log_partition, log_offset, reason FROM bad_row ORDER BY 1, 2, 3',
      ),
    };
  } finally {
    warehouse.close();
  }
};

const place = { lake: folder.path('lake'), live: folder.path('live.sqlite') };

beforeAll(async () => {
  for (const name of ['a', 'b']) {
    const path = folder.write(`${name}.ndjson`, events(name));
    await ingestFile({ path, warehousePath: place.live, lake: place.lake });
  }
});

describe('backfill of ingested files', () => {
  it('E50 gives the facts, plays and bad rows that the ingestion gave', async () => {
    const path = folder.path('again.sqlite');
    const document = await backfillLake({ lake: place.lake, warehousePath: path });
    expect(document).toMatchObject({
      read: 126,
      stored: 120,
      badRows: 4,
      duplicates: 2,
      plays: 30,
      isUnchanged: false,
      ledger: { events: { residual: 0 } },
    });
    expect(document.sources).toHaveLength(2);
    expect(facts(path)).toEqual(facts(place.live));
  });

  it('E51 twice changes nothing, compacted lake or not: digest and bytes', async () => {
    const path = folder.path('twice.sqlite');
    const first = await backfillLake({ lake: place.lake, warehousePath: path });
    const bytes = readFileSync(path);
    const second = await backfillLake({ lake: place.lake, warehousePath: path });
    expect(second).toEqual({ ...first, isUnchanged: true });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    const lake = await openLake({ directory: place.lake, job: 'keeper' });
    expect((await lake.compact()).replaced).toBeGreaterThan(0);
    await lake.vacuum();
    await lake.close();
    const third = await backfillLake({ lake: place.lake, warehousePath: path });
    expect(third).toMatchObject({ digest: first.digest, isUnchanged: true });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  it('E51 ingesting a file into the lake again changes nothing in it', async () => {
    const reader = await openLakeReader(place.lake);
    const before = reader.manifest;
    reader.close();
    await ingestFile({
      path: folder.path('a.ndjson'),
      warehousePath: folder.path('other.sqlite'),
      lake: place.lake,
    });
    const again = await openLakeReader(place.lake);
    expect(again.manifest).toEqual(before);
    again.close();
  });

  it('E52 a crash before any step leaves the old results, and nothing else', async () => {
    for (const crashAt of ['write', 'swap', 'done']) {
      const directory = folder.fresh();
      const path = join(directory, 'w.sqlite');
      await backfillLake({ lake: place.lake, warehousePath: path, toUs: 1 });
      const old = readFileSync(path);
      const crash = (step: string) => {
        if (step === crashAt) throw new Error('crash');
      };
      const options = { lake: place.lake, warehousePath: path, onStep: crash };
      await expect(backfillLake(options)).rejects.toThrow('crash');
      expect(readFileSync(path).equals(old)).toBe(crashAt !== 'done');
      expect(readdirSync(directory)).toEqual(['w.sqlite']);
    }
  });

  it('E53 what it would not write again it does not replace', async () => {
    const path = folder.path('foreign.sqlite');
    const whole = await backfillLake({ lake: place.lake, warehousePath: path });
    const bytes = readFileSync(path);
    const cutUs = 1_795_204_800_000_000 + 1_800_000_000;
    const options = { lake: place.lake, warehousePath: path };
    await expect(backfillLake({ ...options, fromUs: cutUs })).rejects.toThrow(
      /WAREHOUSE_UNREADABLE: .*results from before --from would be lost; name another --warehouse/,
    );
    await expect(backfillLake({ ...options, toUs: cutUs })).rejects.toThrow('from --to on');
    expect(readFileSync(path).equals(bytes)).toBe(true);
    const parts = await Promise.all(
      [{ toUs: cutUs }, { fromUs: cutUs }].map((range, i) =>
        backfillLake({ ...options, ...range, warehousePath: folder.path(`part-${i}.sqlite`) }),
      ),
    );
    expect(parts.map(({ read }) => read).reduce((a, b) => a + b)).toBe(whole.read);
    expect(Math.min(...parts.map(({ read }) => read))).toBeGreaterThan(10);
    const foreign = openWarehouse({ path, source: 'elsewhere' });
    foreign.commit({
      facts: [],
      panes: [],
      late: [],
      badRows: [],
      nextOffsets: [1],
      stageCounts: [],
      watermarkUs: 0,
      processTimeUs: 0,
    });
    foreign.close();
    await expect(backfillLake(options)).rejects.toThrow('results of "elsewhere"');
  });

  it('E54 keeps what was described: running times, users, arms', async () => {
    const path = folder.path('described.sqlite');
    await backfillLake({ lake: place.lake, warehousePath: path });
    const warehouse = openWarehouse({ path });
    const [user] = warehouse.query('SELECT DISTINCT subject FROM fact_event');
    warehouse.describe({
      titles: [
        {
          titleId: 't1',
          name: 'One',
          kind: 'film',
          genres: ['Drama'],
          releaseDate: null,
          runtimeSeconds: 270,
        },
      ],
      users: [{ userId: String(user?.['subject']), validFromUs: 0, attributes: { exp_arm: 'b' } }],
      experiments: [{ experimentId: 'x', arm: 'b', share: 0.5 }],
    });
    warehouse.rebuild();
    warehouse.close();
    const before = facts(path);
    await backfillLake({ lake: place.lake, warehousePath: path });
    expect(facts(path)).toEqual(before);
    expect(before.plays[0]).toMatchObject({ exp_arm: 'b', is_complete: 1 });
  });

  it('E55 a lake that cannot be read, or says not how, changes nothing', async () => {
    const warehousePath = folder.path('none.sqlite');
    await expect(backfillLake({ lake: folder.path('nowhere'), warehousePath })).rejects.toThrow(
      'LAKE_UNREADABLE',
    );
    const bare = folder.fresh();
    const lake = await openLake({ directory: bare, job: 'bare' });
    await lake.commit({ checkpoint: 1, offsets: [] });
    await lake.close();
    await expect(backfillLake({ lake: bare, warehousePath })).rejects.toThrow(
      'no job says how its events are to be processed',
    );
    expect(existsSync(warehousePath)).toBe(false);
    const blocked = folder.write('blocked', 'a file');
    await expect(
      backfillLake({ lake: place.lake, warehousePath: join(blocked, 'w.sqlite') }),
    ).rejects.toThrow('OUTPUT_UNWRITABLE');
  });

  it('E56 no address of a client or of a bad line is in the lake', async () => {
    const reader = await openLakeReader(place.lake);
    const rows = await reader.query("SELECT raw FROM raw_events WHERE raw LIKE '%no JSON%'");
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row['raw']).toContain('[address]');
    reader.close();
  });
});

describe('backfill of a run', () => {
  it('E57 gives the facts of the run, but for the time they were processed', async () => {
    const directory = folder.fresh();
    await runScenario(smallScenario(), {
      architectures: ['monolith'],
      directory,
      threads: 1,
      lake: true,
    });
    const live = join(directory, 'warehouse-monolith.sqlite');
    const path = join(directory, 'again.sqlite');
    const document = await backfillLake({
      lake: join(directory, 'lake/monolith'),
      warehousePath: path,
    });
    expect(document.stored).toBeGreaterThan(100);
    const columns = `event_id, subject, session_id, sequence, event_time_us, ingest_time_us,
      local_hour, playback_id, position_s, completed, detail`;
    expect(facts(path, columns).facts).toEqual(facts(live, columns).facts);
    const words =
      'SELECT event_id, country, title_name, genre, device_kind FROM curated_events ORDER BY 1';
    const [a, b] = [live, path].map((file) => {
      const warehouse = openWarehouse({ path: file });
      const rows = warehouse.query(words);
      warehouse.close();
      return rows;
    });
    expect(b).toEqual(a);
    const reader = await openLakeReader(join(directory, 'lake/monolith'));
    expect(reader.verify()).toEqual([]);
    const networks = await reader.query('SELECT DISTINCT client_network FROM raw_events');
    for (const row of networks) expect(row['client_network']).toMatch(/^198\.18\.\d+\.0$/);
    reader.close();
  });
});

describe('a network', () => {
  it('E56 is all that is kept of an address', () => {
    const cut = ['192.0.2.77', '2001:db8:85a3::8a2e:370:7334', '::1', 'fe80::1', '', 'host', 'a:b'];
    expect(cut.map(networkAddress)).toEqual([
      '192.0.2.0',
      '2001:db8:85a3::',
      '0:0:0::',
      'fe80:0:0::',
      '',
      '',
      'a:b:0::',
    ]);
  });
});
