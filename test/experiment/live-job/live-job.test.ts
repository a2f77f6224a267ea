/** The live job: the same log and the same journal give the same warehouse, whoever holds the
 * clock, however often the process ended, and however it ended. */
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLiveDriver } from '../../../src/experiment/live-job/live-driver.ts';
import { createLiveFigures } from '../../../src/experiment/live-job/live-figures.ts';
import {
  isLiveFolder,
  livePaths,
  openLiveFolder,
} from '../../../src/experiment/live-job/live-folder.ts';
import { openLiveJob, openLiveWarehouse } from '../../../src/experiment/live-job/live-job.ts';
import { openPollJournal, readPollJournal } from '../../../src/experiment/live-job/poll-journal.ts';
import { rehearse } from '../../../src/experiment/live-job/rehearse.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { openDiskLog } from '../../../src/storage/log/disk-log.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const files = temporaryFolder();
/** 2026-11-20T20:00:00Z. */
const START_US = 1_795_204_800_000_000;
const PARTITIONS = 2;
const MAX_RECORDS = 20;

/** A folder, and what a process does in it. */
async function makeFolder(pipelines: readonly string[] = []) {
  const folder = files.fresh();
  const settings = await openLiveFolder({
    folder,
    partitions: PARTITIONS,
    durability: 'os',
    maxRecordsPerPoll: MAX_RECORDS,
    pipelines,
  });
  const paths = livePaths(folder);
  const clock = { nowUs: START_US };
  let sent = 0;
  const begin = () => {
    const log = openDiskLog({ folder: paths.log, partitions: PARTITIONS });
    const journal = openPollJournal(paths.journal, false);
    const job = openLiveJob({
      ...settings,
      logFolder: paths.log,
      warehouse: openLiveWarehouse(paths.warehouse, 'process'),
    });
    const driver = createLiveDriver({
      job,
      journal,
      nowUs: () => clock.nowUs,
      maxRecordsPerPoll: MAX_RECORDS,
    });
    return {
      log,
      job,
      poll: () => driver.poll(log.endOffsets()),
      send(count: number) {
        for (let i = 0; i < count; i += 1) {
          sent += 1;
          log.append(requestOf(sent, clock.nowUs));
        }
      },
      end() {
        while (driver.poll(log.endOffsets()) > 0);
        driver.finish();
        journal.close();
        job.close();
        log.close();
      },
      /** The process is gone: nothing is finished. What SQLite has committed it has. */
      die() {
        journal.close();
        job.close();
        log.close();
      },
    };
  };
  return { folder, paths, clock, begin };
}

function requestOf(number: number, nowUs: number) {
  const subject = `v${number % 7}`;
  const isPlay = number % 3 === 0;
  const event = {
    id: `e${number % 50 === 0 ? number - 1 : number}`,
    type: isPlay ? 'media.play' : 'page.view',
    subject,
    sessionId: `s${number % 7}`,
    sequence: number,
    eventTimeUs: nowUs - 1_000 * number,
    data: isPlay ? { titleId: `t${number % 4}`, playbackId: `p${number}` } : { page: 'home' },
  };
  const events = [number % 41 === 0 ? { ...event, type: 'no.such' } : event];
  const payload = { sentTimeUs: nowUs, userAgent: 'Roku/DVP-12.5', clientAddress: '', events };
  return { payload, ingestTimeUs: nowUs, partitionKey: subject };
}

async function rehearsed(folder: string) {
  const out = join(files.fresh(), 'again.sqlite');
  return { out, found: await rehearse({ folder, out }) };
}

