/** The lake beside a live warehouse: each record and each fact once, though the process ends
 * between the warehouse's commit and the lake's. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLiveDriver } from '../../../src/experiment/live-job/live-driver.ts';
import {
  LIVE_SOURCE_NAME,
  livePaths,
  openLiveFolder,
} from '../../../src/experiment/live-job/live-folder.ts';
import { openLiveJob, openLiveWarehouse } from '../../../src/experiment/live-job/live-job.ts';
import { openLiveLake } from '../../../src/experiment/live-job/live-lake.ts';
import { startLiveThread } from '../../../src/experiment/live-job/live-thread.ts';
import { openPollJournal } from '../../../src/experiment/live-job/poll-journal.ts';
import { openLakeReader } from '../../../src/lake/lake-reader.ts';
import { openDiskLog } from '../../../src/storage/log/disk-log.ts';
import { openLogFollower } from '../../../src/storage/log/log-follower.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const files = temporaryFolder();
const START_US = 1_795_204_800_000_000;
const PARTITIONS = 2;

function requestOf(number: number) {
  const subject = `v${number % 5}`;
  const event = {
    id: `e${number}`,
    type: 'page.view',
    subject,
    sessionId: 's',
    sequence: number,
    eventTimeUs: START_US + number,
    data: { page: 'home' },
  };
  const payload = {
    sentTimeUs: START_US,
    userAgent: 'Roku/DVP-12.5',
    clientAddress: '192.0.2.0',
    events: [event],
  };
  return { payload, ingestTimeUs: START_US + number, partitionKey: subject };
}

/** A life of the job with its lake, in this thread. */
async function beginLife(folder: string) {
  const settings = await openLiveFolder({
    folder,
    partitions: PARTITIONS,
    durability: 'os',
    maxRecordsPerPoll: 50,
    pipelines: [],
  });
  const paths = livePaths(folder);
  const log = openDiskLog({ folder: paths.log, partitions: PARTITIONS });
  const warehouse = openLiveWarehouse(paths.warehouse, 'process');
  const offsets = warehouse.committedOffsets(PARTITIONS);
  const follower = openLogFollower({ folder: paths.log, partitions: PARTITIONS });
  follower.allow(offsets);
  const { pipeline } = settings.manifest;
  const lake = await openLiveLake({
    directory: paths.lake,
    spoolPath: paths.spool,
    syncs: false,
    job: { source: LIVE_SOURCE_NAME, partitions: PARTITIONS, pipeline },
    committed: { checkpoint: warehouse.committedState()?.checkpoint ?? 0, offsets },
    log: follower,
  });
  follower.close();
  const journal = openPollJournal(paths.journal, false);
  const job = openLiveJob({ ...settings, logFolder: paths.log, warehouse, tap: lake });
  const clock = { nowUs: Math.max(journal.lastProcessTimeUs, START_US + 1e6) };
  const driver = createLiveDriver({
    job,
    journal,
    nowUs: () => clock.nowUs,
    maxRecordsPerPoll: 50,
  });
  return {
    lake,
    send(from: number, count: number) {
      log.appendAll(Array.from({ length: count }, (_, i) => requestOf(from + i)));
    },
    poll() {
      clock.nowUs += 1e6;
      return driver.poll(log.endOffsets());
    },
    commitLake: () => lake.commitIfDue({ nowUs: clock.nowUs, isLast: true }),
    async close() {
      await lake.close();
      journal.close();
      job.close();
      log.close();
    },
  };
}

async function idsIn(folder: string, zone: 'raw' | 'curated'): Promise<readonly string[]> {
  const reader = await openLakeReader(livePaths(folder).lake);
  const ids: string[] = [];
  for await (const rows of reader.rows({ zone, family: 'events' })) {
    for (const row of rows) {
      const raw = zone === 'raw' ? (JSON.parse(String(row['raw'])) as { id: string }) : undefined;
      ids.push(raw?.id ?? String(row['event_id']));
    }
  }
  reader.close();
  return ids.sort();
}

const idsUpTo = (count: number) => Array.from({ length: count }, (_, i) => `e${i}`).sort();

describe('S426 the lake of a collector', () => {
  it('has everything once, after a life that ended before the lake had committed', async () => {
    const folder = files.fresh();
    const first = await beginLife(folder);
    first.send(0, 60);
    first.poll();
    await first.commitLake();
    first.send(60, 60);
    while (first.poll() > 0);
    // No commit of the lake: the warehouse has 120 events, the lake what the first poll read.
    await first.close();
    expect((await idsIn(folder, 'curated')).length).toBeLessThan(120);
    const second = await beginLife(folder);
    second.send(120, 30);
    while (second.poll() > 0);
    await second.commitLake();
    await second.close();
    expect(await idsIn(folder, 'raw')).toEqual(idsUpTo(150));
    expect(await idsIn(folder, 'curated')).toEqual(idsUpTo(150));
  });

  it('forgets what was spooled for a commit that the warehouse did not take', async () => {
    const folder = files.fresh();
    const first = await beginLife(folder);
    first.send(0, 10);
    first.poll();
    await first.close();
    const { spool } = livePaths(folder);
    const [line = ''] = readFileSync(spool, 'utf8').split('\n');
    const commit = JSON.parse(line) as { checkpoint: number; facts: object[] };
    const torn = line.slice(0, 50);
    const never = JSON.stringify({ ...commit, checkpoint: commit.checkpoint + 1 });
    writeFileSync(spool, `${line}\n${never}\n${torn}`);
    const second = await beginLife(folder);
    await second.commitLake();
    await second.close();
    expect(await idsIn(folder, 'curated')).toEqual(idsUpTo(10));
  });
});

describe('S427 the thread', () => {
  it('reads what it may, tells figures, and stops with everything committed', async () => {
    const folder = files.fresh();
    const options = { folder, partitions: PARTITIONS, durability: 'os' } as const;
    await openLiveFolder({ ...options, maxRecordsPerPoll: 50, pipelines: [] });
    const log = openDiskLog({ folder: livePaths(folder).log, partitions: PARTITIONS });
    const troubles: string[] = [];
    const thread = startLiveThread({
      ...options,
      hasLake: false,
      pollMs: 20,
      onTrouble: (message) => troubles.push(message),
    });
    await thread.started;
    expect(thread.figures()).toMatchObject({ stored: 0 });
    log.appendAll(Array.from({ length: 130 }, (_, i) => requestOf(i)));
    expect(thread.unread()).toBe(0);
    thread.allow(log.endOffsets());
    expect(thread.unread()).toBe(130);
    await thread.stop(10_000);
    expect([thread.unread(), thread.figures()?.stored, troubles]).toEqual([0, 130, []]);
    expect(thread.isWell()).toBe(true);
    log.close();
  });

  it('that cannot begin says why', async () => {
    const folder = files.fresh();
    await openLiveFolder({
      folder,
      partitions: 1,
      durability: 'os',
      maxRecordsPerPoll: 5,
      pipelines: [],
    });
    writeFileSync(join(folder, 'warehouse.sqlite'), 'this is no database, and long enough for one');
    const troubles: string[] = [];
    const thread = startLiveThread({
      folder,
      partitions: 1,
      durability: 'os',
      hasLake: false,
      onTrouble: (message) => troubles.push(message),
    });
    await expect(thread.started).rejects.toThrow('warehouse.sqlite');
    expect([thread.isWell(), troubles.length]).toEqual([false, 1]);
    await thread.stop(0);
    expect(() => openWarehouse({ path: join(folder, 'warehouse.sqlite') })).toThrow();
  });
});