function rowsOf(path: string): Readonly<Record<string, unknown>> {
  const warehouse = openWarehouse({ path });
  const tables = warehouse
    .query(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
    .map(({ name }) => String(name));
  const rows = tables.map((name) => [name, warehouse.query(`SELECT * FROM "${name}"`)]);
  warehouse.close();
  return Object.fromEntries(rows) as Readonly<Record<string, unknown>>;
}

describe('S425 a rehearsal', () => {
  it('makes the warehouse of two lives byte for byte, with windows open between them', async () => {
    const { folder, paths, clock, begin } = await makeFolder();
    for (let life = 0; life < 2; life += 1) {
      const process = begin();
      for (let i = 0; i < 12; i += 1) {
        process.send(1 + ((i * 13) % 60));
        clock.nowUs += seconds(7) + i;
        process.poll();
      }
      process.end();
      clock.nowUs += minutes(2);
    }
    const { found, out } = await rehearsed(folder);
    expect(found).toMatchObject({ lives: 2, isSame: true });
    expect(readFileSync(out).equals(readFileSync(paths.warehouse))).toBe(true);
    const warehouse = openWarehouse({ path: out });
    const count = (sql: string) => warehouse.query(sql)[0]?.['n'];
    expect(count('SELECT count(*) AS n FROM pane')).toBeGreaterThan(10);
    expect(count(`SELECT count(*) AS n FROM pipeline_result`)).toBeGreaterThan(5);
    expect(count('SELECT count(*) AS n FROM fact_event')).toBeGreaterThan(400);
    expect(count('SELECT count(*) AS n FROM bad_row')).toBeGreaterThan(5);
    warehouse.close();
  });

  it('S422 leaves polls out that a crash undid, and has the rows of what came of it', async () => {
    const { folder, paths, clock, begin } = await makeFolder();
    const first = begin();
    first.send(30);
    first.poll();
    // A poll that is in the journal, and of which the warehouse knows nothing.
    const entry = { kind: 'poll', poll: 2, processTimeUs: START_US + 5, endOffsets: [99, 99] };
    first.die();
    appendFileSync(paths.journal, `${JSON.stringify({ ...entry, derives: false })}\n{"kind":"po`);
    clock.nowUs += seconds(20);
    const second = begin();
    second.send(45);
    clock.nowUs += seconds(90);
    second.end();
    const { found, out } = await rehearsed(folder);
    expect(found.lives).toBe(2);
    expect(rowsOf(out)).toEqual(rowsOf(paths.warehouse));
    const facts = rowsOf(out)['fact_event'] as readonly unknown[];
    expect(facts.length).toBe(75 - 1 - 1);
  });

  it('refuses a folder that is none, and a warehouse that is there', async () => {
    const folder = files.fresh();
    expect(isLiveFolder(folder)).toBe(false);
    await expect(rehearse({ folder, out: 'x' })).rejects.toMatchObject({
      code: 'RESULT_UNREADABLE',
    });
    const { folder: other } = await makeFolder();
    const out = files.write('there.sqlite', '');
    await expect(rehearse({ folder: other, out })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });
});

describe('S421 the journal', () => {
  it('has every poll before it runs, with times that ascend though the clock jumps', async () => {
    const { paths, clock, begin } = await makeFolder();
    const process = begin();
    process.send(50);
    while (process.poll() > 0);
    clock.nowUs -= minutes(60);
    process.send(1);
    process.poll();
    process.end();
    const entries = readPollJournal(paths.journal);
    const times = entries.flatMap((one) => (one.kind === 'poll' ? [one.processTimeUs] : []));
    expect(times).toEqual([...new Set(times)].sort());
    expect(entries.at(0)).toEqual({ kind: 'open', resumedUs: null });
    expect(entries.at(-1)).toEqual({ kind: 'close' });
    expect(times.length).toBeGreaterThanOrEqual(4);
  });

  it('polls seldom while nothing comes', async () => {
    const { paths, clock, begin } = await makeFolder();
    const process = begin();
    for (let i = 0; i < 20; i += 1) {
      clock.nowUs += seconds(1);
      process.poll();
    }
    process.die();
    expect(readPollJournal(paths.journal).length).toBeLessThanOrEqual(5);
  });

  it('is refused where a line in it is none', () => {
    const path = files.write('bad.ndjson', '{"kind":"open","resumedUs":null}\n{"kind":"?"}\n');
    expect(() => readPollJournal(path)).toThrow('line 2 is no entry');
  });
});

describe('S423 a folder', () => {
  it('goes on with its own plans, and with no others', async () => {
    const plan = files.write(
      'mine.json',
      JSON.stringify({
        name: 'mine',
        version: 1,
        source: {},
      }),
    );
    const { folder } = await makeFolder();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const options = { folder, partitions: 9, durability: 'disk', maxRecordsPerPoll: 5 } as const;
    const again = await openLiveFolder({ ...options, pipelines: [] });
    expect(again.manifest).toMatchObject({ partitions: PARTITIONS, durability: 'disk' });
    await expect(openLiveFolder({ ...options, pipelines: [plan] })).rejects.toMatchObject({
      code: 'PLAN_INVALID',
    });
    const text = readFileSync(livePaths(folder).manifest, 'utf8');
    writeFileSync(livePaths(folder).manifest, text.replaceAll('top_titles', 'other_titles'));
    await expect(openLiveFolder({ ...options, pipelines: [] })).rejects.toMatchObject({
      code: 'LIVE_FOLDER_DIFFERS',
    });
  });
});

it('S430 figures follow commits, and begin with what the warehouse has', async () => {
  const { paths, clock, begin } = await makeFolder();
  const process = begin();
  process.send(120);
  clock.nowUs += seconds(1);
  process.end();
  expect(existsSync(paths.warehouse)).toBe(true);
  const warehouse = openWarehouse({ path: paths.warehouse });
  const figures = createLiveFigures(warehouse).figures();
  // Of 120: two with an id that came before, two of no such type.
  expect(figures).toMatchObject({ stored: 116, badRows: 4, lateEvents: 0 });
  expect(figures.topTitles.reduce((sum, { plays }) => sum + plays, 0)).toBeGreaterThan(35);
  warehouse.close();
});

describe('a place where no folder can be', () => {
  it('S423 is told of in one line', async () => {
    const file = join(files.fresh(), 'file');
    writeFileSync(file, 'text');
    const rest = { partitions: PARTITIONS, maxRecordsPerPoll: MAX_RECORDS, pipelines: [] };
    for (const folder of [file, join(file, 'below')]) {
      await expect(openLiveFolder({ ...rest, folder, durability: 'os' })).rejects.toMatchObject({
        code: 'OUTPUT_UNWRITABLE',
        details: { path: folder },
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('text');
  });
});
